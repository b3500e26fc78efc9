"""What a log's numbers say of the listing: by logs of listings with a mistake, trained with it."""

import re

from chapter4 import LOGS, runtime
from chapter4.reader import printed_log, verdict

import numpy as np
import pytest
import tensorflow.compat.v1 as tf

KNOWN = {
    "the article's log": "article.log",
    "the companion's log": "tensorflow-1.4.0.log",
    "today's TensorFlow with oneDNN": "tensorflow-2.21-onednn.log",
}
LABELS = ["[loss_less=10 loss_more=1] ", "[loss_less=1 loss_more=10] ", "[losses.mean_squared_error]"]


def judged(log, printed=None):
    """The verdict on a log, by the known logs or by another."""
    known = {name: printed_log.read((LOGS / file).read_bytes()) for name, file in KNOWN.items()}
    if printed:
        known = {"the printed log": printed_log.read(printed)}
    return verdict.judge(printed_log.read(log), known)[0]


def test_start_is_tensorflows():
    with tf.Graph().as_default(), runtime.Session() as sess:
        start = sess.run(tf.random_normal([2, 1], stddev=1, seed=1))
    np.testing.assert_allclose(printed_log.START, start[:, 0], atol=1e-7)


def pairs(mine, printed):
    """The places in two logs whose experiments compare() takes for the same."""

    def experiments(numbers):
        return [
            printed_log.Experiment(label, {(0, 0): number, (0, 1): number, (1000, 0): number})
            for label, number in numbers
        ]

    mine, printed = experiments(mine), experiments(printed)
    places = {experiment.w1[0, 0]: nth for nth, experiment in enumerate(mine, 1)}
    return [(places[c.numbers[0].mine], c.place) for c in verdict.compare(mine, printed)]


def test_which_experiment_is_which():
    a, b, c = [(None, number) for number in ("1.00000001", "2.00000001", "3.00000001")]
    near_a, near_b = (None, "1.10000001"), (None, "2.10000001")
    labelled_b = ("[b]", "2.00000001")
    assert pairs([("[b]", "1.10000001"), near_b], [a, labelled_b]) == [(2, 1), (1, 2)]  # by the label
    assert pairs([b, a], [a, b]) == [(2, 1), (1, 2)]  # by the numbers
    assert pairs([near_b, near_a], [a, b]) == [(1, 1), (2, 2)]  # by the place
    assert pairs([near_b], [a, b, c]) == [(1, 2)]  # the nearest
    assert pairs([near_a, (None, "1.20000001")], [a, b, c]) == [(1, 1), (2, 2)]  # each has its own
    runs = [a, (None, "1.00000002"), (None, "1.00000003"), b]  # three that ended early, then a whole one
    assert pairs(runs, [a, b, c]) == [(1, 1), (2, 1), (3, 1), (4, 2)]
    assert pairs([b], [a, labelled_b]) == [(1, 2)]  # no label is not the same as no label


@pytest.mark.parametrize("number", [b"nan", b"inf", b"-inf", b"1e999"])
def test_no_finite_number_at_the_start_has_no_cause(number, printed):
    log = printed("article.log").replace(b"-0.81031823", number, 1)
    assert judged(log).endswith("first after step 0 of experiment 1")


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
def test_how_far_rounding_goes(steps, rounding, mistake):
    """From the last of the steps on, in a log that has no others."""
    log = "".join("After %d steps, w1: [0.50000000 1.25000000]\n" % step for step in steps).encode()
    for apart, words in (rounding, "only rounding"), (mistake, "more than rounding"):
        before, number = log.rsplit(b" ", 1)
        assert words in judged(before + b" %.8f]" % (1.25 + apart), log)


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
    factor=1,
    experiments=(1,),
):
    """What these experiments print in `steps` steps, each option being a line that can be mistyped."""
    rdm = np.random.RandomState(data_seed)
    X = rdm.rand(128, 2)
    Y = [[x1 + x2 + noise * (rdm.rand() - 0.5)] for (x1, x2) in X]
    lines = []
    labelled = list(zip(LABELS, [(10, 1), (1, 10), None]))
    for label, loss_weights in [labelled[place - 1] for place in experiments]:
        with tf.Graph().as_default(), runtime.Session() as sess:
            x, y_ = tf.placeholder(tf.float32, [None, 2]), tf.placeholder(tf.float32, [None, 1])
            w1 = tf.Variable(tf.random_normal([2, 1], stddev=1, seed=seed))
            y = activation(tf.matmul(x, w1))
            loss = tf.losses.mean_squared_error(y, y_)
            if loss_weights:
                loss_less, loss_more = loss_weights
                loss = reduce(tf.where(compare(y, y_), (y - y_) * loss_more, (y_ - y) * loss_less))
            train_step = optimizer(learning_rate).minimize(factor * loss)
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


