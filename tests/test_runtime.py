"""TensorFlow's start, and runtime.Session beside tf.Session."""

import functools
import gc
import os
import sys
import weakref

from chapter4 import runtime

import numpy as np
import pytest
import tensorflow.compat.v1 as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorflow.python.ops import data_flow_ops

CHATTER = "import os; os.write(2, b'chatter of the kernels\\n')\n"


@pytest.mark.parametrize("name", ["scripts/run_all.py", "chapter4.section_4_2_2_custom_loss"])
def test_an_error_is_shown_with_what_tensorflow_wrote(name, command, stand_in):
    broken = CHATTER + "raise ImportError('libfoo.so: cannot open shared object file')"
    process = command(name, path=[stand_in(broken)])
    assert (process.returncode, process.out) == (1, b"")
    assert process.err.startswith(b"chatter of the kernels\nTraceback")
    assert process.err.endswith(b"ImportError: libfoo.so: cannot open shared object file\n")


def test_whatever_ends_the_start_is_shown(command, stand_in):
    process = command("scripts/run_all.py", path=[stand_in(CHATTER + "raise TypeError('odd')")])
    assert process.err.startswith(b"chatter of the kernels\nTraceback")
    assert process.err.endswith(b"TypeError: odd\n")


def test_without_a_place_for_a_temporary_file_nothing_is_held_back(monkeypatch, capfd):
    def nowhere():
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(runtime.tempfile, "TemporaryFile", nowhere)
    with runtime.quiet():
        os.write(2, b"chatter")
    assert capfd.readouterr() == ("", "chatter")


def test_the_import_is_not_searched_for_garbage(command, stand_in):
    source = "import gc, os\nos.write(1, b'%d' % gc.isenabled())\nraise SystemExit(3)"
    assert command("scripts/run_all.py", path=[stand_in(source)]).out == b"0"


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


@pytest.mark.skipif(sys.version_info < (3, 8), reason="does not say which generation an object is of")
def test_what_is_imported_counts_as_old(monkeypatch):
    """So no search for garbage goes through it soon after."""
    monkeypatch.setattr(gc, "get_freeze_count", lambda: 0)  # conftest's own freeze
    with runtime.quiet():
        made = [[]]
    assert any(old is made for old in gc.get_objects(generation=2))
    gc.freeze()


DTYPES = {
    "number": (tf.float64, []),
    "x": (tf.float32, [None, 2]),
    "anything": (tf.float32, None),
    "whole": (tf.uint8, [2]),
    "small": (tf.uint8, []),
    "half": (tf.float16, [None]),
    "brain": (tf.bfloat16, [None]),
    "quantized": (tf.quint8, [None]),
    "complex": (tf.complex64, []),
    "flag": (tf.bool, []),
    "text": (tf.string, [None]),
}


def build():
    """Placeholders of many kinds; for each a step that keeps what is fed; other operations and tensors."""
    parts = {}
    for name, (dtype, shape) in DTYPES.items():
        fed = parts[name] = tf.placeholder(dtype, shape, name=name)
        empty = tf.zeros([], dtype) if dtype != tf.quint8 else tf.bitcast(tf.zeros([], tf.uint8), dtype)
        kept = tf.Variable(empty, validate_shape=False, use_resource=False)
        parts["keep " + name] = tf.assign(kept, fed, validate_shape=False).op
        parts["kept " + name] = tf.identity(kept) if dtype != tf.quint8 else tf.bitcast(kept, tf.uint8)
    default = parts["default"] = tf.placeholder_with_default([1.0], [None], name="default")
    slices = parts["slices"] = tf.IndexedSlices(tf.placeholder(tf.float32), tf.placeholder(tf.int64))
    x, w = parts["x"], tf.Variable([[1.0], [2.0]], use_resource=False)
    count = tf.Variable(0, use_resource=True)
    step = tf.assign_add(w, tf.reduce_sum(x) * tf.ones([2, 1]))
    with tf.control_dependencies([step]):
        fails_late = tf.debugging.Assert(tf.reduce_sum(x) < 100, [x], name="fails_late")
    getattr(fails_late, "mark_used", int)()  # else TensorFlow complains where a test does not use it
    parts.update(
        {
            "w": w,
            "w.op": w.op,
            "x.op": x.op,
            "count": tf.assign_add(count, 1),
            "product": tf.matmul(x, w, name="product"),
            "same": tf.identity(parts["anything"]),
            "step": step.op,
            "default.op": (default + 1).op,
            "slices.op": tf.identity(slices.values).op,
            "group": tf.group(step, tf.assign_add(count, 1)),
            "checked": tf.check_numerics(parts["anything"], "no number").op,
            "fails_late": fails_late,
            "sparse": tf.SparseTensor([[0]], [1.0], [2]),
        }
    )
    return parts


