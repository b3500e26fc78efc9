"""A reader's own TensorFlow 1 listing, run unchanged: a script, a notebook, or the cells of Jupyter."""

import ast
import builtins
import functools
import importlib.machinery
import linecache
import os
import re
import signal
import sys
import traceback
import types
from pathlib import Path

from chapter4 import arithmetic, numpy_1_13
from chapter4.reader import python_2, tensorflow_1
from chapter4.reader.cells import IPYTHON, read
from chapter4.reader.tensorflow_1 import Changes

import numpy as np

_kept = Changes()  # what is changed for good, or until %unload_ext


def run(cells, path, rounding=arithmetic.fused):
    """Runs a file's cells.Cells as Python would run the file, or Jupyter the notebook.

    rounding is one of chapter4.arithmetic. Returns the exit status: 1 after an error in the listing, whose
    traceback is printed.
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
        loader = functools.partial(_Module, in_python_2=cells[0].python_2)
        finder = importlib.machinery.FileFinder(folder, (loader, importlib.machinery.SOURCE_SUFFIXES))
        changes.set(sys.path_importer_cache, folder, finder)
        main.__builtins__ = _builtins(cells[0])
        own_process = sys.stdout is sys.__stdout__
        if own_process:
            _kept.push(changes.pop_all())  # the process ends here: atexit functions find all as it was
            if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # a listing may catch KeyboardInterrupt
                signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            for cell in cells:
                exec(cell.code, vars(main))
                value = eval(cell.last, vars(main)) if cell.last else None
                if value is not None:
                    print((python_2 if cell.python_2 else numpy_1_13).to_repr(value))
        except KeyboardInterrupt:
            if not own_process:
                raise
            return 130
        except Exception as error:
            _show(error)
            return 1
        finally:
            python_2.end_line()


def _become_numpy_1_13(changes):
    changes.callback(numpy_1_13.install())
    for name, value in numpy_1_13.missing_names().items():
        changes.set(np, name, value)


def _builtins(cell):
    """The listing's alone: libraries need Python 3's own."""
    return {**vars(builtins), **IPYTHON, **(python_2.BUILTINS if cell.python_2 else {})}


class _Module(importlib.machinery.SourceFileLoader):
    """Loads a module of the reader's own, which lies beside the listing: it may be Python 2, too."""

    def __init__(self, name, path, in_python_2):
        super().__init__(name, path)
        self.in_python_2 = in_python_2

    def create_module(self, spec):
        (self.cell,) = read(self.get_data(self.path), self.path, self.in_python_2)
        module = types.ModuleType(spec.name)
        module.__builtins__ = _builtins(self.cell)
        return module

    def get_code(self, name):
        return self.cell.code


def _show(error):
    """Prints the traceback without this project's own frames, those in TensorFlow's own messages included."""
    ours = Path(__file__).parent.parent
    own = [str(path) for path in [*ours.rglob("*.py"), *ours.parent.glob("scripts/*.py")]]

    def without_own(frame):
        path = frame[2]  # in an old TensorFlow's message without its start
        cut = os.sep in path and not os.path.exists(path) and any(file.endswith(path) for file in own)
        return "" if cut or path in own or path.startswith("<frozen") else frame[0]

    lines = traceback.format_exception(type(error), error, error.__traceback__)
    frame = r'^( *)File "(.*?)".*\n(?:\1 +.*\n)*'
    print(re.sub(frame, without_own, "".join(lines), flags=re.MULTILINE), end="", file=sys.stderr)


# Jupyter

_rounding = Changes()  # of _kept: what %arithmetic changes


def load(shell):
    """Makes a notebook's cells, from the next one on, what `run` makes of a file. shell is IPython's."""
    tensorflow_1.import_keras()  # a later cell may name it
    cells = _Python2Cells(shell)
    _kept.set(shell.user_ns, "__builtins__", builtins)  # of which each cell gets a copy
    _become_numpy_1_13(_kept)
    for transformers in (shell.input_transformers_post, shell.ast_transformers):
        transformers.append(cells)
        _kept.callback(transformers.remove, cells)
    shell.events.register("post_run_cell", cells.end)
    _kept.callback(shell.events.unregister, "post_run_cell", cells.end)
    _kept.callback(_rounding.close)
    shell.register_magic_function(choose_arithmetic, magic_name="arithmetic")
    choose_arithmetic("fused")


def unload(shell):
    _kept.close()


def choose_arithmetic(name):
    """%arithmetic fused, separate or native: how a*b + c rounds in the cells that follow."""
    rounding = {"fused": arithmetic.fused, "separate": arithmetic.separate, "native": arithmetic.native}[name]
    _rounding.close()
    tensorflow_1.become(_rounding, rounding)


class _Python2Cells:
    """Has IPython run a cell that is Python 2 as Python 2: transforms first its lines, then its tree."""

    def __init__(self, shell):
        self.shell, self.future, self.python_2 = shell, set(), False

    def __call__(self, lines):
        text = "".join(lines)
        try:
            self.python_2 = python_2.is_python_2(text, "cell")
        except SyntaxError:  # neither: IPython says so
            self.python_2 = False
        self.future |= python_2.future(text)
        # Functions of earlier Python 2 cells need the names between underscores in every cell.
        names = {n: value for n, value in python_2.BUILTINS.items() if self.python_2 or n.startswith("__")}
        self.shell.user_ns["__builtins__"] = {**vars(builtins), **names}
        return python_2.python_3(text, self.future).splitlines(True) if self.python_2 else lines

    def visit(self, tree):
        return ast.fix_missing_locations(python_2.Python2(self.future).visit(tree)) if self.python_2 else tree

    def end(self, *result):
        python_2.end_line()
