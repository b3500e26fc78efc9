import itertools
import re
import runpy
import warnings

from chapter4 import LOGS, command_line, runtime

import numpy as np
import pytest
import tensorflow.compat.v1 as tf

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


@pytest.mark.parametrize("number", [b"nan", b"inf", b"-inf", b"1e999"])
def test_no_finite_number_at_the_start_has_no_cause(number, compare, printed):
    _, lines = compare(printed("article.log").replace(b"-0.81031823", number, 1))
    assert lines[-1].endswith("first after step 0 of experiment 1")


@pytest.mark.parametrize(
    "steps, rounding, mistake",
    [
        ([0], 2e-7, 1e-6),
        ([0, 1000], 3e-5, 1e-4),
        ([0, 1000, 2000], 3e-5, 1e-4),
        ([0, 1000, 2000, 3000], 1.5e-3, 3e-3),
        ([0, 4000], 3e-5, 1e-4),  # nothing between tells that there is no mistake
    ],
)
def test_how_far_rounding_goes(steps, rounding, mistake, compare):
    """From the last of the steps on, in a log that has no others."""
    log = "".join("After %d steps, w1: [0.50000000 1.25000000]\n" % step for step in steps).encode()
    for apart, verdict in (rounding, "only rounding"), (mistake, "more than rounding"):
        before, number = log.rsplit(b" ", 1)
        status, lines = compare(before + b" %.8f]" % (1.25 + apart), log)
        assert status == 1 and verdict in lines[-1]


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
    assert compare(log + log)[0] == compare(log + log, log)[0] == 0
    status, lines = compare(log + log.replace(b"1.0243336", b"1.1243336"))
    assert status == 1 and sum("12 of 12" in line for line in lines) == 5


def log_of(
    steps=1001,
    learning_rate=0.001,
    batch_size=8,
    seed=1,
    data_seed=1,
    noise=0.1,
    optimizer=tf.train.AdamOptimizer,
    compare=tf.greater,
    activation=tf.identity,
    same_batch=False,
    reduce=tf.reduce_sum,
):
    """What the listing prints in `steps` steps, each option being a line of it that can be mistyped."""
    rdm = np.random.RandomState(data_seed)
    X = rdm.rand(128, 2)
    Y = [[x1 + x2 + noise * (rdm.rand() - 0.5)] for (x1, x2) in X]
    lines = []
    for label, loss_weights in zip(LABELS, [(10, 1), (1, 10), None]):
        with tf.Graph().as_default(), runtime.Session() as sess:
            x, y_ = tf.placeholder(tf.float32, [None, 2]), tf.placeholder(tf.float32, [None, 1])
            w1 = tf.Variable(tf.random_normal([2, 1], stddev=1, seed=seed))
            y = activation(tf.matmul(x, w1))
            loss = tf.losses.mean_squared_error(y, y_)
            if loss_weights:
                loss_less, loss_more = loss_weights
                loss = reduce(tf.where(compare(y, y_), (y - y_) * loss_more, (y_ - y) * loss_less))
            train_step = optimizer(learning_rate).minimize(loss)
            sess.run(tf.global_variables_initializer())
            for i in range(steps):
                start = 0 if same_batch else i * batch_size % 128
                batch = slice(start, start + batch_size)
                sess.run(train_step, feed_dict={x: X[batch], y_: Y[batch]})
                if i % 1000 == 0:
                    lines.append("After %d training step(s), w1 is: \n%s" % (i, sess.run(w1)))
            if steps == 5000:
                lines.append("%sFinal w1 is: \n %s" % (label, sess.run(w1)))
    return "\n".join(lines).encode()


