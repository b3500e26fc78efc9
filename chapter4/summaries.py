"""What --logdir writes for TensorBoard."""

import os

from chapter4.runtime import tf

import numpy as np


def recorder(logdir, run, sess, tensors, feed_dict=None):
    """Writes the session's graph to the run of that name in logdir.

    Returns record(step), which adds the values of the tensors, {name: tensor}, to the run, at the step that
    the log prints; those of more than one entry as name[0], name[1], … Without a logdir nothing is written.
    """
    if logdir is None:
        return lambda step: None
    writer = tf.summary.FileWriter(os.path.join(logdir, run), sess.graph)

    def record(step):
        summary = tf.Summary()
        for name, value in sess.run(tensors, feed_dict=feed_dict).items():
            for index, entry in enumerate(np.ravel(value)):
                tag = name if np.size(value) == 1 else "%s[%d]" % (name, index)
                summary.value.add(tag=tag, simple_value=entry)
        writer.add_summary(summary, step)
        writer.flush()

    return record
