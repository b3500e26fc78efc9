"""4.2.2 自定义损失函数: tf.greater and tf.where, of which the custom loss is made.

Example: python -m chapter4.section_4_2_2_greater_where
"""

from collections import namedtuple

from chapter4 import command_line, runtime
from chapter4.numpy_1_13 import print  # with the page's digits

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple("Graph", "v1 v2 greater where")


def build_graph():
    """Adds the section's graph to the default graph.

    Returns a Graph of
        v1, v2   float32 constants [4]
        greater  bool [4]: whether v1 is greater than v2, entry by entry
        where    float32 [4]: v1 where it is, v2 elsewhere

    Source: 4.2.2.
    """
    v1 = tf.constant([1.0, 2.0, 3.0, 4.0])
    v2 = tf.constant([4.0, 3.0, 2.0, 1.0])
    greater = tf.greater(v1, v2)
    where = tf.where(greater, v1, v2)
    return Graph(v1, v2, greater, where)


def main():
    """Prints both results."""
    with tf.Graph().as_default(), runtime.Session() as sess:
        graph = build_graph()
        print(sess.run(graph.greater))
        print(sess.run(graph.where))


if __name__ == "__main__":
    command_line.run(main)
