"""What a step and the whole log cost, as ratios measured side by side: median (lowest to highest).

Example: python scripts/benchmark.py
"""

import os
import subprocess
import sys
import time

# The checkout, whether it is installed or not.
ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, ROOT)

from chapter4 import command_line, runtime
from chapter4 import section_4_2_2_custom_loss as section
from chapter4.arithmetic import fused, native, separate

import tensorflow.compat.v1 as tf

del sys.path[0]

ROUNDS = 7
UNITS = ("wall", "CPU") if os.name == "posix" else ("wall",)  # Windows counts no child's CPU time
ARTICLE = """
import tensorflow.compat.v1 as tf
from numpy.random import RandomState
tf.disable_v2_behavior()
x = tf.placeholder(tf.float32, shape=(None, 2), name="x-input")
y_ = tf.placeholder(tf.float32, shape=(None, 1), name="y-input")
w1 = tf.Variable(tf.random_normal([2, 1], stddev=1, seed=1))
y = tf.matmul(x, w1)
rdm = RandomState(1)
X = rdm.rand(128, 2)
Y = [[x1 + x2 + (rdm.rand() / 10.0 - 0.05)] for (x1, x2) in X]
def weighed(loss_less, loss_more):
    return tf.reduce_sum(tf.where(tf.greater(y, y_), (y - y_) * loss_more, (y_ - y) * loss_less))
for loss in weighed(10, 1), weighed(1, 10), tf.losses.mean_squared_error(y, y_):
    train_step = tf.train.AdamOptimizer(0.001).minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(5000):
            start = (i * 8) % 128
            sess.run(train_step, feed_dict={x: X[start : start + 8], y_: Y[start : start + 8]})
        print(sess.run(w1))
"""


def step(rounding, session, X, Y):
    """A function that trains for 1000 steps of the first experiment."""
    with tf.Graph().as_default(), rounding(section.batch_size) as AdamOptimizer:
        graph = section.build_graph(AdamOptimizer=AdamOptimizer)
        sess = session()
        sess.run(tf.global_variables_initializer())

    def run():
        for i in range(1000):
            batch = slice(i * 8 % 128, i * 8 % 128 + 8)
            sess.run(graph.train_step, feed_dict={graph.x: X[batch], graph.y_: Y[batch]})

    return run


def process(*arguments):
    """A function that runs Python with these arguments."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return lambda: subprocess.run([sys.executable, *arguments], check=True, **quiet)


def compare(first, **others):
    """Prints each of UNITS for the others, divided by the first one's of the same round."""
    rounds = [[times(run) for run in (first, *others.values())] for _ in range(ROUNDS)]
    for number, name in enumerate(others, 1):
        for kind, unit in enumerate(UNITS):
            ratios = sorted(times[number][kind] / times[0][kind] for times in rounds)
            middle, lowest, highest = ratios[ROUNDS // 2], ratios[0], ratios[-1]
            print("  %-8s %-4s %.2f (%.2f to %.2f)" % (name, unit, middle, lowest, highest))


def times(run):
    """Wall time, and CPU time with that of child processes."""
    start, before = time.perf_counter(), sum(os.times()[:4])
    run()
    return time.perf_counter() - start, sum(os.times()[:4]) - before


def main():
    X, Y = section.make_data()
    ours = {r.__name__: step(r, runtime.Session, X, Y) for r in (fused, separate, native)}
    print("a step, in units of the article's with stock TensorFlow")
    compare(step(native, tf.Session, X.astype("float64"), Y.tolist()), **ours)
    print("the whole process, in units of the article's script with stock TensorFlow")
    run_all = process(os.path.join(ROOT, "scripts", "run_all.py"))
    compare(
        process("-c", ARTICLE), run_all=run_all, **{"import": process("-c", "import tensorflow.compat.v1")}
    )


if __name__ == "__main__":
    command_line.run(main)
