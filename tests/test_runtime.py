"""TensorFlow's start, and runtime.Session beside tf.Session."""

import gc
import os
import sys

from chapter4 import runtime

import numpy as np
import pytest
import tensorflow.compat.v1 as tf
from hypothesis import given, settings
from hypothesis import strategies as st

CHATTER = "import os; os.write(2, b'chatter of the kernels\\n')\n"


@pytest.mark.parametrize("name", ["scripts/run_all.py", "chapter4.section_4_2_2_custom_loss"])
def test_an_error_is_shown_with_what_tensorflow_wrote(name, command, stand_in):
    broken = CHATTER + "raise ImportError('libfoo.so: cannot open shared object file')"
    process = command(name, path=[stand_in(broken)])
    assert (process.returncode, process.out) == (1, b"")
    assert process.err.startswith(b"chatter of the kernels\nTraceback")
    assert process.err.endswith(b"ImportError: libfoo.so: cannot open shared object file\n")


def test_without_tensorflow_python_says_so(command):
    process = command("scripts/run_all.py", python=["-I", "-S"])
    assert (process.returncode, process.out) == (1, b"")
    assert process.err.startswith(b"Traceback") and b"ModuleNotFoundError: No module named" in process.err


def test_nothing_is_held_back_where_the_user_says_so(command, stand_in):
    path = [stand_in(CHATTER + "os._exit(3)")]
    assert command("scripts/run_all.py", path=path).err == b""
    process = command("scripts/run_all.py", path=path, env={"TF_CPP_MIN_LOG_LEVEL": "0"})
    assert (process.returncode, process.err) == (3, b"chatter of the kernels\n")


def test_holding_stderr_back_leaves_no_descriptor_open():
    def lowest_free():
        descriptor = os.dup(2)
        os.close(descriptor)
        return descriptor

    before = lowest_free()
    with runtime._stderr_held_back():
        pass
    assert lowest_free() == before


def test_keras_is_there():
    """The start leaves it out; for a listing's, which may have come first, see test_listing."""
    import tensorflow
    from tensorflow.keras.layers import Dense

    assert Dense(3).units == 3 and tensorflow.keras.layers.Dense is Dense


def build():
    """Operations, tensors and placeholders of many kinds, by name; the default graph's."""
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    number = tf.placeholder(tf.float64, [], name="number")
    whole = tf.placeholder(tf.uint8, [2], name="whole")
    small = tf.placeholder(tf.uint8, [], name="small")
    anything = tf.placeholder(tf.float32, name="anything")
    text = tf.placeholder(tf.string, [None], name="text")
    default = tf.placeholder_with_default([1.0], [None], name="default")
    slices = tf.IndexedSlices(tf.placeholder(tf.float32), tf.placeholder(tf.int64))
    w = tf.Variable([[1.0], [2.0]], use_resource=False)
    count = tf.Variable(0, use_resource=True)
    step = tf.assign_add(w, tf.reduce_sum(x) * tf.ones([2, 1]))
    with tf.control_dependencies([step]):
        fails_late = tf.debugging.Assert(tf.reduce_sum(x) < 100, [x], name="fails_late")
    return {
        "x": x,
        "number": number,
        "whole": whole,
        "small": small,
        "anything": anything,
        "text": text,
        "default": default,
        "slices": slices,
        "w": w,
        "w.op": w.op,
        "count": tf.assign_add(count, 1),
        "product": tf.matmul(x, w, name="product"),
        "twice": 2 * number,
        "halves": tf.cast(whole, tf.float32) / 2,
        "less": tf.cast(small, tf.float32) - 1,
        "sliced": tf.identity(slices.values),
        "same": tf.identity(anything),
        "bytes": tf.identity(text),
        "plus": default + 1,
        "random": tf.random_normal([2], seed=1),
        "step": step.op,
        "group": tf.group(step, tf.assign_add(count, 1)),
        "checked": tf.check_numerics(anything, "no number"),
        "fails_late": fails_late,
        "sparse": tf.SparseTensor([[0]], [1.0], [2]),
    }


X = [[1.0, 2.0], [3.0, 4.0]]
with tf.Graph().as_default():
    TENSOR = tf.constant(X)
