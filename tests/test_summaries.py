from chapter4 import section_4_2_2_custom_loss as section
from chapter4.reader import printed_log

import numpy as np
import pytest

RUNS = {
    "loss_less=10 loss_more=1": lambda y, y_: np.where(y > y_, y - y_, 10 * (y_ - y)).sum(),
    "loss_less=1 loss_more=10": lambda y, y_: np.where(y > y_, 10 * (y - y_), y_ - y).sum(),
    "losses.mean_squared_error": lambda y, y_: np.mean((y - y_) ** 2),
}


@pytest.fixture(scope="module")
def accumulator():
    return pytest.importorskip("tensorboard.backend.event_processing.event_accumulator").EventAccumulator


def test_run_all_writes_what_it_prints(here, tmp_path, accumulator, printed):
    status, out, err = here("scripts/run_all.py", "--logdir", str(tmp_path / "events/new"))
    out = out.encode()
    assert (status, out, err) == (0, printed("article.log"), "")
    assert sorted(path.name for path in (tmp_path / "events/new").iterdir()) == sorted(RUNS)

    X, Y = map(np.float64, section.make_data())
    for experiment in printed_log.read(out):
        name = experiment.label.strip("[]")
        events = accumulator(str(tmp_path / "events/new" / name))
        events.Reload()
        scalars = {tag: events.Scalars(tag) for tag in ("w1[0]", "w1[1]", "loss")}
        assert [event.step for event in scalars["loss"]] == [0, 1000, 2000, 3000, 4000, 5000]
        for place, step in enumerate([0, 1000, 2000, 3000, 4000, "Final"]):
            w1 = [scalars["w1[%d]" % index][place].value for index in (0, 1)]
            assert ["%.8f" % np.float32(experiment.w1[step, index]) for index in (0, 1)] == [
                "%.8f" % value for value in w1
            ]
            loss = RUNS[name](X @ np.reshape(w1, [2, 1]), Y)
            assert scalars["loss"][place].value == pytest.approx(loss, rel=1e-4)
        assert {node.name for node in events.Graph().node} >= {"x-input", "y-input", "w1", "y"}
