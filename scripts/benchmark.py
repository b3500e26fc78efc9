"""What the exact digits cost, as ratios measured side by side: median (lowest to highest).

Example: python scripts/benchmark.py --rounds 7
"""

import os
import subprocess
import sys
import time

# The checkout, whether it is installed or not.
ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, ROOT)

from chapter4 import command_line  # noqa: E402

# The three experiments with stock TensorFlow and a default Session, fed as the book feeds them.
STOCK = """
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
# What no arithmetic can save: the import, and as many steps of nothing with two feeds.
FLOOR = """
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
x = tf.placeholder(tf.float32, shape=(None, 2))
y_ = tf.placeholder(tf.float32, shape=(None, 1))
nothing = tf.no_op()
with tf.Session() as sess:
    for i in range(15000):
        sess.run(nothing, feed_dict={x: [[1.0, 2.0]] * 8, y_: [[1.0]] * 8})
"""


def main(rounds=5):
    import resource

    import tensorflow.compat.v1 as tf

    from chapter4 import arithmetic, runtime
    from chapter4 import section_4_2_2_custom_loss as section

    def step(chosen, config):
        """A function that trains for 1000 steps of the first experiment."""
        X, Y = section.make_data()
        if config is None:  # as the book feeds them
            X, Y = X.astype("float64"), Y.tolist()
        with tf.Graph().as_default(), chosen(section.batch_size) as AdamOptimizer:
            graph = section.build_graph(AdamOptimizer=AdamOptimizer)
            sess = tf.Session(config=config)
            sess.run(tf.global_variables_initializer())
        return lambda: [None for _ in section.train(sess, graph, X, Y, 1000)]

    def process(*arguments):
        """A function that runs Python with these arguments; returns the CPU time."""

        def run():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                [sys.executable, *arguments],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        return run

    names = ("fused", "separate", "native")
    steps = {name: step(getattr(arithmetic, name), runtime.config()) for name in names}
    _show("a step", rounds, step(arithmetic.native, None), steps)
    processes = {
        "run_all.py": process(os.path.join(ROOT, "scripts", "run_all.py")),
        "the floor": process("-c", FLOOR),
    }
    _show("the whole process", rounds, process("-c", STOCK), processes)


def _show(title, rounds, stock, others):
    from chapter4.printed_log import print

    print("%s, against the article's script with stock TensorFlow" % title)
    ratios = {name: [] for name in others}
    for _ in range(rounds):
        stock_times = _times(stock)
        for name, run in others.items():
            ratios[name].append([mine / its for mine, its in zip(_times(run), stock_times)])
    for name in others:
        for kind, values in zip(("wall", "CPU"), zip(*ratios[name])):
            middle = sorted(values)[rounds // 2]
            print("  %-12s %-4s %.2f (%.2f to %.2f)" % (name, kind, middle, min(values), max(values)))


def _times(run):
    """Wall time, and where run knows it CPU time."""
    start = time.perf_counter()
    cpu = run()
    wall = time.perf_counter() - start
    return (wall, cpu) if isinstance(cpu, float) else (wall,)


if __name__ == "__main__":
    command_line.run(main, "--rounds")
