from chapter4 import section_4_1_2_activation_functions as section

import numpy as np
import pytest

NUMPY = {
    "tf.nn.relu": lambda x: np.maximum(x, 0),
    "tf.sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tf.tanh": np.tanh,
}


def test_forward_pass_is_numpys(evaluate):
    x = np.float32(np.random.RandomState(0).randn(20, 2))
    names = ["w1", "biases1", "w2", "biases2", "a", "y"]
    w1, biases1, w2, biases2, a, y = evaluate(section.build_graph, names, {"x": x})
    assert np.array([[0.7, 0.9]]) @ w1 @ w2 == pytest.approx(3.957578)  # as 3.4.3 prints it
    assert {*biases1, *biases2} == {np.float32(0.1)}
    hidden = np.maximum(x @ w1 + biases1, 0)
    np.testing.assert_allclose(a, hidden, atol=1e-5)
    np.testing.assert_allclose(y, np.maximum(hidden @ w2 + biases2, 0), atol=1e-5)
    assert (a == 0).any() and (y == 0).any() and (y > 0).any()


@pytest.mark.parametrize("x", [np.ones([4, 3]), np.ones(2), [["one", "two"]]])
def test_a_wrong_feed_is_tensorflows_own_error(x, evaluate):
    with pytest.raises(ValueError):
        evaluate(section.build_graph, ["y"], {"x": x})


def test_runs_alone(output, evaluate):
    lines = output(section.main).splitlines()
    inputs = np.array(lines[0].split(), float)
    for line, (name, function) in zip(lines[1:4], NUMPY.items()):
        assert line.split() == [name] + ["%.4f" % value for value in function(inputs)]
    assert len(lines) == 7
    [a], [y] = evaluate(section.build_graph, ["a", "y"], {"x": [[0.7, 0.9]]})
    assert lines[6].split() == ["tf.nn.relu"] + ["%.4f" % value for value in (*a, *y)]
