"""4.4.1 学习率的设置: a learning rate too large, one too small, and one that decays.

Example: python -m chapter4.section_4_4_1_learning_rate
"""

from typing import NamedTuple, Union

from chapter4 import command_line, runtime

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1


class Graph(NamedTuple):
    """The section's graph, by the book's names. Source: 4.4.1."""

    x: tf.Variable  # float32 scalar: what is trained, 5 at first
    y: tf.Tensor  # float32 scalar: x squared, to be made small
    learning_rate: Union[float, tf.Tensor]  # the number itself; with decay, float32 scalar: the next step's
    train_op: tf.Operation  # one step of gradient descent


def build_graph(learning_rate=1, decay=False):
    """Adds the graph to the default graph and returns its parts.

    learning_rate is a number; with decay it is the first of those that tf.train.exponential_decay makes, each
    0.96 of the one before.
    """
    global_step = None
    if decay:
        global_step = tf.Variable(0)
        learning_rate = tf.train.exponential_decay(learning_rate, global_step, 1, 0.96, staircase=True)

    x = tf.Variable(tf.constant(5, dtype=tf.float32), name="x")
    y = tf.square(x)
    train_op = tf.train.GradientDescentOptimizer(learning_rate).minimize(y, global_step=global_step)
    return Graph(x, y, learning_rate, train_op)


def train(learning_rate, steps, every, decay=False):
    """Runs one of the page's loops and prints x on the way."""
    with tf.Graph().as_default(), runtime.Session() as sess:
        graph = build_graph(learning_rate, decay)
        sess.run(tf.global_variables_initializer())
        for i in range(steps):
            sess.run(graph.train_op)
            if i % every == 0:
                line = "After %s iteration(s): x%s is %f" % (i + 1, i + 1, sess.run(graph.x))
                if decay:
                    line += ", learning rate is %f" % sess.run(graph.learning_rate)
                print(line + ".")


def main():
    """Runs the page's three loops."""
    # 1. 学习率为 1：x 在 5 和 -5 之间来回
    train(1, steps=10, every=1)
    # 2. 学习率为 0.001：x 下降得太慢
    train(0.001, steps=1000, every=100)
    # 3. 学习率从 0.1 开始，按指数衰减
    train(0.1, steps=100, every=10, decay=True)


if __name__ == "__main__":
    command_line.run(main)
