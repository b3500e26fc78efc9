"""4.4.2 过拟合问题: regularization, a price on large weights that keeps a network from learning noise.

The companion's weights had no seed: its digits cannot be had again. Here they have seeds, but the digits are
the machine's own, since over 40,000 steps through four layers each difference in rounding grows.

Example: python -m chapter4.section_4_4_2_regularization
"""

from collections import namedtuple

from chapter4 import command_line, runtime, summaries

import numpy as np
import tensorflow.compat.v1 as tf
from numpy.random import RandomState

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple("Graph", "x y_ weights y mse_loss loss train_op")


def get_weight(shape, lambda1, seed):
    """A variable of that shape, random from that seed; lambda1 times its L2 loss goes into `losses`."""
    var = tf.Variable(tf.random_normal(shape, seed=seed), dtype=tf.float32, name="weight")
    # tf.contrib.layers.l2_regularizer(lambda1)(var) on the page; tf.contrib is gone since TensorFlow 2.
    tf.add_to_collection("losses", lambda1 * tf.nn.l2_loss(var))
    return var


def build_graph(regularized=True, sample_size=150):
    """Adds the section's graph to the default graph, whose collection `losses` has to be empty.

    sample_size is the number of rows that mse_loss divides by: feeds of another size make it wrong.

    Returns a Graph of
        x         float32 placeholder [batch, 2]: the points
        y_        float32 placeholder [batch, 1]: the right answers, 0 or 1
        weights   four float32 variables, [2, 10], [10, 5], [5, 3] and [3, 1]
        y         float32 [batch, 1]: the predictions
        mse_loss  float32 scalar: mean squared error
        loss      float32 scalar: mse_loss + 0.003 * half the sum of the squares of all weights
        train_op  operation: one step of Adam with learning rate 0.001 for loss, or for mse_loss if not
                  regularized

    A feed of other columns or another type raises ValueError. Source: 4.4.2.
    """
    x = tf.placeholder(tf.float32, shape=(None, 2), name="x-input")
    y_ = tf.placeholder(tf.float32, shape=(None, 1), name="y-input")

    layer_dimension = [2, 10, 5, 3, 1]
    n_layers = len(layer_dimension)
    cur_layer = x
    in_dimension = layer_dimension[0]
    weights = []
    for i in range(1, n_layers):
        out_dimension = layer_dimension[i]
        with tf.name_scope("layer%d" % i):  # for TensorBoard, as the other name scopes
            # From these seeds the losses end close to the companion's.
            weight = get_weight([in_dimension, out_dimension], 0.003, seed=i + 1)
            bias = tf.Variable(tf.constant(0.1, shape=[out_dimension]), name="bias")
            cur_layer = tf.nn.elu(tf.matmul(cur_layer, weight) + bias)
        in_dimension = layer_dimension[i]
        weights.append(weight)
    y = cur_layer

    with tf.name_scope("mse_loss"):
        mse_loss = tf.reduce_sum(tf.pow(y_ - y, 2)) / sample_size
    tf.add_to_collection("losses", mse_loss)
    loss = tf.add_n(tf.get_collection("losses"), name="loss")
    with tf.name_scope("train_op"):
        train_op = tf.train.AdamOptimizer(0.001).minimize(loss if regularized else mse_loss)
    return Graph(x, y_, weights, y, mse_loss, loss, train_op)


def make_data(sample_size=150, seed=0):
    """Points, float32 [sample_size, 2], and their labels, float32 [sample_size, 1].

    x1 is uniform in [-1, 1), x2 in [0, 2), the label 0 inside the unit circle, else 1. After that both
    coordinates get normal noise with standard deviation 0.1.
    """
    rdm = RandomState(seed)
    data, label = [], []
    for _ in range(sample_size):
        x1 = rdm.uniform(-1, 1)
        x2 = rdm.uniform(0, 2)
        label.append([0] if x1**2 + x2**2 <= 1 else [1])
        data.append([rdm.normal(x1, 0.1), rdm.normal(x2, 0.1)])
    return np.array(data, np.float32), np.array(label, np.float32)


def predict(sess, graph):
    """The page's grid, 0.01 apart: coordinates xx and yy and the predictions there, each [240, 241]."""
    xx, yy = np.mgrid[-1.2:1.2:0.01, -0.2:2.2:0.01]
    probs = sess.run(graph.y, feed_dict={graph.x: np.c_[xx.ravel(), yy.ravel()]})
    return xx, yy, probs.reshape(xx.shape)


def describe(sess, graph, feed_dict):
    """What a trained network is like: (name, number) pairs. feed_dict has the data that it was trained on."""
    mse_loss, loss, weights = sess.run([graph.mse_loss, graph.loss, graph.weights], feed_dict=feed_dict)
    new_data, new_label = make_data(10000, seed=1)
    new_y = sess.run(graph.y, feed_dict={graph.x: new_data})
    _, _, probs = predict(sess, graph)
    return [
        ("mse_loss", mse_loss),
        ("mse_loss of 10,000 new points", np.mean((new_label - new_y) ** 2)),
        ("loss", loss),
        ("largest weight", max(np.abs(weight).max() for weight in weights)),
        ("steepest slope of y", np.hypot(*np.gradient(probs, 0.01)).max()),
    ]


def main(steps=40000, logdir=None):
    """Trains without and with regularization, prints the loss on the way, then what came of each."""
    data, label = make_data()
    results = []
    for name in ("mse_loss", "loss"):
        with tf.Graph().as_default():
            graph = build_graph(regularized=name == "loss")
            feed_dict = {graph.x: data, graph.y_: label}
            with runtime.Session() as sess:
                sess.run(tf.global_variables_initializer())
                losses = {"mse_loss": graph.mse_loss, "loss": graph.loss}
                loss = losses[name]
                record = summaries.recorder(logdir, "minimize " + name, sess, losses, feed_dict)
                for i in range(steps):
                    sess.run(graph.train_op, feed_dict=feed_dict)
                    if i % 2000 == 0:
                        print("After %d steps, %s: %f" % (i, name, sess.run(loss, feed_dict=feed_dict)))
                        record(i)
                record(steps)
                results.append(describe(sess, graph, feed_dict))
    print("\n%-35s   without      with" % ("after %d steps, regularization:" % steps))
    for (name, without), (_, regularized) in zip(*results):
        print("%-35s %9.4f %9.4f" % (name, without, regularized))


if __name__ == "__main__":
    command_line.run(main, "--steps", "--logdir")
