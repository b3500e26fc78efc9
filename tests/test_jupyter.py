"""A real Jupyter kernel, as a reader's notebook drives it."""

import os

import pytest
from conftest import ROOT, TYPED_IN

jupyter_client = pytest.importorskip("jupyter_client")
pytest.importorskip("ipykernel")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A running kernel's client, in an empty folder; one for all, since TensorFlow's start is what costs."""
    manager = jupyter_client.KernelManager(kernel_name="python3")
    manager.start_kernel(
        cwd=str(tmp_path_factory.mktemp("kernel")), env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    client.manager = manager
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def cell(kernel):
    """cell(source): what a cell shows, as (stdout, stderr, result, name of the error)."""

    def run(source, interrupt=False):
        shown = {"stdout": "", "stderr": "", "result": None}
        interrupts = [kernel.manager.interrupt_kernel] * interrupt  # one alone: the next would hit the kernel

        def show(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                shown[content["name"]] += content["text"]
                if interrupts:
                    interrupts.pop()()
            elif message["msg_type"] == "execute_result":
                shown["result"] = content["data"]["text/plain"]
            elif message["msg_type"] == "error":
                shown["stderr"] += "\n".join(content["traceback"])

        # After an error the kernel would drop, for a moment, what comes next.
        options = {"timeout": 120, "allow_stdin": False, "stop_on_error": False}
        reply = kernel.execute_interactive(source, output_hook=show, **options)
        assert reply["content"]["status"] != "aborted"
        return shown["stdout"], shown["stderr"], shown["result"], reply["content"].get("ename")

    return run


TRAIN = """\
loss = tf.reduce_sum(tf.where(tf.greater(y, y_), (y - y_) * 1, (y_ - y) * 10))
train_step = tf.train.AdamOptimizer(0.001).minimize(loss)
with tf.Session() as sess:
    tf.global_variables_initializer().run()
    for i in range(1001):
        start = (i*batch_size) % 128
        sess.run(train_step, feed_dict={x: X[start:start + batch_size], y_: Y[start:start + batch_size]})
        if i % 1000 == 0:
            print "After %d training step(s), w1 is: " % (i)
            print sess.run(w1), "\\n"
"""


NOTHING = ("", "", None, None)
BACK = "(back to Python 3: %reload_ext chapter4)\n"


def test_load_ext(cell, printed):
    """In a fresh kernel: the rest of the notebook runs as run_listing.py runs a file."""
    assert cell("import gc\nbefore = gc.isenabled(), gc.get_freeze_count()") == NOTHING
    assert cell("%load_ext chapter4") == NOTHING
    assert cell("assert (gc.isenabled(), gc.get_freeze_count()) == before") == NOTHING
    for name, log in (("fused", "article.log"), ("separate", "companion.log")):
        assert cell("%arithmetic " + name) == NOTHING
        assert cell(TYPED_IN) == NOTHING
        out, err, _, _ = cell(TRAIN)
        assert out.rstrip("\n") and printed(log).decode().startswith(out.rstrip("\n"))
        line = 'print "After %d training step(s), w1 is: " % (i)'
        said = "from this cell on: run as Python 2, because of line 9: %s %s" % (line, BACK)
        assert err == (said if name == "fused" else "")

    assert cell("print(7 / 2, range(2))") == ("(3, [0, 1])\n", "", None, None)
    assert cell("def half(n):\n    return n / 2\nprint half(7), 0.1 + 0.2, xrange(3)[1]")[0] == "3 0.3 1\n"
    assert cell("print 'open',")[0] == "open\n"
    assert cell("from __future__ import division\nprint 'from here on'") == ("from here on\n", "", None, None)
    assert cell("print 1, 7 / 2, half(7)")[0] == "1 3.5 3\n"
    assert cell("log = 'C:\\Users'\nprint log")[0] == "C:\\Users\n"
    out, err, _, name = cell("x = 1\nprint 'a' 'b' c")
    assert (out, name) == ("", "SyntaxError") and "print 'a' 'b' c" in err and "__print__" not in err

    assert cell("%reload_ext chapter4")[::2] == ("", None)
    assert cell("print(half(7), 7 / 2, range(2))")[0] == "3 3.5 range(0, 2)\n"
    assert cell("x = 1\nif x:\n\tx = 1\n        x = 2")[3] == "TabError"
    assert cell("7 / 2")[2] == "3.5"
    assert cell("xrange = range\nprint(xrange(2))")[0] == "range(0, 2)\n"
    assert cell("print(xrange(2), 7 / 2)") == ("range(0, 2) 3.5\n", "", None, None)
    shown = cell("import numpy as np\nnp.float32([[0.1], [2.5]])")[2]
    assert shown == "array([[ 0.1],\n       [ 2.5]], dtype=float32)"
    assert cell("[np.float32(4.555), np.float64(0.1)]")[2] == "[4.5549998, 0.10000000000000001]"
    assert cell("print(np.float32([2.138545]))")[0] == "[ 2.13854504]\n"
    shown = cell("[np.float32([[0.1], [2.5]])]")[2]
    assert shown == "[array([[ 0.1],\n        [ 2.5]], dtype=float32)]"
    assert cell("np.float32(4.555)")[2] == "4.5549998"
    assert "named arguments" in cell("tf.nn.softmax_cross_entropy_with_logits(w1, w1)")[1]
    assert cell("def f(:")[3] == "SyntaxError"

    assert cell("%unload_ext chapter4")[::2] == ("", None)
    assert cell("print(np.float32([2.138545]))")[0] == "[2.138545]\n"
    assert "SyntaxError" == cell("print 'old'")[3]
    assert cell("import sys; sys.modules['tensorflow'].__name__")[2] == "'tensorflow'"
    assert "chapter4" not in cell("get_ipython().events.callbacks")[2]


def test_arithmetic(cell):
    gradient = "tf.matmul([[1.0]], [[1.0]]).op.node_def.attr['_gradient_op_type'].s"
    assert cell("%load_ext chapter4\nimport tensorflow as tf") == NOTHING
    assert cell("%arithmetic") == ("fused\n", "", None, None)
    for name in ("separate", "native", "fused"):
        assert cell("%arithmetic " + name) == NOTHING
        assert cell("%arithmetic") == (name + "\n", "", None, None)
        assert (cell(gradient)[2] == "b''") == (name == "native")
    out, err, _, name = cell("%arithmetic exact")
    assert (out, err.strip(), name) == (
        "",
        "UsageError: %arithmetic takes fused, separate or native, not exact",
        "UsageError",
    )
    assert cell("%arithmetic") == ("fused\n", "", None, None)
    assert cell("%unload_ext chapter4")[::2] == ("", None)
    assert cell("%arithmetic")[3] == "UsageError"  # there is no such magic


LOOK = """
import builtins, sys
import numpy as np
import tensorflow as tf, tensorflow.compat.v1 as tf1
def look():
    shell = get_ipython()
    hooks = [list(map(repr, hooks)) for hooks in (shell.input_transformers_post, shell.ast_transformers)]
    options = [tf1.resource_variables_enabled(), tf1.control_flow_v2_enabled(), tf1.TensorShape([2])[0],
               tf1.Tensor._USE_EQUALITY, sorted(np.get_printoptions().items(), key=str)]
    magics = {kind: sorted(names) for kind, names in shell.magics_manager.magics.items()}
    modules = sys.modules["tensorflow"], globals()["__builtins__"] is builtins, tf, mine, v1
    names = sorted(vars(builtins)), sorted(vars(tf1.train)), tf1.Session, tf1.matmul, tf1.train.AdamOptimizer
    return hooks, repr(shell.events.callbacks), options, magics, modules, names
