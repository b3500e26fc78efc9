"""4.2.2 自定义损失函数: tf.greater and tf.where, of which the custom loss is made.

Example: python -m chapter4.section_4_2_2_greater_where
"""

from collections import namedtuple

from chapter4 import command_line, runtime
from chapter4.numpy_1_13 import print  # today's NumPy spaces an array otherwise

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple("Graph", "v1 v2 greater where")


def build_graph():
    """Adds the graph, which is fed nothing, to the default graph and returns its parts. Source: 4.2.2."""
    v1 = tf.constant([1.0, 2.0, 3.0, 4.0])
    v2 = tf.constant([4.0, 3.0, 2.0, 1.0])
    greater = tf.greater(v1, v2)  # 逐个元素比较
    where = tf.where(greater, v1, v2)  # 真则取 v1，假则取 v2
    return Graph(v1, v2, greater, where)


def main():
    """Prints both results."""
    with tf.Graph().as_default(), runtime.Session() as sess:
        graph = build_graph()
        print(sess.run(graph.greater))
        print(sess.run(graph.where))


if __name__ == "__main__":
    command_line.run(main)
