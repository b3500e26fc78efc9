"""What a step and the whole log cost, as ratios measured side by side: median (lowest to highest).

Example: python scripts/benchmark.py
"""

import os
import subprocess
import sys

# The checkout, whether it is installed or not.
ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, ROOT)

from chapter4 import arithmetic, command_line, runtime
from chapter4 import section_4_2_2_custom_loss as section

import tensorflow.compat.v1 as tf

del sys.path[0]

ROUNDS = 7
# The article's three experiments with stock TensorFlow.
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
            if i % 1000 == 0:
                print(sess.run(w1))
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


def main():
    X, Y = section.make_data()
    steps = {
        "article": step(arithmetic.native, tf.Session, X.astype("float64"), Y.tolist()),
        "fused": step(arithmetic.fused, runtime.Session, X, Y),
        "separate": step(arithmetic.separate, runtime.Session, X, Y),
        "native": step(arithmetic.native, runtime.Session, X, Y),
    }
    print("a step, in units of the article's script with stock TensorFlow")
    compare(steps)
    print("the whole process, likewise")
    compare(
        {
            "article": process("-c", ARTICLE),
            "run_all.py": process(os.path.join(ROOT, "scripts", "run_all.py")),
            "import": process("-c", "import tensorflow.compat.v1"),
        }
    )


def compare(runs):
    """Prints the wall time and the CPU time of each, divided by the first one's of the same round."""
    rounds = [{name: times(run) for name, run in runs.items()} for _ in range(ROUNDS)]
    first, *others = runs
    for name in others:
        for index, kind in enumerate(("wall", "CPU")):
            ratios = sorted(times[name][index] / times[first][index] for times in rounds)
            print(
                "  %-10s %-4s %.2f (%.2f to %.2f)" % (name, kind, ratios[ROUNDS // 2], ratios[0], ratios[-1])
            )


def times(run):
    """Wall time, and CPU time with that of child processes, where the system counts it."""
    before = os.times()
    run()
    used = [after - start for after, start in zip(os.times(), before)]
    return used[4], sum(used[:4])


if __name__ == "__main__":
    command_line.run(main)
