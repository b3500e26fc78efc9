"""Values as NumPy 1.13 printed them, the NumPy of the printed logs, on any NumPy."""

import builtins

import numpy as np


def numpy_1_13(value):
    """What NumPy 1.13 prints for an array or a NumPy scalar; any other value as it is."""
    if isinstance(value, np.ndarray):
        if not value.ndim:
            return value.item()
        # A float64 copy: for a float32, today's NumPy stops at the digits that tell it from its neighbours.
        exact = value.astype(np.float64) if value.dtype.kind == "f" else value
        return np.array2string(exact, legacy="1.13")
    if isinstance(value, np.floating):
        text = "%.*g" % (12 if value.dtype == np.float64 else 6, float(value))
        return text + ".0" if text.lstrip("-").isdigit() else text
    return value


def print(*values, **options):
    """The built-in print, with arrays as NumPy 1.13 printed them, each line written as it is reached."""
    builtins.print(*map(numpy_1_13, values), **{"flush": True, **options})
