"""Makes `tensorflow` TensorFlow 1: graph mode, its names, tf.contrib, its seeds, and the chosen rounding."""

import contextlib
import functools
import importlib
import inspect
import numbers
import operator
import sys
import types

from chapter4 import runtime
from chapter4.runtime import tf

from tensorflow.python.framework import graph_util, random_seed

RENAMED = {  # in TensorFlow 1.0, after the book's first edition
    "batch_matmul": "matmul",
    "complex_abs": "abs",
    "concat_v2": "concat",
    "inv": "reciprocal",
    "listdiff": "setdiff1d",
    "merge_all_summaries": "summary.merge_all",
    "merge_summary": "summary.merge",
    "mul": "multiply",
    "neg": "negative",
    "pack": "stack",
    "select": "where",
    "split_v": "split",
    "sub": "subtract",
    "unpack": "unstack",
}


class Changes(contextlib.ExitStack):
    """What is set until it is closed."""

    def set(self, owner, name, value):
        """An attribute of owner, or an item of a dict."""
        is_dict = isinstance(owner, dict)
        namespace = owner if is_dict else vars(owner)
        present, before = name in namespace, namespace.get(name)
        set_, delete = (dict.__setitem__, dict.__delitem__) if is_dict else (setattr, delattr)
        set_(owner, name, value)
        self.callback(*((set_, owner, name, before) if present else (delete, owner, name)))


def become(changes, rounding):
    """Makes `tensorflow` the API of TensorFlow 1, tf.matmul and tf.train.AdamOptimizer with that rounding."""
    tf.disable_v2_behavior()
    if not tf.__version__.startswith("1."):
        changes.set(tf, "compat", sys.modules["tensorflow"].compat)  # for `import tensorflow.compat.v1 as tf`
        changes.set(tf, "contrib", _contrib())
        changes.set(sys.modules, "tensorflow", tf)
        name = "convert_variables_to_constants"  # the book takes it from where it no longer is
        changes.set(graph_util, name, getattr(tf.graph_util, name))
        for name in ("contrib", "contrib.layers", "contrib.losses"):
            changes.set(sys.modules, "tensorflow." + name, operator.attrgetter(name)(tf))
        changes.set(sys, "meta_path", [*sys.meta_path, _Rest])
    changes.set(sys.modules, "tensorflow.compat.v1", tf)  # in 1.15 another module of the same content
    changes.set(random_seed, "get_seed", _get_seed)
    for api in {sys.modules["tensorflow"], tf}:
        changes.set(sys.modules, api.__name__ + ".train", api.train)
        for name, value in _names(api, rounding).items():
            module, _, name = name.rpartition(".")
            changes.set(getattr(api, module) if module else api, name, value)


def import_keras():
    """For a listing that names it: before `become`, since Keras looks for today's TensorFlow."""
    with runtime.quiet(), contextlib.suppress(ImportError):
        importlib.import_module("tensorflow.keras.layers")


def _names(api, rounding):
    """{name: value} of what the listing shall find in tf otherwise than it is there."""
    with rounding() as AdamOptimizer:
        names = {"train.AdamOptimizer": AdamOptimizer}
    names.update({"Session": runtime.Session, "InteractiveSession": runtime.InteractiveSession})
    stock_matmul, stock_concat = api.matmul, api.concat

    @functools.wraps(stock_matmul)
    def matmul(*args, **kwargs):
        with rounding():
            return stock_matmul(*args, **kwargs)

    @functools.wraps(stock_concat)
    def concat(*args, **kwargs):
        if "concat_dim" in kwargs or args and isinstance(args[0], int):
            raise TypeError("tf.concat takes the values first since TensorFlow 1.0: tf.concat(values, axis)")
        return stock_concat(*args, **kwargs)

    names.update({"matmul": matmul, "linalg.matmul": matmul, "concat": concat})
    names["random_uniform"] = functools.partial(_random_uniform, api.random_uniform)
    for name, labels in ("sigmoid", "y_"), ("softmax", "y_"), ("sparse_softmax", "tf.argmax(y_, 1)"):
        name = "nn.%s_cross_entropy_with_logits" % name
        names[name] = _named_arguments_only(operator.attrgetter(name)(api), name, labels)
    for old, new in RENAMED.items():
        if not hasattr(api, old):
            names[old] = names.get(new) or operator.attrgetter(new)(api)
    return names


