"""How the chapter's commands start, read their arguments, and end. Needs no TensorFlow.

A command's docstring has an example, and names its arguments, which ARGUMENTS explains. So they can be read,
and a wrong one refused, when the command imports this: before it imports TensorFlow.
"""

import argparse
import atexit
import contextlib
import errno
import importlib
import os
import re
import signal
import sys
import warnings


def run(main):
    """Calls main with the arguments given, and exits with the status that it returns."""
    _prepare()
    given = parse(main.__globals__.get("__doc__") or "")  # under a profiler __main__ is the profiler
    if "arithmetic" in given:
        given["arithmetic"] = getattr(importlib.import_module("chapter4.arithmetic"), given["arithmetic"])
    try:
        status = main(**given)
    except OSError as error:
        end_if_unread(error)
        raise
    if sys.stdout is sys.__stdout__:
        _returned.append(status or 0)
    sys.exit(status)


_returned = []  # main's exit status, once there is one


@atexit.register  # as the last function at exit, since it is the first registered
def _end_at_once():
    """Spares Python taking TensorFlow apart, a tenth of the whole run."""
    if _returned:
        sys.stdout.flush()
        os._exit(*_returned)


def _prepare():
    """Prepares a process of the command's own. Jupyter, IDLE and Spyder keep what is theirs."""
    if sys.stdout is not sys.__stdout__:
        return
    if sys.stdout:
        # The same bytes on every system, each line at once.
        sys.stdout.reconfigure(newline="\n", errors="backslashreplace", line_buffering=True)
    warnings.simplefilter("ignore")  # old code on new libraries is the point here
    # Ctrl-C and a closed pipe end it at once and quietly, as they end a program that is not Python.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


def end_if_unread(error):
    """Ends the command if the OSError is that its pipe is closed: Windows has no signal for that."""
    of_a_pipe = error.errno in (errno.EPIPE, errno.EINVAL) and error.filename is None
    if of_a_pipe and not hasattr(signal, "SIGPIPE") and sys.stdout is sys.__stdout__:
        os._exit(1)


def refuse(message):
    """Ends the command because of bad input: one line on stderr, exit status 2."""
    print("%s: error: %s" % (os.path.basename(sys.argv[0]), message), file=sys.stderr)
    sys.exit(2)


@contextlib.contextmanager
def _refusing(path):
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: no name of a file
        refuse("%s: %s" % (path, getattr(error, "strerror", None) or error))


def contents(path):
    """The bytes of the file, or of standard input for "-"."""
    with _refusing(path):
        if os.path.isdir(path):  # Windows only says that permission is denied
            refuse("%s is a folder" % path)
        with open(0 if path == "-" else path, "rb") as file:
            return file.read()


def new_folder(path):
    """Makes the folder; one that holds something is refused, since nothing shall be overwritten."""
    with _refusing(path):
        os.makedirs(path, exist_ok=True)
        if os.listdir(path):
            refuse("%s is not empty; choose a new folder" % path)


def parse(doc):
    """The arguments given to the command of that docstring, by their names in Python."""
    names = "".join(re.findall("^arguments: (.*)", doc.lower(), re.MULTILINE))
    parser = argparse.ArgumentParser(
        description=doc,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    parser.error = refuse  # without the usage above it
    for name in re.findall(r"[\w-]+", names):
        parser.add_argument(name, **ARGUMENTS[name])
    if sys.stdout is None:
        parser.error("standard output is closed")
    given = vars(parser.parse_args())
    weights = [given[name] for name in ("loss_less", "loss_more") if name in given]
    if len(weights) == 1 or weights and ("mse" in given or not any(weights)):
        parser.error("--loss-less and --loss-more go together, are not both 0, and exclude --mse")
    return given


def _positive(text):
    if text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError("a whole number above 0 is needed, not %r" % text)


def _weight(text):
    try:
        number = int(text) if text.isdecimal() else float(text)  # the log's label says 10 or 10.0
        if number == 0 or 1e-37 < number < 3e38:  # as float32 neither 0 nor infinite
            return number
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("a number from 0 to the largest float32 is needed, not %r" % text)


ROUNDING = "how a*b + c rounds: once, as in the article's log (default), twice, or as this machine does"
ARGUMENTS = {
    "--loss-less": {"metavar": "A", "type": _weight, "help": "what a prediction costs per unit too low (10)"},
    "--loss-more": {"metavar": "B", "type": _weight, "help": "what a prediction costs per unit too high (1)"},
    "--mse": {"action": "store_true", "help": "the mean squared error in place of the two weights"},
    "--arithmetic": {"choices": ("fused", "separate", "native"), "help": ROUNDING},
    "--steps": {"metavar": "N", "type": _positive, "help": "training steps (5000; in 4.4.2 40000)"},
    "--every": {"metavar": "N", "type": _positive, "help": "steps from one printed w1 to the next (1000)"},
    "listing": {"metavar": "LISTING", "help": "the file to run, .py or .ipynb"},
    "run": {"metavar": "RUN", "help": "a log, or a notebook with its outputs; - for standard input"},
    "printed": {"metavar": "PRINTED", "nargs": "?", "help": "the log to compare with (all known logs)"},
    "dir": {"metavar": "DIR", "help": "a new or an empty folder for what is written"},
}

_main = sys.modules["__main__"]
_here = os.path.dirname(os.path.realpath(__file__))
_folder = os.path.dirname(os.path.realpath(getattr(_main, "__file__", None) or ""))
_ours = _folder in (_here, os.path.join(os.path.dirname(_here), "scripts"))
if _ours and "\nExample: python " in (_main.__doc__ or "") and sys.stdout is sys.__stdout__:
    _prepare()  # one of the commands is run: it imports this, then for seconds TensorFlow
    parse(_main.__doc__)
