"""Printed logs of 4.2.2's experiments: read, compared, judged."""

import itertools
import json
import math
import re
from collections import namedtuple

import numpy as np

END = math.inf  # the step of "Final"
PRINTED_STEPS = (0, 1000, 2000, 3000, 4000, END)
START = np.array([-0.811318219, 1.48459876])  # w1 before the first step

# How far rounding alone takes w1: nothing adds up in the first step. With every result of a step off by up to
# five units in the last place it was 4e-6 by step 1000, 2e-5 later; but from where w1 has settled, past 2000,
# one prediction that changes sides sends w1 off by up to 0.0014 and back. Mistakes: 0.002 or more by 1000.
FIRST_ROUNDING, ROUNDING, SETTLED_ROUNDING = 3e-7, 4e-5, 2e-3

_NUMBER = r"([-+]?(?:(?:\d+\.\d*|\.\d+)(?:e[-+]?\d{1,4})?|\d+e[-+]?\d{1,4}|nan|inf))"
_ARRAY = re.compile(
    # [[a] [b]], whatever precedes the second row on its line
    rf"\[\s*\[\s*{_NUMBER}\s*\](?:[^\w\[\]]*|,?[ \t]*\n.{{0,80}}?)\[\s*{_NUMBER}\s*\]\s*\]"
    r"|\[\s*\[[^\[\]]*\](?:[^\w\[\]]*\[[^\[\]]*\])+[^\w\[\]]*\]"  # more numbers: not w1
    rf"|\[\s*\[?\s*{_NUMBER}[\s,]+{_NUMBER}\s*\]?\s*\]",  # [a b], [[a b]]
    re.IGNORECASE,
)
# Eight decimals and digits: beside such a number a shorter one is short only since its float32 needs no more.
_IN_FULL = re.compile(r"[-+]?(?:0?\.[1-9]|[1-9]\d*\.\d)\d{7}")
_UNIT = r"(?:[\s_]*(?:training|steps?|iter(?:ation)?s?|epochs?|次|步|轮)(?:\(s\))?)"
_STEP = re.compile(
    r"(?:(?P<label>\[[^][\n]*\])\s*)?(?P<final>\bfinal(?:ly)?\b|最终|最后|结束|完成)"
    r"|(?:\b(?:after|steps?|iter(?:ation)?s?|epochs?)|第|训练|[次步轮]数)[\s:：=#]{0,3}"
    rf"(?P<after>\d{{1,9}})(?!\d|\.\d){_UNIT}*"
    rf"|(?<![\d.:])(?P<before>\d{{1,9}}){_UNIT}+(?![a-z]|[\s:：=#]{{0,3}}\d)",
    re.IGNORECASE | re.ASCII,
)
_W1 = re.compile(r"\b(?:w1|w|weights?)\b", re.IGNORECASE | re.ASCII)
_BESIDE_W1 = {"is", "are", "array", "i", "step", "dtype", "float32", "n"}  # n: of a tuple's '\n'

Experiment = namedtuple("Experiment", "label w1")
Comparison = namedtuple("Comparison", "place label numbers missing")
Number = namedtuple("Number", "step index run printed apart")


def read(log):
    """The Experiments of a log, or of a notebook's outputs, given as bytes.

    label is as "[loss_less=10 loss_more=1]", or None where the log has none. w1 is a dict from (step, 0)
    and (step, 1) to the numbers as printed; steps count from 0, the last one is "Final".
    """
    text = _text(log)
    arrays, end = [], 0
    for array in _ARRAY.finditer(text):
        numbers = [number for number in array.groups() if number]
        announced = numbers and _announced(text[max(end, array.start() - 600) : array.start()])
        if announced:
            arrays.append((*announced, numbers))
            end = array.end()
    beside = _words(_W1.sub("", _ARRAY.sub("", text)))
    if len(arrays) % 6 == 0 and all(step is None for step, _, _ in arrays) and beside <= _BESIDE_W1:
        arrays = [(PRINTED_STEPS[i % 6], None, numbers) for i, (_, _, numbers) in enumerate(arrays)]
    experiments, reached = [], END
    for step, label, numbers in arrays:
        if step is None and reached < END:
            experiments[-1].w1.setdefault(END, numbers)  # unless a later step follows
        elif step is not None:
            if step <= reached:
                experiments.append(Experiment(None, {}))
            experiments[-1].w1.pop(END, None)
            experiments[-1].w1[step] = numbers
            experiments[-1] = experiments[-1]._replace(label=label)
            reached = step
    for _, w1 in experiments:
        from_1 = all(step % 10 == 1 for step in w1 if step < END)
        for step in list(w1):
            key = "Final" if step == END else step - from_1
            (w1[key, 0], w1[key, 1]) = w1.pop(step)
    return experiments


