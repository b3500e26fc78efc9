import importlib.util
import json
import os
import re
import signal
import subprocess
import sys

from chapter4 import numpy_1_13
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


def test_the_article_as_typed_in(listing, printed):
    assert listing(ARTICLE) == (0, printed("article.log").decode(), "")


def test_the_articles_first_experiment_in_python_2(listing, printed):
    """In print statements, with two roundings."""
    python_2 = FIRST.replace("STEPS = 5000", "STEPS = 1001")
    python_2 = re.sub(r"print\((.*)\)$", r"print \1", python_2, flags=re.MULTILINE)
    status, log, err = listing(python_2, "--arithmetic", "separate")
    said = 'typed.py: run as Python 2, because of line 24: print "After %d training step(s), w1 is: " % (i)\n'
    assert (status, err) == (0, said)
    steps, _, final = log.partition("[loss_less=10 loss_more=1] Final w1 is: \n")
    assert printed("companion.log").decode().startswith(steps) and steps.count("After") == 2
    assert final.strip() == steps.rpartition(": \n")[2].strip()  # nothing is trained after step 1000


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


KERAS = """\
import keras
print(keras.layers.Dense(3).units)
"""
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
kept = open("kept.txt", "w")
def keep(text):
    kept.write(text)
keep("to the end")
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
    """Keras before TensorFlow; a file that is not closed, which stock TensorFlow 1.15 and 2.4 lose, too."""
    (tmp_path / "mine.py").write_text("import numpy as np\nprint(np.float32([2.138545]))")
    (tmp_path / "data.txt").write_text("read")
    keras = KERAS if importlib.util.find_spec("keras") else "print(3)\n"
    process = command(RUN_LISTING, typed(tmp_path, keras + MEETS, "typed.py"))
    units, mine, same, *gradients, caught, main, end = process.out.decode().splitlines()
    assert (units, mine, same, caught) == ("3", "[ 2.13854504]", "True True", "caught")
    assert gradients[0] == gradients[1] and "InOrder" in gradients[0]
    assert main == "read typed.py ['typed.py'] [4.5549998] 1.23457"
    assert end == "unfinishedat exit [4.5549998] True"
    assert (process.returncode, process.err) == (3, b"stderr of C++, stderr of Python")
    if tuple(map(int, tf.__version__.split(".")[:2])) >= (2, 8):
        assert (tmp_path / "kept.txt").read_text() == "to the end"


