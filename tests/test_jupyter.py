"""A real Jupyter kernel, as a reader's notebook drives it."""

import pytest
from conftest import ROOT

jupyter_client = pytest.importorskip("jupyter_client")
pytest.importorskip("ipykernel")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A running kernel's client, in an empty folder."""
    manager = jupyter_client.KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(tmp_path_factory.mktemp("notebook")))
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

    def run(source, when_printing=None):
        shown = {"stdout": "", "stderr": "", "result": None}

        def show(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                shown[content["name"]] += content["text"]
                if when_printing:
                    when_printing()
            elif message["msg_type"] == "execute_result":
                shown["result"] = content["data"]["text/plain"]
            elif message["msg_type"] == "error":
                shown["stderr"] += "\n".join(content["traceback"])

        reply = kernel.execute_interactive(source, output_hook=show, timeout=120, allow_stdin=False)
        return shown["stdout"], shown["stderr"], shown["result"], reply["content"].get("ename")

    return run


STATE = """
import gc, os, signal, sys, warnings
def state():
    modules = [sys.modules[name] for name in ("__main__", "tensorflow")]
    return (sys.stdout, sys.stderr, sys.argv, list(sys.path), print, list(warnings.filters), modules,
            gc.isenabled(), gc.get_freeze_count(), signal.getsignal(signal.SIGINT))
sys.path.insert(0, {root!r})
import numpy, tensorflow
mine = 1
before = state()
"""
UNCHANGED = """
assert state() == before, [pair for pair in zip(state(), before) if pair[0] != pair[1]]
sys.stderr.write("visible");"""


def test_a_notebook(cell, kernel, printed, tmp_path):
    article = printed("article.log").decode()
    run_all = "%run " + str(ROOT / "scripts" / "run_all.py")
    assert cell(STATE.format(root=str(ROOT)))[3] is None
    for _ in range(2):
        assert cell(run_all) == (article, "", None, None)
        assert cell(UNCHANGED) == ("", "visible", None, None)

    _, err, _, _ = cell(run_all + " --steps 0")
    assert "run_all.py: error: argument --steps: a whole number above 0 is needed" in err
    assert cell(UNCHANGED) == ("", "visible", None, None)

    out, err, _, _ = cell(run_all + " --steps 1000000000", when_printing=kernel.manager.interrupt_kernel)
    assert out.startswith("After 0 training step(s), w1 is: \n[[-0.81031823]\n")
    assert "KeyboardInterrupt" in err
    assert cell(UNCHANGED + "\nmine") == ("", "visible", "1", None)

    page = "from chapter4 import section_4_2_2_custom_loss as section; section.main(mse=True)"
    assert cell(page) == (article[article.index(" [ 0.9813394 ]]\n") + 16 :], "", None, None)

    (tmp_path / "bad.py").write_text("import tensorflow as tf\ntf.placeholder(tf.float32)\nprint(1 / 0)\n")
    out, err, _, _ = cell("%run {} {}".format(ROOT / "scripts" / "run_listing.py", tmp_path / "bad.py"))
    assert out == "" and "bad.py" in err and "ZeroDivisionError: division by zero" in err
    assert cell(UNCHANGED) == ("", "visible", None, None)
