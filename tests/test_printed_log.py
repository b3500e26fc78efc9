"""Reading is the inverse of printing; what is no log is none; what step 0 tells."""

import json
import re

from chapter4 import LOGS, runtime
from chapter4.reader import printed_log

import numpy as np
import pytest
import tensorflow.compat.v1 as tf
from hypothesis import assume, given, settings
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


@settings(deadline=None, max_examples=300)
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


def pairs(run, printed):
    """The places in two logs whose experiments compare() takes for the same."""

    def experiments(numbers):
        return [
            printed_log.Experiment(label, {(0, 0): number, (0, 1): number, (1000, 0): number})
            for label, number in numbers
        ]

    run, printed = experiments(run), experiments(printed)
    places = {experiment.w1[0, 0]: nth for nth, experiment in enumerate(run, 1)}
    return [(places[c.numbers[0].run], c.place) for c in printed_log.compare(run, printed)]


def test_which_experiment_is_which():
    a, b, c = [(None, number) for number in ("1.00000001", "2.00000001", "3.00000001")]
    near_a, near_b = (None, "1.10000001"), (None, "2.10000001")
    labelled_b = ("[b]", "2.00000001")
    assert pairs([("[b]", "1.10000001"), near_b], [a, labelled_b]) == [(2, 1), (1, 2)]  # by the label
    assert pairs([b, a], [a, b]) == [(2, 1), (1, 2)]  # by the numbers
    assert pairs([near_b, near_a], [a, b]) == [(1, 1), (2, 2)]  # by the place
    assert pairs([near_b], [a, b, c]) == [(1, 2)]  # the nearest
    assert pairs([near_a, (None, "1.20000001")], [a, b, c]) == [(1, 1), (2, 2)]  # each has its own
    assert pairs([b], [a, labelled_b]) == [(1, 2)]  # no label is not the same as no label


def test_steps_counted_from_1(printed):
    log = printed("companion.log").decode()
    from_1 = re.sub(r"After (\d+)", lambda after: "After %d" % (int(after.group(1)) + 1), log)
    assert printed_log.read(from_1.encode()) == printed_log.read(log.encode())


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


@settings(deadline=None)
@given(st.binary() | st.text(alphabet="[]() .,\n-e01After step Final w1").map(str.encode))
def test_whatever_is_read_is_compared(log):
    """No input is an error, and what is read has finite steps and numbers that float() takes."""
    for _, w1 in printed_log.read(log):
        assert all(step == "Final" or step >= 0 for step, _ in w1) and list(map(float, w1.values()))


def test_starts_are_tensorflows():
    seeds = [0, 1, 2, 42, 99999, 898931]  # the last has a 0 where Box-Muller takes the logarithm
    with tf.Graph().as_default(), runtime.Session() as sess:
        normals = [tf.random_normal([2, 1], stddev=1, seed=seed) for seed in seeds]
        expected = np.array(sess.run(normals))[:, :, 0]
    np.testing.assert_allclose(printed_log.starts(np.array(seeds)), expected, atol=3e-7)
    np.testing.assert_allclose(printed_log.START, expected[1], atol=1e-7)