def python(path):
    """What Python itself says of a file, on stderr, without the lines that read it."""
    program = "import sys; exec(compile(open(sys.argv[1], encoding='utf-8').read(), sys.argv[1], 'exec'))"
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(path.parent)}
    options = {"env": environment, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    process = subprocess.run([sys.executable, "-c", program, str(path)], **options)
    return re.sub('  File "<string>".*\n(?:    .*\n)*', "", process.stderr)


HEAD = "Traceback (most recent call last):\n"
RAISES = """\
import helper
def run(x):
    try:
        helper.half(x)
    except TypeError as error:
        raise ValueError("函数"){chain}
def again(n):
    return again(n + 1) if n < 20 else run(
        "a"
    )
again(0)
"""


@pytest.mark.parametrize("chain", [" from error", "", " from None"])
def test_an_error_of_the_listing_looks_as_in_python(chain, listing, tmp_path):
    (tmp_path / "helper.py").write_text("def half(n):\n    return n / 2\n")
    path = tmp_path / "typed.py"
    status, out, err = listing(RAISES.format(chain=chain), name=str(path))
    assert (status, out, err) == (1, "", python(path))


@pytest.mark.parametrize("slip", ["wl", "helper.haf(w1)", "(\n    w1.reel)"])
def test_a_misspelt_name_is_answered_as_in_python(slip, listing, tmp_path):
    """From 3.10 on with the name that may be meant, from 3.11 on with its place."""
    (tmp_path / "helper.py").write_text("def half(n):\n    return n / 2\n")
    path = tmp_path / "typed.py"
    status, out, err = listing("import helper\nw1 = 1\nprint(%s)\n" % slip, name=str(path))
    assert (status, out, err) == (1, "", python(path))


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
    frames = [line.strip() for line in err.splitlines() if line.startswith("  File ")]
    places = "line 7, in <module>", "line 5, in run", "line 9, in <module>"
    assert frames == ['File "typed.py", ' + place for place in places]
    assert "\nValueError: Cannot feed value of shape (3,)" in err and err.endswith("\nKeyError: 'chained'\n")


def test_tensorflows_message_shows_the_listing_alone(listing):
    """A link of the chain that has no line of the reader's is left out."""
    status, out, err = listing("""\
import tensorflow as tf
x = tf.placeholder(tf.float32)
def build():
    return tf.matmul(x, x)
y = build()
with tf.Session() as sess:
    sess.run(y, {x: [[1.0, 2.0]]})
""")
    frames = [line.strip() for line in err.splitlines() if line.strip().startswith("File ")]
    places = "line 7, in <module>", "line 5, in <module>", "line 4, in build"
    assert (status, out, frames) == (1, "", ['File "typed.py", ' + place for place in places])
    assert "InvalidArgumentError: " in err and ("In[0] mismatch" in err or "Matrix size-incompatible" in err)
    assert err.count("Traceback (most recent call last)") == 1 and "site-packages" not in err
    assert str(ROOT) not in err


@pytest.mark.parametrize("resource", [False, True])
def test_a_variable_that_was_not_initialized(resource, listing):
    status, out, err = listing(
        """\
import tensorflow as tf
w1 = tf.Variable([1.0], use_resource=%s)
with tf.Session() as sess:
    print(
        sess.run(w1))
"""
        % resource
    )
    assert (status, out) == (1, "") and "FailedPreconditionError: " in err
    last = err.splitlines()[-1]
    assert last.startswith("Before line 5, and after all variables") and "initializer()) is wanted" in last


def test_another_failed_precondition(listing):
    source = (
        "import tensorflow as tf\nraise tf.errors.FailedPreconditionError(None, None, 'a queue\\nis closed')"
    )
    status, out, err = listing(source)
    assert (status, out) == (1, "") and err.endswith("FailedPreconditionError: a queue\nis closed\n")


def test_an_error_of_a_library_in_the_folder(listing, tmp_path):
    """As in a folder that has a virtual environment in it."""
    library = tmp_path / "env" / "site-packages"
    library.mkdir(parents=True)
    (library / "numbers_.py").write_text("def half(n):\n    return n / 2\n")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "own.py").write_text("import numbers_\ndef half(n):\n    return numbers_.half(n)\n")
    source = "import sys\nsys.path.append(%r)\nimport mine.own\nmine.own.half('a')\n" % str(library)
    status, out, err = listing(source)
    own = str(tmp_path / "mine" / "own.py")
    files = [line.split('"')[1] for line in err.splitlines() if line.startswith("  File ")]
    assert (status, out, files) == (1, "", ["typed.py", own])
    python = os.path.dirname(os.path.dirname(sys.executable))
    for folder, file in (ROOT, room.__file__), (ROOT, ROOT / RUN_LISTING), (python, sys.executable):
        assert not room._lies_in(str(folder), str(file))


def test_an_error_of_this_project_is_shown_whole(listing, monkeypatch):
    def fail(value):
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(numpy_1_13, "to_repr", fail)
    notebook = json.dumps({"cells": [{"cell_type": "code", "source": "1"}]})
    status, out, err = listing(notebook, name="typed.ipynb")
    assert (status, out) == (1, "") and err.startswith("Traceback (most recent call last):\n")
    assert room.__file__ in err and __file__ in err and err.endswith("\nZeroDivisionError: ours\n")


def test_a_module_that_is_no_python(listing, tmp_path):
    module = tmp_path / "unclosed.py"
    module.write_text("x = 1\ny = f(x\n", encoding="utf-8")
    status, out, err = listing("\nimport unclosed")
    importing = '  File "typed.py", line 2, in <module>\n    import unclosed\n'
    assert (status, out, err.replace(importing, "")) == (1, "", python(module)) and importing in err


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
    said = "typed.py: run as Python 2, because of line 1: print 'open',\n"
    assert listing("print 'open',") == (0, "open\n", said)


def notebook(*cells):
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})


def test_a_notebook(listing):
    cells = [
        "%matplotlib inline\nimport tensorflow as tf",
        "print 1, 'two'",
        "tf.Session().run(tf.constant([[0.1], [2.5]]))",
    ]
    cells += ["7 / 2;", "7 / 2", "['中']", "1 / 0"]
    status, out, err = listing(notebook(*cells), name="typed.ipynb")
    shown = "1 two\narray([[ 0.1],\n       [ 2.5]], dtype=float32)\n3\n['\\xe4\\xb8\\xad']\n"
    assert (status, out) == (1, shown)
    said = "typed.ipynb, cell 2: run as Python 2, because of line 1: print 1, 'two'\n"
    assert err.startswith(said + "Traceback (most recent call last):\n")
    assert err.count("  File ") == 1
    assert '  File "typed.ipynb, cell 7", line 1, in <module>\n    1 / 0\n' in err


