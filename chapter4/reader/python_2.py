"""Python 2's syntax and meaning as Python 3."""

import ast
import builtins
import copy
import functools
import operator
import re
import string
import sys
from decimal import ROUND_HALF_UP, Decimal

from chapter4 import numpy_1_13

# The syntax. Python's own tokenizer would stop at it.

_TOKEN = re.compile(
    r"""(?P<string>[bBuUrR]{0,2}(?:'''(?:\\.|[^\\])*?'''|\"""(?:\\.|[^\\])*?\"""
                                  |'(?:\\.|[^\\'\n])*'|"(?:\\.|[^\\"\n])*"))
    |(?P<space>(?:[ \t\f]|\\\n)+|\#[^\n]*)  |(?P<newline>\n)
    |(?P<number>\.?\d(?:[eE][-+]|[\w.])*)  |(?P<name>\w+)  |(?P<operator>>>|.)""",
    re.VERBOSE | re.DOTALL,
)
_MAGIC = re.compile(r"(?P<magic>[ \t]*(?:[%!?].*|[\w., ]+=[ \t]*[%!].*|[\w.*]+\?+[ \t]*$))", re.MULTILINE)


def tokens(text):
    """(kind, token, depth): how many brackets are open after it."""
    position = depth = 0
    line_starts = True  # a logical line, where a magic may stand
    while position < len(text):
        match = line_starts and _MAGIC.match(text, position) or _TOKEN.match(text, position)
        kind, token = match.lastgroup, match.group()
        if kind == "operator":
            depth = max(0, depth + (token in "([{") - (token in ")]}"))
        yield "indent" if line_starts and kind == "space" else kind, token, depth
        line_starts = kind == "newline" and depth == 0
        position = match.end()


def future(text):
    """The names imported from __future__."""
    imports = re.findall(r"^\s*from\s+__future__\s+import\s*(\([^)]*\)|.*)", text, re.MULTILINE)
    return set(re.findall(r"\w+", " ".join(imports)))


def python_3(text, future=()):
    """Python 2's statements rewritten as Python 3, line by line. future: what is imported from __future__."""
    rewritten, statement = "", []
    for kind, token, depth in tokens(text):
        if kind == "indent":
            token = token.expandtabs()  # Python 3 takes no mixture
        elif kind == "string":
            token = _string(token, future)
        elif kind == "number":
            token = re.sub("^0+(?=[0-7]+$)", "0o", token.rstrip("lL"))
        if depth == 0 and (kind == "newline" or token in (";", ":")):
            rewritten += _statement(statement, future) + token
            statement = []
        else:
            statement.append((kind, token, depth))
    return rewritten + _statement(statement, future)


def _string(token, future):
    """Where Python 2's string has bytes, \\u, \\U and \\N are no escapes."""
    prefix = re.match(r"\w*", token).group().lower()
    if "r" in prefix or prefix == "u" or prefix == "" and "unicode_literals" in future:
        return re.sub(r"^[uU](?=[rR](?!.*\\u))", "", token)  # ur"\u4e2d" is refused
    return re.sub(r"\\(.)", lambda escape: "\\" * (escape[1] in "uUN") + escape[0], token, flags=re.DOTALL)


def _statement(tokens, future):
    """A simple statement, or the head of a compound one, as Python 3."""
    code = [index for index, (kind, _, _) in enumerate(tokens) if kind not in ("indent", "space")]
    start, end = (code[0], code[-1] + 1) if code else (0, 0)
    before, keyword, after = map(_joined, (tokens[:start], tokens[start : start + 1], tokens[end:]))
    parts = [""]
    for _, token, depth in tokens[start + 1 : end]:
        if depth == 0 and token == ",":
            parts.append("")
        else:
            parts[-1] += token
    statement = keyword + ",".join(parts)
    if keyword == "print" and "print_function" not in future:
        items = [part + "," for part in parts if part.strip()]
        file = items.pop(0).strip()[2:-1] if parts[0].lstrip().startswith(">>") else None
        line_open = len(parts) > 1 and not parts[-1].strip()
        statement = "__print__(%s, (%s), %s)" % (file, "".join(items), line_open)
    elif keyword in ("raise", "except") and len(parts) == 2:
        statement = keyword + ("%s(%s)" if keyword == "raise" else "%s as %s") % tuple(parts)
    return before + statement + after


def _joined(tokens):
    return "".join(token for _, token, _ in tokens)


# The meaning


def tree(text, name, future):
    module = Python2(future).visit(ast.parse(python_3(text, future), name))
    for node in ast.walk(ast.fix_missing_locations(module)):
        if hasattr(node, "col_offset"):
            node.col_offset = node.end_col_offset = -1  # unknown: a traceback would mark the wrong ones
    return module


class Python2(ast.NodeTransformer):
    """Has operators, attributes and calls that Python 2 means otherwise go to BUILTINS."""

    def __init__(self, future=()):
        self.functions = {ast.Mod: "__mod__"}
        if "division" not in future:
            self.functions[ast.Div] = "__div__"

    def visit_BinOp(self, node):
        self.generic_visit(node)
        function = self.functions.get(type(node.op))
        return _call(function, node, node.left, node.right) if function else node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div) or ast.Div not in self.functions:
            return node
        value = copy.deepcopy(node.target)
        value.ctx = ast.Load()
        return ast.copy_location(ast.Assign([node.target], _call("__idiv__", node, value, node.value)), node)

    def visit_Attribute(self, node):
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and node.attr in _ATTRIBUTES:
            return _call("__attribute__", node, node.value, ast.Constant(node.attr))
        return node

    def visit_Call(self, node):
        if isinstance(node.func, ast.Name):  # as a type, str stays what it is
            names = {"str": "__str__", "unicode": "__str__", "repr": "__repr__"}
            node.func.id = names.get(node.func.id, node.func.id)
        return self.generic_visit(node)


