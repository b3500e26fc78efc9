"""How TensorFlow starts (silently) and how a Session runs (on the CPU, in the caller's thread)."""

import functools
import gc
import importlib.machinery
import os
import signal
import subprocess
import sys
import warnings

OLDEST_TENSORFLOW = (1, 15)
TENSORFLOW = ("tensorflow", "tensorflow.compat", "tensorflow.compat.v1")

# The last two have oneDNN write to standard output. Each of the others lets kernels round otherwise than the
# page: fused by a compiler, or to fewer bits.
WITHOUT_EFFECT = (
    "TF_XLA_FLAGS",
    "XLA_FLAGS",
    "TF_SET_ONEDNN_FPMATH_MODE",
    "ONEDNN_DEFAULT_FPMATH_MODE",
    "DNNL_DEFAULT_FPMATH_MODE",
    "ONEDNN_VERBOSE",
    "DNNL_VERBOSE",
)


def config():
    """tf.ConfigProto for the chapter's Sessions.

    A step is so small that handing its operations to other threads takes longer than computing them.
    Of the optimizers of the graph only those run that leave out operations; one that rewrites a formula
    may round it otherwise.
    """
    import tensorflow.compat.v1 as tf

    config = tf.ConfigProto(
        device_count={"GPU": 0}, intra_op_parallelism_threads=1, inter_op_parallelism_threads=-1
    )
    config.graph_options.rewrite_options.optimizers.extend(["pruning", "dependency"])
    return config


class OutputError(OSError):
    """Standard output cannot be written: its reader has gone, or its disk is full."""


class HeldStderr:
    """Holds back what is written to file descriptor 2, where TensorFlow's C++ writes, until `release`.

    Another process keeps the text, so that it appears too when this one dies before `release`.
    """

    def __init__(self):
        self._stderr = os.dup(2)
        show_at_end = "import sys; sys.stderr.buffer.write(sys.stdin.buffer.read())"
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", show_at_end],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is not for it
        )
        os.dup2(self._keeper.stdin.fileno(), 2)
        self._keeper.stdin.close()

    def let_python_through(self):
        """From here on sys.stderr is not held back, only the descriptor."""
        sys.stderr = open(self._stderr, "w", buffering=1, errors="backslashreplace", closefd=False)

    def release(self, show):
        if not show:
            self._keeper.kill()
        os.dup2(self._stderr, 2)  # closes the pipe: the keeper shows what it has, and ends
        self._keeper.wait()
        sys.stderr = sys.__stderr__


_held = None


def start():
    """Imports TensorFlow for a command. What it writes to stderr meanwhile is held back until `end`.

    TensorFlow reads its environment when it is imported: nothing may have imported it before.
    """
    global _held
    if _held:
        return  # `python -m` has started it already
    signal.signal(signal.SIGINT, _interrupted)
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    for name in WITHOUT_EFFECT:
        os.environ.pop(name, None)
    warnings.simplefilter("ignore")
    if sys.flags.optimize > 1:
        _keep_docstrings()
    if sys.stderr:
        _held = HeldStderr()
    else:  # closed: no file shall get its descriptor, and with it TensorFlow's messages
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    gc.disable()  # a tenth of the import is a search for garbage among what TensorFlow keeps
    try:
        import tensorflow.compat.v1 as tf
    except ModuleNotFoundError as error:
        if error.name not in TENSORFLOW:
            raise
        _refuse_tensorflow()
    if tuple(map(int, tf.__version__.split(".")[:2])) < OLDEST_TENSORFLOW:
        _refuse_tensorflow()
    gc.freeze()
    gc.enable()
    tf.logging.set_verbosity(tf.logging.ERROR)
    if _held:
        _held.let_python_through()


def end(show=False):
    """Ends what `start` holds back: shown after a failure, dropped otherwise."""
    global _held
    if _held:
        _held.release(show)
        _held = None


def _refuse_tensorflow():
    end()
    print("TensorFlow 1.15 or newer is needed: pip install 'tensorflow>=1.15'", file=sys.stderr)
    sys.exit(2)


def _keep_docstrings():
    """Modules are compiled as with -O from here on: under -OO most TensorFlows miss their docstrings."""

    def source_to_code(self, data, path, *args, **kwargs):
        return compile(data, path, "exec", dont_inherit=True, optimize=1)

    importlib.machinery.SourceFileLoader.source_to_code = source_to_code
    external = importlib._bootstrap_external  # where the name of the .pyc is made
    external.cache_from_source = functools.partial(external.cache_from_source, optimization=1)


def _interrupted(signum, frame):
    """Ctrl-C. No exception: TensorFlow's C++ calls Python, and some of it goes on, or crashes, after one."""
    end()
    if os.isatty(2):
        os.write(2, b"\r\033[K")  # where a progress bar may be
    os._exit(130)
