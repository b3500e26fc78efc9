import json
import os
import re
import runpy
import warnings
import xml.etree.ElementTree
from pathlib import Path
from types import SimpleNamespace

from chapter4.reader import printed_log

import numpy as np
import pytest
from conftest import printed_by

SCRIPT = Path(__file__).parent.parent / "scripts" / "plot.py"
PICTURES = [
    "activation_functions",
    "learning_rate",
    "losses",
    "moving_average",
    "regularization",
    "w1_by_step",
    "w1_paths",
    "xor",
]


@pytest.fixture(scope="module")
def plot():
    """plot.main, plot.losses…: what the script defines."""
    pytest.importorskip("matplotlib")
    return SimpleNamespace(**runpy.run_path(str(SCRIPT)))


@pytest.fixture(scope="module")
def run(plot, tmp_path_factory):
    """The command with 1001 steps: run.folder, run.out, run.warnings and run.figures, {name: figure}."""
    folder, figures = tmp_path_factory.mktemp("plot") / "new", {}

    def save(figure, path):
        figures[os.path.basename(path)] = figure
        plot.save(figure, path)

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        patch.setitem(plot.save.__globals__, "save", save)
        patch.setattr(plot.main, "__defaults__", (1001,))
        out = printed_by(plot.main, str(folder))
    return SimpleNamespace(folder=folder, out=out, warnings=said, figures=figures)


def points(line):
    """The (x, y) that the line goes through or marks."""
    return list(zip(*line.get_data()))


