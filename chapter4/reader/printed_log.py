"""Printed logs of 4.2.2's experiments, read."""

import json
import math
import re
from collections import Counter, deque, namedtuple

END = math.inf  # the step of "Final"
PRINTED_STEPS = [0, 1000, 2000, 3000, 4000, END]
START = -0.811318219, 1.48459876  # w1 before the first step
FAR = 1000  # characters from a heading to its array: TensorFlow's messages may stand between

_ARRAY = re.compile(
    # [a b], or rows; a logger's prefix may stand before each line
    r"\[\s*\[[^][]*\](?:[^\w\][]{0,80}(?:\n[^][\n]{0,80})?\[[^][]*\])*[^\w\][]{0,80}\]|\[[^][]*\]"
)
_NUMBER = re.compile(r"[-+]?(?:(?:\d+\.\d*|\.\d+)(?:e[-+]?\d{1,4})?|\d+e[-+]?\d{1,4}|nan|inf)", re.IGNORECASE)
_UNIT = r"(?:training|steps?|iter(?:ation)?s?|epochs?|[次步轮])"
_STEP = re.compile(
    r"(?<!\w)(?:"
    r"(?:(?P<label>\[[^][\n]*\])\s*)?(?P<final>\bfinal(?:ly)?\b|最终|最后|结束|完成)"
    rf"|(?:\bafter|\b{_UNIT}|[次步轮]数|第|训练)[\s:：=#]{{0,3}}(?P<after>\d{{1,9}})(?!\d|\.\d)"
    rf"|(?<![\d.:])(?P<before>\d{{1,9}})[\s_]*{_UNIT}(?![a-z]|[\s:：=#]{{0,3}}\d))",
    re.IGNORECASE | re.ASCII,
)
_WORD = re.compile(r"[a-z]\w*", re.ASCII)
_W1 = re.compile(r"\b(?:w1|w|weights?)\b", re.IGNORECASE | re.ASCII)
_BESIDE_W1 = {
    *"is are array i s dtype float32 n training step steps iteration iterations epoch epochs".split()
}

Experiment = namedtuple("Experiment", "label w1")


class Log(list):
    """The Experiments of a log. passed_over counts the arrays in none of them, by what comes instead."""

    def __init__(self):
        self.passed_over = Counter()


def read(contents):
    """The Log in these bytes, or in the outputs of a notebook.

    label is as "[loss_less=10 loss_more=1]", or None where the log has none. w1 is a dict from (step, 0)
    and (step, 1) to the numbers as printed; steps count from 0, the last one is "Final".
    """
    text = _text(contents)
    arrays = list(_arrays(text))
    log, reached = Log(), END  # the last step, END where an experiment has none yet
    for step, (_, label, numbers, _) in zip(_steps(arrays, text), arrays):
        if step is None:
            start = all(abs(float(number) - entry) < 1e-4 for number, entry in zip(numbers, START))
            log.passed_over["nothing"] += not start  # which may be printed, too
            continue
        now, w1 = log[-1] if log else (None, {})
        final = [w1[key] for key in (("Final", 0), ("Final", 1)) if key in w1]
        if step < END:
            new = step <= reached
        elif label is None:  # several are one experiment, but for the last lines alone of three runs at most
            new = not w1 or final and reached == END and len(log) < 9
        else:
            new = not w1 or final and label != now
        if new:
            reached, w1 = END, {}
            log.append(Experiment(label, w1))
        elif final and final != numbers:
            log.passed_over["Final" if step == END else "a step"] += 1
        for index, number in enumerate(numbers):
            w1.pop(("Final", index), None)
            w1["Final" if step == END else step, index] = number
        log[-1] = Experiment(label, w1)
        reached = reached if step == END else step
    return log


