"""4.2.1 经典损失函数 (classification): cross entropy, how far predicted probabilities are from the answers.

Example: python -m chapter4.section_4_2_1_cross_entropy
"""

from collections import namedtuple

from chapter4 import command_line, runtime
from chapter4.numpy_1_13 import print  # today's NumPy prints fewer digits

import tensorflow.compat.v1 as tf

tf.disable_eager_execution()  # placeholders and Sessions, as in TensorFlow 1

Graph = namedtuple(
    "Graph",
    "logits y_ y cross_entropy mean_cross_entropy softmax_cross_entropy sparse_softmax_cross_entropy",
)


def page_cross_entropy(y, y_):
    """交叉熵: the page's expression, a mean over all batch * classes entries."""
    cross_entropy = -tf.reduce_mean(y_ * tf.log(tf.clip_by_value(y, 1e-10, 1.0)))
    return cross_entropy


def examples(sess):
    """Prints what the operations inside the expression do, one by one."""
    # tf.clip_by_value：限制范围
    v = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    print(tf.clip_by_value(v, 2.5, 4.5).eval(session=sess))
    # tf.log：逐个元素取对数
    v = tf.constant([1.0, 2.0, 3.0])
    print(tf.log(v).eval(session=sess))
    # “*” 是对应元素相乘，tf.matmul 是矩阵相乘
    v1 = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    v2 = tf.constant([[5.0, 6.0], [7.0, 8.0]])
    print((v1 * v2).eval(session=sess))
    print(tf.matmul(v1, v2).eval(session=sess))
    # tf.reduce_mean：全部元素的平均
    v = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    print(tf.reduce_mean(v).eval(session=sess))


def build_graph(classes=3):
    """Adds the graph to the default graph and returns its parts: cross entropies, in nats. Source: 4.2.1.

    To feed: logits, the network's outputs, and y_, the right answers, one-hot; or y, the probabilities, in
    place of logits. Each is float32 [batch, classes]. Another shape raises ValueError.
    """
    logits = tf.placeholder(tf.float32, shape=(None, classes), name="logits")
    y_ = tf.placeholder(tf.float32, shape=(None, classes), name="y-input")
    # softmax：把输出变成概率分布
    y = tf.nn.softmax(logits)  # the article's network ends in relu: no probabilities without this

    # 交叉熵
    cross_entropy = page_cross_entropy(y, y_)
    # Summed over the classes first, the mean is one over the examples, `classes` times as large.
    mean_cross_entropy = tf.reduce_mean(-tf.reduce_sum(y_ * tf.log(tf.clip_by_value(y, 1e-10, 1.0)), 1))

    # 交叉熵与 softmax 合在一起
    # Arguments by name: the article's (y, y_) is refused by TensorFlow up to 2.8, and 2.12 and newer take
    # y for the labels, silently. Both functions do the softmax themselves: they want the logits, not y.
    softmax_cross_entropy = tf.nn.softmax_cross_entropy_with_logits(labels=y_, logits=logits)  # [batch]
    index = tf.argmax(y_, 1)  # 只有一个正确答案：the labels are its index, not a one-hot row
    sparse_softmax_cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=index, logits=logits)
    forms = cross_entropy, mean_cross_entropy, softmax_cross_entropy, sparse_softmax_cross_entropy
    return Graph(logits, y_, y, *forms)


def main():
    """Prints the page's examples, then the cross entropy of two predictions in every form."""
    with tf.Graph().as_default(), runtime.Session() as sess:
        examples(sess)
        graph = build_graph()
        feed = {graph.logits: [[2.0, 1.0, 0.5], [0.2, 0.1, 3.0]], graph.y_: [[1, 0, 0], [0, 1, 0]]}
        values = sess.run(graph, feed_dict=feed)
        print("\nsoftmax of the logits:")
        for example in values.y:
            print("  %.4f  %.4f  %.4f" % tuple(example))
        print("cross_entropy, over all 2 * 3 entries         %.4f" % values.cross_entropy)
        print("3 * cross_entropy                             %.4f" % (3 * values.cross_entropy))
        print("mean_cross_entropy, over the 2 examples       %.4f" % values.mean_cross_entropy)
        print("mean of softmax_cross_entropy_with_logits     %.4f" % values.softmax_cross_entropy.mean())
        sparse = values.sparse_softmax_cross_entropy.mean()
        print("mean of the sparse form                       %.4f" % sparse)

        without_clip = -tf.reduce_mean(graph.y_ * tf.log(graph.y))
        print("\ncross_entropy        with clip  without")
        for prediction, y in [("all wrong", [[0, 0, 1]]), ("all right", [[1, 0, 0]])]:
            feed = {graph.y: y, graph.y_: [[1, 0, 0]]}
            losses = sess.run([graph.cross_entropy, without_clip], feed_dict=feed)
            print("%-20s %9.4f %8.4f" % (prediction, *map(abs, losses)))  # abs: no minus before a zero


if __name__ == "__main__":
    command_line.run(main)
