"""Imports TensorFlow, silently and for the CPU, and says how the chapter's Sessions run.

What TensorFlow writes to stderr while it starts is shown only if it fails; where the user has set
TF_CPP_MIN_LOG_LEVEL, nothing is held back.
"""

import contextlib
import gc
import os
import tempfile
import warnings
import weakref
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
    with tempfile.TemporaryFile() as held:
        stderr = os.dup(2)
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
    with contextlib.ExitStack() as changes:
        if gc.isenabled():
            gc.disable()  # a search for garbage is a fifth of the import, and finds none
            changes.callback(gc.enable)
        changes.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        if "TF_CPP_MIN_LOG_LEVEL" not in os.environ:
            os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"  # TensorFlow reads it once: later on errors alone
            changes.callback(os.environ.pop, "TF_CPP_MIN_LOG_LEVEL")
            with contextlib.suppress(OSError):  # where no temporary file can be made
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

with quiet():
    import tensorflow.compat.v1 as tf
    from tensorflow.core.protobuf import config_pb2

    tf.logging.set_verbosity(tf.logging.ERROR)
    with tf.Graph().as_default(), tf.Session() as sess:  # the first Session has messages of its own
        sess.run(tf.no_op())


class _Step(NamedTuple):
    """A training step, prepared by TensorFlow."""

    run: Callable  # takes the fed arrays
    parts: tuple  # the operation and the placeholders: kept, so that no other object gets their ids
    dtypes: list  # NumPy's, of the placeholders
    accepted: dict  # {shapes that were fed: the placeholders' own when Session.run accepted those}


class _PreparesSteps:
    """A Session whose `run` does not take the same training step apart each time: that is most of its time.

    A step is one operation, fed through placeholders. When it comes again, TensorFlow prepares it, once
    Session.run has accepted it. All else is left to Session.run, errors too.
    """

    def __init__(self, target="", graph=None, config=None):
        self._steps = {}
        own, config = config, tf.ConfigProto(device_count={"GPU": 0})
        # Only two of Grappler's passes run: they remove operations and never rewrite a formula.
        config.graph_options.rewrite_options.optimizers.extend(["pruning", "dependency"])
        config.MergeFrom(own or tf.ConfigProto())
        super().__init__(target, graph, config)

    def run(self, fetches, feed_dict=None, options=None, run_metadata=None):
        feeds = feed_dict or {}
        if not isinstance(fetches, tf.Operation) or type(feeds) is not dict or options or run_metadata:
            return super().run(fetches, feed_dict, options, run_metadata)
        parts = (fetches, *feeds)
        key = tuple(map(id, parts))
        step = self._steps.get(key)
        arrays = _arrays(feeds.values(), step.dtypes) if step else None
        if arrays is not None:
            shapes, limits = tuple([array.shape for array in arrays]), [feed.shape for feed in feeds]
            if step.accepted.get(shapes) == limits:
                return self._do_call(step.run, *arrays) or None
        super().run(fetches, feed_dict)
        if arrays is not None:
            step.accepted[shapes] = limits
        elif step is None:
            self._steps[key] = self._prepare(parts) if key in self._steps else None

    def _prepare(self, parts):
        """The _Step; False where this TensorFlow, or the chapter, does not prepare it."""
        operation, *feeds = parts
        placeholders = all(isinstance(feed, tf.Tensor) and feed.op.type == "Placeholder" for feed in feeds)
        dtypes = [feed.dtype.as_numpy_dtype for feed in feeds if placeholders]
        if not placeholders or not all(np.issubdtype(dtype, np.number) for dtype in dtypes):
            return False
        options = config_pb2.CallableOptions(target=[operation.name], feed=[feed.name for feed in feeds])
        try:
            if not self.graph._functions and not any(map(_goes_on, self.graph.get_operations())):
                options.run_options.inter_op_thread_pool = -1  # the caller's thread: no handing over
            run = self._make_callable_from_options(options)
        except AttributeError:
            return False
        run._session = _Weak(self)
        return _Step(run, parts, dtypes, {})

    def close(self):
        self._steps.clear()
        super().close()


class _Weak:
    """Stands for a Session in its own steps, so that it is gone when it is dropped."""

    def __init__(self, session):
        self.session = weakref.ref(session)

    def __getattr__(self, name):
        return getattr(self.session(), name, None)


def _goes_on(op):
    """Whether the operation may wait, or go on after a call: in a loop, a stage, or by a queue's handle."""
    handle = any(output.dtype.name in ("resource", "variant", "string_ref") for output in op.outputs)
    return op.type.endswith(("NextIteration", "Stage")) or handle and op.type != "VarHandleOp"


def _arrays(values, dtypes):
    """The arrays that Session.run makes of what is fed; None where it looks closer or refuses."""
    if all([type(value) in (np.ndarray, list, float) for value in values]):
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            if NUMPY_2:  # there Session.run takes two steps
                return [np.asarray(value).astype(dtype, copy=False) for value, dtype in zip(values, dtypes)]
            return [np.asarray(value, dtype) for value, dtype in zip(values, dtypes)]


class Session(_PreparesSteps, tf.Session):
    """tf.Session with the chapter's settings, and faster for a small training step."""


class InteractiveSession(_PreparesSteps, tf.InteractiveSession):
    """tf.InteractiveSession, likewise."""