def test_a_notebook_goes_on_after_an_error(listing):
    """A cell that is no Python is that cell's error."""
    cells = [
        "x = 1",
        "print('a')\n1 / 0\nx = 2",
        "def f(:",
        "%load_ext chapter4\nexit()\nquit(1)",
        "return",
        "x",
    ]
    status, out, err = listing(notebook(*cells), name="typed.ipynb")
    assert (status, out) == (1, "a\n1\n")
    places = [line.strip() for line in err.splitlines() if line.startswith("  File ")]
    names = ['File "typed.ipynb, cell %d", line %d' % place for place in ((2, 2), (3, 1), (5, 1))]
    assert places == [names[0] + ", in <module>", *names[1:]]
    errors = [line.split(":")[0] for line in err.splitlines() if line[:1].isalpha()]
    assert errors == ["Traceback (most recent call last)", "ZeroDivisionError", "SyntaxError", "SyntaxError"]


def test_a_cell_that_is_no_python_is_shown_once(listing):
    """Read as Python 2 and as Python 3, which both refuse it."""
    status, out, err = listing(notebook("print 'a', b，"), name="typed.ipynb")
    assert (status, out) == (1, "") and err.count("SyntaxError") == 1 and "FULLWIDTH COMMA" in err


@pytest.mark.parametrize(
    "cells, status, out",
    [
        (["import sys; sys.exit(3)", "print(1)"], 3, ""),
        (["1 / 0", "import sys; sys.exit(0)", "print(1)"], 0, ""),
        (
            ["print(1, end='')", "print(2, end=' ')", "3", "import sys; sys.stdout.write('4')\nNone"],
            0,
            "1\n2 \n3\n4",
        ),
        (["print 'a', 1,", "2", "print 3,\nimport sys\nsys.stdout.write('x');", "4"], 0, "a 1\n2\n3x\n4\n"),
        (["print(1, end='')\nprint(end='')", "x = 1", "print('')"], 0, "1\n\n"),
    ],
)
def test_how_a_notebook_goes_on_and_ends(cells, status, out, listing):
    assert listing(notebook(*cells), name="typed.ipynb")[:2] == (status, out)


def test_an_interrupt_ends_a_notebook(monkeypatch, capfd):
    monkeypatch.setattr(sys, "__stdout__", sys.stdout)
    cells = notebook("1 / 0", "raise KeyboardInterrupt", "print(1)").encode("utf-8")
    try:
        assert room.run(read(cells, "typed.ipynb"), "typed.ipynb") == 130
    finally:
        room.unload(None)
    out, err = capfd.readouterr()
    assert out == "" and err.endswith("ZeroDivisionError: division by zero\n")


# What beginners mistype in the article's listing: the line, what it becomes there.
SLIPS = [
    ("w1= tf.", "w1== = tf."),
    ("y = tf.matmul(x, w1)", "y = tf.matmul(x, w1"),
    ("y = tf.matmul(x, w1)", "y = tf.matmul(x, w1))"),
    ("    STEPS = 5000", "\tSTEPS = 5000"),
    ("    STEPS = 5000", "        STEPS = 5000"),
    ("    STEPS = 5000", "   STEPS = 5000"),
    ("for i in range(STEPS):", "for i in range(STEPS)"),
    ("if i % 1000 == 0:", "if i % 1000 = 0:"),
    ("batch_size = 8", "batch_size = 8\nlog = 'C:\\Users'"),
    ("print(sess.run(w1), ", "print(sess.run(w1) "),
    ("print(sess.run(w1), ", "print (sess.run(w1), end='\\n') if"),
    ("y_: Y[start:end]})", "y_: Y[start:end])"),
    ("    init_op", "init_op"),
    ("    sess.run(init_op)", "    return sess.run(init_op)"),
]


@pytest.mark.parametrize("right, wrong", SLIPS)
def test_a_slip_looks_as_in_python(right, wrong, listing, tmp_path):
    path = tmp_path / "typed.py"
    status, out, err = listing(FIRST.replace(right, wrong, 1), name=str(path))
    expected = python(path)
    if "TabError" in err or "IndentationError" in err:  # Python in C has there another caret, or none
        said = [
            [line.strip() for line in text.splitlines() if line.strip(" ^")]
            for text in (HEAD + err, expected)
        ]
        assert (status, out, said[0]) == (2, "", said[1])
    else:
        assert (status, out, HEAD + err) == (2, "", expected)


