import re

from chapter4 import section_4_1_1_linear_models as section

import numpy as np
import pytest
import tensorflow.compat.v1 as tf

X = np.float32(np.random.RandomState(0).randn(100, 2))


def test_two_layers_and_one_are_numpys_product(evaluate):
    names = ["w1", "w2", "y", "y_one_layer"]
    w1, w2, y, y_one_layer = map(np.float64, evaluate(section.build_graph, names, {"x": X}))
    np.testing.assert_allclose(y, X @ w1 @ w2, atol=1e-5)
    np.testing.assert_allclose(y_one_layer, X @ (w1 @ w2), atol=1e-5)


def test_start_is_the_books(evaluate):
    """3.4.3 prints y of its network with these weights."""
    assert evaluate(section.build_graph, ["y"], {"x": [[0.7, 0.9]]})[0] == pytest.approx(3.957578)


def test_a_step_is_numpys():
    answers = np.float32(np.random.RandomState(1).randn(100, 1))
    with tf.Graph().as_default(), tf.Session() as sess:
        graph = section.build_graph()
        sess.run(tf.global_variables_initializer())
        feed_dict = {graph.x: X, graph.y_: answers}
        w1, w2, y = sess.run([graph.w1, graph.w2, graph.y], feed_dict=feed_dict)
        sess.run(graph.train_step, feed_dict=feed_dict)
        new = w2 - 0.1 * 2 * (X @ w1).T @ (y - answers) / len(X)
        np.testing.assert_allclose(sess.run(graph.w2), new, rtol=1e-5)
        y, y_one_layer = sess.run([graph.y, graph.y_one_layer], feed_dict=feed_dict)
        np.testing.assert_allclose(y, y_one_layer, atol=1e-5)  # both with the bias that was learnt


def test_y_is_linear(evaluate):
    """y of a weighted mean is the weighted mean of y: why no such network can tell a centre from its rim."""
    mean = 0.25 * X[:50] + 0.75 * X[50:]
    [y] = evaluate(section.build_graph, ["y"], {"x": X})
    [y_mean] = evaluate(section.build_graph, ["y"], {"x": mean})
    np.testing.assert_allclose(y_mean, 0.25 * y[:50] + 0.75 * y[50:], atol=1e-5)


@pytest.mark.parametrize("x", [np.ones([4, 3]), np.ones(2), [["one", "two"]]])
def test_a_wrong_feed_is_tensorflows_own_error(x, evaluate):
    with pytest.raises(ValueError):
        evaluate(section.build_graph, ["y"], {"x": x})


def test_runs_alone(output, evaluate):
    out = output(section.main)
    inputs = np.random.RandomState(1).rand(3, 2)
    rows = ["(%.2f, %.2f)" % tuple(x) for x in inputs]
    [y] = evaluate(section.build_graph, ["y"], {"x": inputs})
    shown = re.findall(r"^(\(0\..*\)) +(\S+) +(\S+)$", out, re.MULTILINE)
    assert shown == [(row, "%.3f" % two, "%.3f" % two) for row, [two] in zip(rows, y)]
    assert "for 1000 of 1000 inputs" in out
    # The best that a linear model can do on the five points, by NumPy: 0.2 everywhere.
    points = np.array([[0, 0, 1], [1, 0, 1], [0, 1, 1], [-1, 0, 1], [0, -1, 1]])
    best = points @ np.linalg.lstsq(points, np.eye(5)[0], rcond=None)[0]
    trained = re.findall(r"^\( .*\) +[01] +(\S+)$", out, re.MULTILINE)
    assert trained == ["%.2f" % y for y in best]
