"""4.1.2 激活函数实现去线性化: a non-linear function and a bias after each layer.

Example: python -m chapter4.section_4_1_2_activation_functions
"""

from collections import namedtuple

from chapter4 import command_line, runtime

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

ACTIVATIONS = [("tf.nn.relu", tf.nn.relu), ("tf.sigmoid", tf.sigmoid), ("tf.tanh", tf.tanh)]

Graph = namedtuple("Graph", "x w1 biases1 a w2 biases2 y")


def build_graph():
    """Adds the graph to the default graph and returns its parts. Source: 4.1.2.

    To feed: x, float32 [batch, 2]. Another shape raises ValueError.
    """
    x = tf.placeholder(tf.float32, shape=(None, 2), name="x-input")
    w1 = tf.Variable(tf.random_normal([2, 3], stddev=1, seed=1))
    biases1 = tf.Variable(tf.constant(0.1, shape=[3]))
    w2 = tf.Variable(tf.random_normal([3, 1], stddev=1, seed=1))
    biases2 = tf.Variable(tf.constant(0.1, shape=[1]))

    # 前向传播：每层加偏置项，再经过激活函数
    a = tf.nn.relu(tf.matmul(x, w1) + biases1)  # float32 [batch, 3]
    y = tf.nn.relu(tf.matmul(a, w2) + biases2)  # float32 [batch, 1], no probability: 4.2.1 takes softmax
    return Graph(x, w1, biases1, a, w2, biases2, y)


def main():
    """Shows three activation functions, and the page's forward pass."""
    inputs = [-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0]
    with tf.Graph().as_default(), runtime.Session() as sess:
        print("            " + "".join("%8.1f" % value for value in inputs))
        for name, activation in ACTIVATIONS:
            print("%-12s" % name + "".join("%8.4f" % value for value in sess.run(activation(inputs))))

        graph = build_graph()
        init_op = tf.global_variables_initializer()
        sess.run(init_op)
        [a], [y] = sess.run([graph.a, graph.y], feed_dict={graph.x: [[0.7, 0.9]]})
        print("\nx = (0.7, 0.9)            a                y")
        print("tf.nn.relu  %8.4f%8.4f%8.4f %8.4f" % (*a, *y))


if __name__ == "__main__":
    command_line.run(main)
