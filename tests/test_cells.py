"""What is made of a reader's file: encodings, notebooks, magics, errors of syntax."""

import json
import traceback

from chapter4.reader import python_2
from chapter4.reader.cells import read

import pytest
from conftest import run_cells


def test_python_3_stays_python_3(capsys):
    (cell,) = run_cells("print('a', 7 / 2, 0.1 + 0.2, str(1 / 3), sep='|')\n'no value of a script'")
    assert not cell.python_2 and cell.last is None
    assert capsys.readouterr().out == "a|3.5|0.30000000000000004|0.3333333333333333\n"


def test_encodings(capsys):
    for head, encoding in (("# -*- coding: gbk -*-\n", "gbk"), ("", "utf-8"), ("", "utf-8-sig")):
        for statement in ("print u'损失'", "print(u'损失')"):
            (cell,) = read((head + statement).encode(encoding), "typed.py")
            exec(cell.code, dict(python_2.BUILTINS))
            assert capsys.readouterr().out == "损失\n"


@pytest.mark.parametrize(
    "code, line, text, message",
    [
        ("a = 1\ndef f(:\n    pass", 2, "def f(:", ""),
        ("print 'a'\nif a b:\n    print 'b'", 2, "if a b:", ""),
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


def test_an_error_that_the_compiler_finds():
    with pytest.raises(SyntaxError, match="'return' outside function") as caught:
        read(b"a = 1\nreturn", "typed.py")
    assert (caught.value.filename, caught.value.lineno) == ("typed.py", 2)


def test_bytes_that_are_no_text():
    with pytest.raises(SyntaxError) as caught:
        read(b"a = 1\nprint('\xff\xfe')", "typed.py")
    assert caught.value.filename == "typed.py"


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


def test_which_python_a_notebook_is(capsys):
    run_cells(notebook("print(7 / 2, 1)", **KERNEL_2), "old.ipynb")
    run_cells(notebook("print(7 / 2, 1)", "print 'a'"), "typed.ipynb")
    run_cells(notebook("print(7 / 2, 2)", kernelspec={"name": "python2"}), "old.ipynb")
    run_cells(
        notebook("from __future__ import division, print_function", "print(7 / 2, end='!\\n')", **KERNEL_2),
        "old.ipynb",
    )
    run_cells(
        notebook("print(7 / 2, 1)", kernelspec={"name": "tf2"}, language_info={"version": "3.5.4"}),
        "new.ipynb",
    )
    run_cells(notebook("print(7 / 2, 1)"), "new.ipynb")
    assert capsys.readouterr().out == "(3, 1)\n(3, 1)\na\n(3, 2)\n3.5!\n3.5 1\n3.5 1\n"


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
    with pytest.raises(SyntaxError) as caught:
        read(notebook("a = 1", "\ndef f(:").encode("utf-8"), "typed.ipynb")
    assert (caught.value.filename, caught.value.lineno) == ("typed.ipynb, cell 2", 2)


@pytest.mark.parametrize("contents", ["", "print(1)", "[]", "{}", '{"cells": 3}', '{"cells": [{}]}', "\xff"])
def test_no_notebook(contents):
    with pytest.raises(ValueError, match="^this is no Jupyter notebook$"):
        read(contents.encode("latin-1"), "typed.IPYNB")


@pytest.mark.parametrize("cells", [(), ("", "\n"), ("%%bash\nls",)])
def test_a_notebook_without_code(cells):
    with pytest.raises(ValueError, match="^the notebook has no code$"):
        read(notebook(*cells).encode("utf-8"), "typed.ipynb")
