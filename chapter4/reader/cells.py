"""A reader's file, script or notebook, Python 3 or 2, as cells of Python 3 code. Needs no TensorFlow."""

import ast
import builtins
import codecs
import difflib
import json
import linecache
import re
import sys
import types
import unicodedata
from typing import NamedTuple, Optional, Union

from chapter4 import numpy_1_13
from chapter4.reader import python_2

NOTHING = "nothing to run, each line is a comment: paste it with its line breaks (全是注释；粘贴时请保留换行)"


class Cell(NamedTuple):
    """A whole script or module, or one code cell of a notebook."""

    name: str  # in tracebacks: the path, or "path, cell 3" for the third of the code cells
    code: Union[types.CodeType, SyntaxError]
    last: Optional[types.CodeType]  # the expression that ends the cell, whose value a notebook shows
    python_2: bool  # the same for all cells of a file


def read(contents, path):
    """The Cells of a script or notebook of these bytes. Raises a script's SyntaxError; else ValueError."""
    text = _decoded(contents)
    sources, kernel = _notebook(text, path) or ({path: text}, None)
    if path in sources and not _plain(text).strip():
        raise ValueError(NOTHING if text.strip() else "nothing to run, the file is empty (文件是空的)")
    in_python_2, cells, future = _is_python_2(sources, path, kernel), [], set()
    for name, source in sources.items():
        future |= python_2.future(source)  # a notebook's later cells keep it
        cells.append(compiled(name, source, in_python_2, future, in_notebook=name != path))
    return cells


def read_module(contents, path, in_python_2):
    """The Cell of a module of the reader's own: Python 2 if the listing is, or by itself."""
    text = _decoded(contents)
    return compiled(path, text, in_python_2 or _is_python_2({path: text}), python_2.future(text))


