import pytest
import tensorflow.compat.v1 as tf

RUN_LISTING = "scripts/run_listing.py"

TYPED_IN = """\
# 自定义损失函数
import tensorflow as tf
from numpy.random import RandomState
batch_size = 8
x = tf.placeholder(tf.float32, shape=(None, 2), name="x-input")
y_ = tf.placeholder(tf.float32, shape=(None, 1), name='y-input')
w1= tf.Variable(tf.random_normal([2, 1], stddev=1, seed=1))
y = tf.matmul(x, w1)
rdm = RandomState(1)
X = rdm.rand(128,2)
Y = [[x1+x2+(rdm.rand()/10.0-0.05)] for (x1, x2) in X]
"""
EXPERIMENT = """\
loss = {loss}
train_step = tf.train.AdamOptimizer(0.001).minimize(loss)
with tf.Session() as sess:
    init_op = tf.global_variables_initializer()
    sess.run(init_op)
    STEPS = 5000
    for i in range(STEPS):
        start = (i*batch_size) % 128
        end = (i*batch_size) % 128 + batch_size
        sess.run(train_step, feed_dict={{x: X[start:end], y_: Y[start:end]}})
        if i % 1000 == 0:
            print("After %d training step(s), w1 is: " % (i))
            print(sess.run(w1), "\\n")
    print("{label}Final w1 is: \\n", sess.run(w1))
"""
WEIGHED = "tf.reduce_sum(tf.where(tf.greater(y, y_), (y - y_) * loss_more, (y_ - y) * loss_less))"
FIRST = TYPED_IN + "loss_less, loss_more = 10, 1\n"
FIRST += EXPERIMENT.format(loss=WEIGHED, label="[loss_less=10 loss_more=1] ")
ARTICLE = FIRST + "loss_less, loss_more = 1, 10\n"
ARTICLE += EXPERIMENT.format(loss=WEIGHED, label="[loss_less=1 loss_more=10] ")
ARTICLE += EXPERIMENT.format(loss="tf.losses.mean_squared_error(y, y_)", label="[losses.mean_squared_error]")


@pytest.fixture
def listing(command, tmp_path):
    """listing(source, arguments…): the finished run of that source as a file `typed.py` in its folder."""

    def run(source, *arguments):
        (tmp_path / "typed.py").write_bytes(source if isinstance(source, bytes) else source.encode("utf-8"))
        return command(RUN_LISTING, "typed.py", *arguments)

    return run


@pytest.fixture
def output(listing):
    """output(source, arguments…): what a listing without errors prints."""

    def run(source, *arguments):
        process = listing(source, *arguments)
        assert (process.returncode, process.err) == (0, b"")
        return process.out.decode()

    return run


def test_the_article_as_typed_in(command, tmp_path, printed):
    """As it stands; and its first experiment with two roundings."""
    (tmp_path / "article.py").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "first.py").write_text(FIRST, encoding="utf-8")
    article = command(RUN_LISTING, "article.py", wait=False)
    first = command(RUN_LISTING, "first.py", "--arithmetic", "separate", wait=False)
    assert article.communicate() == (printed("article.log"), b"")
    log, err = first.communicate()
    assert log == printed("tensorflow-1.4.0.log")[: len(log)] and log.endswith(b" [ 1.04280889]]\n")
    assert err == b""


def test_native_is_stock(output):
    source = (
        TYPED_IN
        + """
print(tf.train.AdamOptimizer.__module__.split(".")[-1])
print([node for node in tf.get_default_graph().as_graph_def().node if "_gradient_op_type" in node.attr])
"""
    )
    assert output(source, "--arithmetic", "native") == "adam\n[]\n"


OTHER_CHAPTER = """\
import tensorflow.compat.v1 as tf
import numpy as np
np.set_printoptions(precision=3)
X = np.linspace(0, 1, 20).reshape(10, 2)
Y = X.sum(axis=1, keepdims=True)
for name in ("AdamOptimizer", "GradientDescentOptimizer", "AdagradOptimizer"):
    tf.reset_default_graph()
    sess = tf.InteractiveSession()
    x = tf.placeholder(tf.float32, [None, 2])
    y_ = tf.placeholder(tf.float32, [None, 1])
    w1 = tf.Variable(tf.constant([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]))
    biases1 = tf.Variable(tf.constant(0.1, shape=[3]))
    w2 = tf.Variable(tf.constant([[0.1], [0.2], [0.3]]))
    a = tf.nn.relu(tf.matmul(x, w1) + biases1)
    y = tf.matmul(a, w2)
    loss = tf.reduce_mean(tf.square(y - y_))
    global_step = tf.Variable(0, trainable=False)
    train_step = getattr(tf.train, name)(0.05).minimize(loss, global_step=global_step)
    tf.global_variables_initializer().run()
    for i in range(30):
        start = i * 4 % 10
        train_step.run(feed_dict={x: X[start:start + 4], y_: Y[start:start + 4]})
    print(w1.eval(), sess.run(global_step), w1.shape[0].value)
    print("%.5f" % loss.eval({x: X, y_: Y}))
    sess.close()
"""


