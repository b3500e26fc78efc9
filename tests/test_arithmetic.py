"""`fused` and `separate` against models of their own: whole numbers, and plain NumPy float32."""

import math

from chapter4 import arithmetic, runtime
from chapter4 import section_4_2_2_custom_loss as section

import numpy as np
import pytest
import tensorflow.compat.v1 as tf

f32 = np.float32
WEIGHTS = "loss_less", "loss_more"
EXPERIMENTS = [(10, 1), (1, 10), "mse"]


def rounded_once(a, b, c):
    """a*b + c rounded to the nearest float32, ties to even, by whole numbers of 2**-149 and of its square."""
    a, b, c = (int(math.ldexp(number, 149)) for number in (a, b, c))
    exact = a * b + (c << 149)
    places = max(abs(exact).bit_length() - 24, 149)
    nearest, rest = divmod(exact, 1 << places)
    half = 1 << (places - 1)
    nearest += rest > half or rest == half and nearest % 2
    return f32(math.ldexp(nearest, places - 298))


def rounded_twice(a, b, c):
    return f32(f32(a * b) + c)


def model(experiment, multiply_add, steps):
    """w1 after each step, float32 [steps, 2, 1], without TensorFlow but for w1's first value."""
    X, Y = section.make_data()
    w = [f32(-0.8113182), f32(1.4845988)]
    m, v = [f32(0)] * 2, [f32(0)] * 2
    beta1, beta2, rate, epsilon = f32(0.9), f32(0.999), f32(0.001), f32(1e-8)
    beta1_power, beta2_power = beta1, beta2
    ws = []
    for i in range(steps):
        rows = range(i * 8 % 128, i * 8 % 128 + 8)
        y = [f32(f32(X[r, 0] * w[0]) + f32(X[r, 1] * w[1])) for r in rows]
        if experiment == "mse":
            g = [f32((a - Y[r, 0]) * f32(0.25)) for a, r in zip(y, rows)]  # 2 / 8 (y - y_)
        else:
            less, more = experiment
            g = [f32(more) if a > Y[r, 0] else -f32(less) for a, r in zip(y, rows)]
        alpha = rate * np.sqrt(f32(1) - beta2_power) / (f32(1) - beta1_power)
        for k in range(2):
            q = f32(X[rows[0], k] * g[0])
            for r, g_r in zip(rows[1:], g[1:]):
                q = multiply_add(X[r, k], g_r, q)
            m[k] = multiply_add(q - m[k], f32(1) - beta1, m[k])
            v[k] = multiply_add(multiply_add(q, q, -v[k]), f32(1) - beta2, v[k])
            w[k] = w[k] - (m[k] * alpha) / (np.sqrt(v[k]) + epsilon)
        beta1_power, beta2_power = beta1_power * beta1, beta2_power * beta2
        ws.append(list(w))
    return f32(ws)[:, :, np.newaxis]


def trained(experiments, chosen, steps, batch_size=8):
    """w1 of each experiment after each step, float32 [experiments, steps, 2, 1], by the section's graph."""
    X, Y = section.make_data()
    with tf.Graph().as_default(), chosen(batch_size) as AdamOptimizer:
        graphs = []
        for experiment in experiments:
            options = {"mse": True} if experiment == "mse" else dict(zip(WEIGHTS, experiment))
            graphs.append(section.build_graph(AdamOptimizer=AdamOptimizer, **options))
        w1s, step = tf.Variable(tf.zeros([steps, len(graphs), 2, 1])), tf.placeholder(tf.int32, [1])
        with tf.control_dependencies([graph.train_step for graph in graphs]):
            keep = tf.scatter_update(w1s, step, [[graph.w1.read_value() for graph in graphs]]).op
        with runtime.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for i in range(steps):
                batch = slice(i * 8 % 128, i * 8 % 128 + 8)
                feed_dict = {step: [i]}
                for graph in graphs:
                    feed_dict.update({graph.x: X[batch], graph.y_: Y[batch]})
                sess.run(keep, feed_dict=feed_dict)
            return np.moveaxis(sess.run(w1s), 1, 0)


