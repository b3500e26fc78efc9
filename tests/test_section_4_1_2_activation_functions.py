from chapter4 import section_4_1_2_activation_functions as section

import numpy as np
import pytest
import tensorflow.compat.v1 as tf

NUMPY = {
    "tf.nn.relu": lambda x: np.maximum(x, 0),
    "tf.sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tf.tanh": np.tanh,
}


@pytest.mark.parametrize("name, activation", section.ACTIVATIONS)
def test_forward_pass_is_numpys(name, activation, evaluate):
    x = np.float32(np.random.RandomState(0).randn(20, 2))
    names = ["w1", "biases1", "w2", "biases2", "a", "y"]
    w1, biases1, w2, biases2, a, y = evaluate(section.build_graph, names, {"x": x}, activation=activation)
    assert np.array([[0.7, 0.9]]) @ w1 @ w2 == pytest.approx(3.957578)  # as 3.4.3 prints it
    assert {*biases1, *biases2} == {np.float32(0.1)}
    hidden = NUMPY[name](x @ w1 + biases1)
    np.testing.assert_allclose(a, hidden, atol=1e-5)
    np.testing.assert_allclose(y, NUMPY[name](hidden @ w2 + biases2), atol=1e-5)


def test_relu_is_the_default(evaluate):
    [y] = evaluate(section.build_graph, ["y"], {"x": [[0.7, 0.9]]})
    [relu] = evaluate(section.build_graph, ["y"], {"x": [[0.7, 0.9]]}, activation=tf.nn.relu)
    assert y == relu


def test_runs_alone(output, evaluate):
    lines = output(section.main).splitlines()
    inputs = np.array(lines[0].split(), float)
    for line in lines[1:4]:
        name, *values = line.split()
        assert values == ["%.4f" % value for value in NUMPY[name](inputs)]
    assert len(lines) == 9
    for line, (_, activation) in zip(lines[6:], section.ACTIVATIONS):
        feed = {"x": [[0.7, 0.9]]}
        [[*a], [y]] = evaluate(section.build_graph, ["a", "y"], feed, activation=activation)
        assert line.split()[1:] == ["%.4f" % value for value in (*a[0], *y)]
