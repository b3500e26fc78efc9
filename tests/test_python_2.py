"""Against what a real Python 2.7 printed, with NumPy 1.13.3 where a case uses NumPy."""

import io
import shutil
import subprocess
from pathlib import Path

from chapter4.reader import python_2
from chapter4.reader.cells import read

import pytest
from conftest import run_cells

PYTHON_2_7 = {  # what it runs and what it printed
    "the print statement": (
        r'''
import sys
print "a", 1, None
print
print "held",
print "open",
print
print "ends in a line break\n", "no blank", "tab\t", "none", "blank ", "one", "", "empty"
print ("one"), "two"
print ("a", 1)
print("a")
print ()
print(1), ; print 2; print 3,; print(4)
print "%d of %s" % (1, "it"), "100%"
print >>sys.stdout, "to", "file"
print >> sys.stdout
print >>sys.stdout, "and",
print >>None, "on"
if True: print "one line"
for i in range(2): print i, ; print -i
else: print "else"
print [1,
       2], """three
lines""", \
    "more"  # print "not"
print"close","by"
print "printed # print", 'it\'s', {"a": 1}["a"], [1, 2, 3][0:2], (lambda x: x + 1)(1)
print "a" if 1 else "b", 1 != 2, None or 3
class A: print "in a class"
def f(): print "in a function"; return 3
print f()
print "held",
sys.stdout.write(" written\n")
print "ends without",
''',
        r"""
a 1 None

held open
ends in a line break
no blank tab	none blank  one  empty
one two
('a', 1)
a
()
1 2
3 4
1 of it 100%
to file

and on
one line
0 0
1 -1
else
[1, 2] three
lines more
close by
printed # print it's 1 [1, 2] 2
a True 3
in a class
in a function
3
held written
ends without
""",
    ),
    "digits": (
        r"""
x = 0.1 + 0.2
print x, 1 / 3.0, 1e-5, 1.0, 1e16, 12345678901.0, 1e12, -0.0, 1e400, 2.5e-300
print [x, 1e16], (x,), {"x": x}, (), [], {}, ([1, (2, 3.0)],)
print "你好", ["你好", 'it\'s', "\t\n"], ("a",)
print "5%% of %s" % x
print "%s %r %d %f %5s%% %.3s" % (x, x, 3.9, x, 1.5, 2.0), "%s" % [x], "%s" % (x,), "%(x).2f" % {"x": x}
print "{} {:.3f} {a} {!r}".format(x, x, x, a=1.0), "{0}-{0}".format("a")
print str(x) + ", " + repr(x) + ", " + ", ".join(map(str, [x, 1])), str(), unicode(x)
print round(2.5), round(-0.5), round(2.675, 2), round(7), round(1234.5, -2)
print type(1), type(1.0), type([]), type(None), [type("")]
print True, None, 10L, 3l, 0xFFL, 0777, 0, 00, 1e5, 0x1e+1
""",
        r"""
0.3 0.333333333333 1e-05 1.0 1e+16 12345678901.0 1e+12 -0.0 inf 2.5e-300
[0.30000000000000004, 1e+16] (0.30000000000000004,) {'x': 0.30000000000000004} () [] {} ([1, (2, 3.0)],)
你好 ['\xe4\xbd\xa0\xe5\xa5\xbd', "it's", '\t\n'] ('a',)
5% of 0.3
0.3 0.30000000000000004 3 0.300000   1.5% 2.0 [0.30000000000000004] 0.3 0.30
0.3 0.300 1.0 0.30000000000000004 a-a
0.3, 0.30000000000000004, 0.3, 1  0.3
3.0 -1.0 2.67 7.0 1200.0
<type 'int'> <type 'float'> <type 'list'> <type 'NoneType'> [<type 'str'>]
True None 10 3 255 511 0 0 100000.0 31
""",
    ),
    "division": (
        r"""
a = 7
print 7 / 2, -7 / 2, 7 / 2.0, 7. / 2, True / 2, 6 / 4 * 2, 7 // 2, 7.5 // 2, 7 % 4, -7 % 4
a /= 2
d = {"a": [9, 9.0]}
d["a"][0] /= 2; d["a"][1] /= 2
class Own(object):
    value = 9
    def __div__(self, other): return "div %s" % other
    def __rdiv__(self, other): return "rdiv %s" % other
own = Own()
own.value /= 4
print a, d, own.value, own / 2, 2 / own
try:
    1 / 0
except ZeroDivisionError: print "zero"
""",
        r"""
3 -4 3.5 3.5 0 2 3 3.0 3 1
3 {'a': [4, 4.5]} 2 div 2 rdiv 2
zero
""",
    ),
    "true division": (
        r"""
from __future__ import (absolute_import,
                        division)
a = 7
a /= 2
print a, 7 / 2, 7 // 2
""",
        r"""
3.5 3.5 3
""",
    ),
    "the print function": (
        r"""
from __future__ import print_function, unicode_literals
print("a", 0.1 + 0.2, sep="|", end="!\n")
print(("a", 1)[1], 7 / 2, 010 == 8)
""",
        r"""
a|0.3!
1 3 True
""",
    ),
    "other statements": (
        r"""
try:
    raise ValueError, "a %s" % "message"
except (KeyError, ValueError), error:
    print error
try: raise KeyError
except KeyError, e: print repr(e)
except: pass
exec("c = 4")
print c, ur"\d", u"unicode", b"bytes", ["b"]
if 1:
	print "a tab",
        print "eight blanks"
""",
        r"""
a message
KeyError()
4 \d unicode bytes ['b']
a tab eight blanks
""",
    ),
    "strings": (
        r"""
print 'C:\Users\name\Nothing', len('\u4e2d'), '\N{COLON}', '\\Users', "\\\U1", '\x41\101\t|', B'\U', R'\U\u'
print len(u'\u4e2d\U0000004e'), u'\u0041\x42\N{COLON}', U'\\u0041', ur'\d\\', '''\u
\\U\
\N'''
""",
        r"""
C:\Users
ame\Nothing 6 \N{COLON} \Users \\U1 AA	| \U \U\u
2 AB: \u0041 \d\\ \u
\U\N
""",
    ),
    "unicode strings": (
        r"""
from __future__ import unicode_literals
print '\u0041', b'\u0041', len('\U0000004e\N{COLON}')
""",
        r"""
A \u0041 2
""",
    ),
    "names": (
        r"""
import sys
reload(sys)
sys.setdefaultencoding("utf-8")
d = {"a": 1}
print d.has_key("a"), d.keys(), d.values()[0], d.items(), [k for k, v in d.iteritems()], list(d.itervalues())
for k in d.keys(): del d[k]
print range(3), zip([1], [2]), map(abs, [-1]), filter(None, [0, 1]), sum(xrange(4)), long(3)
print reduce(lambda a, b: a * b, [1, 2, 3]), iter([5]).next(), isinstance("a", (str, basestring)), unichr(97)
print isinstance(1, (int, long)), isinstance("a", str), "中".decode("utf-8") == u"中", str.upper("a")
class Own(object): pass
own = Own()
own.items = 3
print own.items, Own, [type(own)]
print "two", str.join("-", ["a", "b"]), "%s" % str, type("a") is str
""",
        r"""
True ['a'] 1 [('a', 1)] ['a'] [1]
[0, 1, 2] [(1, 2)] [1] [1] 6 3
6 5 True a
True True True A
3 <class '__main__.Own'> [<class '__main__.Own'>]
two a-b <type 'str'> True
""",
    ),
    "NumPy": (
        r"""
import numpy as np
w = np.array([[-0.81031823], [1.4855988]], np.float32)
print "w1:", w, w[0, 0], [w[1, 0]], np.float64(1) / 3
print "%s %.2f" % (w[0], w[1, 0]), "{}".format(w[0]), str(w[1]) + "!", [w[0]]
print type(w), type(w[0, 0])
n = np.arange(4)
print n / 2, n / 2.0, 7 / n[2], n[3] / n[2], n % 3, w.shape[0] / 2
k = n
n /= 2
m = w[0]
m /= 2
print k, w[0], n.dtype.kind, np.array([True, False]) / 2
""",
        r"""
w1: [[-0.81031823]
 [ 1.4855988 ]] -0.810318 [1.4855988] 0.333333333333
[-0.81031823] 1.49 [-0.81031823] [ 1.4855988]! [array([-0.81031823], dtype=float32)]
<type 'numpy.ndarray'> <type 'numpy.float32'>
[0 0 1 1] [ 0.   0.5  1.   1.5] 3 1 [0 1 2 0] 1
[0 0 1 1] [-0.40515912] i [0 0]
""",
    ),
}


