"""4.1.2 激活函数实现去线性化: a non-linear function and a bias after each layer.

Example: python -m chapter4.section_4_1_2_activation_functions
"""

from typing import NamedTuple

from chapter4 import command_line, runtime

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

ACTIVATIONS = [("tf.nn.relu", tf.nn.relu), ("tf.sigmoid", tf.sigmoid), ("tf.tanh", tf.tanh)]


class Graph(NamedTuple):
    """The section's graph, by the book's names. A feed of another shape raises ValueError. Source: 4.1.2."""

    x: tf.Tensor  # placeholder, float32 [batch, 2]: the inputs
    w1: tf.Variable  # float32 [2, 3]
    biases1: tf.Variable  # float32 [3]
    a: tf.Tensor  # float32 [batch, 3]: the hidden layer
    w2: tf.Variable  # float32 [3, 1]
    biases2: tf.Variable  # float32 [1]
    y: tf.Tensor  # float32 [batch, 1]: the output


def build_graph(activation=tf.nn.relu):
    """Adds the graph to the default graph and returns its parts.

    activation takes and returns a float32 tensor of any shape: tf.nn.relu, tf.sigmoid or tf.tanh.
    """
    x = tf.placeholder(tf.float32, shape=(None, 2), name="x-input")
    w1 = tf.Variable(tf.random_normal([2, 3], stddev=1, seed=1))
    biases1 = tf.Variable(tf.constant(0.1, shape=[3]))
    w2 = tf.Variable(tf.random_normal([3, 1], stddev=1, seed=1))
    biases2 = tf.Variable(tf.constant(0.1, shape=[1]))

    # 前向传播：每层加偏置项，再经过激活函数
    # The page has tf.nn.relu for `activation`; its y is no probability (4.2.1 puts softmax there).
    a = activation(tf.matmul(x, w1) + biases1)
    y = activation(tf.matmul(a, w2) + biases2)
    return Graph(x, w1, biases1, a, w2, biases2, y)


def main():
    """Shows the three functions, and the forward pass with each of them."""
    inputs = [-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0]
    with tf.Graph().as_default(), runtime.Session() as sess:
        print("            " + "".join("%8.1f" % value for value in inputs))
        for name, activation in ACTIVATIONS:
            print("%-12s" % name + "".join("%8.4f" % value for value in sess.run(activation(inputs))))

        print("\nx = (0.7, 0.9)            a                y")
        for name, activation in ACTIVATIONS:
            graph = build_graph(activation)
            init_op = tf.global_variables_initializer()
            sess.run(init_op)
            [a], [y] = sess.run([graph.a, graph.y], feed_dict={graph.x: [[0.7, 0.9]]})
            print("%-12s" % name + "%8.4f%8.4f%8.4f %8.4f" % (*a, *y))


if __name__ == "__main__":
    command_line.run(main)
