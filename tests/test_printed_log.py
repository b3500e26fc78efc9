"""Reading is the inverse of printing; what is no log is none."""

import json
import re

from chapter4 import LOGS
from chapter4.reader import printed_log, verdict

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

ROOT = LOGS.parent.parent
STEPS = [0, 1000, 2000, 3000, 4000, "Final"]

HEADINGS = {
    "After %s training step(s), w1 is: \n": "[loss_less=10 loss_more=1] Final w1 is: \n ",
    "After %s steps, w1:\n": "final w1:\n",
    "After %s iterations\n": "Final w1 is\n",
    "step %s: w1 = ": "Final w1: ",
    "Step=%s, loss=0.31, w1=": "Finally, w1 = ",
    "训练 %s 步之后 w1 是\n": "最终 w1 是\n",
    "第%s步，w1：": "训练结束，w1：",
    "经过%s轮训练，w1为": "最后 w1 为",
    "loss: 3.5\nAfter %s training step(s), w1 is: \nW 10:00:00.5 x.cc:45] [[1. 2.] [3. 4.]]\n": "Final w1: ",
    "%s ": "",  # print(i, sess.run(w1)), at the end print(sess.run(w1))
    "": "",
}
ARRAYS = {
    "column": lambda a, b: "[[%s]\n [%s]]" % (a, b),
    "padded": lambda a, b: "[[ %s ]\n [ %s ]]" % (a, b),
    "list": lambda a, b: "[[%s], [%s]]" % (a, b),
    "flat": lambda a, b: "[%s %s]" % (a, b),
    "flat list": lambda a, b: "[%s, %s]" % (a, b),
    "row": lambda a, b: "[[%s  %s]]" % (a, b),
    "repr": lambda a, b: "array([[%s],\n       [%s]], dtype=float32)" % (a, b),
    "scalars": lambda a, b: "[np.float32(%s), np.float32(%s)]" % (a, b),
}
SURROUNDINGS = {
    "none": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    **{
        prefix: lambda text, prefix=prefix: re.sub("^", prefix, text, flags=re.MULTILINE)
        for prefix in ("# ", "> ", "| ", ">>> ", "In [3]: ", "INFO:root: ", "Nov 25 10:00:00 ")
    },
}
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "gb18030"]
NUMBERS = {
    "%.8f": lambda x: "%.8f" % x,
    "%.6f": lambda x: "%.6f" % x,
    "%.1f": lambda x: "%.1f" % x,
    "%.7e": lambda x: "%.7e" % x,
    "today's NumPy": lambda x: np.array2string(np.array(x), precision=8),
    "NumPy's precision 4": lambda x: np.array2string(np.array(x), precision=4),
    "tolist": lambda x: repr(float(x)),
}
floats = st.floats(width=32).map(np.float32)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(
    w1=st.lists(st.tuples(floats, floats), min_size=6, max_size=6),
    heading=st.sampled_from(sorted(HEADINGS)),
    array=st.sampled_from(sorted(ARRAYS)),
    surroundings=st.sampled_from(sorted(SURROUNDINGS)),
    number=st.sampled_from(sorted(NUMBERS)),
    encoding=st.sampled_from(ENCODINGS),
    experiments=st.integers(1, 3),
)
def test_reading_is_the_inverse_of_printing(w1, heading, array, surroundings, number, encoding, experiments):
    if not HEADINGS[heading]:
        assume(
            "INFO" not in surroundings and "Nov" not in surroundings
        )  # a bare array has no words before it
    printed = [tuple(map(NUMBERS[number], entries)) for entries in w1]
    steps = [heading % step if "%s" in heading else heading for step in STEPS[:-1]]
    text = "\n".join(h + ARRAYS[array](*p) for h, p in zip([*steps, HEADINGS[heading]], printed))
    log = SURROUNDINGS[surroundings]("\n".join([text] * experiments)).encode(encoding)
    expected = {(step, i): p[i] for step, p in zip(STEPS, printed) for i in (0, 1)}
    assert [experiment.w1 for experiment in printed_log.read(log)] == [expected] * experiments


def test_every_number_is_read(printed):
    """Every number of the log is read, in order."""
    experiments = printed_log.read(printed("article.log"))
    assert [experiment.label for experiment in experiments] == [
        "[loss_less=10 loss_more=1]",
        "[loss_less=1 loss_more=10]",
        "[losses.mean_squared_error]",
    ]
    numbers = [number for experiment in experiments for number in experiment.w1.values()]
    assert numbers == re.findall(r"-?\d\.\d+", printed("article.log").decode())


