"""4.2.2 自定义损失函数: a loss for which too little and too much are not equally bad.

Example: python -m chapter4.section_4_2_2_custom_loss --loss-less 1 --loss-more 10
Arguments: --loss-less --loss-more --mse --arithmetic --steps --every
"""

from collections import namedtuple

from chapter4 import command_line, runtime
from chapter4.arithmetic import fused
from chapter4.numpy_1_13 import print  # today's NumPy prints fewer digits of w1

import numpy as np
import tensorflow.compat.v1 as tf
from numpy.random import RandomState

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple("Graph", "x y_ w1 y loss train_step")
batch_size = 8


def build_graph(loss_less=10, loss_more=1, mse=False, AdamOptimizer=tf.train.AdamOptimizer):
    """Adds the page's graph to the default graph and returns its parts. Source: 4.2.2.

    To feed: x, float32 [batch, 2], and y_, float32 [batch, 1]. Another shape raises ValueError.
    loss_less and loss_more are the price of one unit predicted too low and too high; with mse the loss is the
    mean squared error instead. AdamOptimizer is the class to train with: chapter4.arithmetic has others.
    """
    # 1. 网络：两个输入，一个权重矩阵，没有隐藏层
    x = tf.placeholder(tf.float32, shape=(None, 2), name="x-input")
    y_ = tf.placeholder(tf.float32, shape=(None, 1), name="y-input")
    w1 = tf.Variable(tf.random_normal([2, 1], stddev=1, seed=1))
    y = tf.matmul(x, w1)  # float32 [batch, 1]

    # 2. 损失：少预测一个单位的代价是 loss_less，多预测一个单位是 loss_more
    loss = tf.reduce_sum(tf.where(tf.greater(y, y_), (y - y_) * loss_more, (y_ - y) * loss_less))
    # 6. 改用均方误差
    if mse:
        loss = tf.losses.mean_squared_error(y, y_)  # wants labels first, but a square has no sign
    train_step = AdamOptimizer(0.001).minimize(loss)
    return Graph(x, y_, w1, y, loss, train_step)


def make_data():
    """The inputs X, float32 [128, 2], and answers Y, float32 [128, 1]: their sums, with noise within 0.05."""
    # 3. 数据：128 个随机样例
    rdm = RandomState(1)
    X = rdm.rand(128, 2)
    Y = [[x1 + x2 + (rdm.rand() / 10.0 - 0.05)] for (x1, x2) in X]
    return np.float32(X), np.float32(Y)  # as the placeholders are


def main(loss_less=10, loss_more=1, mse=False, steps=5000, every=1000, arithmetic=fused):
    """Trains w1 and prints it on the way as the page does."""
    X, Y = make_data()
    # 4. 训练（5. 把 loss_less 和 loss_more 对调，再训练一次）
    with tf.Graph().as_default(), runtime.Session() as sess, arithmetic(batch_size) as AdamOptimizer:
        x, y_, w1, y, loss, train_step = build_graph(loss_less, loss_more, mse, AdamOptimizer)
        init_op = tf.global_variables_initializer()
        sess.run(init_op)
        for i in range(steps):
            start = (i * batch_size) % 128
            end = (i * batch_size) % 128 + batch_size
            sess.run(train_step, feed_dict={x: X[start:end], y_: Y[start:end]})
            if i % every == 0:
                print("After %d training step(s), w1 is: " % (i))
                print(sess.run(w1), "\n")
        if not mse:
            print("[loss_less=%s loss_more=%s] Final w1 is: \n" % (loss_less, loss_more), sess.run(w1))
        else:
            print("[losses.mean_squared_error]Final w1 is: \n", sess.run(w1))


if __name__ == "__main__":
    command_line.run(main)
