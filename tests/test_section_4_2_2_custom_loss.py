from chapter4 import section_4_2_2_custom_loss as section
from chapter4.arithmetic import fused, native, separate

import numpy as np
import pytest
import tensorflow.compat.v1 as tf
from conftest import posix

X, Y = section.make_data()


def evaluate(tensors, x=X, y_=Y, **options):
    """The named parts of a fresh graph, for w1 as it starts."""
    with tf.Graph().as_default():
        graph = section.build_graph(**options)
        fetches = [getattr(graph, name) for name in tensors]
        gradient = tf.gradients(graph.loss, graph.w1)[0]
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            return sess.run(fetches + [gradient], feed_dict={graph.x: x, graph.y_: y_})


def test_data_is_the_books():
    random = np.random.RandomState(1)
    x = random.rand(128, 2)
    noise = random.rand(128, 1) / 10 - 0.05
    np.testing.assert_array_equal(X, x.astype(np.float32))
    np.testing.assert_allclose(Y, x.sum(axis=1, keepdims=True) + noise, rtol=1e-6)


@pytest.mark.parametrize("loss_less, loss_more", [(10, 1), (1, 10), (3, 0.5), (0, 2)])
def test_loss_and_its_gradient(loss_less, loss_more):
    w1, y, loss, gradient = evaluate(["w1", "y", "loss"], loss_less=loss_less, loss_more=loss_more)
    np.testing.assert_allclose(y, X @ w1, rtol=1e-5)
    price = np.where(y > Y, loss_more, -loss_less)
    np.testing.assert_allclose(loss, np.sum(price * (y - Y)), rtol=1e-5)
    np.testing.assert_allclose(gradient, X.T @ price, rtol=1e-5)


def test_mse_and_its_gradient():
    y, loss, gradient = evaluate(["y", "loss"], mse=True)
    np.testing.assert_allclose(loss, np.mean((y - Y) ** 2), rtol=1e-5)
    np.testing.assert_allclose(gradient, 2 * X.T @ (y - Y) / len(X), rtol=1e-5)


def test_graph_is_stock():
    with tf.Graph().as_default() as tf_graph:
        section.build_graph()
    nodes = tf_graph.as_graph_def().node
    assert not [node.name for node in nodes if "_gradient_op_type" in node.attr]
    assert {"ApplyAdam", "ResourceApplyAdam"} & {node.op for node in nodes}
    assert "Cast" not in {node.op for node in nodes}


def test_two_graphs_are_the_same():
    first, second = (tf.Graph() for _ in range(2))
    for tf_graph in (first, second):
        with tf_graph.as_default():
            graph = section.build_graph(mse=True)
            assert (graph.x.op.name, graph.y_.op.name) == ("x-input", "y-input")
            assert graph.w1.shape.as_list() == [2, 1] and graph.y.shape.as_list() == [None, 1]
    assert first.as_graph_def() == second.as_graph_def()


@pytest.mark.parametrize("arithmetic", [fused, separate, native])
def test_training_adds_nothing_to_the_graph(arithmetic):
    with tf.Graph().as_default() as tf_graph, arithmetic(section.batch_size) as AdamOptimizer:
        graph = section.build_graph(AdamOptimizer=AdamOptimizer)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            tf_graph.finalize()  # from here on an addition is an error
            for _ in range(20):
                sess.run(graph.train_step, feed_dict={graph.x: X[:8], graph.y_: Y[:8]})


@pytest.mark.parametrize("x, y_", [(np.ones([8, 3]), Y[:8]), (X[:8], np.ones(8)), (X[:8], [["one"]])])
def test_a_wrong_feed_is_tensorflows_own_error(x, y_):
    with pytest.raises(ValueError):
        evaluate(["loss"], x=x, y_=y_)


def test_runs_alone(here):
    arguments = "--loss-less 3 --loss-more 0.5 --steps 2 --arithmetic separate".split()
    status, out, err = here("chapter4.section_4_2_2_custom_loss", *arguments)
    assert (status, err) == (0, "")
    assert "[loss_less=3 loss_more=0.5] Final w1 is: \n [[" in out


def test_the_first_experiment_is_the_default(output, printed):
    """With a batch size for the arithmetic, which makes a step faster."""
    sizes = []
    out = output(section.main, steps=1, arithmetic=lambda size: sizes.append(size) or fused(size))
    log = printed("article.log").decode()
    assert log.startswith(out[: out.index("[loss_less=10 loss_more=1] Final")]) and sizes == [8]


@posix
def test_ctrl_c_while_tensorflow_starts(command, stand_in):
    path = [stand_in("import os\nos.kill(os.getpid(), 2)")]
    process = command("chapter4.section_4_2_2_custom_loss", path=path)
    assert (process.out, process.err) == (b"", b"")
    assert process.returncode == -2
