"""A reader's own TensorFlow 1 listing, run unchanged: a script, a notebook, or the cells of Jupyter."""

import ast
import builtins
import contextlib
import functools
import importlib.machinery
import importlib.util
import inspect
import numbers
import operator
import os
import re
import signal
import sys
import traceback
import types
from pathlib import Path

from chapter4 import arithmetic, numpy_1_13, runtime, source
from chapter4.runtime import tf

from tensorflow.python.framework import graph_util, random_seed

_kept = contextlib.ExitStack()  # what is changed for good, or until %unload_ext


def run(cells, path, rounding=arithmetic.fused):
    """Runs a file's source.Cells as Python would run the file, or Jupyter the notebook.

    rounding is one of chapter4.arithmetic. Returns the exit status: 1 after an error in the listing, whose
    traceback is printed.
    """
    main = types.ModuleType("__main__")
    main.__file__ = path
    with contextlib.ExitStack() as changes:
        _become_tensorflow_1(changes, rounding)
        changes.callback(numpy_1_13.install())
        _change(changes, sys.modules, "__main__", main)
        _change(changes, sys, "argv", [path])
        folder = os.path.dirname(os.path.abspath(path))
        _change(changes, sys, "path", [folder, *sys.path[1:]])
        loader = functools.partial(_Module, python_2=cells[0].python_2)
        finder = importlib.machinery.FileFinder(folder, (loader, importlib.machinery.SOURCE_SUFFIXES))
        _change(changes, sys.path_importer_cache, folder, finder)
        main.__builtins__ = _builtins(cells[0])
        own_process = sys.stdout is sys.__stdout__
        if own_process:
            _kept.push(changes.pop_all())  # the process ends here: atexit functions find all as it was
            if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # a listing may catch KeyboardInterrupt
                signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            for cell in cells:
                exec(cell.code, vars(main))
                value = eval(cell.last, vars(main)) if cell.last else None
                if value is not None:
                    print((source if cell.python_2 else numpy_1_13).to_repr(value))
        except KeyboardInterrupt:
            if not own_process:
                raise
            return 130
        except Exception as error:
            _show(error)
            return 1
        finally:
            source.end_line()


def _builtins(cell):
    """The listing's alone: libraries need Python 3's own."""
    return {**vars(builtins), **source.IPYTHON, **(source.PYTHON_2 if cell.python_2 else {})}


class _Module(importlib.machinery.SourceFileLoader):
    """Loads a module of the reader's own, which lies beside the listing: it may be Python 2, too."""

    def __init__(self, name, path, python_2):
        super().__init__(name, path)
        self.python_2 = python_2

    def create_module(self, spec):
        (self.cell,) = source.read(self.get_data(self.path), self.path, self.python_2)
        module = types.ModuleType(spec.name)
        module.__builtins__ = _builtins(self.cell)
        return module

    def get_code(self, name):
        return self.cell.code


def _show(error):
    """Prints the traceback without this project's own frames, those in TensorFlow's own messages included."""
    ours = Path(__file__).parent
    own = [str(path) for path in [*ours.glob("*.py"), *ours.parent.glob("scripts/*.py")]]

    def without_own(frame):
        path = frame[2]  # in an old TensorFlow's message without its start
        cut = os.sep in path and not os.path.exists(path) and any(file.endswith(path) for file in own)
        return "" if cut or path in own or path.startswith("<frozen") else frame[0]

    lines = traceback.format_exception(type(error), error, error.__traceback__)
    frame = r'^( *)File "(.*?)".*\n(?:\1 +.*\n)*'
    print(re.sub(frame, without_own, "".join(lines), flags=re.MULTILINE), end="", file=sys.stderr)


# TensorFlow 1

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
REPLACED = {  # then, too, by what is called otherwise
    "audio_summary": "tf.summary.audio(name, tensor, sample_rate)",
    "histogram_summary": "tf.summary.histogram(name, values)",
    "image_summary": "tf.summary.image(name, tensor)",
    "scalar_summary": "tf.summary.scalar(name, tensor)",
    "train.SummaryWriter": "tf.summary.FileWriter(logdir, graph)",
}


