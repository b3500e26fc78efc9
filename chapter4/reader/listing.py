"""A reader's own TensorFlow 1 listing, run unchanged: a script, a notebook, or the cells of Jupyter."""

import ast
import builtins
import contextlib
import functools
import importlib.machinery
import io
import linecache
import os
import re
import signal
import sys
import traceback
import types
from pathlib import Path

from chapter4 import arithmetic, command_line, numpy_1_13
from chapter4.reader import python_2, tensorflow_1
from chapter4.reader.cells import IPYTHON, compiled, deciding_line, read_module
from chapter4.reader.tensorflow_1 import Changes
from chapter4.runtime import tf

import numpy as np

_kept = Changes()  # what is changed for good, or until %unload_ext


def run(cells, path, rounding=arithmetic.fused):
    """Runs a file's cells.Cells as Python would run the file, or Jupyter the notebook.

    rounding is one of chapter4.arithmetic. Returns the exit status: 1 after an error, which is shown. A
    notebook's other cells run all the same.
    """
    main = types.ModuleType("__main__")
    main.__file__ = path
    if any("keras" in line for cell in cells for line in linecache.getlines(cell.name)):
        tensorflow_1.import_keras()
    with Changes() as changes:
        tensorflow_1.become(changes, rounding)
        _become_numpy_1_13(changes)
        changes.set(sys.modules, "__main__", main)
        changes.set(sys, "argv", [path])
        folder = os.path.dirname(os.path.abspath(path))
        changes.set(sys, "path", [folder, *sys.path[1:]])
        finder = _finder(folder, cells[0].python_2)
        changes.set(sys, "path_importer_cache", {**sys.path_importer_cache, folder: finder})
        main.__builtins__ = _builtins(cells[0])
        if cells[0].name != path:  # a notebook: there IPython's own
            main.__builtins__.update(dict.fromkeys(("exit", "quit"), IPYTHON["get_ipython"]().ask_exit))
        output = _Output()
        changes.set(sys.stdout, "write", output.write)
        own_process = sys.stdout is sys.__stdout__
        if own_process:
            _kept.push(changes.pop_all())  # the process ends here: atexit functions find all as it was
            if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # a listing may catch KeyboardInterrupt
                signal.signal(signal.SIGINT, signal.default_int_handler)
        own_files = {cell.name for cell in cells}
        status = 0
        try:
            for cell in cells:
                if output.last != "\n":
                    output.write("\n")  # a cell does not go on with the line of the one before
                try:
                    _run_cell(cell, vars(main))
                except Exception as error:
                    if isinstance(error, OSError):
                        command_line.end_if_unread(error)
                    _show(error, lambda file: file in own_files or _lies_in(folder, file))
                    status = 1
                finally:
                    python_2.end_line()
        except KeyboardInterrupt:
            if not own_process:
                raise
            return 130
        return status


def _run_cell(cell, namespace):
    if isinstance(cell.code, SyntaxError):
        raise cell.code
    exec(cell.code, namespace)
    value = eval(cell.last, namespace) if cell.last else None
    if value is not None:
        print((python_2 if cell.python_2 else numpy_1_13).to_repr(value))


class _Output:
    """Knows whether the line on stdout is open."""

    def __init__(self):
        self.stock, self.last = sys.stdout.write, "\n"

    def write(self, text):
        self.last = text[-1:] or self.last
        return self.stock(text)


def _become_numpy_1_13(changes):
    changes.callback(numpy_1_13.install())
    for name, value in numpy_1_13.missing_names().items():
        changes.set(np, name, value)


def _builtins(cell):
    """The listing's alone: libraries need Python 3's own."""
    return {**vars(builtins), **IPYTHON, **(python_2.BUILTINS if cell.python_2 else {})}


def _finder(folder, in_python_2):
    """Finds the reader's own modules: beside the listing, and in a package there."""
    loader = functools.partial(_Module, in_python_2=in_python_2)
    return importlib.machinery.FileFinder(folder, (loader, importlib.machinery.SOURCE_SUFFIXES))


class _Module(importlib.machinery.SourceFileLoader):
    """Loads a module of the reader's own: it may be Python 2, too."""

    def __init__(self, name, path, in_python_2):
        super().__init__(name, path)
        self.in_python_2 = in_python_2

    def create_module(self, spec):
        self.cell = read_module(self.get_data(self.path), self.path, self.in_python_2)
        module = types.ModuleType(spec.name)
        module.__builtins__ = _builtins(self.cell)
        for folder in spec.submodule_search_locations or ():
            sys.path_importer_cache[folder] = _finder(folder, self.in_python_2)
        return module

    def get_code(self, name):
        return self.cell.code


# Errors

_CAUSED = "\nThe above exception was the direct cause of the following exception:\n\n"
_MEANWHILE = "\nDuring handling of the above exception, another exception occurred:\n\n"
_FRAME = re.compile(r'^( *)File "(.*?)".*\n(?:\1 +.*\n)*| \(defined at (.*?):\d+\)', re.MULTILINE)
_HERE = Path(__file__).parent.parent
_LIBRARIES = tuple(
    os.path.join(path, "") for path in (sys.prefix, sys.base_prefix, _HERE, _HERE.parent / "scripts")
)


def _lies_in(folder, file):
    """Whether the file is the reader's own: in the folder of the listing, and in no library there."""
    inside = file.startswith(os.path.join(folder, "")) and "-packages" not in file[len(folder) :]
    return inside and not file.startswith(_LIBRARIES)


