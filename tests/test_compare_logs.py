import itertools
import re
import runpy
import subprocess
import warnings

from chapter4 import LOGS, command_line
from chapter4.reader import printed_log

import numpy as np
import pytest
from conftest import TYPED_IN

SCRIPT = LOGS.parent.parent / "scripts" / "compare_logs.py"
MAIN = runpy.run_path(str(SCRIPT), run_name="compare_logs")["main"]
KNOWN = {
    "article.log": "the article's log: ",
    "tensorflow-1.4.0.log": "the companion's log: ",
    "tensorflow-2.21-onednn.log": "today's TensorFlow with oneDNN: ",
}
LABELS = ["[loss_less=10 loss_more=1] ", "[loss_less=1 loss_more=10] ", "[losses.mean_squared_error]"]


@pytest.fixture
def compare(monkeypatch, capsys):
    """compare(log as bytes, printed log as bytes): the exit status and the lines printed."""

    def run(*logs):
        monkeypatch.setattr(command_line, "contents", lambda log: log)
        status = MAIN(*logs)
        out, err = capsys.readouterr()
        assert err == ""
        return status, out.splitlines()

    return run


def newer_digits(log):
    """The log as today's NumPy prints the same float32."""
    return re.sub(rb"-?\d\.\d+", lambda n: str(np.float32(n.group())).encode(), log).replace(b"[ ", b"[")


def python_2(log):
    """The log as Python 2 shows it where print gets several values in brackets: a tuple."""
    log = re.sub(rb"(\[\[.*?\]\]) \n", rb"(array(\1, dtype=float32), '\\n')\n", log, flags=re.DOTALL)
    return re.sub(rb"(\[.*Final w1 is: )\n (\[\[.*\n.*\]\])", rb"('\1\\n', array(\2, dtype=float32))", log)


def line_breaks_lost(log):
    return b" ".join(log.split())


def in_a_terminal(log):
    warning = b"2017-12-01 10:00:00.123456: W tensorflow/core/x.cc:45] [[0.5] is not [[a]] 1.0\n"
    lines = log.splitlines(keepends=True)
    return (
        b">>> "
        + warning.join(lines[:2])
        + b"".join(lines[2:4])
        + b"In [3]: "
        + b"".join(lines[4:])
        + warning
        + b"$ exit\n"
    )


def before_each_line(prefix):
    return lambda log: re.sub(rb"(?m)^", prefix, log)


def without_labels(log):
    return re.sub(rb"\[.*\] ?Final", b"Final", log)


def flat(log):
    return re.sub(rb"\[\[(.*)\]\n +\[(.*)\]\]", rb"[\1 \2]", log)


def bare(log):
    return b"\n".join(re.findall(rb"\[\[.*\n.*\]\]", log))


def before_the_arrays_are_bare(log):
    """But for the last of each experiment."""
    return re.sub(rb"After .*\n", b"", log)


LAYOUTS = [
    lambda log: log,
    newer_digits,
    python_2,
    line_breaks_lost,
    in_a_terminal,
    lambda log: log.replace(b"\n", b"\r\n"),
    lambda log: log.decode().encode("utf-16"),
    lambda log: b"\xef\xbb\xbf" + log,
    before_each_line(b"# "),
    before_each_line(b"> "),
    before_each_line(b"| "),
    before_each_line(b">>> "),
    lambda log: before_each_line(b"INFO:root: ")(log).replace(b"\n", b"\r\n"),
    lambda log: log.replace(b"training step(s), w1 is:", b"steps, w1:").replace(b"Final w1 is", b"final w1"),
    lambda log: log.replace(b"training step(s), w1 is:", b"iterations"),
    lambda log: re.sub(rb"After (\d+) training.*", "训练 \\1 步之后 w1 是".encode(), log),
    lambda log: ("\ufeff" + re.sub(r"After (\d+) training.*", "训练 \\1 步", log.decode())).encode(
        "utf-16-be"
    ),
    flat,
    before_the_arrays_are_bare,
    lambda log: b"$ python my_listing.py\n" + bare(log),
    lambda log: flat(log).replace(b"[", b"[[").replace(b"]", b"]]"),
    lambda log: re.sub(rb"\[.*\] ?Final.*", b"", log),
    bare,
    without_labels,
    lambda log: re.sub(rb"After (\d+)000", rb"After \g<1>001", log).replace(b"After 0", b"After 1"),
]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", KNOWN)
def test_every_layout_is_read(layout, name, compare, printed):
    status, lines = compare(layout(printed(name)))
    assert (status, lines[-1]) == (0, KNOWN[name] + "all 36 numbers agree")
    assert lines[:-1] == [
        "experiment %d %s: 12 of 12 numbers agree" % (place, label.strip())
        for place, label in enumerate(LABELS, 1)
    ]


