"""Values as NumPy 1.13 printed them, the NumPy of the printed logs, on any NumPy."""

import builtins

import numpy as np

from chapter4.runtime import OutputError

_print = builtins.print  # while a listing runs, builtins.print is the print below


def print(*values, **options):
    """The built-in print, with NumPy's values as NumPy 1.13 printed them, each line written at once."""
    try:
        _print(*map(numpy_1_13, values), **{"flush": True, **options})
    except OSError as error:
        if options.get("file") is not None:
            raise
        raise OutputError(error.errno, error.strerror) from error


def numpy_1_13(value):
    """str(value) as NumPy 1.13 had it: of arrays, NumPy's scalars, and lists, tuples and dicts of them."""
    with np.printoptions(legacy="1.13"):
        return _text(value, str)


def _text(value, text):
    """text, str or repr, of value. In its own layout for 1.13 today's NumPy still shortens a float32."""
    if type(value) is list:
        return "[%s]" % ", ".join(_text(item, repr) for item in value)
    if type(value) is tuple:
        return "(%s%s)" % (", ".join(_text(item, repr) for item in value), "," * (len(value) == 1))
    if type(value) is dict:
        return "{%s}" % ", ".join("%r: %s" % (key, _text(item, repr)) for key, item in value.items())
    if not (isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.ndim and value.size):
        return text(value)
    exact = text(value.astype(np.float64))
    return exact if text is str or value.dtype == np.float64 else "%s, dtype=%s)" % (exact[:-1], value.dtype)