LATER = "see the data, the batches and the loss"
MISTAKES = {
    "learning rate": ({"learning_rate": 0.01}, "learning rate 0.01 in place of 0.001"),
    "small learning rate": ({"learning_rate": 0.0005}, "learning rate 0.0005 in place of 0.001"),
    "batch size": ({"batch_size": 16}, LATER),
    "seed": ({"seed": 2}, "seed=2 in place of seed=1"),
    "no seed": ({"seed": 10**6}, "another seed or optimizer"),  # not among those tried
    "seed of the data": ({"data_seed": 2}, LATER),
    "noise left out": ({"noise": 0}, LATER),
    "gradient descent": ({"optimizer": tf.train.GradientDescentOptimizer}, "another seed or optimizer"),
    "tf.less": ({"compare": tf.less}, LATER),
    "relu": ({"activation": tf.nn.relu}, LATER),
    "same batch": ({"same_batch": True}, LATER),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes(mistake, compare):
    options, hint = MISTAKES[mistake]
    log = log_of(steps=1001 if hint == LATER else 1, **options)
    status, lines = compare(log)
    assert status == 1
    assert re.match(r"no known log, more than rounding: up to [\d.e-]+ from .*, first after step ", lines[-1])
    assert lines[-1].endswith(hint)
    first_step = [b"".join(part) for part in re.findall(rb"(After 0)(.*?\n.*\n.*\n)", log)]
    _, lines = compare(b"".join(first_step))  # from step 0 alone
    assert lines[-1].endswith(hint) == (hint != LATER) and LATER not in lines[-1]


def test_losses_exchanged(compare, printed):
    """The labels say which experiment it should be."""
    first, second = b"[loss_less=10 loss_more=1]", b"[loss_less=1 loss_more=10]"
    log = printed("article.log").replace(first, b"[]").replace(second, first).replace(b"[]", second)
    status, lines = compare(log)
    assert status == 1
    assert lines[-1].endswith("the first step goes the other way, as with loss_less and loss_more exchanged")


STEP_0 = b"After 0 training step(s), w1 is: \n[[%s]\n [ %s]]"


def test_one_entry_goes_the_other_way(compare):
    _, lines = compare(STEP_0 % (b"-0.81031823", b"1.4835988"))
    assert lines[-1].endswith(": the first step of w1[1] goes the other way")


def test_another_optimizers_log_says_nothing_of_causes(compare, printed):
    """Its first step is not the learning rate."""
    _, lines = compare(printed("article.log"), STEP_0 % (b"-0.80131822", b"1.4355988"))
    assert lines[-1].endswith("first after step 0 of experiment 1")


def test_reduce_mean_looks_like_rounding(compare):
    status, lines = compare(log_of(5000, reduce=tf.reduce_mean))
    assert status == 1
    assert re.match(r"no known log, only rounding: at most \S+ from .*reduce_mean", lines[-1])


def test_this_machines_own_log_is_no_mistake(compare):
    status, lines = compare(log_of(5000))
    assert "more than rounding" not in lines[-1]


def test_printed_before_the_step(compare):
    log = b"After 0 training step(s), w1 is: \n[[-0.8113182]\n [ 1.4845988]]"
    assert compare(log)[1][-1].endswith("w1 is still the start there, printed before the training step")


def test_standard_input(command, tmp_path, printed):
    (tmp_path / "run.log").write_bytes(printed("article.log"))
    with open(tmp_path / "run.log") as log:
        process = command("scripts/compare_logs.py", "-", stdin=log)
    assert (process.returncode, process.err) == (0, b"")


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
    assert err.endswith(" has no w1 in it\n") and err.count("\n") == 1


def test_no_step_in_common(command, tmp_path):
    (tmp_path / "run.log").write_bytes(b"After 7 training step(s), w1 is: \n[[1.0] [2.0]]")
    process = command("scripts/compare_logs.py", "run.log")
    assert (process.returncode, process.out) == (2, b"")
    assert process.err == (
        b"compare_logs.py: error: looked for w1 after step 0, 1000, 2000, 3000, 4000, Final: "
        b"RUN has no such w1 in it\n"
    )


@pytest.mark.parametrize("path", ["missing.log", "."])
def test_unreadable(path, command):
    process = command("scripts/compare_logs.py", path)
    assert (process.returncode, process.out) == (2, b"")
    assert process.err.startswith(b"compare_logs.py: error: ") and process.err.count(b"\n") == 1
