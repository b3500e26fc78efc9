"""Compares the numbers of a log of the three experiments with a printed one, whatever the layout.

Example: python my_listing.py | python scripts/compare_logs.py -

Without PRINTED it says which of the known logs it is. Exit status: 0 when all numbers agree, 1 when
some do not or are missing, 2 when a log cannot be read.
"""

import os
import sys

# The checkout, whether it is installed or not.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from chapter4 import command_line  # noqa: E402

# companion.log has the numbers of tensorflow-1.4.0.log, but says less of which experiment is which.
KNOWN = {
    "article.log": "the article's log: a*b + c rounds once here",
    "tensorflow-1.4.0.log": "the companion's log: a*b + c rounds twice here",
}


def main(run, printed=None):
    from chapter4 import printed_log

    def compare(log):
        return list(printed_log.compare(run, printed_log.read(log)))

    run = printed_log.read(run)
    if not run:
        command_line.refuse("RUN has no w1 in it")
    if printed is not None:
        comparisons = compare(printed)
        if not comparisons:
            command_line.refuse("PRINTED has no w1 in it")
        _show(comparisons, printed_log.print)
    else:
        known = {name: compare((printed_log.LOGS / name).read_bytes()) for name in KNOWN}
        nearest = max(known, key=lambda name: sum(comparison.agreeing for comparison in known[name]))
        comparisons = known[nearest]
        _show(comparisons, printed_log.print)
        fitting = [KNOWN[name] for name in known if not any(c.departure for c in known[name])]
        if fitting:
            missing = sum(comparison.missing for comparison in comparisons)
            printed_log.print(" or ".join(fitting) + (", as far as it goes" if missing else ""))
        else:
            printed_log.print("none of the known logs; the nearest is %s, compared above" % nearest)
    return 0 if all(c.agreeing == c.total for c in comparisons) else 1


def _show(comparisons, print):
    for number, (label, total, agreeing, missing, departure) in enumerate(comparisons, 1):
        line = "experiment %d%s: %d of %d numbers agree" % (
            number,
            " " + label if label else "",
            agreeing,
            total,
        )
        if missing:
            line += ", %d are missing" % missing
        print(line)
        if departure:
            step, index, mine, printed, apart = departure
            when = "at the end" if step == "Final" else "after step %d" % step
            print(
                "  first otherwise %s: w1[%d] is %s, printed %s, %d float32 apart"
                % (when, index, mine, printed, apart)
            )


if __name__ == "__main__":
    command_line.run(main, "run", "printed", tensorflow=False)