def draw(figure):
    """The canvas with the figure drawn, so that each part has its place."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas


def colour(figure, axis, x, y):
    """The colour drawn there, as "#rrggbb"."""
    canvas = draw(figure)
    column, row = axis.transData.transform((x, y)).astype(int)
    return "#%02x%02x%02x" % tuple(np.asarray(canvas.buffer_rgba())[::-1][row, column, :3])


def test_every_picture_is_there_and_not_blank(run):
    image = pytest.importorskip("matplotlib.image")
    names = sorted(name + suffix for name in PICTURES for suffix in (".png", ".svg"))
    assert sorted(run.out.splitlines()) == [str(run.folder / name) for name in names]
    assert not [warning for warning in run.warnings if "Glyph" in str(warning.message)]  # a box in its place
    assert sorted(path.name for path in run.folder.iterdir()) == names
    for name in PICTURES:
        pixels = image.imread(str(run.folder / (name + ".png")))
        colours = pixels[:, :, :3] @ np.array([1, 256, 65536])  # a number for each
        assert min(pixels.shape[:2]) > 300 and len(np.unique(colours)) > 50
        svg = xml.etree.ElementTree.parse(str(run.folder / (name + ".svg")))
        assert len(list(svg.iter("{http://www.w3.org/2000/svg}path"))) > 20
    assert "#0072b2" in (run.folder / "losses.svg").read_text("utf-8")  # the first of SETTINGS' colours


def test_the_files_are_the_same_each_time(plot, tmp_path):
    matplotlib = pytest.importorskip("matplotlib")
    for name in ("first", "second"):
        with matplotlib.rc_context(plot.SETTINGS):
            plot.save(plot.activation_functions(), str(tmp_path / name))
    for suffix in (".png", ".svg"):
        first, second = (tmp_path / (name + suffix) for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_activation_functions(run):
    [axis] = run.figures["activation_functions"].axes
    assert len(axis.lines) == len(axis.get_legend().texts) == 3
    x = np.linspace(-4, 4, 161)
    functions = [np.maximum(x, 0), 1 / (1 + np.exp(-x)), np.tanh(x)]
    assert len(axis.lines) == len(functions)
    for line, y in zip(axis.lines, functions):
        np.testing.assert_allclose(points(line), np.c_[x, y], atol=1e-6)


def test_losses(run):
    [axis] = run.figures["losses"].axes
    drawn = [dict(points(line)) for line in axis.lines]
    assert [loss[0] for loss in drawn] == [10, 1, 1]  # a unit too low
    assert [loss[1] for loss in drawn] == [0, 0, 0]
    assert [loss[3] for loss in drawn] == [2, 20, 4]  # two units too high


def test_w1_goes_through_the_articles_numbers(run, printed):
    log = printed_log.read(printed("article.log"))
    axes = run.figures["w1_by_step"].axes
    assert len(axes) == len(log) == 3
    for axis, experiment in zip(axes, log):
        assert len(axis.lines) == 4
        for index in (0, 1):
            line, marks = axis.lines[2 * index : 2 * index + 2]
            numbers = {step: float(number) for (step, i), number in experiment.w1.items() if i == index}
            numbers[4999] = numbers.pop("Final")
            assert dict(points(marks)) == numbers
            assert len(points(line)) == 1001
            for step in (0, 1000):
                assert line.get_ydata()[step] == pytest.approx(numbers[step], abs=1e-6)


def test_w1_paths_are_the_same_w1(run):
    by_step, figure = run.figures["w1_by_step"].axes, run.figures["w1_paths"]
    draw(figure)
    [legend] = [axis.get_legend().get_window_extent() for axis in figure.axes if axis.get_legend()]
    for one, other in zip(by_step, figure.axes):
        path, first, last = other.lines
        assert points(path) == list(zip(one.lines[0].get_ydata(), one.lines[2].get_ydata()))
        assert (points(first), points(last)) == (points(path)[:1], points(path)[-1:])
        assert len({text.get_text() for text in other.texts}) > 5  # the losses on the contour lines
        assert not any(legend.overlaps(text.get_window_extent()) for text in other.texts)


def test_xor_is_right_with_a_hidden_layer_alone(run):
    figure = run.figures["xor"]
    left, right, scale = figure.axes
    draw(figure)
    label, bar = scale.yaxis.label.get_window_extent(), scale.get_window_extent()
    assert bar.y0 < label.y0 < label.y1 < bar.y1
    for axis, all_right in [(left, False), (right, True)]:
        y = axis.collections[0].get_array().reshape(81, 81)  # from -0.5 to 1.5, rows are x2
        answers = [y[20, 20], y[60, 20], y[20, 60], y[60, 60]]
        assert (np.round(answers).tolist() == [0, 1, 1, 0]) == all_right
        assert [text.get_text() for text in axis.texts] == ["0", "1", "1", "0"]


def test_learning_rate_goes_through_the_printed_numbers(run, printed):
    numbers = re.findall(rb" is (\S+\d)[.,] ?(?!\d)", printed("companion-4.4.1-learning-rate.log"))
    marked = []
    for axis in run.figures["learning_rate"].axes:
        line, marks = axis.lines
        marked += [y for x, y in points(marks)]
        for step, x in points(marks):
            assert line.get_ydata()[int(step)] == pytest.approx(x, abs=1e-5)
    assert marked == list(map(float, numbers[:20] + numbers[20::2]))  # without the last run's rates


def test_moving_average_goes_through_the_printed_numbers(run, printed):
    [axis] = run.figures["moving_average"].axes
    v1, average, marks = (line.get_ydata() for line in axis.lines)
    numbers = [json.loads(line) for line in printed("companion-4.4.3-moving-average.log").splitlines()]
    np.testing.assert_allclose(list(zip(v1, average))[:4], numbers, rtol=1e-6)
    assert list(marks) == [number for _, number in numbers]
    assert 9.8 < average[-1] < v1[-1] == 10


def test_regularization_has_the_boundary_between_the_points(run):
    figure = run.figures["regularization"]
    for axis in figure.axes:
        zeros, ones = (np.array(points(line)) for line in axis.lines)
        assert len(zeros) + len(ones) == 150
        assert np.hypot(*zeros.T).max() < 1.4 and np.hypot(*ones.T).min() > 0.6  # the unit circle, with noise
        assert colour(figure, axis, 0, 0.4) == "#bbd6ea"
        assert colour(figure, axis, 0, 1.6) == "#fbf0e8"


def test_a_folder_with_files_is_refused(here, tmp_path):
    pytest.importorskip("matplotlib")
    (tmp_path / "kept.txt").write_text("kept")
    refusal = "plot.py: error: %s is not empty; choose a new folder\n" % tmp_path
    assert here("scripts/plot.py", str(tmp_path)) == (2, "", refusal)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize("fonts", [[], ["new.ttf"]])
def test_a_heading_has_its_chinese_where_a_font_has_it(fonts, tmp_path, monkeypatch):
    """The font is new, so that matplotlib's list does not have it: DejaVu Sans by another name."""
    font_manager = pytest.importorskip("matplotlib.font_manager")
    data = Path(font_manager.findfont("DejaVu Sans")).read_bytes()
    for encoding in ("ascii", "utf-16-be"):
        data = data.replace("DejaVu Sans".encode(encoding), "PingFang SC".encode(encoding))
    (tmp_path / "new.ttf").write_bytes(data)
    files = [str(tmp_path / font) for font in fonts]  # all that is installed, besides matplotlib's own
    find = font_manager.findSystemFonts
    monkeypatch.setattr(
        font_manager, "findSystemFonts", lambda *of, **options: find(*of, **options) if of else files
    )
    [heading] = runpy.run_path(str(SCRIPT))["activation_functions"]().texts
    chinese = " 激活函数实现去线性化" if fonts else ""
    assert heading.get_text() == "4.1.2%s: three activation functions" % chinese
    file = heading.get_fontproperties().get_file()
    assert os.path.samefile(file, files[0]) if fonts else file is None


def test_without_matplotlib_it_says_what_to_install(command, stand_in):
    """Before TensorFlow is imported."""
    path = stand_in("raise Exception('imported')")
    Path(path, "sitecustomize.py").write_text("import sys; sys.modules['matplotlib'] = None")
    process = command("scripts/plot.py", "pictures", path=[path])
    refusal = b'plot.py: error: matplotlib is needed: pip install -e ".[plot]"'
    assert (process.returncode, process.out, process.err.splitlines()) == (2, b"", [refusal])
