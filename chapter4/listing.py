"""A reader's own TensorFlow 1 listing, run unchanged."""

import builtins
import functools
import os
import re
import signal
import sys
import traceback
import types

import tensorflow.compat.v1 as tf

from chapter4 import arithmetic, printed_log, runtime


def run(code, arithmetic=arithmetic.fused):
    """Runs a compiled file as Python would, `tensorflow` being tensorflow.compat.v1 in graph mode.

    Returns the exit status: 1 after an error in the listing, whose traceback is printed.
    """
    path = code.co_filename
    module = types.ModuleType("__main__")
    module.__file__ = path
    sys.modules["__main__"] = module
    sys.argv = [path]
    sys.path[0] = os.path.dirname(os.path.abspath(path))
    builtins.print = printed_log.print
    _become_tensorflow_1(arithmetic)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a listing may catch
    try:
        exec(code, vars(module))
        printed_log.print(end="")  # what sys.stdout.write has left in the buffer
    except runtime.OutputError:
        raise
    except Exception as error:
        _show(error)
        return 1


def _become_tensorflow_1(arithmetic):
    """Makes `tensorflow` the API of TensorFlow 1, with the arithmetic in tf.matmul and AdamOptimizer."""
    stock_matmul = tf.matmul

    @functools.wraps(stock_matmul)
    def matmul(*args, **kwargs):
        with arithmetic():
            return stock_matmul(*args, **kwargs)

    def configured(stock_session):
        class Session(stock_session):
            def __init__(self, target="", graph=None, config=None):
                super().__init__(target, graph, config or runtime.config())

        return Session

    Session, InteractiveSession = configured(tf.Session), configured(tf.InteractiveSession)
    tf.disable_v2_behavior()
    with arithmetic() as AdamOptimizer:
        pass
    if not tf.__version__.startswith("1."):
        tf.compat = sys.modules["tensorflow"].compat  # for `import tensorflow.compat.v1 as tf`
        sys.modules["tensorflow"] = tf
    sys.modules["tensorflow.compat.v1"] = tf  # in 1.15 another module of the same content
    for name in ("tensorflow", "tensorflow.compat.v1"):
        api = sys.modules[name]
        api.matmul = api.linalg.matmul = matmul
        api.train.AdamOptimizer = AdamOptimizer
        sys.modules[name + ".train"] = api.train
        api.Session, api.InteractiveSession = Session, InteractiveSession


def _show(error):
    """Prints the traceback without the frames of this package that stand before and between the listing's."""
    ours = {__file__, arithmetic.__file__, printed_log.__file__, runtime.__file__}
    shown = traceback.TracebackException.from_exception(error)
    link = shown
    while link:
        link.stack = traceback.StackSummary.from_list(f for f in link.stack if f.filename not in ours)
        link = link.__cause__ or link.__context__
    print("".join(shown.format()), end="", file=sys.stderr)
    gone = re.search(r"'(contrib|tensorflow\.(?:contrib|examples)\b[\w.]*)'", str(error))
    if gone and isinstance(error, (AttributeError, ImportError)):
        name = gone.group(1)
        print(
            "TensorFlow 2 no longer has %s" % ("tf.contrib" if name == "contrib" else name), file=sys.stderr
        )