X = [[1.0, 2.0], [3.0, 4.0]]
with tf.Graph().as_default():
    TENSOR = tf.constant(X)


class Number:
    """What NumPy makes a number of; once, if told, it raises an exception of its own."""

    class Own(Exception):
        pass

    raises = False

    def __float__(self):
        if self.raises:
            self.raises = False
            raise self.Own
        return 1.0


FEEDS = {
    "x": [X, np.float32(X), np.float64(X) / 3, np.ones([2, 2, 2])[0].T, np.ones([0, 2]), [[1, 2]], [[100, 9]]]
    + [
        np.ones([2, 3]),
        [1.0],
        [["a", "b"]],
        None,
        [[1.0], [1.0, 2.0]],
        [[2**60 + 1, 2**70]],
        {},
    ]
    + [TENSOR, [[TENSOR, TENSOR]], ((1.0, 2.0),), np.array(X, object), np.ma.masked_array(X)],
    "number": [1.5, 1, np.float32(1) / 3, np.array(7), True, 2**70, "3", [1.0], 1j, 1e400],
    "whole": [[1, 2], np.array([1.9, 2.1]), np.array([1, 2], np.uint8), [300, 1], [-1, 1], 5, [2**70, 1]],
    "small": [5.0, 5, 300, -1, True, 2.5, 300.0, np.nan, np.int64(300)],
    "half": [[1.5], [1e9], np.array([1 / 3]), [2**70]],
    "brain": [[1.5, 2], np.array([1 / 3]), np.array([1.0], np.float32)],
    "quantized": [[1], np.array([2]), np.array([2], np.uint8), np.array([2], tf.quint8.as_numpy_dtype)],
    "complex": [1.5, 1j, np.complex64(2), 3],
    "flag": [True, 0.0, 1, np.array(True), [True]],
    "slices": [([1.0, 2.0], [0, 1])],
    "anything": [1.5, [], [[1.0, 0.0], [0.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]], np.ones([1, 2, 2]), np.nan],
    "text": [["a", b"b"], ["á"], [], [1], [b"a\0"]],
    "default": [[2.0], []],
}
FETCHES = [
    "w",
    "w.op",
    "x.op",
    "count",
    "product",
    "same",
    "step",
    "default.op",
    "slices.op",
    "group",
    "checked",
]
FETCHES += ["fails_late", "sparse", "x", "number", *("keep " + name for name in DTYPES)]


def outcome(sess, parts, fetched, feeds, as_key):
    """What a call returns or raises, in a form that can be compared."""
    try:
        feed_dict = {as_key(parts[name]): value for name, value in feeds.items()}
        result = sess.run(parts[fetched], feed_dict=feed_dict or None)
    except Exception as error:
        return type(error), str(error)
    return type(result), getattr(result, "dtype", None), repr(result)


@functools.lru_cache(maxsize=None)
def built(kind):
    """That kind of Session's graph, and its parts: most of these tests' time is its building."""
    with tf.Graph().as_default() as graph:
        parts = build()
        return graph, parts, [variable.initializer for variable in tf.global_variables()]


class Both:
    """The same graph in a new tf.Session and in a new runtime.Session, with the same settings."""

    def __enter__(self):
        config = runtime.Session(graph=tf.Graph())._config
        self.sides = []
        for kind in (tf.Session, runtime.Session):
            graph, parts, initializers = built(kind)
            sess = kind(graph=graph, config=config)
            sess.run(initializers)
            self.sides.append((sess, parts))
        return self

    def __exit__(self, *error):
        for sess, _ in self.sides:
            sess.close()

    def same(self, fetched, feeds, as_key=lambda part: part):
        stock, ours = [outcome(sess, parts, fetched, feeds, as_key) for sess, parts in self.sides]
        assert ours == stock
        return stock