@pytest.mark.parametrize(
    "chosen, multiply_add", [(arithmetic.fused, rounded_once), (arithmetic.separate, rounded_twice)]
)
def test_every_step_of_the_three_experiments(chosen, multiply_add):
    for experiment, w1 in zip(EXPERIMENTS, trained(EXPERIMENTS, chosen, 5000)):
        np.testing.assert_array_equal(w1, model(experiment, multiply_add, 5000))


def test_other_weights():
    weights = [(3, 0.5), (0.1, 0), (1e-3, 1e4)]
    for experiment, w1 in zip(weights, trained(weights, arithmetic.fused, 300)):
        np.testing.assert_array_equal(w1, model(experiment, rounded_once, 300))


def test_the_two_arithmetics_part():
    assert (trained([(10, 1)], arithmetic.fused, 100) != trained([(10, 1)], arithmetic.separate, 100)).any()


def test_native_is_stock():
    with arithmetic.native() as AdamOptimizer:
        assert AdamOptimizer is tf.train.AdamOptimizer


def test_a_batch_size_is_only_a_matter_of_speed():
    np.testing.assert_array_equal(
        trained(["mse"], arithmetic.fused, 50, batch_size=None), trained(["mse"], arithmetic.fused, 50)
    )


def test_a_batch_of_another_size_is_refused():
    with tf.Graph().as_default(), arithmetic.fused(4) as AdamOptimizer:
        graph = section.build_graph(AdamOptimizer=AdamOptimizer)
        with runtime.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError):
            sess.run(tf.global_variables_initializer())
            sess.run(graph.train_step, feed_dict={graph.x: np.ones([8, 2]), graph.y_: np.ones([8, 1])})


def product_in_order(a, b, multiply_add):
    """a b for a [n, k] and b [k, m], each entry summed over k from first to last."""
    product = np.zeros((len(a), b.shape[1]), np.float32)
    for i, j in np.ndindex(product.shape):
        for k in range(a.shape[1]):
            product[i, j] = multiply_add(a[i, k], b[k, j], product[i, j])
    return product


@pytest.mark.parametrize(
    "rows, transpose_a, transpose_b",
    [(1, False, True), (32, True, False), *((5, a, b) for a in (False, True) for b in (False, True))],
)
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(
    "chosen, multiply_add", [(arithmetic.fused, rounded_once), (arithmetic.separate, rounded_twice)]
)
def test_gradient_of_any_matmul(rows, known, transpose_a, transpose_b, chosen, multiply_add):
    random = np.random.RandomState(rows)
    a, b, g = (f32(random.randn(*shape)) for shape in ((rows, 3), (3, 4), (rows, 4)))
    with tf.Graph().as_default(), chosen():
        shape = [rows if known else None, 3]
        a_ = tf.placeholder(tf.float32, shape[::-1] if transpose_a else shape)
        b_ = tf.constant(b.T if transpose_b else b)
        y = tf.matmul(a_, b_, transpose_a=transpose_a, transpose_b=transpose_b)
        gradients = tf.gradients(y, [a_, b_], tf.constant(g))
        with runtime.Session() as sess:
            grad_a, grad_b = sess.run(gradients, feed_dict={a_: a.T if transpose_a else a})
    np.testing.assert_array_equal(grad_a.T if transpose_a else grad_a, product_in_order(g, b.T, multiply_add))
    np.testing.assert_array_equal(grad_b.T if transpose_b else grad_b, product_in_order(a.T, g, multiply_add))


@pytest.mark.parametrize("known", [False, True])
def test_zeros_keep_their_sign(known):
    """The rows that fill up a batch of unknown size leave even a sum of -0 as it is."""
    with tf.Graph().as_default(), arithmetic.fused():
        a = tf.placeholder(tf.float32, [2 if known else None, 1])
        b = tf.constant([[1.0]])
        gradient = tf.gradients(tf.matmul(a, b), b, -tf.ones_like(a))[0]
        with runtime.Session() as sess:
            assert np.signbit(sess.run(gradient, {a: [[0.0], [0.0]]}))


