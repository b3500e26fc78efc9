"""Values as NumPy 1.13 printed them, on any NumPy."""

import builtins

import numpy as np

try:
    from numpy._core import arrayprint
except ImportError:  # NumPy 1
    from numpy.core import arrayprint

_print = builtins.print  # while a listing runs, builtins.print is the print below


class FloatingFormat(arrayprint.FloatingFormat):
    """legacy="1.13" still shortens a float32, so it is printed as float64."""

    def __init__(self, data, *args, **kwargs):
        super().__init__(data.astype(np.float64), *args, **kwargs)

    def __call__(self, x):
        return super().__call__(np.float64(x))


def print(*values, **options):
    """The built-in print, with NumPy's values as NumPy 1.13 printed them."""
    _print(*map(to_str, values), **options)


@np.printoptions(legacy="1.13")
def to_str(value):
    """str(value) as NumPy 1.13 had it: of arrays, NumPy's scalars, and lists, tuples and dicts of them."""
    return _text(value, str)


@np.printoptions(legacy="1.13")
def to_repr(value):
    """repr(value) likewise: what an interpreter shows of an expression."""
    return _text(value, repr)


def _text(value, to_text):
    """to_text, str or repr, of value. legacy="1.13" still shortens a float32, so it is printed as float64."""
    if type(value) is list:
        return "[%s]" % ", ".join(_text(item, repr) for item in value)
    if type(value) is tuple:
        return "(%s%s)" % (", ".join(_text(item, repr) for item in value), "," * (len(value) == 1))
    if type(value) is dict:
        return "{%s}" % ", ".join("%r: %s" % (key, _text(item, repr)) for key, item in value.items())
    if not (isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.ndim and value.size):
        return to_text(value)
    exact = to_text(value.astype(np.float64))
    return (
        exact if to_text is str or value.dtype == np.float64 else "%s, dtype=%s)" % (exact[:-1], value.dtype)
    )
