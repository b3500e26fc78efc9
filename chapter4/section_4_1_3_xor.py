"""4.1.3 多层网络解决异或运算: without a hidden layer a network fails on XOR, with one it does not.

Example: python -m chapter4.section_4_1_3_xor
"""

from collections import namedtuple

from chapter4 import command_line, runtime

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

X = [[0, 0], [0, 1], [1, 0], [1, 1]]
Y = [[0], [1], [1], [0]]

Graph = namedtuple("Graph", "x y_ a y loss train_step")


def build_graph(hidden=2):
    """Adds the graph to the default graph and returns its parts. Source: 4.1.3, which has no listing.

    To feed: x, float32 [batch, 2], and y_, float32 [batch, 1], 0 or 1. Another shape raises ValueError.
    hidden is the number of nodes of the hidden layer; 0 leaves the layer out.
    """
    x = tf.placeholder(tf.float32, shape=(None, 2), name="x-input")
    y_ = tf.placeholder(tf.float32, shape=(None, 1), name="y-input")

    # 隐藏层
    a = x
    if hidden:
        # Two nodes are just enough, and not from every start: seed 4 is one that gets there.
        w1 = tf.Variable(tf.random_normal([2, hidden], stddev=1, seed=4))
        biases1 = tf.Variable(tf.zeros([hidden]))
        a = tf.nn.relu(tf.matmul(x, w1) + biases1)  # float32 [batch, hidden]
    # 输出层
    w2 = tf.Variable(tf.random_normal([hidden or 2, 1], stddev=1, seed=4))
    biases2 = tf.Variable(tf.zeros([1]))
    y = tf.sigmoid(tf.matmul(a, w2) + biases2)  # float32 [batch, 1], between 0 and 1

    loss = tf.reduce_mean(tf.square(y_ - y))
    train_step = tf.train.AdamOptimizer(0.01).minimize(loss)
    return Graph(x, y_, a, y, loss, train_step)


def main():
    """Trains both networks and prints their answers, and the features that the answers come from."""
    for hidden in (0, 2):
        print("hidden nodes: %d" % hidden)
        with tf.Graph().as_default(), runtime.Session() as sess:
            graph = build_graph(hidden)
            feed_dict = {graph.x: X, graph.y_: Y}
            init_op = tf.global_variables_initializer()
            sess.run(init_op)
            for i in range(1000):
                sess.run(graph.train_step, feed_dict=feed_dict)
                if i % 200 == 0:
                    loss = sess.run(graph.loss, feed_dict=feed_dict)
                    print("After %d training step(s), loss is %.3f" % (i, loss))
            features, answers = sess.run([graph.a, graph.y], feed_dict=feed_dict)
        print("   x   y_   y   features")
        for i in range(4):
            print("(%d, %d) %d  %.2f  %.1f  %.1f" % (*X[i], *Y[i], *answers[i], *features[i]))
        print()


if __name__ == "__main__":
    command_line.run(main)