@pytest.mark.parametrize("rows, inputs, outputs", [(33, 3, 4), (8, 33, 4), (8, 3, 33)])
@pytest.mark.parametrize("known", [False, True])
def test_beyond_32_it_is_tensorflows_own_product(rows, inputs, outputs, known):
    def steps(chosen):
        random = np.random.RandomState(0)
        with tf.Graph().as_default(), chosen() as AdamOptimizer:
            x = tf.placeholder(tf.float32, [rows if known else None, inputs])
            w = tf.Variable(f32(random.randn(inputs, outputs)))
            y = tf.matmul(x, w)
            gradients = tf.gradients(y, [x, w], 1 / (y * y + 1))
            apply = AdamOptimizer(0.1).apply_gradients([(gradients[1], w)])
            ops = {op.type for op in apply.graph.get_operations()}
            with runtime.Session() as sess:
                sess.run(tf.global_variables_initializer())
                return sess.run(gradients, {x: random.randn(rows, inputs)}), ops

    fused, ops = steps(arithmetic.fused)
    for ours, its in zip(fused, steps(arithmetic.native)[0]):
        np.testing.assert_array_equal(ours, its)
    assert not ops & {"ApplyAdam", "ResourceApplyAdam"}


@pytest.mark.parametrize("side, own_kernel", [(32, False), (33, True)])
@pytest.mark.parametrize("use_resource", [False, True])
def test_adam_on_a_large_variable_is_tensorflows_own(side, own_kernel, use_resource):
    with tf.Graph().as_default() as graph, arithmetic.fused() as AdamOptimizer:
        w = tf.Variable(tf.ones([side, 32]), use_resource=use_resource)
        AdamOptimizer(0.1).minimize(tf.reduce_sum(w * w))
        ops = {op.type for op in graph.get_operations()}
    assert bool(ops & {"ApplyAdam", "ResourceApplyAdam"}) == own_kernel


@pytest.mark.parametrize("use_resource", [False, True])
def test_unknown_shapes_are_native(use_resource):
    with tf.Graph().as_default() as graph, arithmetic.fused() as AdamOptimizer:
        start = tf.placeholder_with_default([[1.0]], None)
        w = tf.Variable(start, validate_shape=False, use_resource=use_resource)
        AdamOptimizer(0.1).minimize(tf.reduce_sum(w * w))
        assert {op.type for op in graph.get_operations()} & {"ApplyAdam", "ResourceApplyAdam"}
        b = tf.placeholder(tf.float32, [None, 4])
        assert tf.gradients(tf.matmul(tf.ones([8, 2]), b), b)[0].op.type == "MatMul"


@pytest.mark.parametrize("dtype", [tf.float64, tf.float16])
@pytest.mark.parametrize("use_resource", [False, True])
def test_other_dtypes_are_native(dtype, use_resource):
    def steps(chosen):
        with tf.Graph().as_default(), chosen() as AdamOptimizer:
            w = tf.Variable(tf.cast([[1.0], [2.0]], dtype), use_resource=use_resource)
            loss = tf.reduce_sum(tf.square(tf.matmul(tf.cast([[1.0, 2.0], [3.0, 4.0]], dtype), w)))
            train_step = AdamOptimizer(0.1).minimize(loss)
            with runtime.Session() as sess:
                sess.run(tf.global_variables_initializer())
                for _ in range(5):
                    sess.run(train_step)
                return sess.run(w)

    np.testing.assert_array_equal(steps(arithmetic.fused), steps(arithmetic.native))


@pytest.mark.parametrize("use_resource", [False, True])
def test_both_kinds_of_variable_and_sparse_gradients(use_resource):
    """Against stock Adam, whose roundings differ in the last place at the most."""

    def steps(chosen):
        with tf.Graph().as_default(), chosen() as AdamOptimizer:
            table = tf.Variable(tf.ones([4, 2]), use_resource=use_resource)
            w = tf.Variable(tf.ones([2, 1]), use_resource=use_resource)
            loss = tf.reduce_sum(tf.square(tf.matmul(tf.gather(table, [1, 3]), w) - 1))
            train_step = AdamOptimizer(0.1).minimize(loss)
            with runtime.Session() as sess:
                sess.run(tf.global_variables_initializer())
                for _ in range(20):
                    sess.run(train_step)
                return np.concatenate([value.ravel() for value in sess.run([table, w])])

    np.testing.assert_allclose(steps(arithmetic.fused), steps(arithmetic.native), rtol=1e-5)


