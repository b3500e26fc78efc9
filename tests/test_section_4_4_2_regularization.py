import inspect
import re

from chapter4 import command_line
from chapter4 import section_4_4_2_regularization as section

import numpy as np
import pytest
import tensorflow.compat.v1 as tf

MAKE_DATA = section.make_data
DATA, LABEL = MAKE_DATA()


def test_data_is_the_companions():
    """The draws in the companion's order: where a point is, then its noise, point by point."""
    np.random.seed(0)
    for point, label in zip(DATA, LABEL):
        x1, x2 = np.random.uniform(-1, 1), np.random.uniform(0, 2)
        assert label == (np.hypot(x1, x2) > 1)
        noise = 0.1 * np.random.randn(2)
        np.testing.assert_allclose(point, [x1 + noise[0], x2 + noise[1]], rtol=1e-5, atol=1e-6)
    assert len(DATA) == len(LABEL) == 150


def forward(parameters):
    """mse_loss and loss by NumPy, in float64, for weight, bias, weight, bias, …"""
    layer, price = np.float64(DATA), 0
    for weight, bias in zip(parameters[::2], parameters[1::2]):
        layer = layer @ weight + bias
        layer = np.where(layer > 0, layer, np.expm1(np.minimum(layer, 0)))
        price += 0.003 * np.sum(weight**2) / 2
    mse_loss = np.sum((LABEL - layer) ** 2) / 150
    return mse_loss, mse_loss + price


def test_losses_and_gradient_are_numpys():
    with tf.Graph().as_default(), tf.Session() as sess:
        graph = section.build_graph()
        variables = tf.trainable_variables()
        gradients = tf.gradients(graph.loss, variables)
        sess.run(tf.global_variables_initializer())
        fetches = [[graph.mse_loss, graph.loss], variables, gradients]
        losses, parameters, gradients = sess.run(fetches, feed_dict={graph.x: DATA, graph.y_: LABEL})
    parameters = [parameter.astype(np.float64) for parameter in parameters]
    shapes = [parameter.shape for parameter in parameters]
    assert shapes == [(2, 10), (10,), (10, 5), (5,), (5, 3), (3,), (3, 1), (1,)]
    assert all((bias == np.float32(0.1)).all() for bias in parameters[1::2])
    np.testing.assert_allclose(losses, forward(parameters), rtol=1e-5)
    for parameter, gradient in zip(parameters, gradients):
        for place in np.ndindex(*parameter.shape):
            start, slope = parameter[place], 0
            for step in (1e-5, -1e-5):
                parameter[place] = start + step
                slope += forward(parameters)[1] / (2 * step)
            parameter[place] = start
            assert gradient[place] == pytest.approx(slope, rel=1e-3, abs=1e-5)


def test_weights_start_from_seeds_of_their_own():
    with tf.Graph().as_default(), tf.Session() as sess:
        section.build_graph()
        weights = [variable for variable in tf.trainable_variables() if variable.shape.ndims == 2]
        sess.run(tf.global_variables_initializer())
        for seed, weight in enumerate(weights, 2):  # with 2, 3, 4, 5 the losses end as the companion's
            np.testing.assert_array_equal(*sess.run([weight, tf.random_normal(weight.shape, seed=seed)]))


def test_sample_size_is_what_the_squares_are_divided_by(evaluate):
    feed = {"x": DATA, "y_": LABEL}
    of_150, of_75 = (evaluate(section.build_graph, ["mse_loss"], feed, sample_size=n) for n in (150, 75))
    assert of_75[0] == pytest.approx(2 * of_150[0])


def test_the_help_has_the_number_of_steps():
    steps = inspect.signature(section.main).parameters["steps"].default
    assert "in 4.4.2 %d)" % steps in command_line.ARGUMENTS["--steps"]["help"]


@pytest.mark.parametrize("regularized", [True, False])
def test_train_op_minimizes_what_it_shall(regularized):
    """Adam's first step is the learning rate against the sign of the gradient."""
    with tf.Graph().as_default(), tf.Session() as sess:
        graph = section.build_graph(regularized=regularized)
        weights = [variable for variable in tf.trainable_variables() if variable.shape.ndims == 2]
        losses = [graph.loss, graph.mse_loss] if regularized else [graph.mse_loss, graph.loss]
        gradients = [tf.gradients(loss, weights) for loss in losses]
        feed_dict = {graph.x: DATA, graph.y_: LABEL}
        sess.run(tf.global_variables_initializer())
        before, (gradients, others) = sess.run([weights, gradients], feed_dict=feed_dict)
        assert any((one * other < 0).any() for one, other in zip(gradients, others))
        sess.run(graph.train_op, feed_dict=feed_dict)
        for old, new, gradient in zip(before, sess.run(weights), gradients):
            moved = np.abs(gradient) > 1e-4
            np.testing.assert_allclose((new - old)[moved], -0.001 * np.sign(gradient[moved]), rtol=0.01)


def test_the_new_points_are_new(monkeypatch, output):
    """And what is said of them is their mean squared error: here they are all labelled otherwise."""
    made = []

    def make_data(*arguments, **options):
        data, label = MAKE_DATA(*arguments, **options)
        made.append(data)
        return data, label + 100 * (len(data) == 10000)

    monkeypatch.setattr(section, "make_data", make_data)
    out = output(section.main, steps=1)
    for trained, new in zip(made[::2], made[1::2]):
        assert (len(trained), len(new)) == (150, 10000)
        assert not {*map(tuple, trained)} & {*map(tuple, new)}
    assert len(re.findall(r"of 10,000 new points: (?:9|1\d)\d{3}\.\d{4}$", out, re.MULTILINE)) == 2


def test_the_sections_point(output):
    """5,000 steps show it already."""
    out = output(section.main, steps=5000)
    lines = re.findall(r"^After (\d+) steps, (\w+): (\d\.\d{6})$", out, re.MULTILINE)
    steps = [(step, loss) for loss in ("mse_loss", "loss") for step in ("0", "2000", "4000")]
    assert [line[:2] for line in lines] == steps
    ends = [re.findall(r": ([\d.]+)", line) for line in out.splitlines() if line.startswith("In the end")]
    loss, mse_loss, new = np.transpose(np.float64(ends))  # of each without and with regularization
    assert mse_loss[0] < 0.8 * mse_loss[1]
    assert mse_loss[0] < float(lines[2][2]) < loss[1] < float(lines[5][2])  # 1,000 steps before
    assert 0.05 < loss[1] < 0.07 < loss[0]
    assert 0 < new[1] - mse_loss[1] < 0.6 * (new[0] - mse_loss[0])