FEEDS = {
    "x": [X, np.float32(X), np.float64(X) / 3, np.ones([2, 2, 2])[0].T, np.ones([0, 2]), [[1, 2]], [[100, 9]]]
    + [np.ones([2, 3]), [1.0], [["a", "b"]], None, [[1.0], [1.0, 2.0]], [[2**60 + 1, 2**70]], {}]
    + [TENSOR],
    "number": [1, 2.5, np.float32(1) / 3, np.array(7), True, 2**70, "3", [1.0], 1j],
    "whole": [[1, 2], np.array([1.9, 2.1]), np.array([1, 2], np.uint8), [300, 1], [-1, 1], 5],
    "small": [5, 300, -1, True, 2.5, np.int64(300)],
    "slices": [([1.0, 2.0], [0, 1])],
    "anything": [1.5, [], [[1.0, 0.0], [0.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]], np.ones([1, 2, 2]), np.nan],
    "text": [["a", b"b"], ["á"], [], [1]],
    "default": [[2.0], []],
}
FETCHES = ["w", "w.op", "count", "product", "twice", "halves", "same", "bytes", "plus", "random", "step"]
FETCHES += ["group", "checked", "fails_late", "sparse", "x", "number"]


def outcome(sess, parts, fetched, feeds, as_key):
    """What a call returns or raises, in a form that can be compared."""
    try:
        feed_dict = {as_key(parts[name]): value for name, value in feeds.items()}
        result = sess.run(parts[fetched], feed_dict=feed_dict or None)
    except Exception as error:
        return type(error), str(error)
    return type(result), getattr(result, "dtype", None), repr(result)


class Both:
    """The same graph in a tf.Session and in a runtime.Session, with the same settings."""

    def __enter__(self):
        config = runtime.Session(graph=tf.Graph())._config
        self.sides = []
        for kind in (tf.Session, runtime.Session):
            with tf.Graph().as_default() as graph:
                parts = build()
                sess = kind(graph=graph, config=config)
                sess.run([variable.initializer for variable in tf.global_variables()])
            self.sides.append((sess, parts))
        return self

    def __exit__(self, *error):
        for sess, _ in self.sides:
            sess.close()

    def same(self, fetched, feeds, as_key=lambda part: part):
        stock, ours = [outcome(sess, parts, fetched, feeds, as_key) for sess, parts in self.sides]
        assert ours == stock
        return stock


CALLS = [("product", "x"), ("step", "x"), ("fails_late", "x"), ("twice", "number"), ("halves", "whole")]
CALLS += [("same", "anything"), ("checked", "anything"), ("bytes", "text"), ("plus", "default"), ("x", "x")]
CALLS += [("less", "small"), ("sliced", "slices")]


@pytest.mark.parametrize("fetched, fed", CALLS)
def test_every_feed(fetched, fed):
    """Each feed three times, amid others: first TensorFlow's run, then prepared, then the prepared call."""
    with Both() as both:
        for value in 3 * [FEEDS[fed][0]] + [value for value in FEEDS[fed] for _ in range(3)] + FEEDS[fed]:
            both.same(fetched, {fed: value})
            both.same("w", {})


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_any_calls(data):
    feed = st.sampled_from(sorted(FEEDS)).flatmap(
        lambda name: st.tuples(st.just(name), st.integers(0, len(FEEDS[name]) - 1))
    )
    call = st.tuples(st.sampled_from(FETCHES), st.lists(feed, max_size=3))
    calls = data.draw(st.lists(call, min_size=1, max_size=12))
    by_name = data.draw(st.booleans())
    with Both() as both:
        for fetched, feeds in 4 * calls:
            feeds = {name: FEEDS[name][index] for name, index in feeds}
            both.same(fetched, feeds, (lambda part: part.name) if by_name else (lambda part: part))


def test_text_that_ends_in_a_null_byte():
    with Both() as both:
        for _ in range(4):
            both.same("bytes", {"text": [b"a\0"]})


def test_a_call_that_comes_again_is_prepared(monkeypatch):
    """The third time TensorFlow's own run is not asked."""
    with tf.Graph().as_default(), runtime.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        y = 2 * x
        for _ in range(3):
            sess.run(y, feed_dict={x: [1.0]})
        monkeypatch.setattr(tf.Session, "run", None)
        assert sess.run(y, feed_dict={x: np.float64([3])}) == [6]
        assert y.eval({x: [4]}) == [8]
        with pytest.raises(TypeError):
            sess.run(y, feed_dict={x: [1.0, 2.0]})  # of another shape


def test_the_order_of_the_feeds_does_not_matter():
    with tf.Graph().as_default(), runtime.Session() as sess:
        a, b = tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [])
        difference = a - b
        for _ in range(4):
            assert sess.run(difference, {a: 3.0, b: 1.0}) == 2
        for _ in range(4):
            assert sess.run(difference, {b: 3.0, a: 1.0}) == -2


