"""The user's command, byte for byte; and its options, in this process."""

import re

from chapter4 import section_4_2_2_custom_loss as section

import numpy as np
import pytest
import tensorflow.compat.v1 as tf
from conftest import ROOT

RUN_ALL = "scripts/run_all.py"


def test_prints_the_articles_log(command, printed):
    process = command(RUN_ALL)
    assert (process.returncode, process.out, process.err) == (0, printed("article.log"), b"")


def test_separate_prints_tensorflow_1_4_0s_log(here, printed):
    assert here(RUN_ALL, "--arithmetic", "separate") == (0, printed("tensorflow-1.4.0.log").decode(), "")


def test_native_is_stock_and_every_and_steps_are_kept(here):
    status, out, err = here(RUN_ALL, "--arithmetic", "native", "--steps", "40", "--every", "13")
    assert (status, err) == (0, "")
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
    printed = [line for line in out.split("\n") if line.strip()]
    assert len(printed) == len(lines)
    for line, expected in zip(printed, lines):
        if isinstance(expected, str):
            assert line == expected
        else:
            assert np.float32(re.sub(r"[^-.\d]", "", line)) == pytest.approx(expected, abs=6e-9)


IDLE = """
import gc, os, runpy, sys, warnings
import numpy  # has filters of its own
class Stream:  # as IDLE's: no reconfigure, no buffer, no fileno, no descriptor
    encoding = "utf-8"
    def __init__(self):
        self.text = []
    def write(self, text):
        self.text.append(text)
        return len(text)
    def flush(self):
        pass
    def isatty(self):
        return True
log = open(sys.argv.pop(), "wb")
os.close(2)
os.close(0)
sys.__stdin__ = sys.__stdout__ = sys.__stderr__ = None
sys.stdout, sys.stderr = out, err = Stream(), Stream()
warnings.simplefilter("ignore")
warnings.filterwarnings("error", "mine")
gc.disable()
gc.freeze()
def state():
    mine = sys.stdout, sys.stderr, list(err.text), print, list(warnings.filters)
    return mine, gc.isenabled(), gc.get_freeze_count() > 0
before = state()
try:
    runpy.run_path(sys.argv.pop(), run_name="__main__")
except SystemExit as end:
    assert not end.code
assert state() == before and not err.text
assert os.environ["CUDA_VISIBLE_DEVICES"] == "-1" and "TF_CPP_MIN_LOG_LEVEL" not in os.environ
assert not [name for name in os.environ if "FPMATH_MODE" in name or name == "TF_XLA_FLAGS"]
log.write("".join(out.text).encode())
log.close()
"""


# bfloat16 comes of these where the CPU has AMX; elsewhere, as with AVX512_BF16 alone, no digit does.
REDUCED = {
    "TF_SET_ONEDNN_FPMATH_MODE": "BF16",
    "ONEDNN_DEFAULT_FPMATH_MODE": "ANY",
    "DNNL_DEFAULT_FPMATH_MODE": "ANY",
    "TF_XLA_FLAGS": "--tf_xla_auto_jit=2",
}


def test_in_idle_nothing_is_changed(command, printed, tmp_path):
    """But for the settings that change digits, which are gone."""
    (tmp_path / "idle.py").write_text(IDLE)
    process = command(str(tmp_path / "idle.py"), "--steps=1", str(ROOT / RUN_ALL), "out.log", env=REDUCED)
    assert process.returncode == 0
    lines = (tmp_path / "out.log").read_bytes().splitlines(keepends=True)
    assert lines[:4] == printed("article.log").splitlines(keepends=True)[:4] and len(lines) == 3 * 7
