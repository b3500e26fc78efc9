"""Runs a TensorFlow 1 listing as it stands, script or notebook, Python 3 or 2, with the digits of the page.

Example: python scripts/run_listing.py my_listing.py
Arguments: LISTING --arithmetic

In the listing `import tensorflow as tf` means tensorflow.compat.v1 in graph mode. tf.train.AdamOptimizer and
the gradient of float32 tf.matmul compute in the chosen arithmetic, for batches of up to 32 rows and layers of
up to 32 inputs and outputs; everything else computes natively. Arrays are printed as NumPy 1.13 did.
"""

import os
import sys
import traceback

# The checkout, whether it is installed or not.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from chapter4 import command_line
from chapter4.reader.cells import read

del sys.path[0]


def main(listing, **options):
    try:
        cells = read(command_line.contents(listing), listing)
    except SyntaxError as error:
        sys.stderr.write("".join(traceback.format_exception_only(type(error), error)))
        sys.exit(2)
    except ValueError as error:
        command_line.refuse("%s: %s" % (listing, error))
    from chapter4.reader.listing import run  # imports TensorFlow: not before the file is read

    if "arithmetic" in options:
        options["rounding"] = options.pop("arithmetic")
    sys.exit(run(cells, listing, **options))  # at once: Python ends as always, and closes files


if __name__ == "__main__":
    command_line.run(main)
