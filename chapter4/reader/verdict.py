"""Which of the known logs a log is, or what sets it apart from the nearest."""

import math
import re
from collections import Counter, namedtuple

from chapter4.reader.printed_log import START

import numpy as np

RATE = 0.001  # how far Adam's first step moves w1

# How far rounding alone takes w1. Mistakes: 0.002 or more by step 1000.
FIRST_ROUNDING = 3e-7  # after step 0: nothing adds up in one step
ROUNDING = 4e-5  # later: 2e-5 where every result of a step was off by up to five units in the last place
SETTLED_ROUNDING = 2e-3  # past 2000, where w1 has settled: 0.0014 and back where one prediction changes sides

# A number with all its eight decimals: that log was not shortened, and a shorter number in it is exact.
_IN_FULL = re.compile(r"[-+]?(?:0?\.[1-9]|[1-9]\d*\.\d)\d{7}")
MOST = 300  # different experiments of one log that are compared
RIGHT = (
    "step 0 has the right start, learning rate and sign; "
    "see the optimizer, the model (y), the data, the batches and the loss"
)
UNTRAINED = "w1 %s is as after step 0, or before: the training step is outside the loop, or its rate 0"
ONLY_END = "perhaps another STEPS, since only the end differs"
FACTOR = "Adam hides a constant factor of the loss, as between reduce_mean and reduce_sum"

Comparison = namedtuple("Comparison", "place label numbers missing times")
Number = namedtuple("Number", "step index mine printed difference")


def judge(mine, known):
    """Which log mine is, by the known ones, a dict from name to Log.

    Returns the verdict, a sentence; the Comparisons with that log, or with the nearest; and how many of
    its numbers mine lacks, None where it is not that log. Without Comparisons there is no verdict.
    """
    known = {name: [(label, w1) for label, w1, _ in _counted(log)] for name, log in known.items()}
    compared = {name: compare(mine, log) for name, log in known.items()}
    numbers = {name: [number for c in compared[name] for number in c.numbers] for name in known}
    wrong = {name: differing(numbers[name]) for name in known}
    name = max(known, key=lambda name: len(numbers[name]) - len(wrong[name]))
    have = len({(c.place, number[:2]) for c in compared[name] for number in c.numbers})
    lacking = sum(len(w1) for _, w1 in known[name]) - have
    share = "all %d numbers agree" % have
    if lacking:
        share = "%d of its %d numbers are there, and agree" % (have, have + lacking)
    slips = _slips(mine.passed_over)
    if wrong[name]:
        slips.insert(0, _difference(compared[name], wrong[name], name, slips))
    elif slips:
        slips.insert(0, "though of %s %s" % (name, share))
    else:
        same = " and ".join(other for other in known if other != name and not wrong[other])
        others = sum(len(w1) for _, w1 in mine) - sum(c.times * len(c.numbers) for c in compared[name])
        verdict = "%s: %s" % (name, share) + ("; the same are in " + same if same else "")
        verdict += _missing(compared[name]) + ("; %d others were not compared" % others if others else "")
        return verdict, compared[name], lacking
    none = "no known log, " if len(known) > 1 else "not %s, " % name
    return none + "; ".join(slips), compared[name], None


def _counted(log):
    """(label, w1, how many times) of its experiments, equal ones once."""
    counted = Counter((label, *w1.items()) for label, w1 in log)
    return [(label, dict(items), times) for (label, *items), times in counted.items()]


def _slips(passed_over):
    """What mine says of itself, whatever it is compared with."""
    slips = []
    if passed_over["a step"] or passed_over["Final"] > 2:
        slips.append("the final print is inside the loop")
    if any(passed_over.values()):
        slips.append("passed over: %d array(s) that may be w1" % sum(passed_over.values()))
    return slips


def _missing(comparisons):
    places = dict.fromkeys(str(comparison.place) for comparison in comparisons if comparison.missing)
    steps = dict.fromkeys(step for comparison in comparisons for step, _ in comparison.missing)
    words = "; w1 %s is missing in experiment %s"
    return words % (in_words(*steps), ", ".join(places)) if steps else ""


def compare(mine, printed):
    """The Comparisons of my Experiments, equal ones counted once, each with the printed one that it is.

    Matched by label; else by numbers; else by place; else the nearest. place counts from 1; numbers are those
    that both have, missing is what only the printed one has, as (step, index).
    """
    counted, pairs = _counted(mine), []
    for nth, (my_label, my_w1, times) in enumerate(counted[:MOST]):
        for place, (label, w1) in enumerate(printed, 1):
            numbers, missing = _in_both(my_w1, w1), [key for key in w1 if key not in my_w1]
            same_numbers = sum(number.difference < ROUNDING for number in numbers) > len(numbers) / 2
            in_place = len(counted) % len(printed) == 0 == (nth + 1 - place) % len(printed)
            near = [-number.difference for number in numbers]  # the first steps tell most
            score = my_label == label is not None, same_numbers, in_place, near
            pairs.append((score, nth, Comparison(place, label, numbers, missing, times)))
    # Mine may hold several runs; where fewer than the three experiments are printed, it may hold the others.
    runs = math.ceil(len(counted) / len(printed)) if len(printed) > 2 else 1
    found, taken = {}, Counter()
    for score, nth, comparison in sorted(pairs, key=lambda pair: pair[0], reverse=True):
        free = any(score[:2]) or taken[comparison.place] < runs
        if comparison.numbers and nth not in found and free:
            found[nth] = comparison
            taken[comparison.place] += 1
    return sorted(found.values(), key=lambda comparison: comparison.place)


