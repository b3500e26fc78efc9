import builtins
import contextlib
import gc
import importlib.util
import io
import os
import runpy
import signal
import subprocess
import sys
import warnings
from pathlib import Path

from chapter4 import command_line, numpy_1_13, runtime
from chapter4.reader import python_2
from chapter4.reader.cells import IPYTHON, read

import pytest
import tensorflow.compat.v1 as tf

ROOT = Path(__file__).parent.parent
SECTIONS = sorted(path.stem for path in (ROOT / "chapter4").glob("section_*.py"))
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background has it ignored
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system's signals and shell")

# How the article's listing begins, as a reader types it in.
TYPED_IN = """\
# 自定义损失函数
import tensorflow as tf
from numpy.random import RandomState
batch_size = 8
x = tf.placeholder(tf.float32, shape=(None, 2), name="x-input")
y_ = tf.placeholder(tf.float32, shape=(None, 1), name='y-input')
w1= tf.Variable(tf.random_normal([2, 1], stddev=1, seed=1))
y = tf.matmul(x, w1)
rdm = RandomState(1)
X = rdm.rand(128,2)
Y = [[x1+x2+(rdm.rand()/10.0-0.05)] for (x1, x2) in X]
"""


def pytest_collection_finish():
    gc.freeze()  # what is imported is no garbage: no search for it goes through that any more


@pytest.fixture
def printed():
    """printed(name): the bytes of a printed log."""
    return lambda name: (ROOT / "chapter4" / "printed_logs" / name).read_bytes()


@pytest.fixture
def command(tmp_path):
    """command(script or module, arguments…): the finished process and its output, in an empty folder."""
    started = []

    def run(name, *arguments, python=(), path=(), env=(), wait=True, **options):
        target = [str(ROOT / name)] if name.endswith(".py") else ["-m", name]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": str(tmp_path), **options}
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([*path, str(ROOT)]), **dict(env)}
        environment.pop("PYTHONUNBUFFERED", None)  # it would show lines that nothing else shows yet
        process = subprocess.Popen([sys.executable, *python, *target, *arguments], env=environment, **options)
        started.append(process)
        if wait:
            process.out, err = process.communicate()
            process.err = err and err.replace(os.linesep.encode(), b"\n")
        return process

    yield run
    for process in started:
        process.kill()  # whatever a failed test has left
        process.wait()


@pytest.fixture
def here(capfd, tmp_path, monkeypatch):
    """here(script or module, arguments…): the exit status and the output of the command in this process."""

    def end_of_pytest(status):
        raise AssertionError("ends pytest with status %d" % status)

    def run(name, *arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", [name, *arguments])
        monkeypatch.setattr(os, "_exit", end_of_pytest)
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            if name.endswith(".py"):
                runpy.run_path(str(ROOT / name), run_name="__main__")
            else:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", RuntimeWarning)  # it may be imported already
                    runpy.run_module(name, run_name="__main__", alter_sys=True)
        return (end.value.code or 0, *capfd.readouterr())

    return run


@pytest.fixture
def output(capfd):
    """output(function, arguments…): what it prints on a good run, in this process."""

    def run(function, *arguments, **options):
        capfd.readouterr()
        function(*arguments, **options)
        out, err = capfd.readouterr()
        assert err == ""
        return out

    return run


@pytest.fixture
def called(monkeypatch):
    """called(main, names, given): runs main as a command that names these arguments, with those given."""

    def call(main, names, given):
        def command(**options):
            return main(**options)

        monkeypatch.setitem(command.__globals__, "__doc__", "Arguments: " + names)
        monkeypatch.setattr(sys, "argv", ["command", *given])
        with pytest.raises(SystemExit) as end:
            command_line.run(command)
        return end.value.code

    return call


@pytest.fixture
def refused(called, capfd):
    """refused(main, names, given): the one line that a command with these arguments has for bad input."""

    def run(main, names, given):
        status = called(main, names, given)
        out, err = capfd.readouterr()
        assert (status, out) == (2, "")
        assert err.startswith("command: error: ") and err.count("\n") == 1
        return err

    return run


@pytest.fixture(scope="session")
def script():
    """script(name): the script of that name, as a module."""

    def load(name):
        spec = importlib.util.spec_from_file_location(name, str(ROOT / "scripts" / (name + ".py")))
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture
def evaluate():
    """evaluate(build_graph, names, {name: value}): those parts of a fresh graph, by the parts fed."""

    def run(build_graph, names, feed, **options):
        with tf.Graph().as_default(), runtime.Session() as sess:
            graph = build_graph(**options)
            sess.run(tf.global_variables_initializer())
            feed_dict = {getattr(graph, name): value for name, value in feed.items()}
            return sess.run([getattr(graph, name) for name in names], feed_dict=feed_dict)

    return run


@pytest.fixture
def stand_in(tmp_path):
    """stand_in(source): a folder whose package `tensorflow` runs the source when it is imported."""

    def make(source):
        package = tmp_path / "stand_in" / "tensorflow"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(source)
        return str(tmp_path / "stand_in")

    return make


def printed_by(main, *arguments):
    """What the command of that main prints on a good run: for fixtures of a module, as `here` is none."""
    with contextlib.redirect_stdout(io.StringIO()) as out, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["command", *arguments])
        with pytest.raises(SystemExit) as end:
            command_line.run(main)
    assert not end.value.code
    return out.getvalue()


def run_cells(contents, path="typed.py"):
    """Runs the file as it is to be run, and shows what a notebook shows."""
    cells = read(contents.encode("utf-8"), path)
    names = {**vars(builtins), **IPYTHON, **(python_2.BUILTINS if cells[0].python_2 else {})}
    namespace = {"__name__": "__main__", "__builtins__": names}
    for cell in cells:
        if isinstance(cell.code, SyntaxError):
            raise cell.code
        exec(cell.code, namespace)
        python_2.end_line()
        value = eval(cell.last, namespace) if cell.last else None
        if value is not None:
            print(numpy_1_13.to_repr(value))
    return cells


def typed(folder, source, name):
    (folder / name).write_bytes(source if isinstance(source, bytes) else source.encode("utf-8"))
    return name


@pytest.fixture
def listing(here, tmp_path):
    """listing(source, arguments…): exit status and output of that source as a file `typed.py`, or another."""

    def run(source, *arguments, name="typed.py"):
        tf.reset_default_graph()
        return here("scripts/run_listing.py", typed(tmp_path, source, name), *arguments)

    yield run
    tf.reset_default_graph()
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(tmp_path)):
            del sys.modules[name]
    if not tf.__version__.startswith("1."):  # as they were before the listing
        tf.enable_resource_variables()
        tf.enable_v2_tensorshape()
        tf.enable_control_flow_v2()
        tf.enable_tensor_equality()
