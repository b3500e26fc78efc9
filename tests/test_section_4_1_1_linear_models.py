import re

from chapter4 import section_4_1_1_linear_models as section

import numpy as np
import pytest

X = np.float32(np.random.RandomState(0).randn(100, 2))


def test_two_layers_and_one_are_numpys_product(evaluate):
    names = ["w1", "w2", "y", "y_one_layer"]
    w1, w2, y, y_one_layer = map(np.float64, evaluate(section.build_graph, names, {"x": X}))
    np.testing.assert_allclose(y, X @ w1 @ w2, atol=1e-5)
    np.testing.assert_allclose(y_one_layer, X @ (w1 @ w2), atol=1e-5)


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


def test_runs_alone(output):
    out = output(section.main)
    for two, one in re.findall(r"^\(0.*\) +(\S+) +(\S+)$", out, re.MULTILINE):
        assert two == one
    assert "for 1000 of 1000 inputs" in out
    # The best that a linear model can do on the five points, by NumPy: 0.2 everywhere.
    points = np.array([[0, 0, 1], [1, 0, 1], [0, 1, 1], [-1, 0, 1], [0, -1, 1]])
    best = points @ np.linalg.lstsq(points, np.eye(5)[0], rcond=None)[0]
    trained = re.findall(r"^\( .*\) +[01] +(\S+)$", out, re.MULTILINE)
    assert trained == ["%.2f" % y for y in best]
