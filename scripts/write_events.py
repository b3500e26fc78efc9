"""Writes for TensorBoard: each section's graph, and the loss and w1 of the three experiments of 4.2.2.

Example: python scripts/write_events.py events
Arguments: DIR
"""

import functools
import importlib
import os
import re
import sys
from pathlib import Path

# The checkout, whether it is installed or not.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from chapter4 import command_line, runtime
from chapter4 import section_4_2_2_custom_loss as section
from chapter4.arithmetic import fused

import tensorflow.compat.v1 as tf

SECTIONS = sorted(path.stem for path in Path(section.__file__).parent.glob("section_*.py"))
EXPERIMENTS = {
    "loss_less=10 loss_more=1": {"loss_less": 10, "loss_more": 1},
    "loss_less=1 loss_more=10": {"loss_less": 1, "loss_more": 10},
    "losses.mean_squared_error": {"mse": True},
}

del sys.path[0]


def main(dir):
    """Writes a run for each section and for each experiment, and prints their folders."""
    command_line.new_folder(dir)
    for run in [*SECTIONS, *EXPERIMENTS]:
        path = os.path.join(dir, run)
        with tf.summary.FileWriter(path) as events:
            if run in SECTIONS:
                events.add_graph(by_field_names(importlib.import_module("chapter4." + run).build_graph))
            else:
                train(events, **EXPERIMENTS[run])
        print(path)


def by_field_names(build_graph):
    """The section's graph, where nodes, and all that is under them, are named as in the section's Graph."""
    with tf.Graph().as_default() as graph:
        parts = {field: getattr(part, "op", part) for field, part in build_graph()._asdict().items()}
    names = {part.name: field for field, part in parts.items() if isinstance(part, tf.Operation)}
    # What is under Variable is Variable/read; an input is Variable:0 or ^Variable, a place loc:@Variable.
    old = re.compile(r"^(\^|loc:@|)(%s)(?=[/:]|$)" % "|".join(map(re.escape, names)))
    new = functools.partial(old.sub, lambda found: found[1] + names[found[2]])
    graph_def = graph.as_graph_def()
    for node in graph_def.node:
        node.name, node.input[:] = new(node.name), map(new, node.input)
        for value in node.attr.values():
            if value.HasField("s"):
                value.s = new(value.s.decode()).encode()
            elif value.HasField("list"):
                value.list.s[:] = [new(text.decode()).encode() for text in value.list.s]
    with tf.Graph().as_default() as renamed:
        tf.import_graph_def(graph_def, name="")
    return renamed


def train(events, **options):
    """Trains as the section does, and writes w1 and the loss of all 128 examples every 50 steps."""
    X, Y = section.make_data()
    with tf.Graph().as_default(), runtime.Session() as sess, fused(section.batch_size) as AdamOptimizer:
        x, y_, w1, y, loss, train_step = section.build_graph(AdamOptimizer=AdamOptimizer, **options)
        sess.run(tf.global_variables_initializer())
        for i in range(5001):  # the last time it only writes
            batch = slice(i * 8 % 128, i * 8 % 128 + 8)
            if i < 5000:
                sess.run(train_step, feed_dict={x: X[batch], y_: Y[batch]})
            if i % 50 == 0:
                total, weights = sess.run([loss, w1], feed_dict={x: X, y_: Y})
                for tag, value in zip(["loss", "w1[0]", "w1[1]"], [total, *weights.ravel()]):
                    summary = tf.Summary(value=[tf.Summary.Value(tag=tag, simple_value=value)])
                    events.add_summary(summary, i)


if __name__ == "__main__":
    command_line.run(main)
