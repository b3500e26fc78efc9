"""What --logdir writes for TensorBoard."""

import os

import tensorflow.compat.v1 as tf


def recorder(logdir, label, sess, graph, X, Y):
    """Writes the session's graph to a run in logdir that is named after the label, as "[run] ".

    Returns record(step), which adds the loss over all of X and Y, and w1, to the run. Without a logdir
    nothing is written.
    """
    if logdir is None:
        return lambda step: None
    writer = tf.summary.FileWriter(os.path.join(logdir, label.strip("[] ")), sess.graph)

    def record(step):
        loss, w1 = sess.run([graph.loss, graph.w1], feed_dict={graph.x: X, graph.y_: Y})
        values = {"loss": loss, "w1[0]": w1[0, 0], "w1[1]": w1[1, 0]}
        summary = tf.Summary(value=[tf.Summary.Value(tag=t, simple_value=v) for t, v in values.items()])
        writer.add_summary(summary, step)
        writer.flush()

    return record