def _become_tensorflow_1(changes, rounding):
    """Makes `tensorflow` the API of TensorFlow 1, tf.matmul and tf.train.AdamOptimizer with that rounding."""
    tf.disable_v2_behavior()
    change = functools.partial(_change, changes)
    if not tf.__version__.startswith("1."):
        today = sys.modules["tensorflow"]
        change(tf, "compat", today.compat)  # for `import tensorflow.compat.v1 as tf`
        change(tf, "contrib", _contrib())
        change(sys.modules, "tensorflow", tf)
        name = "convert_variables_to_constants"  # the book takes it from where it no longer is
        change(graph_util, name, getattr(tf.graph_util, name))
        for name in ("contrib", "contrib.layers", "contrib.losses"):
            change(sys.modules, "tensorflow." + name, operator.attrgetter(name)(tf))
        change(sys, "meta_path", [_Keras(today), *sys.meta_path, _Gone])
    change(sys.modules, "tensorflow.compat.v1", tf)  # in 1.15 another module of the same content
    change(random_seed, "get_seed", _get_seed)
    for api in {sys.modules["tensorflow"], tf}:
        change(sys.modules, api.__name__ + ".train", api.train)
        for name, value in _names(api, rounding).items():
            module, _, name = name.rpartition(".")
            change(getattr(api, module) if module else api, name, value)


class _Keras:
    """Imports Keras, which the start left out, when the listing does: while `tensorflow` is today's again."""

    def __init__(self, today):
        self.today = today

    def find_spec(self, name, path=None, target=None):
        if name in ("keras", "tf_keras", "tensorflow.keras"):
            with runtime.quiet(), contextlib.ExitStack() as changes:
                _change(changes, sys.modules, "tensorflow", self.today)
                _change(changes, sys, "meta_path", [finder for finder in sys.meta_path if finder is not self])
                importlib.import_module("tensorflow.keras.layers")
                return importlib.util.find_spec(name)


def _change(changes, owner, name, value):
    """Sets an attribute of owner, or an item of a dict, until `changes`, an ExitStack, is left."""
    namespace = owner if isinstance(owner, dict) else vars(owner)
    present, before = name in namespace, namespace.get(name)
    set_, delete = (dict.__setitem__, dict.__delitem__) if isinstance(owner, dict) else (setattr, delattr)
    set_(owner, name, value)
    changes.callback(*((set_, owner, name, before) if present else (delete, owner, name)))


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
    for name in ("sigmoid", "softmax", "sparse_softmax"):
        name = "nn.%s_cross_entropy_with_logits" % name
        names[name] = _named_arguments_only(operator.attrgetter(name)(api), name)
    for name in ("zeros", "ones"):
        names[name + "_initializer"] = _without_shape(getattr(api, name + "_initializer"), name)
    for old, new in RENAMED.items():
        if not hasattr(api, old):
            names[old] = names.get(new) or operator.attrgetter(new)(api)
    for old, new in REPLACED.items():
        names[old] = _refusing("tf.%s is gone since TensorFlow 1.0: use %s" % (old, new))
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


def _refusing(message):
    def refuse(*args, **kwargs):
        raise AttributeError(message)

    return refuse


def _named_arguments_only(function, name):
    """As TensorFlow 1.4 had it. TensorFlow 0.12 took y, y_ in this order, and 2.9 takes them in the other."""

    @functools.wraps(function)
    def named(*args, **kwargs):
        if args:
            raise ValueError(
                "Only call `%s` with named arguments (labels=..., logits=..., ...): for (y, y_) write "
                "tf.%s(labels=y_, logits=y)" % (name[3:], name)
            )
        return function(**kwargs)

    return named


def _without_shape(stock, name):
    class Initializer(stock):
        def __init__(self, *args, **kwargs):
            if "shape" in kwargs or args and isinstance(args[0], (list, tuple)):
                message = "tf.%s_initializer takes no shape since TensorFlow 1.0: use tf.%s(shape)"
                raise TypeError(message % (name, name))
            super().__init__(*args, **kwargs)

    return Initializer


# tf.contrib, which TensorFlow 2 no longer has