def test_notebook(printed):
    """Its outputs are the log, of either kind, as text or lines; its source is not, though it quotes one."""
    log = printed("companion.log").decode()
    lines = log.splitlines(keepends=True)
    stream = {"output_type": "stream", "name": "stdout"}
    value = {"data": {"text/plain": ["array([[0.5],\n", "       [ 1.5]], dtype=float32)"]}}
    for outputs, expected in [
        ([{**stream, "text": log}], printed_log.read(log.encode())),
        ([{**stream, "text": lines}], printed_log.read(log.encode())),
        ([{**stream, "text": "After 7 steps:"}, value], [(None, {(7, 0): "0.5", (7, 1): "1.5"})]),
        ([], []),
    ]:
        cells = [{"source": lines, "outputs": []}, {"source": "print(w1)", "outputs": outputs}]
        for notebook in ({"cells": cells}, {"worksheets": [{"cells": cells}]}):
            for encoding in ("utf-8", "utf-8-sig"):
                assert printed_log.read(json.dumps(notebook).encode(encoding)) == expected


def w1_of(log):
    """{step: (a, b)} of a log's only experiment."""
    [(_, w1)] = printed_log.read(log.encode())
    return {step: (w1[step, 0], w1[step, 1]) for step, index in w1 if index}


def test_an_array_without_a_step():
    """After the last step it is the final w1, the first of several; between steps it is another."""
    log = "After 0 steps, w1: [1.0 2.0]\n[0.5 0.5]\nAfter 1000 steps, w1: [3.0 4.0]\n"
    assert w1_of(log) == {0: ("1.0", "2.0"), 1000: ("3.0", "4.0")}
    assert w1_of(log + "[5.0 6.0]\n[0.5 0.5]\n")["Final"] == ("5.0", "6.0")


def test_steps_0_and_1_are_not_counted_from_1():
    assert list(w1_of("After 0 steps, w1: [1.0 2.0]\nAfter 1 steps, w1: [3.0 4.0]")) == [0, 1]


def test_a_listing_and_what_it_printed(printed):
    """Of a listing with its log in a docstring or comments, the log is read; without, there is none."""
    listing = (
        "v1 = tf.constant([1.0, 2.0])\nSTEPS = 5000\nfor i in range(STEPS):\n    if i % 1000 == 0:\n"
        '        print("After %d training step(s), w1 is: " % (i))\n        print(sess.run(w1), "\\n")\n'
        'print("[loss_less=10 loss_more=1] Final w1 is: \\n", sess.run(w1))\n'
        "print(sess.run(y, feed_dict={x: [[0.7, 0.9]]}))\nv2 = np.array([[0.5], [0.5]])\n"
    )
    log = printed("article.log").decode()
    assert printed_log.read(listing.encode()) == []
    for text in (
        listing + "'''\n" + log + "'''\n" + listing,
        '"""' + log + '"""\n' + listing,
        listing + re.sub("^", "# ", log, flags=re.MULTILINE) + listing,
    ):
        assert printed_log.read(text.encode()) == printed_log.read(log.encode())


NO_LOGS = [
    b"After 1000 steps the error lay in [0.1, 0.2], the final one at (0.5, 0.5).",
    b"Step 1000 is where w1 crosses zero. The points are [0.5, 0.5] and [[0.1], [0.2]].",
    b"[0.1, 0.2]\n" * 5,
    b"The points:\n" + b"[0.1, 0.2]\n" * 6,
    b"2 1000 [0.1, 0.2]",
    b"After 2.5 s, w1: [0.1, 0.2]",
    b"x = [0.1, 0.2]\n" * 6,
    b"[[0.1 0.2]\n [0.3 0.4]\n [0.5 0.6]]\n" * 6,
    "训练 1000 步之后误差很小。".encode("gb18030"),
    b"After 1000 training step(s), w1 is: \n[[1.0 2.0 3.0]]",
    b'{"w1": [[0.1], [0.2]]}',
    b'{"a": ' * 100000,
    b"[[1.0], " * 100000,
    b"\xff\xfe[",
    bytes(range(256)) * 100,
]


@pytest.mark.parametrize("text", NO_LOGS, ids=range(len(NO_LOGS)))
def test_no_log(text):
    assert printed_log.read(text) == []


def test_project_files_are_no_logs():
    for path in [*ROOT.glob("chapter4/*.py"), *ROOT.glob("scripts/*.py"), *ROOT.glob("scripts/pictures/*")]:
        assert printed_log.read(path.read_bytes()) == [], path


PARTS = ["After 0 steps, w1: ", "After 1000 steps", "Final w1 is:", "step 7: w1 = ", "[b] ", "loss: 0.5, "]
PARTS += ["[0.5 -1.48459876]", "[[nan]\n [1e9]]", "[[inf] [1e999]]", "[1.5]", "[[", "]]", "nan [", *" \n\n\n"]


