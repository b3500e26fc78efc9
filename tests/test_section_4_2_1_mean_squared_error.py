from chapter4 import section_4_2_1_mean_squared_error as section

import numpy as np
import pytest
import tensorflow.compat.v1 as tf

random = np.random.RandomState(0)
A, B = (np.float32(random.randn(40, 1)) for _ in range(2))


@pytest.mark.parametrize("y_, y", [(A, B), (B, A)])
def test_both_forms_are_numpys_and_symmetric(y_, y, evaluate):
    losses = evaluate(section.build_graph, ["mse", "mean_squared_error"], {"y_": y_, "y": y})
    np.testing.assert_allclose(losses, np.mean((A - B) ** 2), rtol=1e-5)


def test_gradient():
    with tf.Graph().as_default(), tf.Session() as sess:
        graph = section.build_graph()
        gradients = [tf.gradients(loss, graph.y)[0] for loss in (graph.mse, graph.mean_squared_error)]
        for gradient in sess.run(gradients, feed_dict={graph.y_: A, graph.y: B}):
            np.testing.assert_allclose(gradient, 2 * (B - A) / 40, rtol=1e-4)


def test_a_wrong_feed_is_tensorflows_own_error(evaluate):
    with pytest.raises(ValueError):
        evaluate(section.build_graph, ["mse"], {"y_": A, "y": A[:, 0]})


def test_runs_alone(output):
    _, *lines = output(section.main).splitlines()
    expected = "%.4f" % np.mean((np.array([1.0, 2.0, 3.0]) - [1.5, 2.0, 1.0]) ** 2)
    assert [line.split()[-2:] for line in lines] == [[expected] * 2] * 2
