"""4.1.1 线性模型的局限性: however many linear layers, the network stays one linear layer.

Example: python -m chapter4.section_4_1_1_linear_models
"""

from collections import namedtuple

from chapter4 import command_line, runtime

import numpy as np
import tensorflow.compat.v1 as tf
from numpy.random import RandomState

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple("Graph", "x y_ w1 w2 biases y y_one_layer loss train_step")


def build_graph():
    """Adds the section's graph to the default graph.

    Returns a Graph of
        x            float32 placeholder [batch, 2]: the inputs
        y_           float32 placeholder [batch, 1]: the right answers
        w1, w2       float32 variables [2, 3] and [3, 1]
        biases       float32 variable [1]
        y            float32 [batch, 1]: two linear layers, (x w1) w2 + biases
        y_one_layer  float32 [batch, 1]: one linear layer, x (w1 w2) + biases
        loss         float32 scalar: mean squared error of y
        train_step   operation: one step of gradient descent with learning rate 0.1

    A feed of another shape or type raises ValueError. Source: 4.1.1.
    """
    x = tf.placeholder(tf.float32, shape=(None, 2), name="x-input")
    y_ = tf.placeholder(tf.float32, shape=(None, 1), name="y-input")
    w1 = tf.Variable(tf.random_normal([2, 3], stddev=1, seed=1))
    w2 = tf.Variable(tf.random_normal([3, 1], stddev=1, seed=1))
    biases = tf.Variable(tf.zeros([1]))

    y = tf.matmul(tf.matmul(x, w1), w2) + biases
    y_one_layer = tf.matmul(x, tf.matmul(w1, w2)) + biases

    loss = tf.reduce_mean(tf.square(y_ - y))
    train_step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    return Graph(x, y_, w1, w2, biases, y, y_one_layer, loss, train_step)


def main():
    """Shows that two linear layers are one, and what no linear model can learn."""
    with tf.Graph().as_default():
        x, y_, w1, w2, _, y, y_one_layer, _, train_step = build_graph()
        with runtime.Session() as sess:
            init_op = tf.global_variables_initializer()
            sess.run(init_op)

            X = np.float32(RandomState(1).rand(1000, 2))
            two, one, v1, v2 = sess.run([y, y_one_layer, w1, w2], feed_dict={x: X})
            print("       x           two layers  one layer")
            for i in range(3):
                print("(%.2f, %.2f)  %10.3f %10.3f" % (*X[i], *two[i], *one[i]))
            # Either side rounds each of its two sums a few times: five units of the last place of the
            # largest value that can occur on the way.
            rounding = 5 * np.finfo(np.float32).eps * (X @ np.abs(v1) @ np.abs(v2))
            same = np.sum(np.abs(two - one) <= rounding)
            print("the same, up to float32 rounding, for %d of %d inputs\n" % (same, len(X)))

            # The first point is the mean of the others, so a linear y there is the mean of the others' y.
            X = [[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]]
            Y = [[1], [0], [0], [0], [0]]
            for _ in range(1000):
                sess.run(train_step, feed_dict={x: X, y_: Y})
            trained = sess.run(y, feed_dict={x: X})
            print("       x            y_    y after 1000 steps")
            for i in range(len(X)):
                print("(%4d, %4d)  %6d %10.2f" % (*X[i], *Y[i], *trained[i]))
            print("above 0.5 where y_ is 1: %d of 1" % (trained[0] > 0.5).sum())


if __name__ == "__main__":
    command_line.run(main)