def compiled(name, text, in_python_2, future, in_notebook=False):
    """The text as a Cell. Raises SyntaxError, which in a notebook is the cell's code."""
    linecache.cache[name] = len(text), None, [line + "\n" for line in text.split("\n")], name
    last = None
    try:
        tree = python_2.tree(text, name, future) if in_python_2 else ast.parse(text, name)
        shown = in_notebook and not re.search(r";\s*(#.*)?\s*\Z", text)
        if shown and tree.body and isinstance(tree.body[-1], ast.Expr):
            last = compile(ast.Expression(tree.body.pop().value), name, "eval", dont_inherit=True)
        code = compile(tree, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        code = _explained(error, text, in_python_2, future)
        if not in_notebook:
            raise code from None
    return Cell(name, code, last, in_python_2)


# Which Python


def _is_python_2(sources, path=None, kernel=None):
    """Whether a file is Python 2, as one of these {name: text} or its kernel says. Says why on stderr."""
    whole = "\n".join(sources.values())
    reasons = [*((name, deciding_line(text, whole)) for name, text in sources.items()), (path, kernel)]
    first = next((reason for reason in reasons if reason[1]), None)
    if first:
        print("%s: run as Python 2, because of %s" % first, file=sys.stderr)
    return bool(first)


def deciding_line(text, whole):
    """What makes a text, part of a whole, Python 2, as "line 3: print x"; None if it is Python 3 or neither.

    It is Python 2 if Python's parser refuses it even with its tabs expanded and its strings emptied, and
    takes it rewritten; or if it has a name of Python 2's, unless the whole sees to these names.
    """
    number, plain = None, _plain(text)
    both = re.search(r"\b(NameError|version_info|six|PY[23]|import .*xrange|(xrange|unicode) *=)", whole)
    names = r"\bprint[ \t]*>>" + ("" if both else r"|(?<![\w.])(xrange|unicode)\b|\bsetdefaultencoding\b")
    if _stops(ast.parse, text):
        number = _stops(ast.parse, plain)
        number = None if _stops(python_2.tree, text, "", python_2.future(text)) else number
    else:
        lines = enumerate(plain.split("\n"), 1)
        number = next((number for number, line in lines if re.search(names, line)), None)
    return number and "line %d: %s" % (number, text.split("\n")[number - 1].strip())


def _stops(parse, *arguments):
    """The number of the line where it does, if it does."""
    try:
        parse(*arguments)
    except SyntaxError as error:
        return error.lineno


def _plain(text):
    """Without what decides nothing, line by line: tabs, comments, what is in strings."""
    plain = ""
    for kind, token, _ in python_2.tokens(text):
        if kind == "string":
            token = re.match(r"\w*", token).group() + "''" + "\\\n" * token.count("\n")
        elif kind in ("indent", "space"):
            token = token.expandtabs().partition("#")[0]
        plain += token
    return plain + "\n"


# Errors of syntax


def _explained(error, text, in_python_2, future):
    """The error of a text that is no Python, with the line as typed and what may help."""
    rewritten = python_2.python_3(text, future) if in_python_2 else text
    if not in_python_2:  # perhaps Python 2 with a mistake: then Python 3 stops before it, at `print x`
        either = re.sub(r"\bprint(?=\s*\()", "pr1nt", text)  # print(…) is right in both
        try:
            python_2.tree(either, error.filename, future)
        except SyntaxError as other:
            if other.lineno > error.lineno or re.search(r"\bprint\s+[^(\s]", error.text or ""):
                error, rewritten = other, python_2.python_3(either, future)
    parsed, typed = ([*lines.split("\n"), ""][error.lineno - 1] for lines in (rewritten, text))
    if rewritten is not text or not error.text:
        error.text = typed
    error.offset = max(error.offset or 0, 0) or None  # 3.7 has -1 for none
    if parsed != typed and error.offset:
        blocks = difflib.SequenceMatcher(None, parsed, typed, False).get_matching_blocks()
        a, b, _ = next(block for block in blocks if error.offset <= block.a + block.size or not block.size)
        error.offset, error.end_offset = b + max(error.offset - a, 1), None
    if re.search(r"\bdef\b.*[(,]\s*lambda\s*[,)=]", typed):  # a misprint of the book
        error.msg += "; lambda is a reserved word: choose another name, e.g. lambda1"
    error.msg += _foreign(text, error.lineno)
    error.__context__ = None  # perhaps the error of the other Python: one is enough
    return error


_PLAIN = str.maketrans("“”„‘’。、【】《》—–−×÷", '"""\'\'.,[]<>---*/')


def _foreign(text, number):
    """A word about the line's first character that Python cannot use, outside strings and comments."""
    position, unclosed = 0, False
    for kind, token, _ in python_2.tokens(text):
        foreign = kind in ("operator", "name", "number") and not token.isascii() and not token.isidentifier()
        if foreign and text.count("\n", 0, position) == number - 1 and (not unclosed or token in "“”‘’＂＇"):
            char = re.search(r"[^\x00-\x7f]", token).group()
            column = position - text.rfind("\n", 0, position) + token.index(char)
            plain = unicodedata.normalize("NFKC", char).translate(_PLAIN)
            words = number, column, unicodedata.name(char, repr(char)), plain if plain.isascii() else ""
            message = "; line %d, column %d is %s: write %r instead (第 %d 行第 %d 列不是英文字符，请改成 %r)"
            return message % (*words, *words[:2], words[3])
        unclosed = kind != "newline" and (unclosed or token in ("'", '"'))
        position += len(token)
    return ""


# The file

_BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_CODING = re.compile(rb"(?:[ \t\f]*(?:#[^\r\n]*)?\r?\n)?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")


def _decoded(contents):
    """The text. A BOM decides; else a coding line; else it is UTF-8, or GB18030 as on a Chinese Windows."""
    bom = next(filter(contents.startswith, _BOMS), b"")
    coding = _CODING.match(contents)
    encoding = _BOMS[bom] if bom else coding[1].decode("latin-1") if coding else "utf-8"
    is_utf_8 = re.match("utf[-_]?8", encoding, re.IGNORECASE) and not bom
    for candidate in ("utf-8", "gb18030") if is_utf_8 else (encoding,):
        try:
            text = contents[len(bom) :].decode(candidate)
        except (UnicodeError, LookupError):
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    line = (" and take its coding line out", "，并去掉 coding 声明") if coding and not bom else ("", "")
    message = "this is no text in %s: save it as UTF-8%s (无法识别文件的编码，请另存为 UTF-8%s)"
    raise ValueError(message % (encoding, *line))


def _notebook(text, path):
    """({name of a code cell: its text}, what says that it is Python 2), or None for a script."""
    try:
        notebook = json.loads(text)
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
    return sources, str(version).startswith(("2", "python2")) and "the notebook's kernel"


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
