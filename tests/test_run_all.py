import re
import signal
import time

import numpy as np
import pytest
import tensorflow.compat.v1 as tf

from chapter4 import section_4_2_2_custom_loss as section

RUN_ALL = "scripts/run_all.py"
CHATTER = "import os; os.write(2, b'chatter of the kernels\\n')\n"


def test_prints_the_logs(command, printed):
    fused = command(RUN_ALL, wait=False)
    separate = command(RUN_ALL, "--arithmetic", "separate", wait=False)
    for process, log in [(fused, "article.log"), (separate, "tensorflow-1.4.0.log")]:
        assert process.communicate() == (printed(log), b"")
        assert process.returncode == 0


def test_native_is_stock_and_every_and_steps_are_kept(command):
    process = command(RUN_ALL, "--arithmetic", "native", "--steps", "40", "--every", "13")
    assert (process.returncode, process.err) == (0, b"")

    X, Y = section.make_data()
    lines = []
    for options, label in [
        ({}, "[loss_less=10 loss_more=1] Final w1 is: "),
        ({"loss_less": 1, "loss_more": 10}, "[loss_less=1 loss_more=10] Final w1 is: "),
        ({"mse": True}, "[losses.mean_squared_error]Final w1 is: "),
    ]:
        with tf.Graph().as_default(), tf.Session() as sess:
            graph = section.build_graph(**options)
            sess.run(tf.global_variables_initializer())
            for i in range(40):
                batch = slice(i * 8 % 128, i * 8 % 128 + 8)
                sess.run(graph.train_step, feed_dict={graph.x: X[batch], graph.y_: Y[batch]})
                if i in (0, 13, 26, 39):
                    lines += ["After %d training step(s), w1 is: " % i, *sess.run(graph.w1).ravel()]
            lines += [label, *sess.run(graph.w1).ravel()]
    printed = [line for line in process.out.decode().split("\n") if line.strip()]
    assert len(printed) == len(lines)
    for line, expected in zip(printed, lines):
        if isinstance(expected, str):
            assert line == expected
        else:
            assert np.float32(re.sub(r"[^-.\d]", "", line)) == pytest.approx(expected, abs=6e-9)


def test_lines_appear_when_they_are_reached(command):
    process = command(RUN_ALL, "--steps", "1000000000", "--every", "1000000000", wait=False)
    assert process.stdout.readline() == b"After 0 training step(s), w1 is: \n"
    assert process.stdout.readline() == b"[[-0.81031823]\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert (process.returncode, err) == (130, b"")


def test_ctrl_c_while_tensorflow_starts(command):
    process = command(RUN_ALL, wait=False)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    assert process.communicate() == (b"", b"")
    assert process.returncode == 130


@pytest.mark.parametrize(
    "arguments",
    [
        ["--steps", "0"],
        ["--steps", "2.5"],
        ["--steps", "many"],
        ["--every", "-1"],
        ["--every", ""],
        ["--steps"],
        ["--step", "5"],
        ["--arithmetic", "exact"],
        ["--loss-less", "1"],
        ["article.log"],
    ],
)
def test_bad_input(arguments, command, stand_in):
    process = command(RUN_ALL, *arguments, path=[stand_in("raise Exception('imported')")])
    assert (process.returncode, process.out) == (2, b"")
    assert process.err.startswith(b"run_all.py: error: ") and process.err.count(b"\n") == 1


@pytest.mark.parametrize("name", [RUN_ALL, "chapter4.section_4_2_2_custom_loss"])
@pytest.mark.parametrize(
    "tensorflow, compat",
    [
        ("raise ModuleNotFoundError('No module named tensorflow', name='tensorflow')", ""),
        ("raise ModuleNotFoundError('No compat', name='tensorflow.compat')", ""),
        (CHATTER, "__version__ = '1.14.0'"),
    ],
)
def test_no_tensorflow_or_one_too_old(name, tensorflow, compat, command, stand_in):
    process = command(name, path=[stand_in(tensorflow, compat)])
    assert (process.returncode, process.out) == (2, b"")
    assert process.err == b"TensorFlow 1.15 or newer is needed: pip install 'tensorflow>=1.15'\n"


def test_bare_python_is_told_what_to_install(command):
    process = command(RUN_ALL, python=["-I", "-S"])
    assert (process.returncode, process.out) == (2, b"")
    assert process.err == b"TensorFlow 1.15 or newer is needed: pip install 'tensorflow>=1.15'\n"


@pytest.mark.parametrize("name", [RUN_ALL, "chapter4.section_4_2_2_custom_loss"])
def test_an_error_is_shown_with_what_tensorflow_wrote(name, command, stand_in):
    broken = CHATTER + "raise ImportError('libfoo.so: cannot open shared object file')"
    process = command(name, path=[stand_in(broken)])
    assert (process.returncode, process.out) == (1, b"")
    assert process.err.startswith(b"chatter of the kernels\nTraceback")
    assert process.err.endswith(b"ImportError: libfoo.so: cannot open shared object file\n")


@pytest.mark.parametrize("death", ["os.abort()", "os.kill(os.getpid(), 9)", "os._exit(3)"])
def test_a_crash_loses_nothing(death, command, stand_in):
    process = command(RUN_ALL, path=[stand_in(CHATTER * 2 + death)])
    assert process.returncode not in (0, 2)
    assert process.err == b"chatter of the kernels\n" * 2


@pytest.mark.parametrize("name", ["run_all", "run_listing", "compare_logs", "plot"])
def test_help_has_an_example(name, command):
    process = command("scripts/%s.py" % name, "--help", env={"PYTHONIOENCODING": "ascii"})
    assert (process.returncode, process.err) == (0, b"")
    assert b"Example: python " in process.out and b"scripts/%s.py" % name.encode() in process.out