CALLS = [("keep " + name, name) for name in DTYPES]
CALLS += [
    ("step", "x"),
    ("fails_late", "x"),
    ("checked", "anything"),
    ("default.op", "default"),
    ("x.op", "x"),
]
CALLS += [("slices.op", "slices"), ("product", "x")]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("fetched, fed", CALLS)
def test_every_feed(fetched, fed):
    """Each feed three times, amid others: first TensorFlow's run, then prepared, then the prepared step."""
    with Both() as both:
        for value in 3 * [FEEDS[fed][0]] + [value for value in FEEDS[fed] for _ in range(3)] + FEEDS[fed]:
            both.same(fetched, {fed: value})
            both.same("w", {})
            if fetched == "keep " + fed:
                both.same("kept " + fed, {})


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=20, deadline=None, derandomize=True)
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


@pytest.mark.parametrize("kind", [tf.Session, runtime.Session])
@pytest.mark.parametrize("number", [Number(), [Number()]])
def test_an_exception_of_a_feeds_own_comes_out(kind, number):
    with tf.Graph().as_default(), kind() as sess:
        x = tf.placeholder(tf.float32)
        step = tf.identity(x).op
        for _ in range(4):
            sess.run(step, {x: number})
        (number[0] if isinstance(number, list) else number).raises = True
        with pytest.raises(Number.Own):
            sess.run(step, {x: number})
        sess.run(step, {x: number})


def test_a_shape_set_later_is_checked():
    with Both() as both:
        for _ in range(4):
            both.same("keep anything", {"anything": [1.0, 2.0]})
        for _, parts in both.sides:
            parts["anything"].set_shape([3])
        for _ in range(2):
            assert both.same("keep anything", {"anything": [1.0, 2.0]})[0] is ValueError
            both.same("keep anything", {"anything": [1.0, 2.0, 3.0]})
    built.cache_clear()


def test_an_eager_tensor_is_no_feed():
    with tf.Graph().as_default(), runtime.Session() as sess:
        x = tf.placeholder(tf.float32, [2])
        step = tf.identity(x).op
        for _ in range(4):
            sess.run(step, {x: [1.0, 2.0]})
        with tf.init_scope():  # eager, where TensorFlow is at all
            eager = tf.constant([1.0, 2.0])
        for _ in range(2):
            with pytest.raises(TypeError):
                sess.run(step, {x: eager})


def stocks_runs(monkeypatch):
    """A list that grows with each call of stock's `run`."""
    runs, stock = [], tf.Session.run
    monkeypatch.setattr(tf.Session, "run", lambda *arguments: runs.append(1) or stock(*arguments))
    return runs


def test_a_step_that_comes_again_is_prepared(monkeypatch):
    """The third time TensorFlow's own run is not asked, until a feed has another shape."""
    with tf.Graph().as_default(), runtime.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        w = tf.Variable([0.0])
        step = tf.assign_add(w, x[:1]).op
        sess.run(w.initializer)
        runs = stocks_runs(monkeypatch)
        for feed in 3 * [[1.0]] + [np.float64([2]), np.float32([3]), [4]]:
            sess.run(step, feed_dict={x: feed})
        step.run({x: [5]})
        assert len(runs) == 3
        for _ in range(2):
            sess.run(step, feed_dict={x: [6.0, 0.0]})
        assert len(runs) == 4
        for _ in range(6):  # a step that is fed nothing
            sess.run(w.initializer)
        assert len(runs) == 6


def test_what_is_returned_is_no_memory_that_is_fed():
    """A reader fills one buffer for each batch, and keeps the results."""
    with tf.Graph().as_default(), runtime.Session() as sess:
        x = tf.placeholder(tf.float32, [64, 2])
        tensors = [tf.identity(x), tf.reshape(x, [128]), tf.expand_dims(x, 0), x[:], tf.stop_gradient(x)]
        buffer = np.zeros([64, 2], np.float32)
        for tensor in tensors:
            kept = []
            for i in range(6):
                buffer[:] = i
                kept.append(sess.run(tensor, {x: buffer}))
            assert [np.unique(result).tolist() for result in kept] == [[i] for i in range(6)]


