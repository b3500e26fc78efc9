import json
import os
import signal
import sys

from chapter4.reader import listing as room
from chapter4.reader.cells import read

import pytest
import tensorflow.compat.v1 as tf
from conftest import ROOT, TYPED_IN, posix, typed

RUN_LISTING = "scripts/run_listing.py"

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


LEFT_OPEN = """\
kept = open("kept.txt", "w")
def keep(text):
    kept.write(text)
keep("to the end")
"""


def test_the_article_as_typed_in(command, tmp_path, printed):
    """With a file of the reader's that is not closed: stock TensorFlow 1.15 and 2.4 lose it, too."""
    process = command(RUN_LISTING, typed(tmp_path, ARTICLE + LEFT_OPEN, "typed.py"))
    assert (process.returncode, process.out, process.err) == (0, printed("article.log"), b"")
    if tuple(map(int, tf.__version__.split(".")[:2])) >= (2, 8):
        assert (tmp_path / "kept.txt").read_text() == "to the end"


def test_the_articles_first_experiment_in_python_2(listing, printed):
    """In print statements, with two roundings."""
    python_2 = FIRST.replace(
        'print("After %d training step(s), w1 is: " % (i))',
        'print "After %d training step(s), w1 is: " % (i)',
    )
    python_2 = python_2.replace('print(sess.run(w1), "\\n")', 'print sess.run(w1), "\\n"')
    python_2 = python_2.replace(
        'print("[loss_less=10 loss_more=1] Final w1 is: \\n", sess.run(w1))',
        'print "Final w1 is: \\n", sess.run(w1)',
    )
    status, log, err = listing(python_2, "--arithmetic", "separate")
    assert (status, err) == (0, "")
    assert printed("companion.log").decode().startswith(log) and log.endswith(" [ 1.04280889]]\n")


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


def test_another_chapters_listing(listing):
    """Several layers, biases, a last batch that is smaller: against stock, as far as roundings allow."""
    status, out, err = listing(OTHER_CHAPTER)
    assert (status, out, err) == listing(OTHER_CHAPTER, "--arithmetic", "native")
    assert (status, out.count("\n"), err) == (0, 9, "")


MEETS = """\
import atexit
import sys
import numpy as np
import tensorflow as tf
import tensorflow.compat.v1 as tf1
from tensorflow.train import AdamOptimizer
from tensorflow.compat.v1 import Session
import mine
atexit.register(lambda: print("at exit", [np.float32(4.555)], tf is sys.modules["tensorflow"]))
y = tf.matmul([[1.0]], [[1.0]])
with tf.Graph().as_default() as graph:
    tf1.linalg.matmul([[1.0]], [[1.0]])
print(AdamOptimizer is tf1.train.AdamOptimizer is tf.train.AdamOptimizer, Session is tf.Session)
for g in (y.graph, graph):
    print([str(n.attr["_gradient_op_type"].s) for n in g.as_graph_def().node if n.op == "MatMul"])
def main(argv):
    print(open("data.txt").read(), __file__, argv, [mine.np.float32(4.555)], "%s" % np.float32(1.23456789))
    sys.stdout.write("unfinished")
    os.write(2, b"stderr of C++, ")
    print("stderr of Python", end="", file=sys.stderr)
    return 3
if __name__ == "__main__":
    import os, signal
    try:
        os.kill(os.getpid(), signal.SIGINT)
    except KeyboardInterrupt:
        print("caught")
    tf.app.run()
"""


@posix
def test_a_listing_meets_what_python_gives_it(command, tmp_path):
    (tmp_path / "mine.py").write_text("import numpy as np\nprint(np.float32([2.138545]))")
    (tmp_path / "data.txt").write_text("read")
    process = command(RUN_LISTING, typed(tmp_path, MEETS, "typed.py"))
    mine, same, *gradients, caught, main, end = process.out.decode().splitlines()
    assert (mine, same, caught) == ("[ 2.13854504]", "True True", "caught")
    assert gradients[0] == gradients[1] and "InOrder" in gradients[0]
    assert main == "read typed.py ['typed.py'] [4.5549998] 1.23457"
    assert end == "unfinishedat exit [4.5549998] True"
    assert (process.returncode, process.err) == (3, b"stderr of C++, stderr of Python")


FAILS = """\
import tensorflow as tf
print("so far")
def run():
    with tf.Session() as sess:
        sess.run(tf.placeholder(tf.float32, [2], name="x"), {"x:0": [1, 2, 3]})
try:
    run()
except ValueError as error:
    raise KeyError("chained") from error
"""


