"""Against what NumPy 1.13.3 itself printed for these values."""

import io
import math
import re
from collections import namedtuple

from chapter4 import numpy_1_13

import numpy as np
import pytest

f32, f64 = np.float32, np.float64
Pair = namedtuple("Pair", "a b")
Names = type("Names", (list,), {"__repr__": lambda self: "names"})


@pytest.mark.parametrize(
    "value, text",
    [
        (f32([[-0.81031823], [1.4855988]]), "[[-0.81031823]\n [ 1.4855988 ]]"),
        (f32([2.138545]), "[ 2.13854504]"),
        (f32([1, 2]), "[ 1.  2.]"),
        (f32([0.0, -0.0]), "[ 0. -0.]"),
        (f32([np.nan, 1]), "[ nan   1.]"),
        (f32([np.inf, -1]), "[ inf  -1.]"),
        (f32([1e10, 1]), "[  1.00000000e+10   1.00000000e+00]"),
        (f32([1e-5, 1]), "[  9.99999975e-06   1.00000000e+00]"),
        (f32([0.001, 1.5]), "[  1.00000005e-03   1.50000000e+00]"),
        (f64([0.0001, 0.05]), "[ 0.0001  0.05  ]"),
        (f32([1e8]), "[  1.00000000e+08]"),
        (f64([[2, 1e-9]]), "[[  2.00000000e+00   1.00000000e-09]]"),
        (f32([]), "[]"),
        (np.array([True, False]), "[ True False]"),
        (np.array([1, 20]), "[ 1 20]"),
        (np.array(3.25), "3.25"),
        (f32(3.5), "3.5"),
        (f32(5), "5.0"),
        (f32(1.23456789), "1.23457"),
        (f32(1e10), "1e+10"),
        (f32(1e-5), "1e-05"),
        (f32("nan"), "nan"),
        (f64(1 / 3), "0.333333333333"),
        (np.int64(3), "3"),
        ("text", "text"),
        (1 / 3, repr(1 / 3)),
        ([f32(0), f32(4.555)], "[0.0, 4.5549998]"),
        ([f64(0.1), np.int64(3), "text"], "[0.10000000000000001, 3, 'text']"),
        ((f32(2),), "(2.0,)"),
        ((f32([2.138545]),), "(array([ 2.13854504], dtype=float32),)"),
        ((), "()"),
        ({"a": [f32(4.555)], 1: "b"}, "{'a': [4.5549998], 1: 'b'}"),
        ({"a": f32([2.138545])}, "{'a': array([ 2.13854504], dtype=float32)}"),
        (Pair(1, "b"), "Pair(a=1, b='b')"),
        (Names(), "names"),
        (np.complex64([1 + 2j]), "[ 1.+2.j]"),
        ([f32([[1.5], [2.138545]])], "[array([[ 1.5       ],\n       [ 2.13854504]], dtype=float32)]"),
        ([f64([1.5]), np.array([1, 2]), f32([])], "[array([ 1.5]), array([1, 2]), array([], dtype=float32)]"),
    ],
)
def test_numpy_1_13(value, text):
    assert str(numpy_1_13.to_str(value)) == text


def test_the_printed_arrays_of_the_article(printed):
    """Every array of the log, read and printed again."""
    arrays = re.findall(r"\[\[.*?\]\]", printed("article.log").decode(), re.DOTALL)
    assert len(arrays) == 18
    for text in arrays:
        numbers = [[float(number)] for number in re.findall(r"[-\d.]+", text)]
        assert numpy_1_13.to_str(f32(numbers)) == text


# Each row as long as NumPy 1.13.3 lets it be.
WRAPPED = [
    (
        f64([4.9301, 8.8, 1.9, 2.56, 3, -3.5, -8.329, -6.9, -9.72, -2]),
        "[ 4.9301  8.8     1.9     2.56    3.     -3.5    -8.329  -6.9    -9.72   -2.    ]",
        "array([ 4.9301,  8.8   ,  1.9   ,  2.56  ,  3.    , -3.5   , -8.329 ,\n"
        "       -6.9   , -9.72  , -2.    ])",
    ),
    (
        f32([4, -7, 5.6, 7.05, 6.282, -9, 1.3, -7.63, -10]),
        "[  4.          -7.           5.5999999    7.05000019   6.28200006  -9.\n"
        "   1.29999995  -7.63000011 -10.        ]",
        "array([  4.        ,  -7.        ,   5.5999999 ,   7.05000019,\n"
        "         6.28200006,  -9.        ,   1.29999995,  -7.63000011, -10.        ], dtype=float32)",
    ),
    (
        np.arange(28),
        "[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24\n 25 26 27]",
        "array([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16,\n"
        "       17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27])",
    ),
]


@pytest.mark.parametrize("value, as_str, as_repr", WRAPPED)
def test_long_rows(value, as_str, as_repr):
    assert (numpy_1_13.to_str(value), numpy_1_13.to_repr(value)) == (as_str, as_repr)


def test_printoptions_of_the_readers_own():
    with np.printoptions(precision=3, suppress=True):
        assert numpy_1_13.to_str(f32([2.138545, 0.00001])) == "[ 2.139  0.   ]"
    with np.printoptions(formatter={"float_kind": lambda x: "%.1f!" % x}):
        before = np.get_printoptions()
        assert numpy_1_13.to_str(f32([2.138545, 0.00001])) == "[2.1! 0.0!]"
        assert np.get_printoptions() == before


def test_names_that_numpy_no_longer_has():
    """Of what NumPy 1.13 had under these names, whatever this one lacks; what it has is left alone."""
    names = {"float": float, "int": int, "bool": bool, "object": object, "str": str, "complex": complex}
    names.update(math=math, product=np.prod, cumproduct=np.cumprod, sometrue=np.any, alltrue=np.all)
    names.update(Inf=np.inf, NaN=np.nan, float_=np.float64, unicode=str)
    missing = numpy_1_13.missing_names()
    for name, meaning in names.items():
        assert (name in missing) != (name in vars(np))
        if name in missing:
            assert missing[name] is meaning
    assert not set(missing) - set(names)


def test_print_keeps_the_options_of_print():
    file = io.StringIO()
    numpy_1_13.print("a", f32([2.138545]), 1, sep="|", end="!", file=file)
    assert file.getvalue() == "a|[ 2.13854504]|1!"


def test_print_to_a_file_that_fails_is_the_files_error():
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left on device"):
        numpy_1_13.print(f32([1]), file=Full())


@pytest.mark.parametrize(
    "value, text",
    [
        (f32([[-0.81031823], [1.4855988]]), "array([[-0.81031823],\n       [ 1.4855988 ]], dtype=float32)"),
        (f64([1, 2.5]), "array([ 1. ,  2.5])"),
        (np.array([1, 2]), "array([1, 2])"),
        (f32(4.555), "4.5549998"),
        ((f32(4.555),), "(4.5549998,)"),
        ("text", "'text'"),
        (None, "None"),
    ],
)
def test_repr(value, text):
    assert numpy_1_13.to_repr(value) == text
