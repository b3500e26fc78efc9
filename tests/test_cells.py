"""What is made of a reader's file: encodings, notebooks, magics, errors of syntax."""

import builtins
import json
import traceback
import types

from chapter4.reader import python_2
from chapter4.reader.cells import read, read_module

import pytest
from conftest import run_cells


def test_python_3_stays_python_3(capsys):
    (cell,) = run_cells("print('a', 7 / 2, 0.1 + 0.2, str(1 / 3), sep='|')\n'no value of a script'")
    assert not cell.python_2 and cell.last is None
    assert capsys.readouterr().out == "a|3.5|0.30000000000000004|0.3333333333333333\n"


UTF_8 = "# -*- coding: utf-8 -*-\n"


@pytest.mark.parametrize(
    "head, encoding, bom",
    [
        ("", "utf-8", b""),
        ("", "gb18030", b""),
        ("# coding=gbk\n", "gbk", b""),
        ("#!/usr/bin/python\n# vim: set fileencoding=gb2312 :\n", "gb2312", b""),
        (UTF_8, "utf-8", b""),
        (UTF_8, "gbk", b""),
        ("# 损失\n# coding: utf8-unix\n", "gbk", b""),
        ("\n\n# coding: ascii\n", "utf-8", b""),
        ("", "utf-8", b"\xef\xbb\xbf"),
        ("# coding: gbk\n", "utf-8", b"\xef\xbb\xbf"),
        ("", "utf-16-le", b"\xff\xfe"),
        (UTF_8, "utf-16-be", b"\xfe\xff"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings(head, encoding, bom, end, capsys):
    contents = bom + (head + "print('损失')\nprint('函数')\n").replace("\n", end).encode(encoding)
    (cell,) = read(contents, "typed.py")
    exec(cell.code)
    assert capsys.readouterr() == ("损失\n函数\n", "")


@pytest.mark.parametrize(
    "contents, encoding",
    [
        (b"print('\xff\xfe')", "utf-8"),
        (b"# coding: gbk\nprint('\xff')", "gbk"),
        (b"\xef\xbb\xbfprint('\xcb\xf0')", "utf-8"),
        (b"\xff\xfea", "utf-16-le"),
        ("print(1)".encode("utf-16-le"), "utf-8"),
        (b"# coding: mine\nprint(1)", "mine"),
        (b"# coding: hex\n31", "hex"),
    ],
)
def test_bytes_that_are_no_text(contents, encoding):
    """A wrong coding line has to go, too: saved as UTF-8, the file would still be read by it."""
    line = " and take its coding line out" if b"coding" in contents else ""
    with pytest.raises(ValueError, match=r"^this is no text in %s: save it as UTF-8%s \(" % (encoding, line)):
        read(contents, "typed.py")


@pytest.mark.parametrize(
    "code, line, text, message",
    [
        ("a = 1\ndef f(:\n    pass", 2, "def f(:", ""),
        ("print 'a'\nif a b:\n    print 'b'", 2, "if a b:", ""),
        ("print 'a'\nprint 1 / (2 +), 'b'", 2, "print 1 / (2 +), 'b'", ""),
        ("import a\nprint 'a'\nprint('b', end='')", 2, "print 'a'", "print"),
        ("def f(lambda):\n    pass", 1, "def f(lambda):", "lambda1"),
        ("try:\n    pass\nexcept E, e:\n    pass\nif a b:\n    pass", 5, "if a b:", ""),
        ("print ur'\\u4e2d'", 1, "print ur'\\u4e2d'", ""),
        ("y = f(n.m=1)\nif y:\n    print 'a', (y)", 1, "y = f(n.m=1)", ""),
        ("def get_weight(shape, lambda):\n    pass", 1, "def get_weight(shape, lambda):", "lambda1"),
        ("print 'a'\ndef f(a, lambda = 1):\n    print 'b'", 2, "def f(a, lambda = 1):", "lambda1"),
    ],
)
def test_what_is_neither(code, line, text, message):
    with pytest.raises(SyntaxError) as caught:
        read(code.encode("utf-8"), "typed.py")
    error = caught.value
    assert (error.filename, error.lineno, error.text.strip()) == ("typed.py", line, text)
    assert message in error.msg and ("reserved" in error.msg) == ("lambda" in text)


def test_the_caret_points_into_the_line_as_typed():
    with pytest.raises(SyntaxError) as caught:
        read(b"print 1\nprint 1 / (2 +), 'b'", "typed.py")
    assert caught.value.text[caught.value.offset - 1] == ")"


def test_an_error_that_the_compiler_finds():
    with pytest.raises(SyntaxError, match="'return' outside function") as caught:
        read(b"a = 1\nreturn", "typed.py")
    assert (caught.value.filename, caught.value.lineno) == ("typed.py", 2)


def traceback_lines(contents, path):
    with pytest.raises(ZeroDivisionError) as caught:
        run_cells(contents, path)
    lines = "".join(traceback.format_exception(caught.type, caught.value, caught.tb)).splitlines()
    ours = [number for number, line in enumerate(lines) if '  File "%s' % path in line]
    marks = [line for number in ours for line in lines[number + 2 : number + 3] if set(line) <= set(" ^~")]
    return [line.strip() for number in ours for line in lines[number : number + 2]] + marks


def test_an_error_shows_the_line_of_the_file():
    code = "def f(x):\n    print 'a', \\\n        'b'\n    print '%s' % x, 1 / x  # here\n\nf(1)\nf(0)\n"
    assert traceback_lines(code, "typed.py") == [
        'File "typed.py", line 7, in <module>',
        "f(0)",
        'File "typed.py", line 4, in f',
        "print '%s' % x, 1 / x  # here",
    ]  # and no marks below, which would be in other places than in the rewritten line


def notebook(*cells, nbformat=4, **metadata):
    code = [{"cell_type": "code", "source": cell.splitlines(True)} for cell in cells]
    cells = [{"cell_type": "markdown", "source": ["# print 'no code'"]}, *code]
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": nbformat})


KERNEL_2 = {"kernelspec": {"name": "python2"}, "language_info": {"version": "2.7.13"}}


def test_a_notebook_shows_the_last_expression(capsys):
    cells = [
        "x = 1\nx + 1",
        "display(0.5, 'a')",
        "x;",
        "x  # shown; that's it",
        "x ;  # hidden",
        "None",
        "y = 2",
        "",
        "'a'\n\n",
        "if x: x",
    ]
    cells = run_cells(notebook(*cells), "My.IPYNB")
    assert capsys.readouterr().out == "2\n0.5\n'a'\n1\n'a'\n"
    assert [int(cell.name.split()[-1]) for cell in cells] == [1, 2, 3, 4, 5, 6, 7, 9, 10]
    assert not any(cell.python_2 for cell in cells)


def test_a_notebook_in_another_form(capsys):
    old = {
        "worksheets": [
            {"cells": [{"cell_type": "code", "input": ["print 'a'\n", "1"], "language": "python"}]}
        ]
    }
    run_cells(json.dumps({"metadata": {"name": ""}, "nbformat": 3, **old}), "typed")
    run_cells("\ufeff" + json.dumps({"cells": [{"cell_type": "code", "source": "7 / 2"}]}), "typed")
    assert capsys.readouterr().out == "a\n1\n3.5\n"
    (cell,) = read(b'{"cells" + "a": 3}', "typed.py")
    assert cell.name == "typed.py"


@pytest.mark.parametrize(
    "cells, metadata, printed, reason",
    [
        (["print(7 / 2, 1)"], KERNEL_2, "(3, 1)", ": run as Python 2, because of the notebook's kernel"),
        (
            ["print(1)"],
            {"kernelspec": {"name": "python2"}},
            "1",
            ": run as Python 2, because of the notebook's",
        ),
        (
            ["print(7 / 2, 1)", "x = 1\nprint x"],
            {},
            "(3, 1)\n1",
            ", cell 2: run as Python 2, because of line 2: print x",
        ),
        (["def f(:", "print 7 / 2"], {}, "3", ", cell 2: run as Python 2, because of line 1: print 7 / 2"),
        (
            ["from __future__ import division, print_function", "print(7 / 2, end='!\\n')"],
            KERNEL_2,
            "3.5!",
            ": run as Python 2, because of the notebook's kernel",
        ),
        (
            ["print(7 / 2, 1)"],
            {"kernelspec": {"name": "tf2"}, "language_info": {"version": "3.5.4"}},
            "3.5 1",
            "",
        ),
        (["print(7 / 2, 1)"], {}, "3.5 1", ""),
        (["xrange = range", "print(7 / 2, xrange(1))"], {}, "3.5 range(0, 1)", ""),
        (["if 1:\n\tx = 1\n        y = 1", "print(7 / 2, 1)"], {}, "3.5 1", ""),
    ],
)
def test_which_python_a_notebook_is(cells, metadata, printed, reason, capsys):
    cells = read(notebook(*cells, **metadata).encode("utf-8"), "my.ipynb")
    names = {"__builtins__": {**vars(builtins), **(python_2.BUILTINS if cells[0].python_2 else {})}}
    for code in [code for cell in cells for code in (cell.code, cell.last)]:
        if isinstance(code, types.CodeType):
            exec(code, names)
    out, err = capsys.readouterr()
    assert out == printed + "\n" and err.startswith("my.ipynb" * bool(reason) + reason)
    assert err.count("\n") == bool(reason)


MAGICS = '''\
%matplotlib inline
import sys
files = !ls "it's
where = %pwd
if files:
    %cd ..
text = """
%not a magic
!neither?
"""
!pip install 'x
sys.exit?
?sys
n = (10
% 4)
%time n += 1
assert [files] != where
get_ipython().run_line_magic("matplotlib", "inline")
get_ipython().magic(u"pylab")
n, text
'''


@pytest.mark.parametrize("kernel", [{}, KERNEL_2])
def test_magics(kernel, capsys):
    magics = MAGICS.replace("if files:", "files = where = 1\nif files:")
    languages = ["%%bash\necho 'it'", "%%html\n<p>", "\n%%writefile a.py\nprint 'a'"]
    magic_cells = ["%%time\n3", "\n%%capture out\n4", "%%timeit -n 1\n5  # %"]
    cells = run_cells(notebook(magics, *languages, *magic_cells, **kernel), "typed.ipynb")
    assert capsys.readouterr().out == "(3, '\\n%not a magic\\n!neither?\\n')\n3\n4\n5\n"
    assert [cell.name for cell in cells][1:] == ["typed.ipynb, cell %d" % n for n in (5, 6, 7)]


def test_an_error_in_a_notebook_shows_the_line_of_the_cell():
    cells = notebook("print 'a'", "%matplotlib inline\n\nx = 0\n1 / x")
    assert traceback_lines(cells, "typed.ipynb") == [
        'File "typed.ipynb, cell 2", line 4, in <module>',
        "1 / x",
    ]
    error = read(notebook("a = 1", "\ndef f(:").encode("utf-8"), "typed.ipynb")[1].code
    assert (error.filename, error.lineno, error.text.strip()) == ("typed.ipynb, cell 2", 2, "def f(:")


@pytest.mark.parametrize("contents", ["", "print(1)", "[]", "{}", '{"cells": 3}', '{"cells": [{}]}'])
def test_no_notebook(contents):
    with pytest.raises(ValueError, match="^this is no Jupyter notebook$"):
        read(contents.encode("utf-8"), "typed.IPYNB")


COMMENT = "^nothing to run, each line is a comment: paste it with its line"
EMPTY = "^nothing to run, the file is empty"


@pytest.mark.parametrize(
    "contents, said",
    [("", EMPTY), (" \n", EMPTY), ("# import tensorflow as tf", COMMENT), ("  # a\n\t\n# b\n", COMMENT)],
)
def test_a_script_with_nothing_to_run(contents, said):
    with pytest.raises(ValueError, match=said):
        read(contents.encode("utf-8"), "typed.py")
    assert read(b"'a docstring'", "typed.py") and read_module(contents.encode("utf-8"), "mine.py", False)


@pytest.mark.parametrize("cells", [(), ("", "\n"), ("%%bash\nls",)])
def test_a_notebook_without_code(cells):
    with pytest.raises(ValueError, match="^the notebook has no code$"):
        read(notebook(*cells).encode("utf-8"), "typed.ipynb")
