"""Says which known log a log is, or whether rounding or a mistake sets it apart.

Example: python my_listing.py | python scripts/compare_logs.py -
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
from chapter4.reader import printed_log

del sys.path[0]

KNOWN = {
    "the article's log": "article.log",
    "the companion's log": "tensorflow-1.4.0.log",  # companion.log has the same numbers, without labels
    "today's TensorFlow with oneDNN": "tensorflow-2.21-onednn.log",
}


def main(run, printed=None):
    run = _read(command_line.contents(run), "RUN")
    if printed is None:
        known = {name: printed_log.read((LOGS / log).read_bytes()) for name, log in KNOWN.items()}
    else:
        known = {"the printed log": _read(command_line.contents(printed), "PRINTED")}
    verdict, comparisons, missing = printed_log.judge(run, known)
    if not comparisons:
        steps = dict.fromkeys(str(step) for log in known.values() for _, w1 in log for step, _ in w1)
        command_line.refuse("looked for w1 after step %s: RUN has no such w1 in it" % ", ".join(steps))
    for place, label, numbers, lacking in comparisons:
        departures = printed_log.departures(numbers)
        name = "experiment %d %s" % (place, label) if label else "experiment %d" % place
        line = "%s: %d of %d numbers agree" % (name, len(numbers) - len(departures), len(numbers) + lacking)
        print(line + (", %d are missing" % lacking if lacking else ""))
        for step, index, mine, theirs, apart in departures[:1]:
            when = printed_log.when(step)
            line = "  first difference %s: w1[%d] is %s, printed %s" % (when, index, mine, theirs)
            if apart < math.inf:
                _, exponent = math.frexp(max(abs(float(mine)), abs(float(theirs))))
                line += ", %d float32 steps apart" % max(1, round(apart / 2.0 ** (exponent - 24)))
            print(line)
    print(verdict)
    return 0 if missing == 0 or missing and printed is None else 1


def _read(log, name):
    experiments = printed_log.read(log)
    if not experiments:
        looked_for = "After 1000 training step(s), w1 is: [[a] [b]]"
        command_line.refuse('looked for lines as "%s": %s has no w1 in it' % (looked_for, name))
    return experiments


if __name__ == "__main__":
    command_line.run(main)