def test_companion_and_tensorflow_1_4_0_are_the_same_numbers(compare, printed):
    assert compare(printed("companion.log"))[1][-1].startswith("the companion's log: all")


def experiments(log):
    """The three experiments of an article-like log, as bytes without their labels."""
    return re.findall(rb"After 0.*?Final.*?\]\]\n", without_labels(log), flags=re.DOTALL)


@pytest.mark.parametrize("order", [o for n in (1, 2, 3) for o in itertools.permutations(range(3), n)])
def test_experiments_without_labels_in_any_number_and_order(order, compare, printed):
    for name in KNOWN:
        parts = experiments(printed(name))
        for shown in ("", "Final"):  # whole, and the last lines alone
            log = b"".join(parts[i][parts[i].index(shown.encode()) :] for i in order)
            status, lines = compare(log)
            assert status == 0
            assert [int(line.split()[1]) for line in lines[:-1]] == sorted(i + 1 for i in order)
            if shown == "" and len(order) == 3:
                assert lines[-1] == KNOWN[name] + "all 36 numbers agree"


def test_what_several_logs_have_in_common(compare, printed):
    first, second, third = experiments(printed("tensorflow-2.21-onednn.log"))
    article = "the article's log: 12 of its 36 numbers are there, and agree; the same are in "
    assert compare(first)[1][-1] == article + "today's TensorFlow with oneDNN"
    assert compare(second)[1][-1] == article + "the companion's log and today's TensorFlow with oneDNN"
    assert compare(third)[1][-1] == (
        "today's TensorFlow with oneDNN: 12 of its 36 numbers are there, and agree"
    )


@pytest.mark.parametrize("number", ["%.7f", "%.6f", "%.4f", "%g", "%.3e"])
def test_fewer_digits_are_compared_as_far_as_they_go(number, compare, printed):
    def shorten(log):
        return re.sub(rb"-?\d\.\d+", lambda n: (number % np.float32(n.group())).encode(), log)

    log = shorten(printed("article.log"))
    status, lines = compare(log)
    assert status == 0 and lines[-1].startswith("the article's log: all 36 numbers agree")
    status, lines = compare(log.replace((number % 1.84653103).encode(), (number % 1.857).encode()))
    assert status == 1 and lines[0].endswith("11 of 12 numbers agree")
    status, lines = compare(log.replace((number % 0.0124711251).encode(), (number % 0.0126).encode()))
    assert status == 1 and lines[0].endswith("11 of 12 numbers agree")


@pytest.mark.parametrize("other", [b"0.05", b"0.15", b"0.75"])
def test_half_a_unit_is_rounding(other, compare):
    """0.75 - 0.7 is more than 0.05 in float64."""
    one = b"%.1f" % (float(other) - 0.05)
    log = b"After 0 steps, w1: [%s 1.5]"
    assert compare(log % one, log % other)[0] == 0