MODEL = "see the optimizer, the model (y), the data, the batches and the loss"
ANOTHER_START = "not one step of Adam from the start, as with more steps, another seed or optimizer"
MISTAKES = {
    "learning rate": ({"learning_rate": 0.01}, "learning rate 0.01 in place of 0.001"),
    "small learning rate": ({"learning_rate": 0.0005}, "learning rate 0.0005 in place of 0.001"),
    "batch size": ({"batch_size": 16}, MODEL),
    "small batch size": ({"batch_size": 4}, MODEL),
    "seed": ({"seed": 2}, ANOTHER_START),
    "seed of the data": ({"data_seed": 2}, MODEL),
    "noise left out": ({"noise": 0}, MODEL),
    "gradient descent": ({"optimizer": tf.train.GradientDescentOptimizer}, ANOTHER_START),
    "momentum": ({"optimizer": lambda rate: tf.train.MomentumOptimizer(rate, 0.9)}, ANOTHER_START),
    "RMSProp": ({"optimizer": tf.train.RMSPropOptimizer}, ANOTHER_START),
    "Adadelta": ({"optimizer": tf.train.AdadeltaOptimizer}, "another learning rate or optimizer"),
    "Adadelta, rate 1": (
        {"optimizer": tf.train.AdadeltaOptimizer, "learning_rate": 1.0},
        "another learning rate or optimizer",
    ),
    "Adagrad": ({"optimizer": tf.train.AdagradOptimizer}, MODEL),
    "tf.less": ({"compare": tf.less}, MODEL),
    "relu": ({"activation": tf.nn.relu}, MODEL),
    "same batch": ({"same_batch": True}, MODEL),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes(mistake):
    options, hint = MISTAKES[mistake]
    log = log_of(steps=1001 if hint == MODEL else 1, **options)
    words = judged(log)
    assert re.match(r"no known log, more than rounding: up to [\d.e-]+ from .*, first after step ", words)
    assert words.endswith(hint)
    first_step = [b"".join(part) for part in re.findall(rb"(After 0)(.*?\n.*\n.*\n?)", log)]
    words = judged(b"".join(first_step))  # from step 0 alone
    assert words.endswith(hint) == (hint != MODEL) and MODEL not in words


def test_losses_exchanged(printed):
    """The labels say which experiment it should be."""
    first, second = b"[loss_less=10 loss_more=1]", b"[loss_less=1 loss_more=10]"
    log = printed("article.log").replace(first, b"[]").replace(second, first).replace(b"[]", second)
    hint = "the first step goes the other way, as with loss_less and loss_more exchanged or other data"
    assert judged(log).endswith(": " + hint)


STEP_0 = b"After 0 training step(s), w1 is: \n[[%s]\n [ %s]]\n"


def test_one_entry_goes_the_other_way():
    words = judged(STEP_0 % (b"-0.81031823", b"1.4835988"))
    assert words.endswith(": the first step of w1[1] goes the other way")


def test_another_optimizers_log_says_nothing_of_causes(printed):
    """Its first step is not the learning rate."""
    words = judged(printed("article.log"), STEP_0 % (b"-0.80131822", b"1.4355988"))
    assert words.endswith("first after step 0 of experiment 1")


@pytest.mark.parametrize(
    "rate, decimals, hint",
    [
        (0.01, 4, "learning rate 0.01 in place of 0.001"),
        (0.01, 6, "learning rate 0.01 in place of 0.001"),
        (0.1, 3, "learning rate 0.1 in place of 0.001"),
        (0.005, 3, "another learning rate or optimizer"),  # 0.0045 to 0.0055
        (0.0032, 8, "another learning rate or optimizer"),  # no rate that one would choose
        (0.003, 8, "learning rate 0.003 in place of 0.001"),
        (5e-6, 8, "another learning rate or optimizer"),
    ],
)
def test_learning_rate_is_named_where_it_is_certain(rate, decimals, hint):
    log = STEP_0 % tuple(b"%.*f" % (decimals, start + rate) for start in printed_log.START)
    assert judged(log).endswith(": " + hint)


@pytest.mark.parametrize("options", [{"reduce": tf.reduce_mean, "experiments": (2,)}, {"factor": 2}])
def test_a_constant_factor_is_said_not_to_show(options):
    words = judged(log_of(5000, **options))
    assert re.match(
        r"(no known log, only rounding: at most \S+ from|the (article|companion)'s log: |today's)", words
    )
    assert words.endswith(verdict.FACTOR + ")") == ("only rounding" in words)


def test_a_few_more_steps_at_the_end(printed):
    """By 0.0001, as 5001 steps end; by a rounding it is none."""
    for apart, said in (1e-4, True), (1e-7, False):
        experiments = numbers(printed("article.log"))
        for w1 in experiments:
            w1["Final"] = ["%.8f" % (float(entry) + apart) for entry in w1["Final"]]
        assert (verdict.ONLY_END in judged(log_from(experiments))) == said
    experiments[0][1000] = ["0.01248113", "2.13854504"]
    assert verdict.ONLY_END not in judged(log_from(experiments))


def test_this_machines_own_log_is_no_mistake():
    assert "more than rounding" not in judged(log_of(5000, experiments=(3,)))


def numbers(log):
    """{step: (a, b)} of each experiment of a log, the steps as in the listing."""
    steps = [0, 1000, 2000, 3000, 4000, "Final"]
    return [
        {step: [w1[step, index] for index in (0, 1)] for step in steps} for _, w1 in printed_log.read(log)
    ]


def log_from(experiments):
    """A log in which each experiment, {step: (a, b)}, is printed as the listing prints it."""
    lines = []
    for label, w1 in zip(LABELS, experiments):
        for step, entries in w1.items():
            heading = "After %s training step(s)," % step if step != "Final" else label + "Final"
            lines.append("%s w1 is: [[%s] [%s]]" % (heading, *entries))
    return "\n".join(lines).encode()


AT_START = ["-0.8113182", "1.4845988"]  # as today's NumPy prints it
BEFORE = "w1 is still the start there, printed before the training step"
OUTSIDE = "w1 %s is as after step 0, or before: the training step is outside the loop, or its rate 0"
MISSING = "w1 after step %s is missing"


def test_printed_before_the_training_step(printed):
    """Step 0 is the start, later ones lag by a step, the last is right."""
    experiments = numbers(printed("article.log"))
    for w1 in experiments:
        w1[0], w1[1000] = AT_START, ["%.8f" % (float(entry) + 0.0009) for entry in w1[1000]]
    assert judged(log_from(experiments)).endswith(": " + BEFORE)
    assert judged(log_from([{0: AT_START}])).endswith(": " + BEFORE)
    assert judged(STEP_0 % (b"-0.8113182", b"1.4845988")).endswith(": " + BEFORE)


def test_hardly_moved_from_the_start(printed):
    """Few digits, or another w1 later on: printed too early, or a small step?"""
    experiments = numbers(printed("article.log"))
    for w1 in experiments:
        w1[0], w1[1000] = AT_START, ["%.8f" % (float(entry) + 0.1) for entry in w1[1000]]
    for log in (log_from(experiments), STEP_0 % (b"-0.81132", b"1.4846")):
        assert judged(log).endswith(": " + BEFORE + ", or hardly moved by its optimizer")


def test_training_outside_the_loop(printed):
    """Before the loop, after it, in it but with the rate 0; after a loop that prints nothing."""
    article = numbers(printed("article.log"))
    before = [dict.fromkeys(w1, w1[0]) for w1 in article]
    after = [{**dict.fromkeys(w1, AT_START), "Final": w1[0]} for w1 in article]
    never = [dict.fromkeys(w1, AT_START) for w1 in article]
    only_end = [{"Final": w1} for w1 in (article[0][0], article[1][0], AT_START)]
    for experiments in (before, after, never, only_end, only_end[2:]):
        assert judged(log_from(experiments)).endswith(": " + OUTSIDE % "at the end")
    faster = dict.fromkeys(article[0], ["%.8f" % (start + 0.01) for start in printed_log.START])
    assert judged(log_from([faster])).endswith(": " + OUTSIDE % "at the end")
    cut = [{step: w1[step] for step in (0, 1000)} for w1 in before]
    assert judged(log_from(cut)).endswith(": " + OUTSIDE % "after step 1000")


def test_few_digits_are_not_called_untrained():
    """-0.8 and 1.5 are what w1 starts from and many other things."""
    log = b"After 0 steps, w1: [-0.8 1.5]\nAfter 1000 steps, w1: [-0.8 1.5]"
    assert "outside the loop" not in judged(log)


def test_missing_steps_are_named(printed):
    article = numbers(printed("article.log"))

    def cut(steps, end):
        """The experiments with these steps alone, and another end."""
        return log_from([{**{step: w1[step] for step in steps}, **end} for w1 in article])

    end, loop = {"Final": ["0.5", "0.6"]}, "; see STEPS and the print in the loop"
    assert judged(cut([0], end)).endswith(MISSING % "1000, 2000, 3000, 4000" + loop)  # STEPS = 500
    assert judged(cut([0, 1000, 2000], end)).endswith(MISSING % "3000, 4000" + loop)
    assert judged(cut([], end)).endswith(MISSING % "0, 1000, 2000, 3000, 4000" + loop)
    assert judged(cut([0, 1000, 2000, 3000, 4000], end)).endswith(": see STEPS, what is before is right")
    words = judged(cut([0], {2000: ["0.5", "0.6"]}))
    assert words.endswith(MISSING % "1000" + "; step 0 has the right start, learning rate and sign; " + MODEL)
    assert judged(cut([], {1000: ["0.5", "0.6"]})).endswith(": " + MISSING % "0")
    missing = "w1 after step 3000, 4000 and at the end is missing in experiment 1, 2, 3"
    ended_early = "the article's log: 18 of its 36 numbers are there, and agree; " + missing
    assert judged(cut([0, 1000, 2000], {})) == ended_early
    first = printed("article.log").partition(b"[loss")[0]
    assert judged(first).endswith("; w1 at the end is missing in experiment 1")


def test_an_end_alone_may_be_rounding_or_a_mistake(printed):
    end = b"Final w1 is: [1.01934707 1.0%d80913]"
    assert judged(end % 43).startswith("no known log, perhaps more than rounding: up to 0.001 from")
    assert judged(end % 47).startswith("no known log, more than rounding: up to 0.005 from")
    _, second, _ = numbers(printed("article.log"))
    log = log_from([{"Final": ["1.01934707", "1.04380913"]}, {**second, "Final": ["0.5", "0.6"]}])
    assert judged(log).endswith("first at the end of experiment 2: see STEPS, what is before is right")


def test_arrays_passed_over(printed):
    """Arrays that may be w1 and are not compared keep a log from being called known; w1's start does not."""
    article, two = printed("article.log"), b"w1: [[1.5] [2.5]]\n"
    start = b"w1: [[-0.8113182] [ 1.4845988]]\n"
    assert judged(start + article) == judged(article) == "the article's log: all 36 numbers agree"
    though = "no known log, though of the article's log all 36 numbers agree; "
    over = "passed over: %d array(s) that may be w1"
    assert (
        judged(two + article)
        == judged(article.replace(b"After 2000", two + b"After 2000", 1))
        == though + over % 1
    )
    assert judged(article + two + two) == though + over % 2
    twice = article.replace(b"[losses", b"[losses.mean_squared_error]Final w1: [0.5 0.5]\n[losses")
    assert judged(twice) == though + over % 1
    assert judged(article + article[article.index(b"[losses") :]) == "the article's log: all 36 numbers agree"
    words = judged(two + article, article.replace(b"1.0243336", b"1.5"))
    assert words.startswith("not the printed log, more than rounding: ") and words.endswith("; " + over % 1)
    assert judged(two + article, article).startswith("not the printed log, though of the printed log all 36")


def test_so_many_different_experiments_are_not_all_compared(printed):
    mine = [
        printed_log.Experiment(None, {(0, 0): "%d.5" % i, (0, 1): "0.5"}) for i in range(verdict.MOST + 9)
    ]
    assert len(verdict.compare(mine, printed_log.read(printed("article.log")))) == verdict.MOST
