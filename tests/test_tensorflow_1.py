"""What `tensorflow` is in a listing, against TensorFlow 1.15 and what TensorFlow 1.4 printed."""

import pytest
import tensorflow.compat.v1 as tf

API = """\
import numpy as np
import tensorflow as tf
def raises(function, *args, **kwargs):
    try:
        print("no error: %r" % (function(*args, **kwargs),))
    except Exception as error:
        print("%s: %s" % (type(error).__name__, error if "scale" not in str(error) else "scale"))
w = tf.constant([[1.0, -2.0], [3.0, 0.5]])
zero = tf.constant(0.0)
regularizers = tf.contrib.layers
from tensorflow.contrib.layers import l2_regularizer
from tensorflow.contrib.losses import log_loss
for tensor in [
    regularizers.l1_regularizer(0.5)(w), l2_regularizer(0.5)(w), regularizers.l1_l2_regularizer(0.5, 0.1)(w),
    regularizers.l1_l2_regularizer(0.0, 0.1)(w), regularizers.l1_l2_regularizer(scale_l1=0.1, scale_l2=0.)(w),
]:
    print(tensor.name, tensor.eval(session=tf.Session()))
print(l2_regularizer(0.0)(w), regularizers.l1_regularizer(0.0)(w))
for name in ("l1_regularizer", "l2_regularizer", "l1_l2_regularizer"):
    raises(getattr(regularizers, name), 1)
    raises(getattr(regularizers, name), -0.5)
raises(regularizers.l1_l2_regularizer, 0.1, 2)
losses = tf.contrib.losses
p, y_ = tf.constant([[0.2, 0.7, 0.1], [0.5, 0.3, 0.2]]), tf.constant([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
for tensor in [
    losses.mean_squared_error(p, y_), losses.absolute_difference(p, labels=y_, weights=2.0),
    log_loss(p, y_),
    losses.softmax_cross_entropy(p, y_), losses.softmax_cross_entropy(p, y_, 1.0, 0.1),
    losses.sigmoid_cross_entropy(logits=p, multi_class_labels=y_),
    losses.sparse_softmax_cross_entropy(p, tf.argmax(y_, 1)), losses.hinge_loss(p, y_),
    losses.cosine_distance(p, y_, 1),
    losses.compute_weighted_loss(p, 2.0), losses.get_total_loss(),
]:
    print(np.round(tensor.eval(session=tf.Session()), 4))
print(len(losses.get_losses()))
for tensor in [l2_regularizer(0.5)(tf.constant([2.0], tf.float64)),
               regularizers.l1_l2_regularizer(0.5, 0.5, "mine")(tf.constant([2.0]))]:
    print(tensor.dtype.name, tensor.eval(session=tf.Session()))
x, y = tf.constant([1.0, 2.0]), tf.constant([3.0, 5.0])
both = tf.pack([x, y])
for tensor in [tf.mul(x, y), tf.sub(x, y), tf.neg(x), tf.select(x > 1, x, y), both, tf.unpack(both)[1],
               tf.batch_matmul(both, both), tf.concat([x, y], 0), tf.inv(y), tf.listdiff(x, [1.0])[0],
               tf.complex_abs(tf.constant(3 + 4j)), tf.concat_v2([x, y], 0), tf.split_v(x, 2)[1]]:
    print(tensor.eval(session=tf.Session()))
print("InOrder" in str(tf.batch_matmul([[1.0]], [[1.0]]).op.node_def), tf.merge_summary is tf.summary.merge)
print([kind.__module__ for kind in (tf.Session, tf.InteractiveSession)])
print(tf.initialize_all_variables().name, tf.merge_all_summaries())
for function in ("softmax", "sparse_softmax", "sigmoid"):
    raises(getattr(tf.nn, function + "_cross_entropy_with_logits"), x, y)
raises(tf.concat, 0, [x, y])
raises(tf.concat, concat_dim=0, values=[x, y])
print(tf.get_variable("v", [2], initializer=tf.zeros_initializer).shape, tf.ones_initializer()([2]).shape)
"""
PRINTED = """\
l1_regularizer:0 3.25
l2_regularizer:0 3.5625
l1_l2_regularizer:0 3.9625
l1_l2_regularizer_1:0 0.7125
l1_l2_regularizer_2:0 0.65
None None
ValueError: scale
ValueError: scale
ValueError: scale
ValueError: scale
ValueError: scale
ValueError: scale
ValueError: scale
0.0867
0.5333
0.3264
0.8539
0.8806
0.6787
0.8539
[[ 1.20000005  0.30000001  1.10000002]
 [ 0.5         1.29999995  1.20000005]]
0.4
0.6667
5.2801
9
float64 1.0
float32 2.0
[  3.  10.]
[-2. -3.]
[-1. -2.]
[ 3.  2.]
[[ 1.  2.]
 [ 3.  5.]]
[ 3.  5.]
[[  7.  12.]
 [ 18.  31.]]
[ 1.  2.  3.  5.]
[ 0.33333334  0.2       ]
[ 2.]
5.0
[ 1.  2.  3.  5.]
[ 2.]
True True
['chapter4.runtime', 'chapter4.runtime']
init None
TypeError: tf.concat takes the values first since TensorFlow 1.0: tf.concat(values, axis)
TypeError: tf.concat takes the values first since TensorFlow 1.0: tf.concat(values, axis)
(2,) (2,)
"""
NAMED_ONLY = (
    "ValueError: Only call `%s_cross_entropy_with_logits` with named arguments (labels=..., logits=..., ...)"
)