def test_where_it_departs(compare, printed):
    status, lines = compare(printed("companion.log"), printed("article.log"))
    assert status == 1
    agreeing = [int(re.search(r"(\d+) of 12", line).group(1)) for line in lines if "experiment" in line]
    assert sum(agreeing) == 25
    assert sum("first difference" in line for line in lines) == sum(number < 12 for number in agreeing)
    assert lines[1] == (
        "  first difference after step 1000: w1[0] is 0.01247112, printed 0.01247113, 11 float32 steps apart"
    )
    assert lines[-1].startswith("not the printed log, only rounding: at most 2.4e-07 from the printed log")
    apart = np.spacing(np.float32(2.138545))
    log = printed("article.log").replace(b"2.13854504", b"%.8f" % (np.float32(2.138545) + 3 * apart))
    status, lines = compare(log)
    assert status == 1 and lines[0].endswith("11 of 12 numbers agree")
    assert lines[1].endswith("w1[1] is 2.13854575, printed 2.13854504, 3 float32 steps apart")
    assert lines[-1].startswith("no known log, only rounding: at most 7.1e-07 from the article's log")


@pytest.mark.parametrize(
    "mine, theirs, apart",
    [
        ("0.9999999403953552", "1.0", 1),  # half a step of the larger one
        ("0.00000000", "0.00000012", 2**23),  # in units of the larger one's last place
        ("-0.00000012", "0.00000012", 2**24),
    ],
)
def test_float32_steps_across_a_power_of_two_and_zero(mine, theirs, apart, compare):
    log = b"After 0 steps, w1: [%s 2.50000000]"
    _, lines = compare(log % mine.encode(), log % theirs.encode())
    steps = int(re.search(r"(\d+) float32 steps apart", lines[1]).group(1))
    assert steps == pytest.approx(apart, rel=0.01)


@pytest.mark.parametrize("number, agrees", [(b"2.138545", True), (b"2.1385448", False), (b"2.1385", False)])
def test_numbers_agree_as_float32(number, agrees, compare, printed):
    status, _ = compare(printed("article.log").replace(b"2.13854504", number))
    assert status == (0 if agrees else 1)


@pytest.mark.parametrize("number", [b"nan", b"inf", b"-inf", b"1e39", b"1e999"])
def test_no_finite_number(number, compare, printed):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        status, lines = compare(printed("article.log").replace(b"2.13854504", number))
        assert status == 1 and lines[0].endswith("11 of 12 numbers agree")
        assert lines[-1].startswith("no known log, more than rounding: up to ")


def test_missing_numbers(compare, printed):
    log = b"\n".join(printed("article.log").splitlines()[:39])  # up to step 3000 of the second experiment
    status, lines = compare(log)
    assert status == 0
    assert [line.partition(": ")[2] for line in lines[:-1]] == [
        "12 of 12 numbers agree",
        "8 of 12 numbers agree, 4 are missing",
    ]
    assert lines[-1].startswith("the article's log: 20 of its 36 numbers are there, and agree")
    assert compare(log, printed("article.log"))[0] == 1
    assert compare(printed("article.log"), log)[0] == 0


def test_an_experiment_alone_is_found_by_its_label(compare, printed):
    status, lines = compare(printed("article.log").split(b"0.9813394 ]]\n")[1])
    assert (status, lines) == (
        0,
        [
            "experiment 3 [losses.mean_squared_error]: 12 of 12 numbers agree",
            "the article's log: 12 of its 36 numbers are there, and agree",
        ],
    )


def test_two_runs_in_one_log(compare, printed):
    log = printed("article.log")
    assert compare(log + log)[0] == compare(log + log, log)[0] == compare(log + log, log + log)[0] == 0
    assert compare(log + log)[1][-1] == "the article's log: all 36 numbers agree"
    status, lines = compare(log + log.replace(b"1.0243336", b"1.1243336"))
    assert status == 1 and [line.partition(": ")[::2] for line in lines if "experiment" in line[:10]] == [
        ("experiment 1 [loss_less=10 loss_more=1], 2 times", "12 of 12 numbers agree"),
        ("experiment 2 [loss_less=1 loss_more=10], 2 times", "12 of 12 numbers agree"),
        ("experiment 3 [losses.mean_squared_error]", "12 of 12 numbers agree"),
        ("experiment 3 [losses.mean_squared_error]", "11 of 12 numbers agree"),
    ]


