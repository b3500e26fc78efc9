"""4.4.2 过拟合问题: regularization, a price on large weights that keeps a network from learning noise.

The weights have seeds here, but in 40,000 steps a difference in rounding grows: each machine has its digits.

Example: python -m chapter4.section_4_4_2_regularization
Arguments: --steps
"""

from collections import namedtuple

from chapter4 import command_line, runtime

import numpy as np
import tensorflow.compat.v1 as tf
from numpy.random import RandomState

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple("Graph", "x y_ y mse_loss loss train_op")


def get_weight(shape, lambda1, seed):
    """A variable of that shape, random from that seed; lambda1 times its L2 loss goes into `losses`."""
    var = tf.Variable(tf.random_normal(shape, seed=seed), dtype=tf.float32)
    # tf.contrib.layers.l2_regularizer(lambda1)(var) on the page; tf.contrib is gone since TensorFlow 2.
    tf.add_to_collection("losses", lambda1 * tf.nn.l2_loss(var))
    return var


def build_graph(regularized=True, sample_size=150):
    """Adds the graph to the default graph, whose collection `losses` has to be empty; returns its parts.

    To feed: x, float32 [batch, 2], and y_, float32 [batch, 1], 0 or 1. Another shape raises ValueError.
    mse_loss is divided by sample_size, whatever the batch. train_op trains for it alone if not regularized.
    Source: 4.4.2.
    """
    x = tf.placeholder(tf.float32, shape=(None, 2))
    y_ = tf.placeholder(tf.float32, shape=(None, 1))
    # 2. 网络：五层节点，每层权重的损失收集在 losses 里
    layer_dimension = [2, 10, 5, 3, 1]
    cur_layer = x
    in_dimension = layer_dimension[0]
    for i in range(1, len(layer_dimension)):
        out_dimension = layer_dimension[i]
        # With these seeds the losses end as the companion's.
        weight = get_weight([in_dimension, out_dimension], 0.003, seed=i + 1)
        bias = tf.Variable(tf.constant(0.1, shape=[out_dimension]))
        cur_layer = tf.nn.elu(tf.matmul(cur_layer, weight) + bias)
        in_dimension = layer_dimension[i]
    y = cur_layer  # float32 [batch, 1]

    # 3. 均方误差，加上权重的损失
    mse_loss = tf.reduce_sum(tf.pow(y_ - y, 2)) / sample_size
    tf.add_to_collection("losses", mse_loss)
    loss = tf.add_n(tf.get_collection("losses"))
    train_op = tf.train.AdamOptimizer(0.001).minimize(loss if regularized else mse_loss)
    return Graph(x, y_, y, mse_loss, loss, train_op)


def make_data(sample_size=150, seed=0):
    """Points, float32 [sample_size, 2], blurred by 0.1, and their labels, float32 [sample_size, 1]."""
    # 1. 数据：单位圆内为 0，圆外为 1，再加噪声
    rdm = RandomState(seed)
    data, label = [], []
    for _ in range(sample_size):
        x1, x2 = rdm.uniform(-1, 1), rdm.uniform(0, 2)
        label.append([0] if x1**2 + x2**2 <= 1 else [1])
        data.append([rdm.normal(x1, 0.1), rdm.normal(x2, 0.1)])
    return np.array(data, np.float32), np.array(label, np.float32)


def train(regularized, steps):
    """Prints the loss on the way, then what the trained network is like."""
    data, label = make_data()
    new_data, new_label = make_data(10000, seed=1)
    with tf.Graph().as_default(), runtime.Session() as sess:
        graph = build_graph(regularized)
        feed_dict = {graph.x: data, graph.y_: label}
        sess.run(tf.global_variables_initializer())
        for i in range(steps):
            sess.run(graph.train_op, feed_dict=feed_dict)
            if i % 2000 == 0:
                loss = sess.run(graph.loss if regularized else graph.mse_loss, feed_dict=feed_dict)
                print("After %d steps, %s: %f" % (i, "loss" if regularized else "mse_loss", loss))
        mse_loss, loss = sess.run([graph.mse_loss, graph.loss], feed_dict=feed_dict)
        new = np.mean((new_label - sess.run(graph.y, feed_dict={graph.x: new_data})) ** 2)
        print("In the end loss: %.4f, mse_loss: %.4f, of 10,000 new points: %.4f\n" % (loss, mse_loss, new))


def main(steps=40000):
    """Trains without regularization and with it."""
    train(False, steps)
    train(True, steps)


if __name__ == "__main__":
    command_line.run(main)
