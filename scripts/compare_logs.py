"""Says which known log a log is, or whether rounding or a mistake sets it apart.

Example: python scripts/run_listing.py my_listing.py | python scripts/compare_logs.py -
Arguments: RUN [PRINTED]

RUN may be a notebook with its outputs. With PRINTED it is compared with that log alone. Exit status: 0 when
all the numbers that RUN has are those of one known log, or when all of PRINTED's are there and agree; 1 when
not; 2 when a log cannot be read.
"""

import math
import os
import sys

# The checkout, whether it is installed or not.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from chapter4 import LOGS, command_line
from chapter4.reader import printed_log, verdict

del sys.path[0]

KNOWN = {
    "the article's log": "article.log",
    "the companion's log": "tensorflow-1.4.0.log",  # companion.log has the same numbers, without labels
    "today's TensorFlow with oneDNN": "tensorflow-2.21-onednn.log",
}
SHOWN = 5  # experiments, in two lines each


def main(run, printed=None):
    mine = _read(run)
    if printed is None:
        known = {name: printed_log.read((LOGS / log).read_bytes()) for name, log in KNOWN.items()}
    else:
        known = {"the printed log": _read(printed)}
    sentence, comparisons, missing = verdict.judge(mine, known)
    if not comparisons:
        steps = dict.fromkeys(str(step) for log in known.values() for _, w1 in log for step, _ in w1)
        reason = "looked for w1 after step %s: %s has no such w1 in it"
        command_line.refuse(reason % (", ".join(steps), _name(run)))
    for comparison in comparisons[:SHOWN]:
        _print(*comparison)
    if len(comparisons) > SHOWN:
        print("and %d more" % sum(comparison.times for comparison in comparisons[SHOWN:]))
    print(sentence)
    return 0 if missing == 0 or missing and printed is None else 1


def _print(place, label, numbers, missing, times):
    differing = verdict.differing(numbers)
    name = (
        "experiment %d" % place + (" " + label if label else "") + (", %d times" % times if times > 1 else "")
    )
    line = "%s: %d of %d numbers agree" % (name, len(numbers) - len(differing), len(numbers) + len(missing))
    print(line + (", %d are missing" % len(missing) if missing else ""))
    for step, index, mine, theirs, difference in differing[:1]:
        line = "  first difference %s: w1[%d] is %s, printed %s"
        line %= verdict.in_words(step), index, mine, theirs
        if difference < math.inf:
            _, exponent = math.frexp(max(abs(float(mine)), abs(float(theirs))))
            line += ", %d float32 steps apart" % max(1, round(difference / 2.0 ** (exponent - 24)))
        print(line)


def _name(path):
    return "standard input" if path == "-" else path


def _read(path):
    contents = command_line.contents(path)
    log = printed_log.read(contents)
    reason = 'looked for lines as "After 1000 training step(s), w1 is: [[a] [b]]": %s has no w1 in it; '
    reason += "did the listing end with an error? (没有读到 w1，程序可能中途出错)"
    if not log and printed_log.is_program(contents):
        reason = "%s is a program or a notebook without outputs; for its log: "
        reason += "python scripts/run_listing.py my_listing.py > my.log"
    return log or command_line.refuse(reason % _name(path))


if __name__ == "__main__":
    command_line.run(main)
