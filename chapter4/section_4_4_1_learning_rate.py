"""4.4.1 学习率的设置: a learning rate too large, one too small, and one that decays.

Example: python -m chapter4.section_4_4_1_learning_rate
"""

from collections import namedtuple

from chapter4 import command_line, runtime

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple("Graph", "x y LEARNING_RATE train_op")


def build_graph(learning_rate=1, decay=False):
    """Adds the graph, which is fed nothing, to the default graph and returns its parts. Source: 4.4.1.

    With decay, learning_rate is only the first step's: each step has 0.96 of the one before.
    """
    LEARNING_RATE, global_step = learning_rate, None  # as the page has them without decay
    if decay:
        global_step = tf.Variable(0)
        LEARNING_RATE = tf.train.exponential_decay(learning_rate, global_step, 1, 0.96, staircase=True)

    x = tf.Variable(tf.constant(5, dtype=tf.float32), name="x")
    y = tf.square(x)
    train_op = tf.train.GradientDescentOptimizer(LEARNING_RATE).minimize(y, global_step=global_step)
    return Graph(x, y, LEARNING_RATE, train_op)


def train(learning_rate, steps, every, decay=False):
    """Runs one of the page's loops and prints x on the way."""
    with tf.Graph().as_default(), runtime.Session() as sess:
        x, y, LEARNING_RATE, train_op = build_graph(learning_rate, decay)
        sess.run(tf.global_variables_initializer())
        for i in range(steps):
            sess.run(train_op)
            if i % every == 0:
                line = "After %s iteration(s): x%s is %f" % (i + 1, i + 1, sess.run(x))
                if decay:
                    line += ", learning rate is %f" % sess.run(LEARNING_RATE)
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
