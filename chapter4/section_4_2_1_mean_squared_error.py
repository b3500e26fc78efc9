"""4.2.1 经典损失函数 (regression): the mean squared error.

Example: python -m chapter4.section_4_2_1_mean_squared_error
"""

from collections import namedtuple

from chapter4 import command_line, runtime

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple("Graph", "y_ y mse mean_squared_error")


def build_graph():
    """Adds the graph to the default graph and returns its parts. Source: 4.2.1.

    To feed: y_ (answers) and y (predictions), each float32 [batch, 1]. Another shape raises ValueError.
    """
    y_ = tf.placeholder(tf.float32, shape=(None, 1), name="y-input")
    y = tf.placeholder(tf.float32, shape=(None, 1), name="y")

    # 均方误差：回归问题最常用的损失函数
    mse = tf.reduce_mean(tf.square(y_ - y))
    mean_squared_error = tf.losses.mean_squared_error(y_, y)  # labels first
    return Graph(y_, y, mse, mean_squared_error)


def main():
    """Prints both forms for three predictions, then with answers and predictions exchanged."""
    answers, predictions = [[1.0], [2.0], [3.0]], [[1.5], [2.0], [1.0]]
    with tf.Graph().as_default(), runtime.Session() as sess:
        graph = build_graph()
        print("               mse  tf.losses.mean_squared_error")
        for order, y_, y in [("(y_, y)", answers, predictions), ("(y, y_)", predictions, answers)]:
            losses = sess.run([graph.mse, graph.mean_squared_error], feed_dict={graph.y_: y_, graph.y: y})
            print("%-10s  %.4f  %.4f" % (order, *losses))


if __name__ == "__main__":
    command_line.run(main)
