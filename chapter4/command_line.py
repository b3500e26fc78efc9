"""What the chapter's commands have in common: their options, how they start and how they end."""

import argparse
import errno
import importlib
import os
import struct
import sys
import warnings

from chapter4 import runtime


def run(main, *names, tensorflow=True):
    """Calls main with those of the named ARGUMENTS that the command line gives, and ends as a command should.

    main returns the exit status, None for 0. Others: 1 when standard output cannot be written, 2 for bad
    input, 130 after Ctrl-C, 141 when standard output's reader has gone. Any other error has its traceback.
    """
    try:
        given = _parse(names)
        if tensorflow:
            runtime.start()
            if "arithmetic" in given:
                arithmetic = importlib.import_module("chapter4.arithmetic")
                given["arithmetic"] = getattr(arithmetic, given["arithmetic"])
        status = main(**given)
    except SystemExit:
        runtime.end()
        raise
    except KeyboardInterrupt:
        status = 130
    except runtime.OutputError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # where the rest goes at exit
        if error.errno == errno.EPIPE:
            status = 141
        else:
            status = "cannot write to standard output: %s" % error.strerror
    except BaseException:
        runtime.end(show=True)
        raise
    runtime.end()
    sys.exit(status)


def refuse(message):
    """Ends the command because of bad input: one line on stderr, exit status 2."""
    print("%s: error: %s" % (os.path.basename(sys.argv[0]), message), file=sys.stderr)
    sys.exit(2)


def progress(steps):
    """range(steps); meanwhile a bar on stderr, if that is a terminal.

    The cursor waits where the bar begins: a printed line of 17 characters or more takes the bar's place.
    """
    terminal = sys.stderr if sys.stderr and sys.stderr.isatty() else None
    percent = -1
    try:
        for i in range(steps):
            if terminal and percent < 100 * i // steps:
                percent = 100 * i // steps
                terminal.write("[%-10s]%3d %%\r" % ("#" * (percent // 10), percent))
                terminal.flush()
            yield i
    finally:
        if terminal:
            terminal.write(" " * 17 + "\r")
            terminal.flush()


def _parse(names):
    parser = argparse.ArgumentParser(
        description=sys.modules["__main__"].__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    parser.error = refuse  # without the usage above it
    for name in names:
        parser.add_argument(name, **ARGUMENTS[name])
    if sys.stdout is None:
        parser.error("standard output is closed")
    sys.stdout.reconfigure(newline="\n", errors="backslashreplace")  # the same bytes on every system
    given = vars(parser.parse_args())
    weights = [given[name] for name in ("loss_less", "loss_more") if name in given]
    if weights and "mse" in given:
        parser.error("--mse has no weights: leave out --loss-less and --loss-more")
    if len(weights) == 1:
        parser.error("--loss-less and --loss-more go together")
    if weights and not any(map(_float32, weights)):
        parser.error("--loss-less and --loss-more are both 0: there is nothing to learn")
    for name in ("logdir", "dir"):
        if name in given:
            _make_empty(given[name])
    return given


def _make_empty(folder):
    """Makes the folder; one that holds something is refused."""
    try:
        os.makedirs(folder, exist_ok=True)
        if os.listdir(folder):
            refuse("%s is not empty, and nothing in it shall be overwritten" % folder)
        if not os.access(folder, os.W_OK):
            refuse("%s cannot be written" % folder)
    except OSError as error:
        refuse("%s: %s" % (folder, error.strerror))


def _positive(text):
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError("a whole number above 0 is needed, not %r" % text)
    return int(text)


def _weight(text):
    try:
        number = int(text) if text.isdecimal() else float(text)
        if 0 <= _float32(number) < float("inf"):
            return number
    except (ValueError, OverflowError):
        pass
    raise argparse.ArgumentTypeError("a number from 0 to the largest float32 is needed, not %r" % text)


def _contents(path):
    """The bytes of the file, or of standard input."""
    try:
        with open(0 if path == "-" else path, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError("%s: %s" % (path, getattr(error, "strerror", error))) from None


def _listing(path):
    """The file, compiled."""
    source = _contents(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        raise argparse.ArgumentTypeError("%s is no Python: %s" % (path, error)) from None


def _float32(number):
    """number as a float32, without NumPy, which may be missing too; too large: OverflowError."""
    return struct.unpack("f", struct.pack("f", number))[0]


ARGUMENTS = {
    "--loss-less": {"metavar": "A", "type": _weight, "help": "what a prediction costs per unit too low (10)"},
    "--loss-more": {"metavar": "B", "type": _weight, "help": "what a prediction costs per unit too high (1)"},
    "--mse": {"action": "store_true", "help": "the mean squared error in place of the two weights"},
    "--arithmetic": {
        "choices": ("fused", "separate", "native"),
        "help": "how a*b + c rounds: once, as in the article's log (default), twice, or as this machine does",
    },
    "code": {"metavar": "LISTING.py", "type": _listing, "help": "the file to run"},
    "--rounds": {"metavar": "N", "type": _positive, "help": "how often to measure everything (5)"},
    "--logdir": {
        "metavar": "DIR",
        "help": "a new folder for TensorBoard: the graph and the values on the way",
    },
    "dir": {"metavar": "DIR", "help": "a new folder for the pictures"},
    "run": {"metavar": "RUN", "type": _contents, "help": "a log, - for standard input"},
    "printed": {
        "metavar": "PRINTED",
        "type": _contents,
        "nargs": "?",
        "default": None,
        "help": "the log to compare with (all known logs)",
    },
    "--steps": {"metavar": "N", "type": _positive, "help": "training steps (5000; in 4.4.2 40000)"},
    "--every": {"metavar": "N", "type": _positive, "help": "steps from one printed w1 to the next (1000)"},
}