def test_another_chapters_listing(command, tmp_path):
    """Several layers, biases, a last batch that is smaller: against stock, as far as roundings allow."""
    (tmp_path / "typed.py").write_text(OTHER_CHAPTER)
    fused = command(RUN_LISTING, "typed.py", wait=False)
    native = command(RUN_LISTING, "typed.py", "--arithmetic", "native", wait=False)
    out, err = fused.communicate()
    assert (out, err) == native.communicate()
    assert out.count(b"\n") == 9 and err == b""


def test_a_listing_meets_what_python_gives_it(listing, tmp_path):
    (tmp_path / "mine.py").write_text("import numpy as np\nprint(np.float32([2.138545]))")
    (tmp_path / "data.txt").write_text("read")
    source = """\
import sys
import tensorflow as tf
import mine
def main(argv):
    print(open("data.txt").read(), __file__, argv, [mine.np.float32(4.555)])
    sys.stdout.write("unfinished")
    return 3
if __name__ == "__main__":
    tf.app.run()
"""
    process = listing(source)
    assert process.out == b"[ 2.13854504]\nread typed.py ['typed.py'] [4.5549998]\nunfinished"
    assert (process.returncode, process.err) == (3, b"")


def test_every_way_to_the_api_is_the_same(output):
    source = """\
import tensorflow as tf
import tensorflow.compat.v1 as tf1
from tensorflow.train import AdamOptimizer
from tensorflow.compat.v1 import Session
tf.reset_default_graph()
y = tf.matmul([[1.0]], [[1.0]])
with tf.Graph().as_default() as graph:
    tf1.matmul([[1.0]], [[1.0]])
print(AdamOptimizer is tf1.train.AdamOptimizer is tf.train.AdamOptimizer, Session is tf.Session)
for g in (y.graph, graph):
    print([str(n.attr["_gradient_op_type"].s) for n in g.as_graph_def().node if n.op == "MatMul"])
"""
    same, *gradients = output(source).splitlines()
    assert same == "True True"
    assert gradients[0] == gradients[1] and "InOrder" in gradients[0]


def test_an_error_shows_the_listing_alone(listing):
    source = """\
import tensorflow as tf
print("so far")
def run():
    with tf.Session() as sess:
        sess.run(tf.placeholder(tf.float32, [2], name="x"), {"x:0": [1, 2, 3]})
run()
"""
    process = listing(source)
    assert (process.returncode, process.out) == (1, b"so far\n")
    lines = process.err.decode().splitlines()
    assert lines[:2] == ["Traceback (most recent call last):", '  File "typed.py", line 6, in <module>']
    assert lines[-1].startswith("ValueError: Cannot feed value of shape (3,)")
    assert b"listing.py" not in process.err and b"command_line.py" not in process.err


@pytest.mark.skipif(tf.__version__.startswith("1."), reason="TensorFlow 1 has them")
def test_what_tensorflow_2_no_longer_has(command, tmp_path):
    lines = {
        "contrib.py": "tf.contrib.layers.l2_regularizer(0.1)",
        "examples.py": "from tensorflow.examples.tutorials.mnist import input_data",
    }
    for file, line in lines.items():
        (tmp_path / file).write_text("import tensorflow as tf\n" + line)
    names = {"contrib.py": "tf.contrib", "examples.py": "tensorflow.examples"}
    processes = {name: command(RUN_LISTING, file, wait=False) for file, name in names.items()}
    for name, process in processes.items():
        out, err = process.communicate()
        assert (process.returncode, out) == (1, b"")
        assert err.decode().startswith("Traceback")
        assert err.decode().endswith("\nTensorFlow 2 no longer has %s\n" % name)


@pytest.mark.parametrize("source", [b"print 'old'", b"def f(:", b"\xff\xfe\x00", b"a\0b"])
def test_no_python_is_one_line(source, listing):
    process = listing(source)
    assert (process.returncode, process.out) == (2, b"")
    assert process.err.startswith(b"run_listing.py: error: argument LISTING.py: typed.py is no Python")
    assert process.err.count(b"\n") == 1


@pytest.mark.parametrize("path", ["missing.py", "."])
def test_an_unreadable_file_is_one_line(path, command):
    process = command(RUN_LISTING, path)
    assert (process.returncode, process.out) == (2, b"")
    assert process.err.startswith(b"run_listing.py: error: ") and process.err.count(b"\n") == 1


def test_ctrl_c_can_be_caught_by_the_listing(listing):
    interrupt = "os.kill(os.getpid(), signal.SIGINT)\n"
    source = "import os, signal\ntry:\n    " + interrupt + "except KeyboardInterrupt:\n    print('caught')\n"
    process = listing(source + interrupt)
    assert (process.returncode, process.out, process.err) == (130, b"caught\n", b"")