def _text(log):
    try:
        utf_16 = log[:2] in (b"\xff\xfe", b"\xfe\xff")  # as PowerShell writes it
        text = log.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        text = log.decode("gb18030", errors="replace")  # as Chinese Windows writes it
    if text.lstrip().startswith("{"):
        try:
            text = "".join(_outputs(json.loads(text)))
        except (ValueError, RecursionError):
            pass
    text = re.sub(r"\b(?:\w+\.)?float\d+\(([^()]*)\)", r"\1", text)  # np.float32(0.5)
    return re.sub(r"\b(?:In|Out) ?\[[\d ]*\]:|\r(?=\n)|\0", "", text)


def _outputs(node):
    """The texts among the outputs in a notebook's JSON."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for child in node:
            yield from _outputs(child)
    elif isinstance(node, dict):
        for key in ("worksheets", "cells", "outputs", "text", "data", "text/plain"):
            yield from _outputs(node.get(key))
        yield "\n"


def _words(text):
    return set(re.findall(r"[a-z]\w*", text.lower(), re.ASCII))


def _announced(before):
    """(step, label) by the text before an array, step None where it names none; None if it is not w1's."""
    for found in reversed(list(_STEP.finditer(before))):
        prefix, between = before[: found.start()].rpartition("\n")[2], before[found.end() :]
        *named, after = _W1.split(between)
        if named:  # warnings may stand between
            after = after.rpartition("\n")[2]
        if _words(after) <= _BESIDE_W1 | _words(prefix):
            return END if found["final"] else int(found["after"] or found["before"]), found["label"]
    line = before.rpartition("\n")[2]
    if _words(_W1.split(line)[-1]) <= _BESIDE_W1:
        steps = re.findall(r"(?<![\d.:])\b\d{1,9}\b(?!\.|:\d)", line)  # print(i, sess.run(w1))
        return int(steps[0]) if len(steps) == 1 else None, None
    return None


def compare(run, printed):
    """A Comparison for each of the run's Experiments with the printed one that it is, in the printed order.

    That is the one of the same label; without one, that whose numbers it has, then that in the same place,
    then the nearest. place counts from 1; numbers are those that both have, missing counts the others.
    """
    pairs = []
    for (place, there), (nth, here) in itertools.product(enumerate(printed, 1), enumerate(run, 1)):
        numbers = _both(here.w1, there.w1)
        score = (
            here.label == there.label is not None,
            sum(number.apart < ROUNDING for number in numbers) > len(numbers) / 2,
            len(run) == len(printed) and nth == place,
            [-number.apart for number in numbers],  # the first steps tell most
        )
        pairs.append((score, nth, Comparison(place, there.label, numbers, len(there.w1) - len(numbers))))
    comparisons, taken = [], set()
    while pairs:
        if len(taken) == len(printed):
            if len(printed) < 3:
                break  # the run's other experiments were not printed
            taken.clear()  # the run's log holds several runs
        _, nth, comparison = max((p for p in pairs if p[2].place not in taken), key=lambda pair: pair[0])
        taken.add(comparison.place)
        comparisons.append(comparison)
        pairs = [pair for pair in pairs if pair[1] != nth]
    return sorted((c for c in comparisons if c.numbers), key=lambda c: c.place)


@np.errstate(over="ignore")
def _both(run, printed):
    """The Numbers that are in both w1. Two agree when they print alike with as many decimals as both have."""
    numbers, short = [], [w1 for w1 in (run, printed) if not any(map(_IN_FULL.match, w1.values()))]
    for key in (key for key in printed if key in run):
        here, there = float(run[key]), float(printed[key])
        half_unit = max((_half_unit(w1[key]) for w1 in short), default=0)
        apart = abs(here - there) - half_unit
        if "%.8f" % np.float32(here) == "%.8f" % np.float32(there) or apart <= 1e-6 * half_unit:
            apart = 0
        numbers.append(Number(*key, run[key], printed[key], math.inf if math.isnan(apart) else apart))
    return numbers


def _half_unit(number):
    """Half a unit of its last decimal; 0 from the eighth on, for eight decimals stand for a float32."""
    digits, _, power = number.lower().partition("e")
    decimals = len(digits.partition(".")[2]) - int(power or 0)
    return float("5e%d" % -(decimals + 1)) if decimals < 8 else 0


def departures(numbers):
    return [number for number in numbers if number.apart]


def when(step):
    return "at the end" if step == "Final" else "after step %d" % step