def test_standard_input(command, tmp_path, printed):
    (tmp_path / "run.log").write_bytes(printed("article.log"))
    with open(tmp_path / "run.log") as log:
        process = command("scripts/compare_logs.py", "-", stdin=log)
    assert (process.returncode, process.err) == (0, b"")
    process = command("scripts/compare_logs.py", "-", stdin=subprocess.DEVNULL)
    assert process.returncode == 2 and b"standard input has no w1 in it" in process.err


NOTHING = [b"", b"no numbers", b"After 0 training step(s), w1 is: \n", b"[[1.0] [2.0]]", b"\x93\x00\xfe"]


@pytest.mark.parametrize("content", NOTHING)
@pytest.mark.parametrize("printed_one", [False, True])
def test_nothing_to_compare(content, printed_one, monkeypatch, capsys, printed):
    logs = [printed("article.log"), content] if printed_one else [content]
    monkeypatch.setattr(command_line, "contents", lambda log: log)
    with pytest.raises(SystemExit) as end:
        MAIN(*logs)
    out, err = capsys.readouterr()
    assert (end.value.code, out) == (2, "")
    assert " has no w1 in it; did the listing end with an error?" in err and err.count("\n") == 1


def test_no_step_in_common(command, tmp_path):
    (tmp_path / "run.log").write_bytes(b"After 7 training step(s), w1 is: \n[[1.0] [2.0]]")
    process = command("scripts/compare_logs.py", "run.log")
    assert (process.returncode, process.out) == (2, b"")
    assert process.err == (
        b"compare_logs.py: error: looked for w1 after step 0, 1000, 2000, 3000, 4000, Final: "
        b"run.log has no such w1 in it\n"
    )


NOTEBOOK = '{"cells": [{"cell_type": "code", "source": ["print(1)"], "outputs": []}], "nbformat": 4}'


@pytest.mark.parametrize(
    "contents, is_one",
    [
        (TYPED_IN, True),
        ("import tensorflow as tf\nprint(1)", True),
        ("\ufeff" + TYPED_IN.replace("\n", "\r\n"), True),
        ("# coding: gbk\nimport numpy as np, os\nfrom __future__ import division\nprint 'w1'", True),
        (NOTEBOOK, True),
        (NOTEBOOK.replace("[]", '[{"text": "nothing", "output_type": "stream"}]'), False),
        ('{"w1": 1}', False),
        ("from 0 on, import nothing\nfrom here on it is slow", False),
        ('Traceback:\n  File "my.py", line 1, in <module>\n    import tensorflow as tf\nImportError', False),
    ],
)
def test_a_program_is_told_how_to_make_a_log(contents, is_one, refused, tmp_path, monkeypatch, printed):
    (tmp_path / "mine").write_bytes(contents.encode("utf-8"))
    (tmp_path / "a.log").write_bytes(printed("article.log"))
    monkeypatch.chdir(tmp_path)
    for given in (["mine"], ["a.log", "mine"]):
        err = refused(MAIN, "RUN [PRINTED]", given)
        if is_one:
            assert err.startswith("command: error: mine is a program or a notebook without outputs; ")
            assert err.endswith(": python scripts/run_listing.py my_listing.py > my.log\n")
        else:
            assert ": mine has no w1 in it; did the listing end" in err


def step_by_step(log, every=1000, final=lambda i: i == 4999):
    """As the listing prints it where w1 goes straight from one number of the log to the next."""
    lines = []
    for label, w1 in printed_log.read(log):
        steps = [0, 1000, 2000, 3000, 4000, "Final"]
        numbers = [[float(w1[step, index]) for step in steps] for index in (0, 1)]
        path = np.transpose([np.interp(np.arange(5000), [*steps[:-1], 4999], entry) for entry in numbers])
        for i, (a, b) in enumerate(path):
            if i % every == 0:
                lines.append("After %d training step(s), w1 is: \n[[%.8f]\n [%.8f]] \n" % (i, a, b))
            if final(i):
                lines.append("%s Final w1 is: \n [[%.8f]\n [%.8f]]" % (label, a, b))
    return "\n".join(lines).encode() + b"\n"