def _text(contents):
    try:
        utf_16 = contents[:2] in (b"\xff\xfe", b"\xfe\xff")  # as PowerShell writes it
        text = contents.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        text = contents.decode("gb18030", errors="replace")  # as Chinese Windows writes it
    if text.lstrip().startswith("{"):
        try:
            text = _outputs(json.loads(text))
        except (ValueError, RecursionError):
            pass
    text = re.sub(r"(?:In|Out) ?\[[\d ]*\]:", "", text.replace("\r\n", "\n").replace("\0", ""))
    if "float" in text:
        text = re.sub(r"\b(?:\w+\.)?float\d+\(([^()]*)\)", r"\1", text)  # np.float32(0.5)
    return text


def _outputs(node):
    """The text of the outputs in a notebook's JSON."""
    if isinstance(node, str):
        return node
    if isinstance(node, dict):
        keys = "worksheets", "cells", "outputs", "text", "data", "text/plain"
        node = [*map(node.get, keys), "\n"]
    return "".join(map(_outputs, node)) if isinstance(node, list) else ""


def is_program(contents):
    """Whether the bytes are a program, or a notebook without outputs."""
    text = _text(contents)
    imports = re.search(r"^(?:import [\w.]+(?: as \w+)?|from [\w.]+ import .+)\s*$", text, re.MULTILINE)
    return bool(imports) or b'"cell_type"' in contents and not text.strip()


def _words(text):
    return set(_WORD.findall(text.lower()))


def _arrays(text):
    """(step, label, numbers, in a column) of each array that may be w1; step None where none is named."""
    ends = deque([0], maxlen=2)  # another array may stand between a heading and w1
    for array in _ARRAY.finditer(text):
        numbers = " ".join(re.findall(r"\[([^][]*)\]", array.group())).replace(",", " ").split()
        if len(numbers) == 2 and all(map(_NUMBER.fullmatch, numbers)):
            announced = _announced(text[max(ends[0], array.start() - FAR) : array.start()])
            if announced:
                yield (*announced, numbers, array.group().count("[") == 3)
                ends.clear()
            ends.append(array.end())


def _announced(before):
    """(step, label) by the text before an array, step None where it names none; None if it is not w1's."""
    for found in list(_STEP.finditer(before))[:-3:-1]:
        prefix, between = before[: found.start()].rpartition("\n")[2], before[found.end() :]
        *named, after = _W1.split(between)
        if named:  # messages may stand in the lines between
            after = after.rpartition("\n")[2]
        if _words(after) - _BESIDE_W1 <= _words(prefix):  # a logger's prefix may stand before each line
            return END if found["final"] else int(found["after"] or found["before"]), found["label"]
    line = before.rpartition("\n")[2]
    if _words(_W1.split(line)[-1]) <= _BESIDE_W1:
        steps = re.findall(r"(?<![\d.:])\b\d{1,9}\b(?!\.|:\d)", line)  # print(i, sess.run(w1))
        return int(steps[0]) if len(steps) == 1 else None, None
    return None


def _steps(arrays, text):
    """The arrays' steps, from 0 on; a bare array's is known by its place, or is None."""
    steps = [step for step, *_ in arrays]
    if not any(step is not None for step in steps):
        bare = all(column for *_, column in arrays) or _words(_W1.sub("", _ARRAY.sub("", text))) <= _BESIDE_W1
        return PRINTED_STEPS * (len(steps) // 6) if bare and len(steps) % 6 == 0 else steps
    from_1, following = all(step % 10 == 1 for step in steps if step not in (None, END)), -1
    steps = [step and step - from_1 for step in steps]
    for i in reversed(range(len(steps))):
        if steps[i] == END and steps[max(0, i - 6) : i] in ([None] * 5, [END] + [None] * 5):
            steps[i - 5 : i] = PRINTED_STEPS[:5]
        elif i and steps[i] is None and steps[i - 1] not in (None, END) and following <= steps[i - 1]:
            steps[i] = END
        following = following if steps[i] is None else steps[i]
    return steps
