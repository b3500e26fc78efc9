"""A reader's file, script or notebook, Python 3 or 2, as cells of Python 3 code. Needs no TensorFlow."""

import ast
import builtins
import importlib.util
import json
import linecache
import re
import types
from typing import NamedTuple, Optional

from chapter4 import numpy_1_13
from chapter4.reader import python_2


class Cell(NamedTuple):
    """A whole script, or one code cell of a notebook."""

    name: str  # in tracebacks: the path, or "path, cell 3" for the third of the code cells
    code: types.CodeType
    last: Optional[types.CodeType]  # the expression that ends the cell, whose value a notebook shows
    python_2: bool  # the same for all cells of a file


def read(contents, path, in_python_2=False):
    """The Cells of a file of these bytes. Raises SyntaxError; ValueError if it is no text or no notebook."""
    if b"\0" in contents:
        raise ValueError("a file with null bytes is no Python")
    sources, in_python_2 = _notebook(contents, path) or ({path: _decoded(contents, path)}, in_python_2)
    in_python_2 = any([python_2.is_python_2(text, name) for name, text in sources.items()]) or in_python_2
    cells, imported = [], set()
    for name, text in sources.items():
        imported |= python_2.future(text)  # a notebook's later cells keep it
        tree = python_2.tree(text, name, imported) if in_python_2 else ast.parse(text, name)
        last = None
        shown = name != path and not re.search(r";\s*(#.*)?\s*\Z", text)  # what ends a cell of a notebook
        if shown and tree.body and isinstance(tree.body[-1], ast.Expr):
            last = compile(ast.Expression(tree.body.pop().value), name, "eval", dont_inherit=True)
        cells.append(Cell(name, compile(tree, name, "exec", dont_inherit=True), last, in_python_2))
        linecache.cache[name] = len(text), None, [line + "\n" for line in text.split("\n")], name
    return cells


# The file


def _decoded(contents, path):
    try:
        return importlib.util.decode_source(contents)
    except (SyntaxError, UnicodeError):
        compile(contents, path, "exec", dont_inherit=True)  # says the same with file and line
        raise


def _notebook(contents, path):
    """({name of a code cell: its text}, whether the kernel was Python 2), or None for a script."""
    try:
        notebook = json.loads(contents.decode("utf-8-sig"))
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        code = [cell.get("source", cell.get("input")) for cell in cells if cell["cell_type"] == "code"]
        texts = [_without_magics("".join(lines)) for lines in code]
        metadata = notebook.get("metadata", {})
        kernel = metadata.get("kernelspec", {}).get("name", "")
        version = metadata.get("language_info", {}).get("version", kernel)
    except (ValueError, LookupError, TypeError, AttributeError):
        if path.lower().endswith(".ipynb"):
            raise ValueError("this is no Jupyter notebook") from None
        return None
    sources = {"%s, cell %d" % (path, n): text for n, text in enumerate(texts, 1) if text.strip()}
    if not sources:
        raise ValueError("the notebook has no code")
    return sources, str(version).startswith(("2", "python2"))


def _without_magics(text):
    """A cell without what is IPython's alone, line by line: %magic, !command, help?, %%magic."""
    text = re.sub(r"\A(\s*)%%(time|timeit|capture)\b.*|^([ \t]*)%time[ \t]+(?=\S)", r"\1\3", text, flags=re.M)
    if re.match(r"\s*%%", text):  # another language, or a file to be written
        return ""
    tokens = ((kind == "magic", token) for kind, token, _ in python_2.tokens(text))
    return "".join(re.sub(r"\S.*", "pass", token) if magic else token for magic, token in tokens)


# What IPython has among its builtins


class _Shell:
    """IPython's, with magics that do nothing."""

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


IPYTHON = {
    "get_ipython": _Shell,
    "display": lambda *values: builtins.print(*map(numpy_1_13.to_repr, values), sep="\n"),
}
