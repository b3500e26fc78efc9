"""Imports TensorFlow, silently and for the CPU, and says how the chapter's Sessions run.

What TensorFlow writes to stderr while it starts is shown only if it fails; where the user has set
TF_CPP_MIN_LOG_LEVEL, nothing is held back.
"""

import contextlib
import functools
import gc
import os
import sys
import tempfile
import warnings
from typing import Callable, NamedTuple

import numpy as np

NUMPY_2 = not np.__version__.startswith("1.")


@contextlib.contextmanager
def _stderr_held_back():
    """Holds back what is written to descriptor 2, where TensorFlow's C++ writes; shows it after an error."""
    try:
        os.fstat(2)
    except OSError:  # closed: occupied, or the next file opened would receive TensorFlow's messages
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except Exception:
            held.seek(0)
            os.write(stderr, held.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


@contextlib.contextmanager
def quiet():
    """Without warnings, TensorFlow's messages and searches for garbage: for imports."""
    collecting = gc.isenabled()
    gc.disable()  # a search for garbage is a fifth of the import, and finds none
    with contextlib.ExitStack() as changes:
        changes.callback(gc.enable if collecting else gc.disable)
        changes.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        if "TF_CPP_MIN_LOG_LEVEL" not in os.environ:
            os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"  # TensorFlow reads it once: later on errors alone
            changes.callback(os.environ.pop, "TF_CPP_MIN_LOG_LEVEL")
            changes.enter_context(_stderr_held_back())
        yield
        if not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()  # what was imported counts as old now, and is not searched at once


os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
# These change digits: XLA fuses a*b + c, FPMATH_MODE computes in bfloat16.
os.environ.pop("TF_XLA_FLAGS", None)
for name in ("TF_SET_ONEDNN_FPMATH_MODE", "ONEDNN_DEFAULT_FPMATH_MODE", "DNNL_DEFAULT_FPMATH_MODE"):
    os.environ.pop(name, None)

with quiet(), contextlib.ExitStack() as start:
    if "keras" not in sys.modules:
        sys.modules["keras.src"] = None  # not to be imported now: it takes long, tf.keras does it when used
        start.callback(sys.modules.pop, "keras.src")
    import tensorflow.compat.v1 as tf
    from tensorflow.core.protobuf import config_pb2

    tf.logging.set_verbosity(tf.logging.ERROR)
    with tf.Graph().as_default(), tf.Session() as sess:  # the first Session has messages of its own
        sess.run(tf.no_op())


def _config(own):
    """The chapter's settings for a Session, and over them its caller's own."""
    # -1 is the caller's thread: to hand so small operations to others takes longer than to compute them.
    config = tf.ConfigProto(device_count={"GPU": 0}, inter_op_parallelism_threads=-1)
    # Only Grappler's pruning and dependency passes run: they remove operations and never rewrite a formula.
    config.graph_options.rewrite_options.optimizers.extend(["pruning", "dependency"])
    config.MergeFrom(own or tf.ConfigProto())
    return config


class _Call(NamedTuple):
    """A call of Session.run, prepared by TensorFlow."""

    run: Callable  # takes the fed arrays
    parts: tuple  # what is fetched, and the placeholders: kept, so that no other object gets their ids
    dtypes: list  # NumPy's, of the placeholders
    shapes: set  # of the fed arrays: those that Session.run has accepted


class _PreparesCalls:
    """A Session whose `run` does not take the same call apart each time: that is most of a small step's time.

    A call that comes again, for one operation or tensor, fed through placeholders, is prepared by TensorFlow
    once Session.run has accepted it. All else is left to Session.run, errors too.
    """

    def __init__(self, target="", graph=None, config=None):
        self._calls = {}
        if config is None or isinstance(config, tf.ConfigProto):
            config = _config(config)
        super().__init__(target, graph, config)

    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        single = isinstance(fetches, (tf.Operation, tf.Tensor)) and isinstance(feed_dict, (dict, type(None)))
        if not single or options or run_metadata:
            return super().run(fetches, feed_dict, options, run_metadata)
        feed_dict = feed_dict or {}
        parts = (fetches, *feed_dict)
        key = tuple(map(id, parts))
        call = self._calls.get(key)
        arrays = _arrays(feed_dict, call.dtypes) if call else None
        shapes = None if arrays is None else tuple([array.shape for array in arrays])
        if arrays is not None and shapes in call.shapes:
            results = call.run(*arrays)
            return results[0] if results else None
        result = super().run(fetches, feed_dict)
        if arrays is not None:
            call.shapes.add(shapes)
        elif call is None:
            self._calls[key] = self._prepare(parts) if key in self._calls else None
        return result

    def _prepare(self, parts):
        """The _Call; False where this TensorFlow, or the chapter, does not prepare such a call."""
        fetched, *feeds = parts
        try:
            if any(not isinstance(f, tf.Tensor) or f.op.type != "Placeholder" or f is fetched for f in feeds):
                return False
            dtypes = [feed.dtype.as_numpy_dtype for feed in feeds]
            if object in dtypes:  # strings, and what a handle stands for
                return False
            options = config_pb2.CallableOptions(feed=[feed.name for feed in feeds])
            (options.fetch if isinstance(fetched, tf.Tensor) else options.target).append(fetched.name)
            run = functools.partial(self._do_call, self._make_callable_from_options(options))
        except AttributeError:
            return False
        return _Call(run, parts, dtypes, set())

    def close(self):
        self._calls.clear()  # each holds the session
        super().close()


def _arrays(feed_dict, dtypes):
    """The arrays that Session.run makes of what is fed; None where it looks closer or refuses."""
    try:
        if not any([isinstance(value, int) for value in feed_dict.values()]):
            return list(map(_asarray, feed_dict.values(), dtypes))
    except Exception:
        return None


def _asarray(value, dtype):
    """As Session.run does it, which takes two steps under NumPy 2."""
    return np.asarray(value).astype(dtype, copy=False) if NUMPY_2 else np.asarray(value, dtype)


class Session(_PreparesCalls, tf.Session):
    """tf.Session with the chapter's settings, and faster for a small step."""


class InteractiveSession(_PreparesCalls, tf.InteractiveSession):
    """tf.InteractiveSession, likewise."""
