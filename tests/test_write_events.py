"""Read back with TensorBoard's own reader: what it shows."""

import importlib
import re

from chapter4 import section_4_2_2_custom_loss as section
from chapter4.reader import printed_log

import numpy as np
import pytest
import tensorflow.compat.v1 as tf
from conftest import SECTIONS, printed_by

LOSSES = {
    "loss_less=10 loss_more=1": lambda y, y_: np.where(y > y_, y - y_, 10 * (y_ - y)).sum(),
    "loss_less=1 loss_more=10": lambda y, y_: np.where(y > y_, 10 * (y - y_), y_ - y).sum(),
    "losses.mean_squared_error": lambda y, y_: np.mean((y - y_) ** 2),
}


@pytest.fixture(scope="module")
def read(script, tmp_path_factory):
    """read(run): the events of that run, as TensorBoard reads them."""
    module = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    folder = tmp_path_factory.mktemp("events")
    out = printed_by(script("write_events").main, str(folder))

    def run(name):
        events = module.EventAccumulator(str(folder / name))
        events.Reload()
        return events

    run.folder, run.printed = folder, out.splitlines()
    return run


def test_each_section_and_each_experiment_is_a_run(read):
    assert sorted(path.name for path in read.folder.iterdir()) == sorted([*SECTIONS, *LOSSES])
    assert sorted(read.printed) == sorted(map(str, read.folder.iterdir()))


def test_a_folder_with_files_is_refused(here, tmp_path):
    (tmp_path / "kept.txt").write_text("kept")
    refusal = "write_events.py: error: %s is not empty; choose a new folder\n" % tmp_path
    assert here("scripts/write_events.py", str(tmp_path)) == (2, "", refusal)


@pytest.mark.parametrize("name", SECTIONS)
def test_the_graph_is_the_sections_by_the_names_of_its_fields(name, read):
    with tf.Graph().as_default() as graph:
        fields = importlib.import_module("chapter4." + name).build_graph()._asdict()
    own = {node.name: node for node in graph.as_graph_def().node}
    written = {node.name: node for node in read(name).Graph().node}
    assert sorted(node.op for node in written.values()) == sorted(node.op for node in own.values())
    for field, part in fields.items():
        if isinstance(part, (tf.Tensor, tf.Variable, tf.Operation)):
            assert nature(written[field]) == nature(own[getattr(part, "op", part).name])


def nature(node):
    """What sets the node apart from others, but its name."""
    return [node.op, len(node.input)] + [node.attr[key].SerializeToString() for key in ("shape", "value")]


def test_nothing_is_called_variable_any_more(read):
    """In 4.2.2, whose only variable has a name in Graph."""
    for node in read("section_4_2_2_custom_loss").Graph().node:
        names = [node.name, *node.input]
        for value in node.attr.values():
            names += [text.decode() for text in [value.s, *value.list.s]]
        assert not [text for text in names if text.strip("^").replace("loc:@", "").startswith("Variable")]
        assert not node.name.startswith(("Sum", "MatMul", "Adam"))


def test_the_graph_computes_the_sections_loss(read):
    X, Y = section.make_data()
    graph_def = tf.GraphDef.FromString(read("section_4_2_2_custom_loss").Graph().SerializeToString())
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        tf.import_graph_def(graph_def, name="")
        names = [operation.name for operation in graph.get_operations()]
        sess.run([name for name in names if re.match("(w1|beta._power)(/Adam|/Adam_1)?/Assign$", name)])
        y, loss = sess.run(["y:0", "loss:0"], feed_dict={"x:0": X, "y_:0": Y})
        np.testing.assert_allclose(y, X @ [[-0.8113182], [1.4845988]], rtol=1e-5)
        assert loss == pytest.approx(LOSSES["loss_less=10 loss_more=1"](y, Y), rel=1e-5)
        sess.run("train_step", feed_dict={"x:0": X, "y_:0": Y})
        assert sess.run("loss:0", feed_dict={"x:0": X, "y_:0": Y}) < loss


def test_the_curves_go_through_the_articles_numbers(read, printed):
    X, Y = map(np.float64, section.make_data())
    for experiment in printed_log.read(printed("article.log")):
        name = experiment.label.strip("[]")
        curves = {tag: read(name).Scalars(tag) for tag in ("w1[0]", "w1[1]", "loss")}
        for curve in curves.values():
            assert [event.step for event in curve] == list(range(0, 5001, 50))
        numbers = dict(experiment.w1)
        for index in (0, 1):
            numbers[5000, index] = numbers.pop(("Final", index))
        for step, index in numbers:
            written = np.float32(curves["w1[%d]" % index][step // 50].value)
            assert "%.8f" % written == "%.8f" % np.float32(numbers[step, index])
        for first, second, loss in zip(*curves.values()):
            by_hand = LOSSES[name](X @ [[first.value], [second.value]], Y)
            assert loss.value == pytest.approx(by_hand, rel=1e-4)