def _get_seed(op_seed, stock=random_seed.get_seed):
    """As TensorFlow 1.4: after tf.set_random_seed an operation's seed is the number of those before it."""
    graph = tf.get_default_graph()
    if op_seed is None and graph.seed is not None:
        op_seed = graph.version
    return stock(op_seed)


def _random_uniform(stock, shape, minval=0, maxval=None, dtype=tf.float32, *args, **kwargs):
    """With a constant for each limit, as in TensorFlow 1.4: _get_seed counts the operations before."""
    if maxval is None and not tf.as_dtype(dtype).is_integer:
        maxval = 1
    limits = [None if limit is None else tf.convert_to_tensor(limit, dtype) for limit in (minval, maxval)]
    return stock(shape, *limits, dtype, *args, **kwargs)


def _named_arguments_only(function, name, labels):
    """As TensorFlow 1.4 had it. TensorFlow 0.12 took y, y_ in this order, and 2.9 takes them in the other."""

    @functools.wraps(function)
    def named(*args, **kwargs):
        if args:
            raise ValueError(
                "Only call `%s` with named arguments (labels=..., logits=..., ...): for (y, y_) write "
                "tf.%s(labels=%s, logits=y)" % (name[3:], name, labels)
            )
        return function(**kwargs)

    return named


# tf.contrib, which TensorFlow 2 no longer has

MISSING = (
    "no tf.%s here: of tf.contrib.layers there are l1_regularizer, l2_regularizer and l1_l2_regularizer, of "
    "tf.contrib.losses what tf.losses has; the rest of tf.contrib went with TensorFlow 2.0"
)


class _Rest:
    """A finder that finds nothing more in tf.contrib, and says so."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith("tensorflow.contrib."):
            raise ImportError(MISSING % name[len("tensorflow.") :])


def _contrib():
    """The modules tf.contrib, .layers and .losses, as far as the rest of TensorFlow has what they did."""
    layers = {"l1_regularizer": _l1_regularizer, "l2_regularizer": _l2_regularizer}
    layers["l1_l2_regularizer"] = _l1_l2_regularizer
    losses = {}
    for name, function in inspect.getmembers(tf.losses, inspect.isfunction):
        if name.startswith(("get_", "add_", "compute_")):
            losses[name] = function
        elif name not in ("huber_loss", "mean_pairwise_squared_error"):  # not in contrib; another value there
            losses[name] = _predictions_first(function)
    losses["hinge_loss"] = functools.partial(losses["hinge_loss"], reduction="none", loss_collection=None)
    modules = {"layers": _module("contrib.layers", layers), "losses": _module("contrib.losses", losses)}
    return _module("contrib", modules)


def _module(name, contents):
    module = types.ModuleType("tensorflow." + name)

    def missing(attribute):
        raise AttributeError(MISSING % (name + "." + attribute))

    vars(module).update(contents, __getattr__=missing, __path__=[])
    return module


def _predictions_first(function):
    """A function of tf.losses with its first two arguments, labels and predictions, in contrib's order."""
    first = list(inspect.signature(function).parameters)[1]  # predictions or logits

    @functools.wraps(function)
    def loss(*args, **kwargs):
        if len(args) > 1:
            return function(args[1], args[0], *args[2:], **kwargs)
        return function(**dict(zip([first], args)), **kwargs)

    return loss


def _regularizer(name, penalty):
    def make(scale, scope=None):
        if isinstance(scale, numbers.Integral) or isinstance(scale, numbers.Real) and scale < 0:
            raise ValueError("%s: scale is a float of at least 0, not %r" % (name, scale))

        def regularizer(weights):
            if isinstance(scale, numbers.Real) and scale == 0:
                return None
            return tf.multiply(tf.cast(scale, weights.dtype.base_dtype), penalty(weights), name=scope or name)

        return regularizer

    return make


_l1_regularizer = _regularizer("l1_regularizer", lambda weights: tf.reduce_sum(tf.abs(weights)))
_l2_regularizer = _regularizer("l2_regularizer", tf.nn.l2_loss)


def _l1_l2_regularizer(scale_l1=1.0, scale_l2=1.0, scope=None):
    both = _l1_regularizer(scale_l1), _l2_regularizer(scale_l2)

    def regularizer(weights):
        penalties = [penalty for penalty in (one(weights) for one in both) if penalty is not None]
        return tf.add_n(penalties, name=scope or "l1_l2_regularizer") if penalties else None

    return regularizer
