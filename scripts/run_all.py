"""The three loss experiments of 4.2.2, one after the other: the article's log.

Example: python scripts/run_all.py | diff - chapter4/printed_logs/article.log
Arguments: --arithmetic --steps --every
"""

import os
import sys

# The checkout, whether it is installed or not.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from chapter4 import command_line
from chapter4 import section_4_2_2_custom_loss as section

del sys.path[0]


def main(**options):
    section.main(loss_less=10, loss_more=1, **options)
    section.main(loss_less=1, loss_more=10, **options)
    section.main(mse=True, **options)


if __name__ == "__main__":
    command_line.run(main)
