"""How a*b + c rounds while a graph trains: `fused` (once), `separate` (twice), `native` (as the kernels do).

Each is a context manager. While it is active, the gradient of a float32 `tf.matmul` in the default graph
rounds that way, and `as` gives the AdamOptimizer to train with:

    with tf.Graph().as_default(), fused() as AdamOptimizer:
        graph = build_graph(AdamOptimizer=AdamOptimizer)

Run it in a runtime.Session: tf.Session may rewrite the sums. TensorFlow's own kernels compute all else: the
forward pass, other gradients, optimizers and dtypes, and what has more than 32 rows, inputs or outputs.
"""

import contextlib
import functools

from chapter4.runtime import tf

SMALL = 32  # rows, inputs, outputs: beyond, each operation spelled out here would cost more than it is worth


def fused(batch_size=None):
    """a*b + c with one rounding: the article's log.

    The product of two float32 is exact in float64, so float64 stands in for an FMA instruction.
    `batch_size`, the number of rows of every batch fed, makes a step faster; a batch of another
    size then raises tf.errors.InvalidArgumentError.
    """
    return _arithmetic(FusedAdamOptimizer, batch_size)


def separate(batch_size=None):
    """a*b rounded, then + c rounded: the log of the book's companion. `batch_size` as for `fused`."""
    return _arithmetic(SeparateAdamOptimizer, batch_size)


@contextlib.contextmanager
def native(batch_size=None):
    """The installed TensorFlow's own kernels: whatever this machine makes of them."""
    yield tf.train.AdamOptimizer


@contextlib.contextmanager
def _arithmetic(optimizer, batch_size):
    gradient = _matmul_gradient(optimizer.dtype, batch_size)
    with tf.get_default_graph().gradient_override_map({"MatMul": gradient}):
        yield optimizer


def _multiply_add(a, b, c, dtype):
    """a*b + c in that dtype, then rounded to float32."""
    return tf.cast(tf.cast(a, dtype) * tf.cast(b, dtype) + tf.cast(c, dtype), tf.float32)


class _AdamOptimizer(tf.train.AdamOptimizer):
    def _apply_dense(self, grad, var):
        return self._update(grad, var) or super()._apply_dense(grad, var)

    def _resource_apply_dense(self, grad, var):
        return self._update(grad, var) or super()._resource_apply_dense(grad, var)

    def _update(self, grad, var):
        """TensorFlow's formula for Adam, with every a*b + c spelled out; None for its own kernel."""
        size = var.shape.num_elements()
        if grad.dtype != tf.float32 or size is None or size > SMALL**2:
            return None
        numbers = (self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t, *self._get_beta_accumulators())
        for number in numbers:
            number.shape.assert_has_rank(0)
        rate, beta1, beta2, epsilon, beta1_power, beta2_power = [tf.cast(n, tf.float32) for n in numbers]
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        old_m, old_v = tf.convert_to_tensor(m), tf.convert_to_tensor(v)  # one read each
        new_m = _multiply_add(grad - old_m, 1 - beta1, old_m, self.dtype)
        square_minus_v = _multiply_add(grad, grad, -old_v, self.dtype)
        new_v = _multiply_add(square_minus_v, 1 - beta2, old_v, self.dtype)
        alpha = rate * tf.sqrt(1 - beta2_power) / (1 - beta1_power)
        root = tf.cast(tf.sqrt(tf.cast(new_v, tf.float64)), tf.float32)  # exact in old TensorFlows, too
        step = (new_m * alpha) / (root + epsilon)
        return tf.group(tf.assign(m, new_m), tf.assign(v, new_v), tf.assign_sub(var, step))


class FusedAdamOptimizer(_AdamOptimizer):
    """tf.train.AdamOptimizer for dense float32 gradients, a*b + c rounded once."""

    dtype = tf.float64


class SeparateAdamOptimizer(_AdamOptimizer):
    """tf.train.AdamOptimizer for dense float32 gradients, a*b + c rounded twice."""

    dtype = tf.float32


@functools.lru_cache(maxsize=None)  # a gradient can be registered only once under a name
def _matmul_gradient(dtype, batch_size):
    """Registers the gradient of tf.matmul that sums in order; returns its name."""
    name = "MatMulInOrder_%s_%s" % (dtype.name, batch_size)

    @tf.RegisterGradient(name)
    def gradient(op, grad):
        a, b = op.inputs
        transpose_a, transpose_b = op.get_attr("transpose_a"), op.get_attr("transpose_b")
        a = tf.transpose(a) if transpose_a else a  # [n, k]
        b = tf.transpose(b) if transpose_b else b  # [k, m]

        def native():
            return tf.matmul(grad, b, transpose_b=True), tf.matmul(a, grad, transpose_a=True)

        def in_order():
            wide_grad = tf.expand_dims(tf.cast(grad, dtype), 1)  # [n, 1, m]
            products = tf.expand_dims(tf.cast(a, dtype), 2) * wide_grad  # [n, k, m]
            if rows is None:  # as in a listing: filled up with -0, which leaves every sum as it is
                fill = [[0, SMALL - tf.shape(a)[0]], [0, 0], [0, 0]]
                products = tf.pad(products, fill, constant_values=tf.constant(-0.0, dtype))
            grad_a = _sum(tf.unstack(wide_grad * tf.cast(b, dtype), axis=2), dtype)
            return grad_a, _sum(tf.unstack(products, rows or SMALL), dtype)

        rows = batch_size or a.shape.as_list()[0]
        sizes = [rows or 1, *b.shape.as_list()]
        if grad.dtype != tf.float32 or None in sizes or max(sizes) > SMALL:
            grad_a, grad_b = native()
        elif rows:
            grad_a, grad_b = in_order()
        else:
            grad_a, grad_b = tf.cond(tf.shape(a)[0] <= SMALL, in_order, native)
        grad_a = tf.transpose(grad_a) if transpose_a else grad_a
        return grad_a, tf.transpose(grad_b) if transpose_b else grad_b

    return name


def _sum(products, dtype):
    """The sum of tensors of that dtype, added one after the other and each time rounded to float32."""
    total = tf.cast(products[0], tf.float32)
    for product in products[1:]:
        total = tf.cast(product + tf.cast(total, dtype), tf.float32)
    return total
