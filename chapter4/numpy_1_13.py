"""Values as NumPy 1.13 printed them, on any NumPy."""

import builtins

import numpy as np

try:
    from numpy._core import arrayprint
except ImportError:  # NumPy 1
    from numpy.core import arrayprint


class _FloatingFormat(arrayprint.FloatingFormat):
    """legacy="1.13" still shortens a float32, so it is printed as float64."""

    def __init__(self, data, *args, **kwargs):
        super().__init__(data.astype(np.float64), *args, **kwargs)

    def __call__(self, x):
        return super().__call__(np.float64(x))


def install():
    """Has str() and repr() of NumPy's values be NumPy 1.13's. Returns the function that takes it back."""
    options, stock = np.get_printoptions(), arrayprint.FloatingFormat
    np.set_printoptions(legacy="1.13")
    arrayprint.FloatingFormat = _FloatingFormat

    def restore():
        np.set_printoptions(**options)
        arrayprint.FloatingFormat = stock

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