class _Gone:
    """Finds no module, and says so of those that TensorFlow 1 had."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith(("tensorflow.contrib.", "tensorflow.examples")):
            raise ModuleNotFoundError("%s is gone since TensorFlow 2.0" % name, name=name)


def _contrib():
    """The modules tf.contrib, .layers and .losses, as far as the rest of TensorFlow has what they did."""
    layers = {"apply_regularization": _apply_regularization, "l1_l2_regularizer": _l1_l2_regularizer}
    layers.update({"l1_regularizer": _l1_regularizer, "l2_regularizer": _l2_regularizer})
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
        raise AttributeError("tf.%s.%s is gone since TensorFlow 2.0" % (name, attribute))

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


def _regularizer(name, penalty, negative):
    def make(scale, scope=None):
        if isinstance(scale, numbers.Integral):
            raise ValueError("scale cannot be an integer: %s" % scale)
        if isinstance(scale, numbers.Real) and scale < 0:
            raise ValueError("Setting a scale less than 0 on a regularizer: " + negative % scale)
        if isinstance(scale, numbers.Real) and scale == 0:
            return lambda weights: None

        def regularizer(weights):
            with tf.name_scope(scope, name, [weights]) as inner:
                factor = tf.convert_to_tensor(scale, weights.dtype.base_dtype, name="scale")
                return tf.multiply(factor, penalty(weights), name=inner)

        return regularizer

    return make


_l1_regularizer = _regularizer("l1_regularizer", lambda weights: tf.reduce_sum(tf.abs(weights)), "%g")
_l2_regularizer = _regularizer("l2_regularizer", tf.nn.l2_loss, "%g.")


def _l1_l2_regularizer(scale_l1=1.0, scale_l2=1.0, scope=None):
    for name, scale in (("scale_l1", scale_l1), ("scale_l2", scale_l2)):
        if isinstance(scale, numbers.Integral):
            raise ValueError("%s cannot be an integer: %s" % (name, scale))
    scope = scope or "l1_l2_regularizer"
    if scale_l1 == 0:
        return _l2_regularizer(scale_l2, scope)
    if scale_l2 == 0:
        return _l1_regularizer(scale_l1, scope)
    both = _l1_regularizer(scale_l1), _l2_regularizer(scale_l2)

    def regularizer(weights):
        with tf.name_scope(scope, None, [weights]) as name:
            return tf.add_n([one(weights) for one in both], name=name)

    return regularizer


def _apply_regularization(regularizer, weights_list=None):
    weights_list = weights_list or tf.get_collection(tf.GraphKeys.WEIGHTS)
    if not weights_list:
        raise ValueError("No weights to regularize.")
    with tf.name_scope("get_regularization_penalty", values=weights_list) as scope:
        penalties = [regularizer(weights) for weights in weights_list]
        penalties = [tf.constant(0.0) if penalty is None else penalty for penalty in penalties]
        for penalty in penalties:
            rank = penalty.shape.ndims
            if rank != 0:
                message = "regularizer must return a scalar Tensor instead of a Tensor with rank %d."
                raise ValueError(message % rank)
        total = tf.add_n(penalties, name=scope)
        tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, total)
    return total


# Jupyter

_rounding = contextlib.ExitStack()  # of _kept: what %arithmetic changes


def load(shell):
    """Makes a notebook's cells, from the next one on, what `run` makes of a file. shell is IPython's."""
    cells = _Python2Cells(shell)
    _change(_kept, shell.user_ns, "__builtins__", builtins)  # of which each cell gets a copy
    _kept.callback(numpy_1_13.install())
    for transformers in (shell.input_transformers_post, shell.ast_transformers):
        transformers.append(cells)
        _kept.callback(transformers.remove, cells)
    shell.events.register("post_run_cell", cells.end)
    _kept.callback(shell.events.unregister, "post_run_cell", cells.end)
    _kept.callback(_rounding.close)
    shell.register_magic_function(choose_arithmetic, magic_name="arithmetic")
    choose_arithmetic("fused")


def unload(shell):
    _kept.close()


def choose_arithmetic(name):
    """%arithmetic fused, separate or native: how a*b + c rounds in the cells that follow."""
    rounding = {"fused": arithmetic.fused, "separate": arithmetic.separate, "native": arithmetic.native}[name]
    _rounding.close()
    _become_tensorflow_1(_rounding, rounding)


class _Python2Cells:
    """Has IPython run a cell that is Python 2 as Python 2: transforms first its lines, then its tree."""

    def __init__(self, shell):
        self.shell, self.future, self.python_2 = shell, set(), False

    def __call__(self, lines):
        text = "".join(lines)
        try:
            self.python_2 = source.is_python_2(text, "cell")
        except SyntaxError:  # neither: IPython says so
            self.python_2 = False
        self.future |= source.future(text)
        # Functions of earlier Python 2 cells need the names between underscores in every cell.
        names = {n: value for n, value in source.PYTHON_2.items() if self.python_2 or n.startswith("__")}
        self.shell.user_ns["__builtins__"] = {**vars(builtins), **names}
        return source.python_3(text, self.future).splitlines(True) if self.python_2 else lines

    def visit(self, tree):
        return ast.fix_missing_locations(source.Python2(self.future).visit(tree)) if self.python_2 else tree

    def end(self, *result):
        source.end_line()
