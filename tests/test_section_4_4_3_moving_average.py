from chapter4 import section_4_4_3_moving_average as section

import numpy as np
import tensorflow.compat.v1 as tf


def test_recursion_by_hand():
    random = np.random.RandomState(0)
    with tf.Graph().as_default(), tf.Session() as sess:
        graph = section.build_graph()
        average = graph.ema.average(graph.v1)
        new = tf.placeholder(tf.float32)
        assign, assign_step = tf.assign(graph.v1, new), tf.assign(graph.step, tf.cast(new, tf.int32))
        sess.run(tf.global_variables_initializer())
        by_hand = sess.run(average)
        assert by_hand == 0
        for step in (0, 1, 5, 100, 890, 891, 10000):
            v1 = random.randn()
            sess.run(assign, feed_dict={new: v1})
            sess.run(assign_step, feed_dict={new: step})
            sess.run(graph.maintain_averages_op)
            decay = min(0.99, (1 + step) / (10 + step))
            by_hand = decay * by_hand + (1 - decay) * v1
            np.testing.assert_allclose(sess.run(average), by_hand, rtol=1e-5)


def test_step_is_not_trained():
    with tf.Graph().as_default():
        graph = section.build_graph()
        assert [variable.op.name for variable in tf.trainable_variables()] == [graph.v1.op.name]


def test_runs_alone(output, printed):
    log = printed("companion-4.4.3-moving-average.log").decode()
    assert output(section.main) == log