def _call(function, node, *arguments):
    return ast.copy_location(ast.Call(ast.Name(function, ast.Load()), list(arguments), []), node)


def to_str(value="", *_encoding):
    """str(value) as Python 2 had it, with NumPy 1.13's digits."""
    if type(value) is float:
        digits = "%.12g" % value
        return digits + ".0" if digits.lstrip("-").isdigit() else digits
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, type) and not value.__flags__ & 1 << 9:  # a built-in type, none on the heap
        return repr(value).replace("class", "type")
    return to_repr(value) if type(value) in (list, tuple, dict) else numpy_1_13.to_str(value)


def to_repr(value):
    """repr(value) likewise. A string is taken for bytes, since u'…' is not told apart."""
    if isinstance(value, (str, bytes)):
        return repr(value if isinstance(value, bytes) else value.encode("utf-8", "replace"))[1:]
    if type(value) is list:
        return "[%s]" % ", ".join(map(to_repr, value))
    if type(value) is tuple:
        return "(%s%s)" % (", ".join(map(to_repr, value)), "," if len(value) == 1 else "")
    if type(value) is dict:
        return "{%s}" % ", ".join("%s: %s" % (to_repr(key), to_repr(item)) for key, item in value.items())
    return to_str(value) if isinstance(value, type) else numpy_1_13.to_repr(value)


def _print(file, items, line_open):
    """The print statement. Where softspace is set, a blank comes before what is printed next."""
    file = sys.stdout if file is None else file
    for item in items:
        text = to_str(item)
        file.write((" " if getattr(file, "softspace", False) else "") + text)
        file.softspace = not (isinstance(item, (str, bytes)) and text[-1:].isspace() and text[-1] != " ")
    if not line_open:
        file.write("\n")
        file.softspace = False


def end_line():
    """To be called when the code has run: Python 2 ends a line that a comma left open."""
    if getattr(sys.stdout, "softspace", False):
        _print(None, (), line_open=False)


def _div(a, b, whole=operator.floordiv, true=operator.truediv):
    for operand, other, method in ((a, b, "__div__"), (b, a, "__rdiv__")):
        if hasattr(operand, method):  # a tensor
            return getattr(operand, method)(other)
    kinds = {"i" if isinstance(x, int) else getattr(getattr(x, "dtype", None), "kind", "O") for x in (a, b)}
    return whole(a, b) if kinds <= set("iub") else true(a, b)


def _mod(a, b):
    """a % b. What "%s" inserts is written as Python 2 does."""
    if isinstance(a, str):
        values = b if isinstance(b, tuple) else (b,)
        kinds = re.findall(r"%[-+ #0]*\d*(?:\.\d+)?[hlL]?([a-zA-Z])", a.replace("%%", ""))
        if len(kinds) == len(values):  # neither "%(name)s" nor "%*d"
            b = tuple(to_str(value) if kind == "s" else value for kind, value in zip(kinds, values))
    return a % b


class _Formatter(string.Formatter):
    def format_field(self, value, format_spec):
        return format(value, format_spec) if format_spec else to_str(value)


_RENAMED = {"has_key": "__contains__", "iterkeys": "keys", "itervalues": "values", "iteritems": "items"}
_RENAMED["next"] = "__next__"
_ATTRIBUTES = set("keys values items format decode setdefaultencoding write message".split()).union(_RENAMED)


def _attribute(value, name):
    """value.name, or what Python 3 has in its place."""
    if name == "write" and getattr(value, "softspace", False):
        value.softspace = False
    if name == "format" and isinstance(value, str):
        return functools.partial(_Formatter().format, value)
    if name == "decode" and isinstance(value, str) or name == "setdefaultencoding":
        return lambda *encoding: value
    if name == "message" and isinstance(value, Exception) and not hasattr(value, name):
        return value.args[0] if len(value.args) == 1 else ""
    if name in ("keys", "values", "items") and isinstance(value, dict):
        return lambda: list(getattr(value, name)())
    return getattr(value, name if hasattr(value, name) else _RENAMED.get(name, name))


def _round(number, digits=0):
    """Halves away from zero, to a float."""
    return float(Decimal(float(number)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


# For the file's own __builtins__: libraries need Python 3's.
BUILTINS = {
    "__print__": _print,
    "__div__": _div,
    "__idiv__": functools.partial(_div, whole=operator.ifloordiv, true=operator.itruediv),
    "__mod__": _mod,
    "__attribute__": _attribute,
    "__str__": to_str,
    "__repr__": to_repr,
    "print": lambda *values, **options: builtins.print(*map(to_str, values), **options),
    "range": lambda *limits: list(range(*limits)),
    "zip": lambda *iterables: list(zip(*iterables)),
    "map": lambda function, *iterables: list(map(to_str if function is str else function, *iterables)),
    "filter": lambda function, iterable: list(filter(function, iterable)),
    "round": _round,
    "reload": lambda module: module,  # reload(sys) comes before sys.setdefaultencoding
    "input": lambda prompt="": eval(input(prompt)),
    **dict(raw_input=input, xrange=range, reduce=functools.reduce, file=open),
    **dict(long=int, unichr=chr, unicode=str, basestring=str),
}