mine, v1 = tf, tf1
for name in ("resource_variables", "control_flow_v2", "tensor_equality", "v2_tensorshape"):
    getattr(tf1, "enable_" + name)()
before = look()
"""


def test_unload_ext_gives_everything_back(cell):
    """All but eager mode, which is said. Until then names of the module tensorflow mean TensorFlow 1."""
    assert cell(LOOK) == NOTHING
    assert cell("%load_ext chapter4") == NOTHING
    assert cell("tf is mine is sys.modules['tensorflow'], v1 is tf1, tf.placeholder is not None")[2] == str(
        (True,) * 3
    )
    assert cell("mine = 4") == NOTHING
    said = "TensorFlow stays without eager mode until the kernel is restarted\n"
    assert cell("%unload_ext chapter4") == ("", said, None, None)
    assert cell("assert mine == 4\nmine = tf\nafter = look()") == NOTHING
    assert (
        cell("assert after == before, [pair for pair in zip(after, before) if pair[0] != pair[1]]") == NOTHING
    )


STATE = """
import gc, os, signal, sys, warnings
def state():
    modules = [sys.modules[name] for name in ("__main__", "tensorflow")]
    imports = list(sys.path), list(sys.path_hooks), list(sys.meta_path), id(sys.path_importer_cache)
    return (sys.stdout, sys.stderr, sys.argv, imports, print, list(warnings.filters), modules,
            gc.isenabled(), gc.get_freeze_count(), signal.getsignal(signal.SIGINT))
sys.path.insert(0, {root!r})
import numpy, tensorflow
mine = 1
before = state()
"""
UNCHANGED = """
assert state() == before, [pair for pair in zip(state(), before) if pair[0] != pair[1]]
sys.stderr.write("visible")
sys.stderr.flush()"""


def test_a_notebook(cell, kernel, printed, tmp_path):
    article = printed("article.log").decode()
    run_all = "%run " + str(ROOT / "scripts" / "run_all.py")
    assert cell(STATE.format(root=str(ROOT)))[3] is None
    for _ in range(2):
        out, *others = cell(run_all + " --steps 1")
        assert out.startswith(article[:50]) and out.count("[[") == 6 and others == ["", None, None]
        assert cell(UNCHANGED) == ("", "visible", None, None)

    _, err, _, _ = cell(run_all + " --steps 0")
    assert "run_all.py: error: argument --steps: a whole number above 0 is needed" in err
    assert cell(UNCHANGED) == ("", "visible", None, None)

    out, err, _, _ = cell(run_all + " --steps 1000000000", interrupt=True)
    assert out.startswith("After 0 training step(s), w1 is: \n[[-0.81031823]\n")
    assert "KeyboardInterrupt" in err
    assert cell(UNCHANGED + "\nmine") == ("", "visible", "1", None)

    page = "from chapter4 import section_4_2_2_custom_loss as section; section.main(mse=True)"
    assert cell(page) == (article[article.index(" [ 0.9813394 ]]\n") + 16 :], "", None, None)

    (tmp_path / "bad.py").write_text("import tensorflow as tf\ntf.placeholder(tf.float32)\nprint(1 / 0)\n")
    out, err, _, _ = cell("%run {} {}".format(ROOT / "scripts" / "run_listing.py", tmp_path / "bad.py"))
    assert out == "" and "bad.py" in err and "ZeroDivisionError: division by zero" in err
    assert cell(UNCHANGED) == ("", "visible", None, None)
