import re

from chapter4 import section_4_1_3_xor as section

import numpy as np
import pytest
import tensorflow.compat.v1 as tf


def test_runs_alone(output):
    without, with_hidden, _ = output(section.main).split("\n\n")
    for part in (without, with_hidden):
        assert re.findall(r"^After (\d+)", part, re.MULTILINE) == ["0", "200", "400", "600", "800"]
        table = np.array([re.findall(r"[\d.]+", line) for line in part.split("\n")[-4:]], float)
        x, y_, y, features = table[:, :2], table[:, 2], table[:, 3], table[:, 4:]
        assert [list(row) for row in x] == [[0, 0], [0, 1], [1, 0], [1, 1]]
        np.testing.assert_array_equal(y_, np.logical_xor(*x.T))
        if part is without:
            np.testing.assert_array_equal(y, 0.5)
            np.testing.assert_array_equal(features, x)
        else:
            np.testing.assert_array_equal(y > 0.5, y_)
            # Each of the two points that are 1 has a feature of its own, the others have none.
            assert (features[y_ == 0] == 0).all()
            np.testing.assert_array_equal(features[y_ == 1] > 0, [[False, True], [True, False]])


def test_weights_start_from_seed_4():
    with tf.Graph().as_default(), tf.Session() as sess:
        section.build_graph()
        w1, _, w2, _ = tf.trainable_variables()
        sess.run(tf.global_variables_initializer())
        for weight in (w1, w2):
            np.testing.assert_array_equal(*sess.run([weight, tf.random_normal(weight.shape, seed=4)]))


def test_adams_first_step_is_the_learning_rate():
    with tf.Graph().as_default(), tf.Session() as sess:
        graph = section.build_graph()
        [weights, *_] = tf.trainable_variables()
        sess.run(tf.global_variables_initializer())
        before = sess.run(weights)
        sess.run(graph.train_step, feed_dict={graph.x: section.X, graph.y_: section.Y})
        assert np.abs(sess.run(weights) - before).max() == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize("hidden", [0, 2, 5])
def test_loss_is_the_mean_squared_error(hidden, evaluate):
    feed = {"x": section.X, "y_": section.Y}
    y, loss, a = evaluate(section.build_graph, ["y", "loss", "a"], feed, hidden=hidden)
    assert a.shape == (4, hidden or 2)
    assert (0 < y).all() and (y < 1).all()
    np.testing.assert_allclose(loss, np.mean((y - section.Y) ** 2), rtol=1e-5)
