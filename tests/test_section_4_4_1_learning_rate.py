from chapter4 import section_4_4_1_learning_rate as section

import numpy as np
import pytest
import tensorflow.compat.v1 as tf


def trained(steps, **options):
    """x, and the learning rate if it decays, after each step."""
    with tf.Graph().as_default(), tf.Session() as sess:
        graph = section.build_graph(**options)
        sess.run(tf.global_variables_initializer())
        fetches = [graph.x] + [graph.LEARNING_RATE] * options.get("decay", False)
        values = []
        for _ in range(steps):
            sess.run(graph.train_op)
            values.append(sess.run(fetches))
        return np.transpose(values)


@pytest.mark.parametrize("learning_rate", [1, 0.001, 0.3, 1.1])
def test_closed_form(learning_rate):
    """y' = 2x, so each step makes 1 - 2 * learning_rate times x of x."""
    [x] = trained(20, learning_rate=learning_rate)
    np.testing.assert_allclose(x, 5 * (1 - 2 * learning_rate) ** np.arange(1, 21), rtol=1e-5)


def test_decay():
    x, learning_rate = trained(50, learning_rate=0.1, decay=True)
    rates = 0.1 * 0.96 ** np.arange(51)
    np.testing.assert_allclose(learning_rate, rates[1:], rtol=1e-5)
    np.testing.assert_allclose(x, 5 * np.cumprod(1 - 2 * rates[:50]), rtol=1e-5)


def test_y_is_x_squared(evaluate):
    with tf.Graph().as_default():
        assert section.build_graph().x.op.name == "x"
    assert evaluate(section.build_graph, ["x", "y"], {}) == [5, 25]


def test_runs_alone(output, printed):
    log = printed("companion-4.4.1-learning-rate.log").decode()
    assert output(section.main) == log
