"""4.1.1 线性模型的局限性: however many linear layers, the network stays one linear layer.

Example: python -m chapter4.section_4_1_1_linear_models
"""

from collections import namedtuple

from chapter4 import command_line, runtime

import numpy as np
import tensorflow.compat.v1 as tf
from numpy.random import RandomState

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple("Graph", "x y_ w1 w2 y y_one_layer train_step")


def build_graph():
    """Adds the graph to the default graph and returns its parts. Source: 4.1.1, which has no listing.

    To feed: x, float32 [batch, 2], and y_, float32 [batch, 1]. Another shape raises ValueError.
    """
    x = tf.placeholder(tf.float32, shape=(None, 2), name="x-input")
    y_ = tf.placeholder(tf.float32, shape=(None, 1), name="y-input")
    w1 = tf.Variable(tf.random_normal([2, 3], stddev=1, seed=1))
    w2 = tf.Variable(tf.random_normal([3, 1], stddev=1, seed=1))
    biases = tf.Variable(tf.zeros([1]))

    # 两层线性网络等于一层：(x w1) w2 = x (w1 w2)
    y = tf.matmul(tf.matmul(x, w1), w2) + biases  # float32 [batch, 1]
    y_one_layer = tf.matmul(x, tf.matmul(w1, w2)) + biases  # float32 [batch, 1]

    loss = tf.reduce_mean(tf.square(y_ - y))
    train_step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    return Graph(x, y_, w1, w2, y, y_one_layer, train_step)


def main():
    """Shows that two linear layers are one, and what no linear model can learn."""
    with tf.Graph().as_default(), runtime.Session() as sess:
        graph = build_graph()
        init_op = tf.global_variables_initializer()
        sess.run(init_op)

        X = np.float32(RandomState(1).rand(1000, 2))
        fetches = [graph.y, graph.y_one_layer, graph.w1, graph.w2]
        two, one, w1, w2 = sess.run(fetches, feed_dict={graph.x: X})
        print("       x           two layers  one layer")
        for i in range(3):
            print("(%.2f, %.2f)  %10.3f %10.3f" % (*X[i], *two[i], *one[i]))
        # Either side rounds each of its two sums a few times: five units of the last place of the largest
        # value that can occur on the way.
        rounding = 5 * np.finfo(np.float32).eps * (X @ np.abs(w1) @ np.abs(w2))
        same = np.sum(np.abs(two - one) <= rounding)
        print("the same, up to float32 rounding, for %d of %d inputs\n" % (same, len(X)))

        # 线性模型分不出中心和四周
        # The first point is the mean of the others, so a linear y there is the mean of the others' y.
        X = [[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]]
        Y = [[1], [0], [0], [0], [0]]
        for _ in range(1000):
            sess.run(graph.train_step, feed_dict={graph.x: X, graph.y_: Y})
        y = sess.run(graph.y, feed_dict={graph.x: X})
        print("       x            y_    y after 1000 steps")
        for i in range(len(X)):
            print("(%4d, %4d)  %6d %10.2f" % (*X[i], *Y[i], *y[i]))
        print("above 0.5 where y_ is 1: %d of 1" % (y[0] > 0.5).sum())


if __name__ == "__main__":
    command_line.run(main)