def test_the_order_of_the_feeds_does_not_matter():
    with tf.Graph().as_default(), runtime.Session() as sess:
        a, b = tf.placeholder(tf.float32, []), tf.placeholder(tf.float32, [])
        w = tf.Variable(0.0)
        subtract = tf.assign(w, a - b).op
        for feeds in 4 * [{a: 3.0, b: 1.0}] + 4 * [{b: 1.0, a: 3.0}]:
            sess.run(subtract, feeds)
            assert sess.run(w) == 2


def test_a_tensorflow_that_prepares_no_calls(monkeypatch):
    monkeypatch.delattr(tf.Session.__mro__[1], "_make_callable_from_options")
    with tf.Graph().as_default(), runtime.Session() as sess:
        count = tf.Variable(0)
        sess.run(count.initializer)
        for _ in range(4):
            sess.run(tf.assign_add(count, 1).op)
            sess.run(count.initializer)
        assert sess.run(count) == 0


def test_options_and_metadata_are_tensorflows():
    with tf.Graph().as_default(), runtime.Session() as sess:
        step = (tf.constant(1) + 0).op
        for _ in range(4):
            metadata = tf.RunMetadata()
            options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
            sess.run(step, options=options, run_metadata=metadata)
            sess.run(step)
            assert metadata.step_stats.dev_stats


@pytest.mark.parametrize("kind", [tf.Session, runtime.Session])
def test_closed_grown_and_shared(kind):
    with tf.Graph().as_default() as graph:
        x = tf.placeholder(tf.float32, [2])
        w = tf.Variable([0.0, 0.0])
        step = tf.assign_add(w, x).op
        sessions = [kind(), kind()]
        for sess in sessions:
            sess.run(w.initializer)
        for i in range(6):
            for sess, feed in zip(sessions, ([1, 2], [10, 20])):
                before = sess.run(w)
                kept = before.copy()
                sess.run(step, {x: feed})
                assert (sess.run(w) == (i + 1) * np.float32(feed)).all()
                assert (before == kept).all()  # what was fetched is a copy
            grown = w + i  # the graph grows between the calls
            assert (sessions[0].run(grown) == (i + 1) * np.float32([1, 2]) + i).all()
        step.run({x: [0, 0]}, session=sessions[0])
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


def test_a_session_that_is_dropped_is_gone():
    """Without a search for garbage, closed or not: a prepared step does not hold it."""
    gc.disable()
    try:
        for close in (True, False):
            with tf.Graph().as_default():
                w = tf.Variable(0)
                sess = runtime.Session()
                for _ in range(4):
                    sess.run(w.initializer)
                gone = weakref.ref(sess)
                if close:
                    sess.close()
                del sess
                assert gone() is None
    finally:
        gc.enable()


def while_loop(n, back=None):
    x = tf.constant(1.0)
    loop = tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, y * x), [0, x], back_prop=bool(back))
    return tf.gradients(loop[1], x)[0] if back else loop[1]


def a_chain(queue, n):
    """n operations of the queue's, one after the other."""
    last = queue.enqueue(1.0)
    for _ in range(n):
        with tf.control_dependencies([last]):
            last = queue.enqueue(queue.dequeue() + 1.0)
    with tf.control_dependencies([last]):
        return queue.dequeue()


class OldQueue:
    """Its handle is a string, as in TensorFlow 1.0."""

    def __init__(self):
        self.handle = tf.raw_ops.FIFOQueue(component_types=[tf.float32])

    def enqueue(self, value):
        return tf.raw_ops.QueueEnqueue(handle=self.handle, components=[value])

    def dequeue(self):
        return tf.raw_ops.QueueDequeue(handle=self.handle, component_types=[tf.float32])[0]