def judge(run, known):
    """Which log the run's Experiments are, by the known logs, a dict from name to Experiments.

    Returns the verdict, a sentence; the Comparisons with that log, or with the nearest; and how many of
    its numbers the run lacks, None where some do not agree. Without Comparisons there is no verdict.
    """
    compared = {name: compare(run, log) for name, log in known.items()}
    numbers = {name: [number for c in compared[name] for number in c.numbers] for name in known}
    agreeing = {name: len(numbers[name]) - len(departures(numbers[name])) for name in known}
    name = max(known, key=agreeing.get)
    same = [name for name in known if not departures(numbers[name])]
    if same:
        total, have = sum(len(experiment.w1) for experiment in known[name]), len(numbers[name])
        share = (
            "all %d numbers" % total
            if have >= total
            else "%d of its %d numbers are there, and" % (have, total)
        )
        also = "; the same are in " + " and ".join(same[1:]) if same[1:] else ""
        return "%s: %s agree%s" % (name, share, also), compared[name], max(0, total - have)
    none = "no known log" if len(known) > 1 else "not " + name
    furthest = "%.2g from %s" % (max(number.apart for number in numbers[name]), name)
    for comparison in compared[name]:
        mistake = _mistake(comparison.numbers)
        if mistake:
            where = "%s of experiment %d%s" % (
                when(mistake.step),
                comparison.place,
                _cause(comparison.numbers),
            )
            verdict = "%s, more than rounding: up to %s, first %s" % (none, furthest, where)
            return verdict, compared[name], None
    hint = "reduce_mean in place of reduce_sum looks like this, too"
    return "%s, only rounding: at most %s (%s)" % (none, furthest, hint), compared[name], None


def _mistake(numbers):
    """The first of an experiment's Numbers that is further off than rounding takes it, or None."""
    late = ROUNDING
    for number in numbers:
        settled = number.step == "Final" or number.step > 2000
        if number.apart > (late if settled else ROUNDING if number.step else FIRST_ROUNDING):
            return number
        if number.step and not settled:
            late = SETTLED_ROUNDING  # a mistake would have shown by now
    return None


def _cause(numbers):
    """What an experiment's step 0 says about its mistake: Adam's first step is the learning rate."""
    first = [number for number in numbers if number.step == 0]
    if len(first) < 2 or any(number.apart == END for number in first):
        return ""
    tolerance = 2 * FIRST_ROUNDING + max(_half_unit(number.run) for number in first)
    step, printed = ([float(getattr(n, name)) for n in first] - START for name in ("run", "printed"))
    rate, printed_rate = np.abs(step).mean(), np.abs(printed).mean()
    if np.ptp(np.abs(printed)) > tolerance:
        return ""
    if np.ptp(np.abs(step)) > 2 * tolerance:
        steps = np.abs(START + step - starts(np.arange(100000)))
        [seeds] = np.nonzero((np.abs(steps - printed_rate) < tolerance).all(axis=1))
        return ": seed=%d in place of seed=1" % seeds[0] if len(seeds) == 1 else ": another seed or optimizer"
    if rate < tolerance:
        return ": w1 is still the start there, printed before the training step"
    causes, turned = [], step * printed < 0
    if abs(rate - printed_rate) > tolerance:
        places = int(-math.log10(tolerance))
        causes.append("learning rate %g in place of %g" % (round(rate, places), round(printed_rate, places)))
    if turned.all():
        causes.append("the first step goes the other way, as with loss_less and loss_more exchanged")
    elif turned.any():
        causes.append("the first step of w1[%d] goes the other way" % turned.argmax())
    right = "step 0 has the right start, learning rate and sign; see the data, the batches and the loss"
    return ": " + (", ".join(causes) or right)


def starts(seeds):
    """w1 as tf.random_normal([2, 1], seed=…) starts it, [n, 2] for n seeds: Philox 4x32-10 and Box-Muller."""
    counter = np.zeros([4, len(seeds)], np.uint64)
    counter[2] = seeds
    word = np.uint64(2**32)
    for i in range(10):
        # 87654321 is TensorFlow's seed for a graph that has none.
        key = np.uint64([(87654321 + i * 0x9E3779B9) % 2**32, i * 0xBB67AE85 % 2**32])
        a, c = counter[0] * np.uint64(0xD2511F53), counter[2] * np.uint64(0xCD9E8D57)
        counter[:] = c // word ^ counter[1] ^ key[0], c % word, a // word ^ counter[3] ^ key[1], a % word
    first, second = counter[:2] % np.uint64(2**23) / 2**23
    radius, angle = np.sqrt(-2 * np.log(np.maximum(first, 1e-7))), 2 * np.pi * second
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)