def test_tensorflow_1s_names(listing):
    """On TensorFlow 1.15 the same listing meets tf.contrib itself. TensorFlow 1.4 had the first refusals."""
    status, out, err = listing(API)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    refusals = [lines.pop(i) for i in reversed(range(len(lines))) if "Only call" in lines[i]]
    assert "\n".join(lines) + "\n" == PRINTED
    for refusal, name in zip(refusals, ["sigmoid", "sparse_softmax", "softmax"]):
        assert refusal.startswith(NAMED_ONLY % name)
        labels = "tf.argmax(y_, 1)" if name == "sparse_softmax" else "y_"
        assert refusal.endswith("tf.nn.%s_cross_entropy_with_logits(labels=%s, logits=y)" % (name, labels))


@pytest.mark.skipif(tf.__version__.startswith("1."), reason="TensorFlow 1 has them")
def test_what_of_contrib_is_not_here(listing):
    """Never that it existed, always what there is."""
    source = """\
import tensorflow as tf
print(hasattr(tf.contrib, "rnn"))
for line in ["tf.contrib.rnn", "tf.contrib.layers.typo", "import tensorflow.contrib.slim as slim",
             "from tensorflow.contrib import rnn", "from tensorflow.contrib.losses import typo"]:
    try:
        exec(line)
    except (AttributeError, ImportError) as error:
        print(error)
"""
    status, out, err = listing(source)
    first, *messages = out.splitlines()
    assert (status, first, err) == (0, "False", "")
    missing = ["rnn", "layers.typo", "slim", "rnn", "losses.typo"]
    for name, message in zip(missing, messages):
        assert message.startswith("no tf.contrib.%s here: " % name) and "l1_l2_regularizer" in message
    assert len(messages) == len(missing)


def test_what_the_book_has_elsewhere(listing):
    """As the real TensorFlow 1.4.0 does: a variable made a constant, and whole numbers that want a limit."""
    source = """\
import tensorflow as tf
from tensorflow.python.framework import graph_util
result = tf.add(tf.Variable(1.0, name="v1"), 2.0, name="add")
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    graph_def = graph_util.convert_variables_to_constants(sess, sess.graph.as_graph_def(), ["add"])
print([node.op for node in graph_def.node if node.name == "v1"])
try:
    tf.random_uniform([2], dtype=tf.int32)
except ValueError as error:
    print("refused")
print(tf.random_uniform([2]).dtype.name, hasattr(tf.contrib.losses, "mean_pairwise_squared_error"))
"""
    status, out, err = listing(source)
    here = tf.__version__.startswith("1.")  # TensorFlow 2's own has another value
    assert (status, out, err) == (0, "['Const']\nrefused\nfloat32 %s\n" % here, "")


def test_a_seed_for_the_graph_gives_tensorflow_1_4s_numbers(listing):
    """What the real TensorFlow 1.4.0 printed."""
    source = """\
import tensorflow as tf
tf.set_random_seed(42)
w1 = tf.Variable(tf.random_normal([2]))
w2 = tf.Variable(tf.truncated_normal([2]))
w3 = tf.get_variable("w3", [2])
w4 = tf.Variable(tf.random_normal([2], seed=1))
w5 = tf.Variable(tf.random_uniform([2]))
w6 = tf.Variable(tf.random_uniform([2], 0, 100, tf.int32))
w7 = tf.Variable(tf.random_normal([2]))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for w in (w1, w2, w3, w4, w5, w6, w7):
        print(sess.run(w))
"""
    status, out, err = listing(source)
    assert (status, err) == (0, "")
    assert (
        out.replace("0.24373285", "0.24373282")  # as it ends with Windows' logarithm
        == """\
[ 0.80214548  0.50567901]
[ 0.24373282 -0.34044904]
[-1.18613529  0.51711762]
[-1.49994695 -1.24204946]
[ 0.31510222  0.59311855]
[21 95]
[-1.7003907  -1.08146501]
"""
    )


def test_without_a_seed_numbers_are_random(listing):
    source = """\
import tensorflow as tf
w = tf.random_normal([2])
print((tf.Session().run(w) != tf.Session().run(w)).all())
"""
    assert listing(source) == (0, "True\n", "")