@np.errstate(over="ignore")
def _in_both(mine, printed):
    """The Numbers that are in both w1. Two agree when they print alike with as many decimals as both have."""
    numbers, short = [], [w1 for w1 in (mine, printed) if not any(map(_IN_FULL.match, w1.values()))]
    for key in (key for key in printed if key in mine):
        here, there = float(mine[key]), float(printed[key])
        half_unit = max((_half_unit(w1[key]) for w1 in short), default=0)
        difference = abs(here - there) - half_unit
        if "%.8f" % np.float32(here) == "%.8f" % np.float32(there) or difference <= 1e-6 * half_unit:
            difference = 0
        difference = math.inf if math.isnan(difference) else difference
        numbers.append(Number(*key, mine[key], printed[key], difference))
    return numbers


def _half_unit(number):
    """Half a unit of its last decimal; 0 from the eighth on, for eight decimals stand for a float32."""
    digits, _, power = number.lower().partition("e")
    decimals = len(digits.partition(".")[2]) - int(power or 0)
    return float("5e%d" % -(decimals + 1)) if decimals < 8 else 0


def differing(numbers):
    return [number for number in numbers if number.difference]


def in_words(*steps):
    """As "after step 0, 1000 and at the end"."""
    counted = ", ".join(str(step) for step in steps if step != "Final")
    return " and ".join(["after step " + counted] * bool(counted) + ["at the end"] * ("Final" in steps))


def _difference(comparisons, wrong, name, slips):
    furthest = max(number.difference for number in wrong)
    firsts = [(comparison, _first_beyond_rounding(comparison.numbers)) for comparison in comparisons]
    firsts = [(_is_unsure(first), comparison, first) for comparison, first in firsts if first]
    if not firsts:
        only_end = furthest > FIRST_ROUNDING and all(number.step == "Final" for number in wrong)
        causes = ONLY_END + "; " + FACTOR if only_end else FACTOR
        return "only rounding: at most %.2g from %s (%s)" % (furthest, name, causes)
    unsure, comparison, first = min(firsts, key=lambda found: found[0])
    words = "perhaps " * unsure, furthest, name, in_words(first.step), comparison.place
    verdict = "%smore than rounding: up to %.2g from %s, first %s of experiment %d" % words
    hint = "" if slips and first.step == "Final" else _hint(comparison.numbers, comparison.missing, first)
    return verdict + (": " + hint if hint else "")


def _is_settled(step):
    return step == "Final" or step > 2000


def _is_unsure(number):
    return _is_settled(number.step) and number.difference <= SETTLED_ROUNDING


def _first_beyond_rounding(numbers):
    right = False  # a mistake would have shown by step 1000 or 2000
    for number in numbers:
        settled = _is_settled(number.step)
        limit = SETTLED_ROUNDING if settled and right else ROUNDING if number.step else FIRST_ROUNDING
        if number.difference > limit:
            return number
        right = right or number.step and not settled
    return None


def _hint(numbers, missing, first):
    """What is certain about an experiment whose first Number beyond rounding this is."""
    finite = [number for number in numbers if number.difference < math.inf]
    at_0, at_end = ([n for n in finite if n.step == step] for step in (0, numbers[-1].step))
    if at_end != at_0 and _is_untrained(_moved(at_end, "mine"), _moved(at_0, "mine"), _half_unit_of(at_end)):
        return UNTRAINED % in_words(numbers[-1].step)
    before = [step for step, _ in missing if step != "Final" and (first.step == "Final" or step < first.step)]
    hints = ["w1 %s is missing" % in_words(*dict.fromkeys(before))] if before else []
    if first.step == "Final":
        hints.append("see STEPS" + (" and the print in the loop" if before else ", what is before is right"))
    elif len(at_0) == 2:
        hints.append(_hint_from_step_0(at_0, finite))
    return "; ".join(filter(None, hints))


def _is_untrained(moved, moved_at_0, half_unit):
    """Whether w1 is where it starts, or one step from there."""
    near = FIRST_ROUNDING + half_unit
    stands = [np.zeros(2), RATE * np.sign(moved), moved_at_0]
    return near < RATE / 2 and any(len(w) == len(moved) and abs(moved - w).max() < near for w in stands)


def _hint_from_step_0(at_0, numbers):
    """Adam's first step is the learning rate, in both entries of w1."""
    mine, printed, half_unit = _moved(at_0, "mine"), _moved(at_0, "printed"), _half_unit_of(at_0)
    near, rate, printed_rate = 2 * FIRST_ROUNDING + half_unit, abs(mine).mean(), abs(printed).mean()
    if np.ptp(abs(printed)) > near:
        return ""
    if abs(mine).max() < 1e-7 + half_unit:  # w1's last place
        one_step_late = all(number.difference < 2 * printed_rate for number in numbers)
        sure = one_step_late and (half_unit < 1e-7 or numbers != at_0)
        hint = "w1 is still the start there, printed before the training step"
        return hint if sure else hint + ", or hardly moved by its optimizer"
    if np.ptp(abs(mine)) > 2 * near:
        return "not one step of Adam from the start, as with more steps, another seed or optimizer"
    hints, turned = [], mine * printed < 0
    if abs(rate - printed_rate) > near:
        rates = float("%.0e" % rate), float("%.0e" % printed_rate)
        sure = abs(rate - rates[0]) < near < rate / 20
        hints = ["learning rate %g in place of %g" % rates if sure else "another learning rate or optimizer"]
    if turned.all():
        hints.append(
            "the first step goes the other way, as with loss_less and loss_more exchanged or other data"
        )
    elif turned.any():
        hints.append("the first step of w1[%d] goes the other way" % turned.argmax())
    return ", ".join(hints) or RIGHT


def _moved(numbers, side):
    """How far w1 is from its start."""
    return np.array([float(getattr(number, side)) - START[number.index] for number in numbers])


def _half_unit_of(numbers):
    return max((_half_unit(number.mine) for number in numbers), default=math.inf)
