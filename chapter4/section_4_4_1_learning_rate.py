"""4.4.1 学习率的设置: a learning rate too large, one too small, and one that decays.

Example: python -m chapter4.section_4_4_1_learning_rate
"""

from collections import namedtuple

from chapter4 import command_line, runtime, summaries

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple("Graph", "x y learning_rate train_op")

# The page's three: learning rate, whether it decays, training steps, steps from one printed x to the next.
RUNS = [(1, False, 10, 1), (0.001, False, 1000, 100), (0.1, True, 100, 10)]


def build_graph(learning_rate=1, decay=False):
    """Adds the section's graph to the default graph.

    learning_rate is a number; with decay it is the first of those that tf.train.exponential_decay
    makes, each 0.96 of the one before.

    Returns a Graph of
        x              float32 variable, a scalar: what is trained, 5 at first
        y              float32 scalar: x squared, to be made small
        learning_rate  the number itself; with decay, float32 scalar: the next step's
        train_op       operation: one step of gradient descent

    Source: 4.4.1.
    """
    global_step = None
    if decay:
        global_step = tf.Variable(0, name="global_step")
        learning_rate = tf.train.exponential_decay(learning_rate, global_step, 1, 0.96, staircase=True)

    x = tf.Variable(tf.constant(5, dtype=tf.float32), name="x")
    y = tf.square(x, name="y")
    with tf.name_scope("train_op"):  # this and the names are for TensorBoard
        train_op = tf.train.GradientDescentOptimizer(learning_rate).minimize(y, global_step=global_step)
    return Graph(x, y, learning_rate, train_op)


def main(logdir=None):
    """Runs the page's three loops and prints x on the way as the page does."""
    for rate, decay, steps, every in RUNS:
        with tf.Graph().as_default():
            x, y, learning_rate, train_op = build_graph(rate, decay)
            with runtime.Session() as sess:
                sess.run(tf.global_variables_initializer())
                run = "learning_rate=%s%s" % (rate, " exponential_decay" * decay)
                tensors = {"x": x, "y": y}
                if decay:
                    tensors["learning_rate"] = learning_rate
                record = summaries.recorder(logdir, run, sess, tensors)
                record(0)
                for i in range(steps):
                    sess.run(train_op)
                    record(i + 1)
                    if i % every == 0:
                        line = "After %s iteration(s): x%s is %f" % (i + 1, i + 1, sess.run(x))
                        if decay:
                            line += ", learning rate is %f" % sess.run(learning_rate)
                        print(line + ".")


if __name__ == "__main__":
    command_line.run(main, "--logdir")