@pytest.mark.parametrize("name", PYTHON_2_7)
def test_python_2(name, capsys):
    code, printed = PYTHON_2_7[name]
    (cell,) = run_cells("# coding: utf-8" + code)
    assert cell.python_2 and cell.name == "typed.py" == cell.code.co_filename
    assert "\n" + capsys.readouterr().out == printed


def real_python_2(code):
    """What a Python 2.7 of this machine prints; None where it lacks NumPy 1.13."""
    pyenv = sorted(Path.home().glob(".pyenv/versions/2.7*/bin/python"))
    python = str(pyenv[-1]) if pyenv else shutil.which("python2.7")
    if not python:
        pytest.skip("no Python 2.7 here")
    if "numpy" in code:
        version = "import numpy; assert numpy.__version__[:5] == '1.13.'"
        if subprocess.run([python, "-c", version], stderr=subprocess.DEVNULL).returncode:
            pytest.skip("no NumPy 1.13 here")
    process = subprocess.run([python, "-"], input=code.encode("utf-8"), stdout=subprocess.PIPE)
    return process.stdout.decode("utf-8")


@pytest.mark.parametrize("name", PYTHON_2_7)
def test_what_is_stored_is_what_python_2_prints(name):
    code, printed = PYTHON_2_7[name]
    assert "\n" + real_python_2("# coding: utf-8" + code) == printed


