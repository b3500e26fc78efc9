"""Values as NumPy 1.13 printed them, on any NumPy."""

import builtins
import math

import numpy as np

try:
    from numpy._core import arrayprint
except ImportError:  # NumPy 1
    from numpy.core import arrayprint


NAMES = {name: getattr(builtins, name) for name in ("float", "int", "bool", "object", "str", "complex")}
NAMES.update(math=math, product=np.prod, cumproduct=np.cumprod, sometrue=np.any, alltrue=np.all)
NAMES.update(Inf=np.inf, NaN=np.nan, float_=np.float64, unicode=str)


class _FloatingFormat(arrayprint.FloatingFormat):
    """legacy="1.13" still shortens a float32, so it is printed as float64."""

    def __init__(self, data, *args, **kwargs):
        super().__init__(data.astype(np.float64), *args, **kwargs)

    def __call__(self, x):
        return super().__call__(np.float64(x))


def missing_names():
    """{name: value} of those that this NumPy no longer has: one that it has, it uses itself."""
    return {name: value for name, value in NAMES.items() if name not in vars(np)}


def _extend_line(s, line, word, line_width, next_line_prefix, legacy):
    """Where a row is wrapped: trailing blanks do not count, unless a comma follows."""
    comma_follows = line_width < np.get_printoptions()["linewidth"]
    if len(line.rstrip()) + len(word if comma_follows else word.rstrip()) >= line_width:
        s, line = s + line.rstrip() + "\n", next_line_prefix
    return s, line + word


def install():
    """Has str() and repr() of NumPy's values be NumPy 1.13's. Returns the function that takes it back."""
    options = np.get_printoptions()
    stock = arrayprint.FloatingFormat, arrayprint._extendLine
    np.set_printoptions(legacy="1.13", formatter=options["formatter"])  # which legacy would reset
    arrayprint.FloatingFormat, arrayprint._extendLine = _FloatingFormat, _extend_line

    def restore():
        np.set_printoptions(**options)
        arrayprint.FloatingFormat, arrayprint._extendLine = stock

    return restore


def to_str(value):
    """str(value) as NumPy 1.13 had it: of arrays, NumPy's scalars, and lists, tuples and dicts of them."""
    return _converted(str, value)


def to_repr(value):
    """repr(value) likewise: what an interpreter shows of an expression."""
    return _converted(repr, value)


def _converted(to_text, value):
    restore = install()
    try:
        return to_text(value)
    finally:
        restore()


def print(*values, **options):
    """The built-in print, with NumPy's values as NumPy 1.13 printed them."""
    builtins.print(*map(to_str, values), **options)