@settings(deadline=None, derandomize=True)
@given(st.binary() | st.lists(st.sampled_from(PARTS), min_size=9, max_size=60).map("".join).map(str.encode))
def test_whatever_is_read_is_compared(log):
    """No input is an error: what is read has finite steps, numbers that float() takes, and a verdict."""
    mine, known = printed_log.read(log), printed_log.read((LOGS / "article.log").read_bytes())
    event("w1 is read" if mine else "nothing is read")
    for _, w1 in mine:
        assert all(step == "Final" or step >= 0 for step, _ in w1) and list(map(float, w1.values()))
    sentence, comparisons, _ = verdict.judge(mine, {"a": known, "b": mine}) if mine else ("", [], 0)
    assert "\n" not in sentence and len(comparisons) <= len(mine)
    if mine and not mine.passed_over:
        sentence = verdict.judge(mine, {"b": mine})[0]
        distinct = {(label, *w1.items()): len(w1) for label, w1 in mine}
        assert sentence.startswith("b: all %d numbers" % sum(distinct.values()))


def test_messages_between_a_heading_and_w1():
    message = (
        "2017-12-01 10:00:00.123456: W tensorflow/core/platform/cpu_feature_guard.cc:45] " + "x" * 80 + "\n"
    )
    log = "After 0 training step(s), w1 is: \n%s[[1.0]\n [2.0]]\n"
    assert w1_of(log % (message * 4)) == {0: ("1.0", "2.0")}
    assert w1_of(log % "WARNING: step 5 was slow\n") == {0: ("1.0", "2.0")}
    assert printed_log.read((log % (message * 40)).encode()) == []


def test_other_arrays_between_a_heading_and_w1():
    log = "step %d: loss [0.5 0.25], w1 [%s %s]\nb [0.1 0.2]\n"
    assert w1_of(log % (0, "1.0", "2.0") + log % (1000, "3.0", "4.0")) == {
        0: ("1.0", "2.0"),
        1000: ("3.0", "4.0"),
    }


def test_several_at_the_end_are_one_experiment():
    """Whose last one counts, with the same label or none; with another label it is another experiment's."""
    log = "After 0 steps, w1: [1.0 2.0]\n[a] Final w1: [3.0 4.0]\n%sFinal w1: [5.0 6.0]\n"
    for label in "", "[a] ":
        assert w1_of(log % label) == {0: ("1.0", "2.0"), "Final": ("5.0", "6.0")}
        assert printed_log.read((log % label).encode()).passed_over == {"Final": 1}
    first, second = printed_log.read((log % "[b] ").encode())
    assert (first.label, second.label) == ("[a]", "[b]")
    assert first.w1["Final", 0] == "3.0" and second.w1 == {("Final", 0): "5.0", ("Final", 1): "6.0"}


def test_a_step_after_the_end_goes_on():
    log = "After 0 steps, w1: [1.0 2.0]\nFinal w1: [1.0 2.0]\nAfter 1000 steps, w1: [3.0 4.0]\n"
    assert w1_of(log) == {0: ("1.0", "2.0"), 1000: ("3.0", "4.0")}
    assert printed_log.read(log.encode()).passed_over == {"a step": 1}


def test_last_lines_alone_are_experiments():
    """Of three runs at most: more are printed in a loop."""
    for many, experiments in (1, 1), (3, 3), (9, 9), (10, 9), (5000, 9):
        log = b"".join(b"Final w1: [%d. 2.0]\n" % i for i in range(many))
        mine = printed_log.read(log)
        assert len(mine) == experiments and mine[-1].w1["Final", 0] == "%d." % (many - 1)
        assert mine.passed_over["Final"] == many - experiments
    assert len(printed_log.read(b"[a] Final w1: [1. 2.]\n[a] Final w1: [1. 3.]")) == 1


def test_bare_arrays_by_their_number():
    bare = ["[%d. 0.5]" % i for i in range(5)]
    log = "\n".join([*bare, "Final w1:", "[5. 0.5]", ""])
    expected = {step: ("%d." % i, "0.5") for i, step in enumerate(STEPS)}
    assert w1_of("from my terminal\n" + log) == expected
    two = printed_log.read((log + log).encode())
    assert len(two) == 2 and two[0].w1 == two[1].w1 and not +two.passed_over
    for wrong in ("[9. 0.5]\n" + log, log.replace("[4. 0.5]\n", "")):
        assert w1_of(wrong) == {"Final": ("5.", "0.5")}
        assert printed_log.read(wrong.encode()).passed_over["nothing"] == wrong.count("[") - 1
    column = "".join("[[%d.]\n [0.5]]\n" % i for i in range(6))  # w1's own shape
    assert w1_of("from my terminal\n" + column) == expected


def test_every_step_counted_from_0_is_not_counted_from_1():
    log = "".join("step %d w1: [1.0 2.0]\n" % step for step in range(3))
    assert list(w1_of(log)) == [0, 1, 2]


@pytest.mark.parametrize(
    "array", ["[0.1, 0.2, 3]", "[a 0.1 0.2]", "[0.1 0.2", "[[0.1] is not [0.2]]", "[1 2]"]
)
def test_what_is_no_w1(array):
    assert printed_log.read(b"After 0 steps, w1: " + array.encode() + b"\n") == []