NUMBERS = {
    "a float": lambda number: number,
    "NumPy's float64": np.float64,
    "NumPy's float16": np.float16,
    "an array": np.array,
    "a tensor": lambda number: tf.constant(number, tf.float64),
    "a placeholder": lambda number: tf.placeholder_with_default(np.float64(number), []),
    "a callable": lambda number: lambda: np.float64(number),
}


def adam(size, kind, chosen, use_resource):
    """What each of 40 steps makes of zeros, float32 [40, size]; Adam's numbers are of that kind."""
    gradients = f32(np.random.RandomState(size).randn(40, size))
    convert = NUMBERS[kind]
    with tf.Graph().as_default(), chosen() as AdamOptimizer:
        w = tf.Variable(tf.zeros([size]), use_resource=use_resource)
        gradient = tf.placeholder(tf.float32, [size])
        optimizer = AdamOptimizer(convert(0.003), convert(0.8), convert(0.99), convert(1e-3))
        train_step = optimizer.minimize(tf.reduce_sum(w * gradient))
        with runtime.Session() as sess:
            sess.run(tf.global_variables_initializer())
            ws = []
            for fed in gradients:
                sess.run(w.initializer)
                sess.run(train_step, {gradient: fed})
                ws.append(sess.run(w))
    return gradients, f32(ws)


@pytest.mark.parametrize(
    "chosen, kind, size, use_resource",
    [*((arithmetic.fused, kind, 1, False) for kind in NUMBERS), (arithmetic.fused, "a float", 40, False)]
    + [(arithmetic.separate, "a float", 40, True), (arithmetic.fused, "a float", 40, True)],
)
def test_adam_with_any_number(chosen, kind, size, use_resource):
    """Against NumPy, with float64 for a fused multiply-add. tf.sqrt of 40 is not exact in old TensorFlows."""
    wide = np.float64 if chosen is arithmetic.fused else f32

    def multiply_add(a, b, c):
        return f32(wide(a) * wide(b) + wide(c))

    gradients, ws = adam(size, kind, chosen, use_resource)
    rate, beta1, beta2, epsilon = (
        f32(np.float16(n) if kind == "NumPy's float16" else n) for n in (0.003, 0.8, 0.99, 1e-3)
    )
    m = v = np.zeros(size, np.float32)
    # TensorFlow keeps the powers of a beta in the dtype that it came in.
    power = {"NumPy's float16": np.float16, "a float": f32}.get(kind, np.float64)
    beta1_power, beta2_power = power(0.8), power(0.99)
    for g, w in zip(gradients, ws):
        m = multiply_add(g - m, f32(1) - beta1, m)
        v = multiply_add(multiply_add(g, g, -v), f32(1) - beta2, v)
        alpha = rate * np.sqrt(f32(1) - f32(beta2_power)) / (f32(1) - f32(beta1_power))
        np.testing.assert_array_equal(w, -(m * alpha) / (np.sqrt(v) + epsilon))
        beta1_power, beta2_power = beta1_power * power(0.8), beta2_power * power(0.99)


def test_adam_with_whole_numbers():
    """g is 2, m 2, v 1, alpha 1/2."""
    with tf.Graph().as_default(), arithmetic.fused() as AdamOptimizer, runtime.Session() as sess:
        w = tf.Variable([0.0])
        train_step = AdamOptimizer(1, 0, 0.75, 1).minimize(tf.reduce_sum(w * 2))
        sess.run(tf.global_variables_initializer())
        sess.run(train_step)
        assert sess.run(w) == [-0.5]


def test_adam_refuses_a_vector():
    for kind in (tf.train.AdamOptimizer, arithmetic.FusedAdamOptimizer):
        with tf.Graph().as_default(), pytest.raises(ValueError):
            w = tf.Variable([0.0, 0.0])
            kind([0.1, 0.2]).minimize(tf.reduce_sum(w))