@pytest.mark.parametrize("chained", [" from error", ""])
def test_an_error_shows_the_listing_alone(chained, listing):
    status, out, err = listing(FAILS.replace(" from error", chained))
    assert (status, out) == (1, "so far\n")
    lines = err.splitlines()
    assert lines[:2] == ["Traceback (most recent call last):", '  File "typed.py", line 7, in <module>']
    assert "\nValueError: Cannot feed value of shape (3,)" in err
    assert '\n  File "typed.py", line 9, in <module>' in err and lines[-1] == "KeyError: 'chained'"
    assert str(ROOT / "chapter4") not in err and "super()" not in err


def test_tensorflows_message_shows_the_listing_alone(listing):
    status, out, err = listing("""\
import tensorflow as tf
x = tf.placeholder(tf.float32)
y = tf.matmul(x, x)
with tf.Session() as sess:
    sess.run(y, {x: [[1.0, 2.0]]})
""")
    assert (status, out) == (1, "") and 'typed.py", line 3, in <module>' in err
    assert os.path.join("reader", "tensorflow_1.py") not in err and "stock_matmul" not in err


@pytest.mark.parametrize("path", ["listing.py", "chapter4/listing.py"])
def test_a_listing_with_the_name_of_a_room(path, listing, tmp_path):
    (tmp_path / "chapter4").mkdir()
    status, out, err = listing("1 / 0", name=path)
    assert (status, out) == (1, "")
    assert err.splitlines()[1] == '  File "%s", line 1, in <module>' % path


def test_keras_is_there(listing):
    keras = "from tensorflow.keras.layers import Dense\nimport tensorflow as tf\n"
    assert listing(keras + "print(Dense(3).units, tf.keras.layers.Dense(4).units)") == (0, "3 4\n", "")


def test_an_interrupt_is_the_readers(listing):
    with pytest.raises(KeyboardInterrupt):
        listing("raise KeyboardInterrupt")


@pytest.mark.parametrize("handler", [signal.default_int_handler, signal.SIG_IGN])
def test_an_interrupt_ends_a_listing_in_its_own_process(handler, listing, monkeypatch, capfd):
    """As a shell has it, quietly; an ignored Ctrl-C stays ignored."""
    monkeypatch.setattr(sys, "__stdout__", sys.stdout)
    before = signal.signal(signal.SIGINT, handler)
    try:
        assert room.run(read(b"raise KeyboardInterrupt", "typed.py"), "typed.py") == 130
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)
        room.unload(None)
    assert capfd.readouterr() == ("", "")


def test_python_2_ends_the_line_that_a_comma_left_open(listing):
    assert listing("print 'open',") == (0, "open\n", "")


def test_a_notebook(listing):
    cells = [
        "%matplotlib inline\nimport tensorflow as tf",
        "print 1, 'two'",
        "tf.Session().run(tf.constant([[0.1], [2.5]]))",
    ]
    cells += ["7 / 2;", "7 / 2", "['中']", "1 / 0"]
    code = [{"cell_type": "code", "source": cell} for cell in cells]
    status, out, err = listing(json.dumps({"cells": code}), name="typed.ipynb")
    shown = "1 two\narray([[ 0.1],\n       [ 2.5]], dtype=float32)\n3\n['\\xe4\\xb8\\xad']\n"
    assert (status, out) == (1, shown)
    assert '  File "typed.ipynb, cell 7", line 1, in <module>\n    1 / 0\n' in err and "chapter4" not in err


@pytest.mark.parametrize(
    "name, source, message",
    [
        ("typed.py", b"if True:\n    def f(:", "invalid syntax (typed.py, line 2)"),
        ("typed.py", b"\xff\xfe\x00", ""),
        ("typed.py", b"a\0b", ""),
        ("typed.py", b"def f(shape, lambda): pass", "lambda is a reserved word"),
        ("typed.ipynb", b"print(1)", "typed.ipynb: this is no Jupyter notebook"),
        ("typed.ipynb", b'{"cells": []}', "typed.ipynb: the notebook has no code"),
    ],
)
def test_what_cannot_be_read_is_one_line(name, source, message, script, refused, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(source)
    err = refused(script("run_listing").main, "LISTING", [name])
    assert message in err


@pytest.mark.parametrize("path", ["missing.py", "."])
def test_an_unreadable_file_is_one_line(path, script, refused):
    assert path in refused(script("run_listing").main, "LISTING", [path])


def test_a_python_2_listing_with_a_module_of_its_own(listing, tmp_path):
    """The module is Python 2, too; NumPy 1.13's digits in a string."""
    (tmp_path / "helper.py").write_text("print 'imported', 7 / 2\ndef half(n):\n    return n / 2\n")
    source = """\
import numpy as np
import helper
print helper.half(7), "w1 is: %s" % np.float32([2.138545]), str(np.float32([0.1]))
try:
    raise ValueError("said")
except ValueError, e:
    print e.message
"""
    assert listing(source) == (0, "imported 3\n3 w1 is: [ 2.13854504] [ 0.1]\nsaid\n", "")
