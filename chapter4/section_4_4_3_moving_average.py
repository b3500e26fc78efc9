"""4.4.3 滑动平均模型: an average that follows a variable, the more slowly the more steps are done.

Example: python -m chapter4.section_4_4_3_moving_average
"""

from collections import namedtuple

from chapter4 import command_line, runtime
from chapter4.numpy_1_13 import print  # today's NumPy prints a list of its numbers otherwise

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple("Graph", "v1 step ema maintain_averages_op")


def build_graph():
    """Adds the graph, which is fed nothing, to the default graph and returns its parts. Source: 4.4.3."""
    # 1. 变量和滑动平均
    v1 = tf.Variable(0, dtype=tf.float32)
    step = tf.Variable(0, trainable=False)
    # average = decay * average + (1 - decay) * v1, where decay is (1 + step) / (10 + step), at most 0.99
    ema = tf.train.ExponentialMovingAverage(0.99, step)
    maintain_averages_op = ema.apply([v1])
    return Graph(v1, step, ema, maintain_averages_op)


def main():
    """Changes v1 as the page does, and prints it with its average each time."""
    # 2. 平均值怎样跟着变量变化
    with tf.Graph().as_default(), runtime.Session() as sess:
        v1, step, ema, maintain_averages_op = build_graph()
        init_op = tf.global_variables_initializer()
        sess.run(init_op)
        print(sess.run([v1, ema.average(v1)]))

        sess.run(tf.assign(v1, 5))
        sess.run(maintain_averages_op)
        print(sess.run([v1, ema.average(v1)]))

        sess.run(tf.assign(step, 10000))
        sess.run(tf.assign(v1, 10))
        sess.run(maintain_averages_op)
        print(sess.run([v1, ema.average(v1)]))

        sess.run(maintain_averages_op)
        print(sess.run([v1, ema.average(v1)]))


if __name__ == "__main__":
    command_line.run(main)
