import os
import subprocess
import sys
from pathlib import Path

import pytest
import tensorflow.compat.v1 as tf

ROOT = Path(__file__).parent.parent


@pytest.fixture
def printed():
    """printed(name): the bytes of a printed log."""
    return lambda name: (ROOT / "chapter4" / "printed_logs" / name).read_bytes()


def start(name, *arguments, python=(), path=(), env=(), **options):
    """The process of a script (its path ends in .py) or a module of the project."""
    target = [str(ROOT / name)] if name.endswith(".py") else ["-m", name]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*path, str(ROOT)]), **dict(env)}
    command = [sys.executable, *python, *target, *arguments]
    return subprocess.Popen(command, env=environment, **options)


@pytest.fixture
def command(tmp_path):
    """command(name, arguments…): the finished process, with its output, run in an empty folder."""

    def run(name, *arguments, wait=True, **options):
        process = start(name, *arguments, cwd=str(tmp_path), **options)
        if wait:
            process.out, process.err = process.communicate()
        return process

    return run


@pytest.fixture(scope="session")
def alone(tmp_path_factory):
    """alone(module): what a section prints on a good run. All but those of many steps, side by side."""
    folder = str(tmp_path_factory.mktemp("alone"))
    modules = {"chapter4." + path.stem for path in (ROOT / "chapter4").glob("section_*.py")}
    modules -= {"chapter4.section_4_2_2_custom_loss", "chapter4.section_4_4_2_regularization"}  # run for long
    processes = {module: start(module, cwd=folder) for module in modules}

    def output(module):
        out, err = processes[module].communicate()
        assert (processes[module].returncode, err) == (0, b"")
        return out.decode()

    yield output
    for process in processes.values():
        process.communicate()


@pytest.fixture(scope="session", autouse=True)
def pictures(request, tmp_path_factory):
    """pictures(): the finished process of plot.py, and its folder. It runs long, beside the other tests."""
    if not any("test_plot" in item.nodeid for item in request.session.items):
        yield
        return
    folder = tmp_path_factory.mktemp("plot")
    process = start("scripts/plot.py", "pictures", cwd=str(folder))

    def finished():
        process.out, process.err = process.communicate()
        return process, folder / "pictures"

    yield finished
    process.communicate()


@pytest.fixture
def evaluate():
    """evaluate(build_graph, names, {name: value}): those parts of a fresh graph, by the parts fed."""

    def run(build_graph, names, feed, **options):
        with tf.Graph().as_default(), tf.Session() as sess:
            graph = build_graph(**options)
            sess.run(tf.global_variables_initializer())
            feed_dict = {getattr(graph, name): value for name, value in feed.items()}
            return sess.run([getattr(graph, name) for name in names], feed_dict=feed_dict)

    return run


@pytest.fixture
def stand_in(tmp_path):
    """stand_in(source): a folder whose package `tensorflow` runs the source when it is imported."""

    def make(source, compat=""):
        package = tmp_path / "stand_in" / "tensorflow" / "compat" / "v1"
        package.mkdir(parents=True)
        (package.parent.parent / "__init__.py").write_text(source)
        (package.parent / "__init__.py").write_text("")
        (package / "__init__.py").write_text(compat)
        return str(tmp_path / "stand_in")

    return make
