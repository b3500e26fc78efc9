"""4.4.3 滑动平均模型: an average that follows a variable, the more slowly the more steps are done.

Example: python -m chapter4.section_4_4_3_moving_average
"""

from collections import namedtuple

from chapter4 import command_line, runtime, summaries
from chapter4.numpy_1_13 import print  # with the page's digits

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple("Graph", "v1 step ema maintain_averages_op")


def build_graph():
    """Adds the section's graph to the default graph.

    Returns a Graph of
        v1                    float32 variable, a scalar: what is averaged, 0 at first
        step                  int32 variable, a scalar: how many training steps are done
        ema                   tf.train.ExponentialMovingAverage; ema.average(v1) is the average, a variable
        maintain_averages_op  operation: average = decay * average + (1 - decay) * v1, where decay is
                              (1 + step) / (10 + step), at most 0.99

    Source: 4.4.3.
    """
    v1 = tf.Variable(0, dtype=tf.float32, name="v1")  # names are for TensorBoard
    step = tf.Variable(0, trainable=False, name="step")
    ema = tf.train.ExponentialMovingAverage(0.99, step)
    maintain_averages_op = ema.apply([v1])
    return Graph(v1, step, ema, maintain_averages_op)


def main(logdir=None):
    """Changes v1 as the page does, and prints it with its average each time."""
    with tf.Graph().as_default():
        v1, step, ema, maintain_averages_op = build_graph()
        with runtime.Session() as sess:
            init_op = tf.global_variables_initializer()
            sess.run(init_op)
            record = summaries.recorder(
                logdir, "moving_average", sess, {"v1": v1, "average": ema.average(v1)}
            )
            print(sess.run([v1, ema.average(v1)]))
            record(0)

            sess.run(tf.assign(v1, 5))
            sess.run(maintain_averages_op)
            print(sess.run([v1, ema.average(v1)]))
            record(1)

            sess.run(tf.assign(step, 10000))
            sess.run(tf.assign(v1, 10))
            sess.run(maintain_averages_op)
            print(sess.run([v1, ema.average(v1)]))
            record(2)

            sess.run(maintain_averages_op)
            print(sess.run([v1, ema.average(v1)]))
            record(3)


if __name__ == "__main__":
    command_line.run(main, "--logdir")