def _show(error, is_own):
    """Prints the traceback, of which only the lines in the reader's own files; all of it if it has none."""
    shown, joint, links, link = "", "", [], error
    while link is not None and link not in links:
        links.append(link)
        frames = [frame for frame in traceback.extract_tb(link.__traceback__) if is_own(frame.filename)]
        if frames or isinstance(link, SyntaxError) and is_own(link.filename or ""):
            head = ["Traceback (most recent call last):\n", *traceback.format_list(frames)] if frames else []
            shown = "".join([*head, _message(link, is_own, frames), shown and joint + shown])
        joint = _MEANWHILE if link.__cause__ is None else _CAUSED
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    sys.stderr.write(shown or "".join(traceback.format_exception(type(error), error, error.__traceback__)))


def _message(error, is_own, frames):
    if not isinstance(error, tf.errors.OpError):
        with contextlib.redirect_stderr(io.StringIO()) as said:  # in full, from 3.10 on with "Did you mean"
            sys.__excepthook__(type(error), error, error.__traceback__)
        text = "".join(traceback.format_exception_only(type(error), error)).rstrip("\n")
        meant = re.search(r"\. Did you .*\?$", said.getvalue().rstrip("\n"))
        return text + (meant[0] if meant and not text.endswith(meant[0]) else "") + "\n"
    text = error.message
    if 'File "' not in text:
        text = str(error)  # where the operation was made, as old TensorFlows say it
    text = _FRAME.sub(lambda frame: frame[0] if is_own(frame[2] or frame[3]) else "", text + "\n").rstrip()
    if isinstance(error, tf.errors.FailedPreconditionError) and "uninitialized" in text:
        text += "\nBefore line %d, and after all variables and optimizers, " % frames[-1].lineno
        text += "sess.run(tf.global_variables_initializer()) is wanted (请在建立变量和优化器之后先运行它)"
    return "%s.%s: %s\n" % (type(error).__module__, type(error).__name__, text)


# Jupyter

_rounding = Changes()  # of _kept: what %arithmetic changes
_SAID = "from this cell on: run as Python 2, because of %s (back to Python 3: %%reload_ext chapter4)"


def load(shell):
    """Makes a notebook's cells, from the next one on, what `run` makes of a file. shell is IPython's."""
    tensorflow_1.import_keras()  # a later cell may name it
    today, cells = sys.modules["tensorflow"], _Cells(shell)
    if tf.resource_variables_enabled():  # TensorFlow 2's way, of which %unload_ext gives back what it can
        for name in ("resource_variables", "v2_tensorshape", "tensor_equality", "control_flow_v2"):
            _kept.callback(getattr(tf, "enable_" + name))
    # Functions of Python 2 cells need the names between underscores after %reload_ext, too.
    names = {name: value for name, value in python_2.BUILTINS.items() if name.startswith("__")}
    _kept.set(shell.user_ns, "__builtins__", {**vars(builtins), **names})
    _become_numpy_1_13(_kept)
    for transformers in (shell.input_transformers_post, shell.ast_transformers):
        transformers.append(cells)
        _kept.callback(transformers.remove, cells)
    shell.events.register("post_run_cell", cells.end)
    _kept.callback(shell.events.unregister, "post_run_cell", cells.end)
    _kept.callback(_rounding.close)
    shell.register_magic_function(choose_arithmetic, magic_name="arithmetic")
    _kept.callback(shell.magics_manager.magics["line"].pop, "arithmetic")
    choose_arithmetic("fused")
    own, tensorflow = shell.user_ns, sys.modules["tensorflow"]
    for name in [name for name, value in own.items() if value is today]:
        own[name] = tensorflow
        _kept.callback(lambda name=name: own.get(name) is tensorflow and own.update({name: today}))


def unload(shell):
    _kept.close()
    if tf.resource_variables_enabled() and not tf.executing_eagerly():
        print("TensorFlow stays without eager mode until the kernel is restarted", file=sys.stderr)


def choose_arithmetic(name):
    """%arithmetic fused, separate or native: how a*b + c rounds in the next cells. Alone: says which."""
    if name in ("fused", "separate", "native"):
        _rounding.close()
        tensorflow_1.become(_rounding, getattr(arithmetic, name))
        _rounding.name = name
    elif name:
        from IPython.core.error import UsageError

        raise UsageError("%%arithmetic takes fused, separate or native, not %s" % name)
    else:
        print(_rounding.name)


class _Cells:
    """Has IPython run a Python 2 cell, and those after it, as such: transforms its lines, then its tree."""

    def __init__(self, shell):
        self.shell, self.seen, self.future, self.python_2 = shell, "", set(), None

    def __call__(self, lines):
        text = "".join(lines)
        self.seen += text
        self.future |= python_2.future(text)
        if not self.python_2:
            self.python_2 = deciding_line(text, self.seen)
            if not self.python_2:
                return lines
            self.shell.user_ns["__builtins__"] = {**vars(builtins), **python_2.BUILTINS}
            print(_SAID % self.python_2, file=sys.stderr)
        compiled("this cell", text, True, self.future)  # raises what IPython would say of the lines rewritten
        return python_2.python_3(text, self.future).splitlines(True)

    def visit(self, tree):
        return ast.fix_missing_locations(python_2.Python2(self.future).visit(tree)) if self.python_2 else tree

    def end(self, *result):
        python_2.end_line()