def test_final_print_inside_the_loop(compare, printed):
    log = step_by_step(printed("article.log"), final=lambda i: True)
    assert log.count(b"\n") == 45060
    for slip in (log, without_labels(log)):
        status, lines = compare(slip)
        assert status == 1 and len(lines) == 4
        assert all("12 of 12 numbers agree" in line for line in lines[:3])
        assert lines[-1] == (
            "no known log, though of the article's log all 36 numbers agree; the final print is inside the "
            "loop; passed over: 14997 array(s) that may be w1"
        )


def test_final_print_beside_the_loops_print(compare, printed):
    """Then the last one is after step 4000."""
    status, lines = compare(step_by_step(printed("article.log"), final=lambda i: i % 1000 == 0))
    assert status == 1 and sum("10 of 12" in line for line in lines) == 3
    assert lines[-1].endswith(
        "first at the end of experiment 1; the final print is inside the loop; "
        "passed over: 12 array(s) that may be w1"
    )


def test_last_lines_in_a_loop_that_prints_nothing_else(compare, printed):
    for log in (step_by_step(printed("article.log"), 5000, lambda i: True), b""):
        slip = re.sub(rb"After.*\n.*\n.*\n", b"", log) or b"".join(
            b"Final w1: [%d. 2.]\n" % i for i in range(20)
        )
        status, lines = compare(slip)
        assert status == 1 and "; the final print is inside the loop; " in lines[-1]


def test_every_step_is_printed(compare, printed):
    status, lines = compare(step_by_step(printed("article.log"), every=1))
    assert status == 0 and len(lines) == 4
    assert lines[-1] == "the article's log: all 36 numbers agree; 29970 others were not compared"


def numbered(line, count):
    """The line `count` times, with other numbers each time."""
    return "".join(line % (i, 1 - i / count, 1 + i / count) for i in range(count)).encode()


MANY = 5000
LONG = {
    "the same run again and again": lambda log: log * 100,
    "one step again and again": lambda log: log.partition(b"\n\n")[0] * MANY,
    "runs of one step": lambda log: numbered("%.0s0 steps: [%.8f %.8f]\n", MANY),
    "a step a line": lambda log: numbered("step %d: [%.8f %.8f]\n", MANY),
    "a step a line, losses between": lambda log: numbered("step %d, loss [0.5 0.5], w1 [%.8f %.8f]\n", MANY),
    "epochs": lambda log: re.sub(rb"\d(?=\d steps)", b"", numbered("%02d steps: [%.8f %.8f]\n", MANY)),
    "last lines": lambda log: numbered("%.0sFinal w1: [%.8f %.8f]\n", MANY),
    "bare": lambda log: numbered("%.0s[%.8f %.8f]\n", MANY // 6 * 6),
    "one line": lambda log: b" ".join((log * 100).split()),
    "prose before": lambda log: b"After 1000 steps the loss is small and w1 is near 1.\n" * MANY + log,
    "brackets before": lambda log: b"[" * MANY + b"[[1.0] " * MANY + b"\n" + log,
    "blanks and digits before": lambda log: b"[" + b" " * MANY + b"1" * MANY + b"1 " * MANY + b"\n" + log,
}


@pytest.mark.parametrize("long", LONG)
def test_long_logs_get_short_answers(long, compare, printed):
    """What is quadratic anywhere takes minutes here."""
    status, lines = compare(LONG[long](printed("article.log")))
    assert 2 <= len(lines) <= 12 and all(len(line) < 300 for line in lines)
    if long in ("the same run again and again", "one line", "prose before", "brackets before"):
        assert lines[-1] == "the article's log: all 36 numbers agree"


def test_what_repeats_is_counted(compare, printed):
    article = printed("article.log")
    _, lines = compare(article * 50)
    assert [line.partition(":")[0] for line in lines[:3]] == [
        "experiment %d %s, 50 times" % (place, label.strip()) for place, label in enumerate(LABELS, 1)
    ]
    wrong = [article.replace(b"1.0243336", b"%.7f" % (2 + n / 10)) for n in range(10)]
    status, lines = compare(b"".join(wrong))
    assert status == 1 and lines[-2] == "and 7 more" and len(lines) == 5 + 3 + 2