def loop_over_a_queue(n):
    queue = tf.FIFOQueue(10, tf.float32, [])
    with tf.control_dependencies([queue.enqueue(1.0)]):
        start = tf.constant(0)

    def body(i):
        with tf.control_dependencies([queue.enqueue(queue.dequeue())]):
            return i + 1

    with tf.control_dependencies([tf.while_loop(lambda i: i < n, body, [start], back_prop=False)]):
        return queue.dequeue()


def a_stage():
    """What a stage gets is put there by the same step: in one thread the one would wait for the other."""
    area = data_flow_ops.StagingArea([tf.float32], capacity=1)
    put, got = area.put([tf.constant(1.0)]), area.get()
    with tf.control_dependencies([put]):
        return tf.identity(got[0])


def scan_with_gradient(n):
    x = tf.ones([n])
    return tf.gradients(tf.scan(lambda a, b: a + b, x), x)[0]


GRAPHS = {
    "loop": lambda: while_loop(50),
    "gradient of a loop": lambda: while_loop(50, back=True),
    "gradient of a scan": lambda: scan_with_gradient(50),
    "chain over a queue": lambda: a_chain(tf.FIFOQueue(10, tf.float32, []), 20),
    "chain over a shuffling queue": lambda: a_chain(tf.RandomShuffleQueue(10, 0, tf.float32, [[]]), 20),
    "loop over a queue": lambda: loop_over_a_queue(50),
    "chain over an old queue": lambda: a_chain(OldQueue(), 20),
    "stage": a_stage,
    "function": lambda: tf.function(lambda x: x + 1.0)(tf.constant(1.0)),
}
IN_THE_CALLERS_THREAD = {
    "training": lambda use_resource: tf.train.AdamOptimizer(0.1).minimize(
        tf.square(tf.Variable(1.0, use_resource=use_resource))
    ),
    "cond": lambda use_resource: (
        tf.cond(
            tf.Variable(True, use_resource=use_resource), lambda: tf.constant(1), lambda: tf.constant(2)
        ).op
    ),
}


def pools(monkeypatch):
    """A list of the thread pools asked for by prepared steps: -1 is the caller's thread, 0 the Session's."""
    asked, prepare = [], tf.Session._make_callable_from_options

    def make(sess, options):
        asked.append(options.run_options.inter_op_thread_pool)
        return prepare(sess, options)

    monkeypatch.setattr(tf.Session, "_make_callable_from_options", make)
    return asked


@pytest.fixture(params=[False, True])
def control_flow_v2(request):
    before = tf.control_flow_v2_enabled()
    (tf.enable_control_flow_v2 if request.param else tf.disable_control_flow_v2)()
    yield request.param
    (tf.enable_control_flow_v2 if before else tf.disable_control_flow_v2)()


@pytest.mark.parametrize("name", GRAPHS)
def test_what_goes_on_is_not_in_the_callers_thread(name, control_flow_v2, monkeypatch):
    """There each of these, long enough, ends in a segmentation fault, or never."""
    asked = pools(monkeypatch)
    with tf.Graph().as_default(), runtime.Session() as sess:
        step = GRAPHS[name]().op
        for _ in range(6):
            sess.run(step)
    assert asked == [0]


@pytest.mark.parametrize("use_resource", [False, True])
@pytest.mark.parametrize("name", IN_THE_CALLERS_THREAD)
def test_a_training_step_is_in_the_callers_thread(name, use_resource, control_flow_v2, monkeypatch):
    asked = pools(monkeypatch)
    with tf.Graph().as_default(), runtime.Session() as sess:
        step = IN_THE_CALLERS_THREAD[name](use_resource)
        sess.run([variable.initializer for variable in tf.global_variables()])
        for _ in range(6):
            sess.run(step)
    assert asked == [0 if name == "cond" and control_flow_v2 else -1]  # then its branches are functions


@pytest.mark.filterwarnings("ignore:Exception ignored in")  # a Session that could not be made
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
        x, w = tf.placeholder(tf.float32, [1]), tf.Variable([0.0])
        step = tf.assign_add(w, x).op
        w.initializer.run()
        for _ in range(4):
            step.run({x: [1.5]})
        assert w.eval() == [6] and dict(sess._config.device_count) == {"GPU": 0}
        sess.close()