def test_a_tensorflow_that_prepares_no_calls(monkeypatch):
    monkeypatch.delattr(tf.Session.__mro__[1], "_make_callable_from_options")
    with tf.Graph().as_default(), runtime.Session() as sess:
        one = tf.constant(1) + 0
        assert [sess.run(one) for _ in range(4)] == [1] * 4


def test_options_and_metadata_are_tensorflows(monkeypatch):
    with tf.Graph().as_default(), runtime.Session() as sess:
        one = tf.constant(1) + 0
        for _ in range(4):
            metadata = tf.RunMetadata()
            options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
            assert sess.run(one, options=options, run_metadata=metadata) == 1
            assert sess.run(one) == 1
            assert metadata.step_stats.dev_stats
        monkeypatch.setattr(tf.Session, "run", lambda *arguments: "its own")
        assert sess.run(one) == 1
        assert sess.run(one, options=options) == sess.run(one, run_metadata=metadata) == "its own"


@pytest.mark.parametrize("kind", [tf.Session, runtime.Session])
def test_closed_grown_and_shared(kind):
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [2])
        w = tf.Variable([0.0, 0.0])
        step = tf.assign_add(w, x)
        sessions = [kind(), kind()]
        for sess in sessions:
            sess.run(w.initializer)
        for i in range(6):
            for sess, feed in zip(sessions, ([1, 2], [10, 20])):
                before = sess.run(w)
                kept = before.copy()
                assert (sess.run(step, {x: feed}) == (i + 1) * np.float32(feed)).all()
                assert (before == kept).all()  # what was fetched is a copy
            grown = w + i  # the graph grows between the calls
            assert (sessions[0].run(grown) == (i + 1) * np.float32([1, 2]) + i).all()
        step.op.run({x: [0, 0]}, session=sessions[0])
        assert (w.eval(sessions[0]) == [6, 12]).all()
        sessions[0].close()
        with pytest.raises(RuntimeError, match="Attempted to use a closed Session."):
            sessions[0].run(step, {x: [1, 2]})
        with pytest.raises(TypeError, match="dict"):
            sessions[1].run(step, "x")
        assert graph.version > 0 and (sessions[1].run(w) == [60, 120]).all()
        sessions[1].close()
    with tf.Graph().as_default(), kind() as sess, pytest.raises(RuntimeError, match="graph is empty"):
        sess.run(step)


def test_a_closed_session_is_freed_at_once():
    with tf.Graph().as_default(), runtime.Session() as sess:
        one = tf.constant(1) + 0
        for _ in range(4):
            sess.run(one)
    gc.collect()
    referrers = sys.getrefcount(sess)
    assert referrers <= 3  # the name here, the `with` and the argument


def test_settings_of_the_callers_own():
    with tf.Graph().as_default():
        with runtime.Session(config=tf.ConfigProto(intra_op_parallelism_threads=2)) as sess:
            assert sess._config.intra_op_parallelism_threads == 2
            assert dict(sess._config.device_count) == {"GPU": 0}
        with pytest.raises(TypeError):
            runtime.Session(config="fast")
        with pytest.raises(tf.errors.NotFoundError):
            runtime.Session("nowhere")
        graph = tf.Graph()
        with runtime.Session(graph=graph) as sess:
            assert sess.graph is graph


def test_no_formula_is_rewritten():
    """By default TensorFlow makes x * 0.1 * 0.3 one product, and x / sqrt(y) a product with rsqrt(y)."""
    a, b = np.float32(np.random.RandomState(0).rand(2, 1000))
    with tf.Graph().as_default(), tf.Session() as sess:
        root = sess.run(tf.sqrt(b))  # not NumPy's on every TensorFlow
    by_hand = [a * np.float32(0.1) * np.float32(0.3), a / root]
    same = []
    for kind in (tf.Session, runtime.Session):
        with tf.Graph().as_default(), kind() as sess:
            x, y = (tf.placeholder(tf.float32, [1000]) for _ in range(2))
            for formula, expected in zip([x * 0.1 * 0.3, x / tf.sqrt(y)], by_hand):
                same.append((sess.run(formula, {x: a, y: b}) == expected).all())
    assert same == [False, False, True, True]


def test_interactive_session_has_it_too():
    with tf.Graph().as_default():
        sess = runtime.InteractiveSession()
        x = tf.placeholder(tf.float32, [None])
        for _ in range(4):
            assert (2 * x).eval({x: [1.5]}) == [3]
        assert sess._config.inter_op_parallelism_threads == -1
        sess.close()
