"""What holds for the sections together: they are the page, and what they train is trained fast."""

import importlib
import inspect
import re

from chapter4 import runtime

import pytest
import tensorflow.compat.v1 as tf
from conftest import ROOT, SECTIONS

LOSS = "loss = tf.reduce_sum(tf.where(tf.greater(y, y_), (y - y_) * loss_more, (y_ - y) * loss_less))"
MSE = "loss = tf.losses.mean_squared_error(y, y_)"
TRAINING = """
train_step = tf.train.AdamOptimizer(0.001).minimize(loss)
rdm = RandomState(1)
X = rdm.rand(128,2)
Y = [[x1+x2+(rdm.rand()/10.0-0.05)] for (x1, x2) in X]
init_op = tf.global_variables_initializer()
sess.run(init_op)
for i in range(STEPS):
start = (i*batch_size) % 128
end = (i*batch_size) % 128 + batch_size
sess.run(train_step, feed_dict={x: X[start:end], y_: Y[start:end]})
if i % 1000 == 0:
print("After %d training step(s), w1 is: " % (i))
print(sess.run(w1), "\\n")
"""
NETWORK = """
from numpy.random import RandomState
batch_size = 8
x = tf.placeholder(tf.float32, shape=(None, 2), name="x-input")
y_ = tf.placeholder(tf.float32, shape=(None, 1), name='y-input')
w1= tf.Variable(tf.random_normal([2, 1], stddev=1, seed=1))
y = tf.matmul(x, w1)
"""
# The page's lines, in its order. 4.2.2's experiments are one loop here, so each is asked for by itself.
PAGE = [
    (
        "4_1_2_activation_functions",
        """
a = tf.nn.relu(tf.matmul(x,w1) + biases1)
y = tf.nn.relu(tf.matmul(a,w2) + biases2)
""",
    ),
    (
        "4_2_1_cross_entropy",
        """
cross_entropy = -tf.reduce_mean(y_*tf.log(tf.clip_by_value(y,1e-10,1.0)))
v=tf.constant([[1.0,2.0,3.0],[4.0,5.0,6.0]])
print(tf.clip_by_value(v,2.5,4.5).eval(session=sess))
v = tf.constant([1.0,2.0,3.0])
print(tf.log(v).eval(session=sess))
v1 = tf.constant([[1.0,2.0],[3.0,4.0]])
v2 = tf.constant([[5.0,6.0],[7.0,8.0]])
print((v1 * v2).eval(session=sess))
print(tf.matmul(v1,v2).eval(session=sess))
cross_entropy = tf.nn.softmax_cross_entropy_with_logits(y,y_)
cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(y,y_)
""",
    ),
    ("4_2_1_mean_squared_error", "mse = tf.reduce_mean(tf.square(y_-y))"),
    (
        "4_2_2_custom_loss",
        NETWORK + LOSS + TRAINING + 'print("[loss_less=10 loss_more=1] Final w1 is: \\n", sess.run(w1))',
    ),
    (
        "4_2_2_custom_loss",
        NETWORK + MSE + TRAINING + 'print("[losses.mean_squared_error]Final w1 is: \\n", sess.run(w1))',
    ),
]
# Otherwise than printed: the arguments of main and build_graph, and the names that softmax's errata ask for.
OTHERWISE = {
    "tf.train.AdamOptimizer(": "AdamOptimizer(",
    "range(STEPS)": "range(steps)",
    "i % 1000 ": "i % every ",
    '"[loss_less=10 loss_more=1] Final w1 is: \\n"': (
        '"[loss_less=%s loss_more=%s] Final w1 is: \\n" % (loss_less, loss_more)'
    ),
    "cross_entropy = tf.nn.softmax_cross_entropy_with_logits(y,y_)": (
        "softmax_cross_entropy = tf.nn.softmax_cross_entropy_with_logits(labels=y_, logits=logits)"
    ),
    "cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(y,y_)": (
        "sparse_softmax_cross_entropy = "
        "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=index, logits=logits)"
    ),
}


def lines(code):
    """The lines of code that are not empty, without comments, blanks and a difference between quotes."""
    code = re.sub(r"  #.*", "", code)
    return [line for line in re.sub(r"[ \t]", "", code).replace("'", '"').splitlines() if line]


@pytest.mark.parametrize("name, page", PAGE)
def test_the_page_stands_in_its_section(name, page):
    for printed, here in OTHERWISE.items():
        page = page.replace(printed, here)
    section = lines((ROOT / "chapter4" / ("section_%s.py" % name)).read_text(encoding="utf-8"))
    for line in lines(page):
        assert line in section  # after the line before it
        section = section[section.index(line) + 1 :]


@pytest.mark.parametrize("name", SECTIONS)
def test_calls_are_made_in_the_chapters_session_and_steps_prepared(name, monkeypatch, output):
    """Hundreds of steps leave few calls to TensorFlow's own `run`, which takes each apart anew."""
    sessions, run = [], tf.Session.run

    def counted(self, *arguments, **options):
        sessions.append(self)
        return run(self, *arguments, **options)

    monkeypatch.setattr(tf.Session.__mro__[1], "run", counted)
    main = importlib.import_module("chapter4." + name).main
    output(main, **({"steps": 100} if "steps" in inspect.signature(main).parameters else {}))
    assert {type(session) for session in sessions} == {runtime.Session}
    assert len(sessions) < (60 if "4_4_1" in name else 25)  # 4.4.1 prints 40 numbers
