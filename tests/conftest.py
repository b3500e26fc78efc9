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


@pytest.fixture
def command(tmp_path):
    """command("scripts/….py" or a module, arguments…): the finished process, run in an empty folder."""

    def run(name, *arguments, python=(), wait=True, **options):
        target = [str(ROOT / name)] if name.endswith(".py") else ["-m", name]
        options.setdefault("cwd", str(tmp_path))
        options.setdefault("stdout", subprocess.PIPE)
        path = os.pathsep.join([*options.pop("path", []), str(ROOT)])
        options["env"] = {**os.environ, "PYTHONPATH": path, **options.pop("env", {})}
        process = subprocess.Popen(
            [sys.executable, *python, *target, *arguments], stderr=subprocess.PIPE, **options
        )
        if wait:
            process.out, process.err = process.communicate()
        return process

    return run


@pytest.fixture
def alone(command):
    """alone(module): what a section prints on a good run."""

    def run(module):
        process = command(module)
        assert (process.returncode, process.err) == (0, b"")
        return process.out.decode()

    return run


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
