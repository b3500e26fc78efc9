import re

from chapter4 import section_4_2_1_cross_entropy as section

import numpy as np
import pytest
import tensorflow.compat.v1 as tf

random = np.random.RandomState(0)
LOGITS = np.float32(3 * random.randn(50, 4))
ANSWERS = np.float32(np.eye(4)[random.randint(4, size=50)])
SOFTMAX = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)


def test_every_form_is_numpys(evaluate):
    names = list(section.Graph._fields)
    feed = {"logits": LOGITS, "y_": ANSWERS}
    values = dict(zip(names, evaluate(section.build_graph, names, feed, classes=4)))
    of_each = -np.log(SOFTMAX[ANSWERS == 1])
    np.testing.assert_allclose(values["y"], SOFTMAX, rtol=1e-4)
    np.testing.assert_allclose(values["softmax_cross_entropy"], of_each, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(values["sparse_softmax_cross_entropy"], of_each, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(values["mean_cross_entropy"], of_each.mean(), rtol=1e-4)
    np.testing.assert_allclose(values["cross_entropy"], of_each.mean() / 4, rtol=1e-4)


def test_cross_entropy_is_at_least_the_entropy(evaluate):
    p = random.dirichlet(np.ones(4), size=30)
    entropy = -np.mean(np.sum(p * np.log(p), axis=1))
    for q in [p, *(random.dirichlet(np.ones(4), size=30) for _ in range(10))]:
        feed = {"y": q, "y_": p}
        [loss] = evaluate(section.build_graph, ["mean_cross_entropy"], feed, classes=4)
        assert loss >= entropy - 1e-6
        if q is p:
            assert loss == pytest.approx(entropy, abs=1e-5)


def test_the_clip_keeps_the_loss_finite(evaluate):
    for y, expected in ([1, 0, 0], 0), ([0, 1, 0], -np.log(1e-10) / 3):
        names = ["cross_entropy", "mean_cross_entropy"]
        loss, mean = evaluate(section.build_graph, names, {"y": [y], "y_": [[1, 0, 0]]})
        assert (loss, mean) == (pytest.approx(expected, rel=1e-5), pytest.approx(3 * expected, rel=1e-5))


def test_gradient_is_softmax_minus_answers():
    with tf.Graph().as_default(), tf.Session() as sess:
        graph = section.build_graph(classes=4)
        losses = [
            graph.softmax_cross_entropy,
            graph.sparse_softmax_cross_entropy,
            50 * graph.mean_cross_entropy,
        ]
        gradients = [tf.gradients(loss, graph.logits)[0] for loss in losses]
        for gradient in sess.run(gradients, feed_dict={graph.logits: LOGITS, graph.y_: ANSWERS}):
            np.testing.assert_allclose(gradient, SOFTMAX - ANSWERS, atol=1e-5)


@pytest.mark.parametrize("y_", [[1, 0], [[1, 0]], [["one", "two", "three"]]])
def test_a_wrong_feed_is_tensorflows_own_error(y_, evaluate):
    with pytest.raises(ValueError):
        evaluate(section.build_graph, ["cross_entropy"], {"logits": [[1, 2, 3]], "y_": y_})


def test_runs_alone(output, printed):
    out = output(section.main)
    examples = printed("tensorflow-1.4.0-examples.log").decode().splitlines(keepends=True)[:8]
    assert out.startswith("".join(examples) + "\n")
    logits = np.array([[2.0, 1.0, 0.5], [0.2, 0.1, 3.0]])
    softmax = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    loss = -np.mean(np.log([softmax[0, 0], softmax[1, 1]]))
    assert re.findall(r"^(?:3 \*|mean).* (\S+)$", out, re.MULTILINE) == ["%.4f" % loss] * 4
    assert "2 * 3 entries         %.4f\n" % (loss / 3) in out
    assert [line.split()[2:] for line in out.splitlines()[-2:]] == [["7.6753", "nan"], ["0.0000", "nan"]]
