"""Values as NumPy 1.13 printed them, on any NumPy; printed logs read back and compared."""

import builtins
import math
import re
from collections import namedtuple
from pathlib import Path

import numpy as np

from chapter4.runtime import OutputError

LOGS = Path(__file__).with_name("printed_logs")

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


# What a log says of w1, in any layout of NumPy's and whatever stands around it.
_NUMBER = r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|nan|inf)"
_LOG_ENTRY = re.compile(
    r"After (?P<step>\d+) training step"
    r"|(?P<label>\[[^][]*\])?\s*(?P<final>Final) w1 is"
    rf"|\[\s*\[\s*(?P<first>{_NUMBER})\s*\]\s*,?\s*\[\s*(?P<second>{_NUMBER})\s*\]\s*\]",
    re.IGNORECASE,
)

Experiment = namedtuple("Experiment", "label w1")
Comparison = namedtuple("Comparison", "label total agreeing missing departure")
Departure = namedtuple("Departure", "step index run printed apart")


def read(log):
    """The Experiments of a log, given as bytes.

    label is as "[loss_less=10 loss_more=1]", or None where the log has none. w1 is a dict from (step, 0)
    and (step, 1) to the numbers as printed; the last step is "Final".
    """
    utf_16 = log[:2] in (b"\xff\xfe", b"\xfe\xff")  # as PowerShell writes it
    text = log.decode("utf-16" if utf_16 else "utf-8", errors="replace")
    experiments, step, reached = [], None, math.inf
    for entry in _LOG_ENTRY.finditer(text):
        if entry.group("first"):
            if step is not None:
                experiments[-1].w1.update({(step, 0): entry.group("first"), (step, 1): entry.group("second")})
            step = None
            continue
        step = "Final" if entry.group("final") else int(entry.group("step"))
        before, reached = reached, math.inf if step == "Final" else step
        if before == math.inf or reached <= before:
            experiments.append(Experiment(None, {}))
        if entry.group("label"):
            experiments[-1] = experiments[-1]._replace(label=entry.group("label"))
    return [experiment for experiment in experiments if experiment.w1]


def compare(run, printed):
    """A Comparison for each printed Experiment with the run's of the same label or, without one, place.

    Two numbers agree when as float32 they print alike with eight decimals. departure is the first of the
    numbers that do not agree, or None; apart counts the float32 from one to the other.
    """
    for place, experiment in enumerate(printed):
        w1 = _counterpart(experiment, place, run)
        agreeing, departures = 0, []
        for (step, index), number in experiment.w1.items():
            mine = w1.get((step, index))
            if mine is None:
                continue
            if "%.8f" % np.float32(mine) == "%.8f" % np.float32(number):
                agreeing += 1
            else:
                apart = abs(_ordinal(mine) - _ordinal(number))
                departures.append(Departure(step, index, mine, number, apart))
        total = len(experiment.w1)
        missing = total - agreeing - len(departures)
        yield Comparison(experiment.label, total, agreeing, missing, departures[0] if departures else None)


def _counterpart(experiment, place, run):
    for other in run:
        if other.label and other.label == experiment.label:
            return other.w1
    if place < len(run) and not (run[place].label and experiment.label):
        return run[place].w1
    return {}


def _ordinal(number):
    """How many float32 lie between 0 and the number, negative below 0."""
    bits = int(np.float32(number).view(np.int32))
    return bits if bits >= 0 else -(bits & 0x7FFFFFFF)