@pytest.mark.parametrize(
    "code, decides",
    [
        ("import sys\nprint >>sys.stderr, 'a'", 2),
        ("for i in xrange(3):\n    print(i)", 1),
        ("for i in range(3):\n    print(i)  # was xrange, and print >>file", None),
        ("import sys\nsys.setdefaultencoding('utf-8')", 2),
        ("'xrange'\nprint(unicode(1))", 2),
        ("import sys\nif sys.version_info[0] == 3:\n    print(1)\nelse:\n    xrange(3)", None),
        ("from six.moves import xrange\nxrange(3)", None),
        ("try:\n    xrange\nexcept NameError:\n    xrange = range", None),
        ("'''\nprint 'old'\nprint >>f, 'old'\n'''", None),
        ("\ufeffprint 'BOM'\r\nif 1:\r\n    print 'two'\r\n", 1),
        ("x = 1\nprint '''\nprint 1\n'''", 2),
        ('"""\na"""  # two lines\ndef f():\n    print \'only here\'', 4),
        ("x = [1,\n     2]\nif x: print x", 3),
        ("try:\n    x = 0777\nexcept ValueError:\n    pass", 2),
        ("try:\n    pass\nexcept ValueError, e:\n    raise KeyError, e", 3),
        ("if 1:\n\tx = 1\n        print x\n", 3),
        ("x = 'C:\\Users'\nprint x", 2),
    ],
)
def test_what_makes_a_file_python_2(code, decides, capsys):
    (cell,) = read(code.encode("utf-8"), "typed.py")
    assert cell.python_2 == (decides is not None)
    line = code.splitlines()[decides - 1].strip("\ufeff ") if decides else ""
    said = "typed.py: run as Python 2, because of line %s: %s\n" % (decides, line)
    assert capsys.readouterr() == ("", said if decides else "")


@pytest.mark.parametrize(
    "code, error",
    [
        ("if 1:\n\tx = 1\n        y = 1 / 2\n", TabError),
        ("x = 'C:\\Users'", SyntaxError),
        ("x = b'中'", SyntaxError),
        ("print 1\nprint('a', end='')", SyntaxError),
    ],
)
def test_what_makes_no_file_python_2(code, error, capsys):
    with pytest.raises(SyntaxError) as caught:
        read(code.encode("utf-8"), "typed.py")
    assert caught.type is error and capsys.readouterr() == ("", "")


def test_bytes_that_are_no_utf_8_are_printed():
    assert python_2.to_str(b"a\xff") == "a\ufffd"


def test_what_is_typed_and_what_is_read(capsys, monkeypatch, tmp_path):
    (tmp_path / "read.txt").write_text("read")
    monkeypatch.setattr("sys.stdin", io.StringIO("1 + 1\n1 + 1\n"))
    run_cells("print input(), raw_input(), file(%r).read()" % str(tmp_path / "read.txt"))
    assert capsys.readouterr().out == "2 1 + 1 read\n"
