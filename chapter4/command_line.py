"""What the chapter's commands have in common: their options, how they start and how they end."""

import argparse
import importlib
import os
import struct
import sys

from chapter4 import runtime


def run(main, *names):
    """Calls main with those of the named OPTIONS that the command line gives, and ends as a command should.

    Exit status: 0; 1 when standard output cannot be written; 2 for bad input; 130 after Ctrl-C;
    141 when the reader of standard output has gone. Any other error keeps its traceback.
    """
    try:
        options = _parse(names)
        runtime.start()
        if "arithmetic" in options:
            arithmetic = importlib.import_module("chapter4.arithmetic")
            options["arithmetic"] = getattr(arithmetic, options["arithmetic"])
        main(**options)
    except SystemExit:
        runtime.end()
        raise
    except OSError as error:
        if error.filename is not None:  # not standard output
            runtime.end(show=True)
            raise
        runtime.end()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nothing more to be written at exit
        if isinstance(error, BrokenPipeError):
            sys.exit(141)
        sys.exit("cannot write to standard output: %s" % error.strerror)
    except BaseException:
        runtime.end(show=True)
        raise
    runtime.end()


def _parse(names):
    parser = argparse.ArgumentParser(
        description=sys.modules["__main__"].__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    for name in names:
        parser.add_argument("--" + name.replace("_", "-"), **OPTIONS[name])
    if sys.stdout is None:
        parser.error("standard output is closed")
    sys.stdout.reconfigure(newline="\n", errors="backslashreplace")  # the same bytes on every system
    options = vars(parser.parse_args())
    weights = [options[name] for name in ("loss_less", "loss_more") if name in options]
    if weights and "mse" in options:
        parser.error("--mse has no weights: leave out --loss-less and --loss-more")
    if len(weights) == 1:
        parser.error("--loss-less and --loss-more go together")
    if weights and not any(map(_float32, weights)):
        parser.error("--loss-less and --loss-more are both 0: there is nothing to learn")
    return options


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


def _float32(number):
    """number as a float32, without NumPy, which may be missing too; too large: OverflowError."""
    return struct.unpack("f", struct.pack("f", number))[0]


OPTIONS = {
    "loss_less": {"metavar": "A", "type": _weight, "help": "what a prediction costs per unit too low (10)"},
    "loss_more": {"metavar": "B", "type": _weight, "help": "what a prediction costs per unit too high (1)"},
    "mse": {"action": "store_true", "help": "the mean squared error in place of the two weights"},
    "arithmetic": {
        "choices": ("fused", "separate", "native"),
        "help": "how a*b + c rounds: once, as in the article's log (default), twice, or as this machine does",
    },
    "steps": {"metavar": "N", "type": _positive, "help": "training steps (5000)"},
    "every": {"metavar": "N", "type": _positive, "help": "steps from one printed w1 to the next (1000)"},
}
