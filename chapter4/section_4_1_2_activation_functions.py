"""4.1.2 激活函数实现去线性化: a non-linear function and a bias after each layer.

Example: python -m chapter4.section_4_1_2_activation_functions
"""

from collections import namedtuple

from chapter4 import command_line, runtime

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

ACTIVATIONS = [("tf.nn.relu", tf.nn.relu), ("tf.sigmoid", tf.sigmoid), ("tf.tanh", tf.tanh)]

Graph = namedtuple("Graph", "x w1 biases1 a w2 biases2 y")


def build_graph(activation=tf.nn.relu):
    """Adds the section's graph to the default graph.

    activation takes and returns a float32 tensor of any shape: tf.nn.relu, tf.sigmoid or tf.tanh.

    Returns a Graph of
        x            float32 placeholder [batch, 2]: the inputs
        w1, biases1  float32 variables [2, 3] and [3]: the hidden layer's
        a            float32 [batch, 3]: the hidden layer
        w2, biases2  float32 variables [3, 1] and [1]: the output layer's
        y            float32 [batch, 1]: the output

    A feed of another shape or type raises ValueError. Source: 4.1.2.
    """
    x = tf.placeholder(tf.float32, shape=(None, 2), name="x-input")
    w1 = tf.Variable(tf.random_normal([2, 3], stddev=1, seed=1))
    biases1 = tf.Variable(tf.constant(0.1, shape=[3]))
    w2 = tf.Variable(tf.random_normal([3, 1], stddev=1, seed=1))
    biases2 = tf.Variable(tf.constant(0.1, shape=[1]))

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
            x, _, _, a, _, _, y = build_graph(activation)
            init_op = tf.global_variables_initializer()
            sess.run(init_op)
            [a_value], [y_value] = sess.run([a, y], feed_dict={x: [[0.7, 0.9]]})
            print("%-12s" % name + "%8.4f%8.4f%8.4f %8.4f" % (*a_value, *y_value))


if __name__ == "__main__":
    command_line.run(main)
