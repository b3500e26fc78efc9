import re

import numpy as np
import pytest

from chapter4 import printed_log

COMPARE_LOGS = "scripts/compare_logs.py"
FUSED = "the article's log: a*b + c rounds once here"
SEPARATE = "the companion's log: a*b + c rounds twice here"


@pytest.fixture
def compare(command, tmp_path):
    """compare(log as bytes, arguments…): exit status and lines for that log, given as a file."""

    def run(log, *arguments):
        (tmp_path / "run.log").write_bytes(log)
        process = command(COMPARE_LOGS, "run.log", *arguments)
        assert process.err == b""
        return process.returncode, process.out.decode().splitlines()

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


LAYOUTS = [
    lambda log: log,
    newer_digits,
    python_2,
    line_breaks_lost,
    in_a_terminal,
    lambda log: log.replace(b"\n", b"\r\n"),
    lambda log: log.decode().encode("utf-16"),
    lambda log: b"\xef\xbb\xbf" + log,
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_read(layout, compare, printed):
    for name, sentence in [("article.log", FUSED), ("tensorflow-1.4.0.log", SEPARATE)]:
        status, lines = compare(layout(printed(name)))
        assert (status, lines[-1]) == (0, sentence)
        assert [line.split(": ")[1] for line in lines[:3]] == ["12 of 12 numbers agree"] * 3


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


def test_companion_and_tensorflow_1_4_0_are_the_same_numbers(compare, printed):
    assert compare(printed("companion.log"))[1][-1] == SEPARATE


def test_where_it_departs(compare, printed, tmp_path):
    (tmp_path / "printed.log").write_bytes(printed("article.log"))
    status, lines = compare(printed("companion.log"), "printed.log")
    assert status == 1
    agreeing = [int(re.search(r"(\d+) of 12", line).group(1)) for line in lines if "experiment" in line]
    assert sum(agreeing) == 25
    apart = np.spacing(np.float32(2.138545))
    assert "  first otherwise after step 1000: w1[0] is 0.01247112, printed 0.01247113" in lines[1]
    log = printed("article.log").replace(b"2.13854504", b"%.8f" % (np.float32(2.138545) + 3 * apart))
    status, lines = compare(log)
    assert status == 1 and lines[0].endswith("11 of 12 numbers agree")
    assert lines[1].endswith("w1[1] is 2.13854575, printed 2.13854504, 3 float32 apart")
    assert lines[-1].startswith("none of the known logs") and "article.log" in lines[-1]


@pytest.mark.parametrize("number, agrees", [(b"2.138545", True), (b"2.1385448", False)])
def test_numbers_agree_as_float32(number, agrees, compare, printed):
    status, _ = compare(printed("article.log").replace(b"2.13854504", number))
    assert status == (0 if agrees else 1)


def test_missing_numbers(compare, printed):
    status, lines = compare(b"\n".join(printed("article.log").splitlines()[:23]))
    assert status == 1
    assert lines[0].endswith("12 of 12 numbers agree") and lines[2].endswith("12 are missing")
    assert lines[-1] == FUSED + ", as far as it goes"


def test_an_experiment_alone_is_found_by_its_label(compare, printed):
    status, lines = compare(printed("article.log").split(b"0.9813394 ]]\n")[1])
    assert status == 1 and lines[2].endswith("[losses.mean_squared_error]: 12 of 12 numbers agree")


def test_standard_input(command, tmp_path, printed):
    (tmp_path / "run.log").write_bytes(printed("article.log"))
    with open(tmp_path / "run.log") as log:
        process = command(COMPARE_LOGS, "-", stdin=log)
    assert (process.returncode, process.err) == (0, b"")


@pytest.mark.parametrize(
    "content", [b"", b"no numbers", b"After 0 training step(s), w1 is: \n", b"[[1.0] [2.0]]"]
)
@pytest.mark.parametrize("printed_one", [False, True])
def test_nothing_to_compare(content, printed_one, command, tmp_path, printed):
    (tmp_path / "empty.log").write_bytes(content)
    (tmp_path / "full.log").write_bytes(printed("article.log"))
    names = ["full.log", "empty.log"] if printed_one else ["empty.log"]
    process = command(COMPARE_LOGS, *names)
    assert (process.returncode, process.out) == (2, b"")
    assert process.err.endswith(b" has no w1 in it\n") and process.err.count(b"\n") == 1


@pytest.mark.parametrize("path", ["missing.log", "."])
def test_unreadable(path, command):
    process = command(COMPARE_LOGS, path)
    assert (process.returncode, process.out) == (2, b"")
    assert process.err.startswith(b"compare_logs.py: error: ") and process.err.count(b"\n") == 1