FULL_WIDTH = [
    ("x = tf.placeholder(tf.float32, ", "x = tf.placeholder(tf.float32，", "FULLWIDTH COMMA", 30, ","),
    ("sess.run(init_op)", "sess.run（init_op)", "FULLWIDTH LEFT PARENTHESIS", 13, "("),
    ("sess.run(init_op)", "sess.run(init_op）", "FULLWIDTH RIGHT PARENTHESIS", 21, ")"),
    ("range(STEPS):", "range(STEPS)：", "FULLWIDTH COLON", 26, ":"),
    ("batch_size = 8", "batch_size = 8；", "FULLWIDTH SEMICOLON", 15, ";"),
    ("batch_size = 8", "batch_size\u3000= 8", "IDEOGRAPHIC SPACE", 11, " "),
    ("batch_size = 8", "\u00a0batch_size = 8", "NO-BREAK SPACE", 1, " "),
    ("batch_size = 8", "batch_size = ８", "FULLWIDTH DIGIT EIGHT", 14, "8"),
    ("batch_size = 8", "batch_size = 8\u200b", "ZERO WIDTH SPACE", 15, ""),
    ("name='y-input'", "name=‘y-input’", "LEFT SINGLE QUOTATION MARK", 55, "'"),
    ("name='y-input'", "name='y-input’", "RIGHT SINGLE QUOTATION MARK", 63, "'"),
    ('name="x-input"', 'name="，", title=“x-input”', "LEFT DOUBLE QUOTATION MARK", 65, '"'),
    ('print(sess.run(w1), "', 'print sess.run(w1)， "', "FULLWIDTH COMMA", 31, ","),
]


@pytest.mark.parametrize("right, wrong, name, column, plain", FULL_WIDTH)
def test_full_width_characters_are_called_by_their_names(right, wrong, name, column, plain, listing):
    source = FIRST.replace(right, wrong, 1)
    number, line = next(pair for pair in enumerate(source.split("\n"), 1) if wrong in pair[1])
    status, out, err = listing(source)
    shown, text, *_, message = err.splitlines()
    assert (status, out, shown) == (2, "", '  File "typed.py", line %d' % number)
    assert text.split() == line.split() and message.startswith("SyntaxError: ")
    assert "; line %d, column %d is %s: write %r instead (" % (number, column, name, plain) in message
    assert message.endswith("第 %d 行第 %d 列不是英文字符，请改成 %r)" % (number, column, plain))


@pytest.mark.parametrize(
    "source",
    ["x = f('，', a b)  # ：", "损失 = '“' if", "x = '。', 1 +  # 加", "print('函数，x)"],
)
def test_full_width_characters_that_are_right(source, listing):
    status, out, err = listing(source)
    assert (
        (status, out) == (2, "") and "column" not in err and err.splitlines()[-1].startswith("SyntaxError: ")
    )


@pytest.mark.parametrize(
    "name, source, message",
    [
        ("typed.py", b"\xff\xfe\x00", "typed.py: this is no text in utf-16-le: save it as UTF-8"),
        ("typed.py", b"a\0b", "typed.py: this is no text in utf-8"),
        (
            "typed.py",
            ARTICLE.replace("\n", " ").encode("utf-8"),
            "typed.py: nothing to run, each line is a comment",
        ),
        ("typed.py", b"\n", "typed.py: nothing to run, the file is empty"),
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


def test_a_python_2_listing_with_modules_of_its_own(listing, tmp_path):
    """They are Python 2, too, by their own syntax or the listing's; NumPy 1.13's digits in a string."""
    (tmp_path / "helper.py").write_text("print 'imported', 7 / 2\ndef half(n):\n    return n / 2\n")
    (tmp_path / "plain.py").write_text("def half(n):\n    return n / 2\n")
    (tmp_path / "empty.py").write_text("# nothing\n")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("")
    (tmp_path / "package" / "inner.py").write_text("def half(n):\n    return n / 2\n")
    source = """\
import numpy as np
import helper, plain, empty, package.inner
print helper.half(7), plain.half(7), package.inner.half(7), "w1 is: %s" % np.float32([2.138545]),
print str(np.float32([0.1]))
try:
    raise ValueError("said")
except ValueError, e:
    print e.message
"""
    status, out, err = listing(source)
    assert (status, out) == (0, "imported 3\n3 3 3 w1 is: [ 2.13854504] [ 0.1]\nsaid\n")
    assert (
        err.startswith("typed.py: run as Python 2, because of line 3: print helper.half(7)")
        and err.count("\n") == 1
    )


def test_a_python_3_listing_with_a_python_2_module(listing, tmp_path):
    (tmp_path / "helper.py").write_text("def half(n):\n    print n / 2\n")
    source = "import helper\nhelper.half(7)\nprint(7 / 2, '测')"
    said = "%s: run as Python 2, because of line 2: print n / 2\n" % (tmp_path / "helper.py")
    assert listing(source.encode("gbk")) == (0, "3\n3.5 测\n", said)


def test_tensors_are_divided_as_in_python_2(listing):
    """Whole numbers to whole ones, as Python 2's own 7 / 2 is 3."""
    out = listing("""\
import tensorflow as tf
sess = tf.Session()
print sess.run(tf.constant(7) / 2), sess.run(-7 / tf.constant(2)), sess.run(tf.constant(7.0) / 2)
v = tf.constant([7, -7])
v /= 2
print sess.run(v)
""")[1]
    assert out == "3 -4 3.5\n[ 3 -4]\n"
