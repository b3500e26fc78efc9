"""Runs a TensorFlow 1 listing as it stands, with the book's arithmetic and NumPy 1.13's printing.

Example: python scripts/run_listing.py my_listing.py

In the listing `import tensorflow as tf` means tensorflow.compat.v1 in graph mode. tf.train.AdamOptimizer
and the gradient of float32 tf.matmul compute in the chosen arithmetic, everything else natively.
"""

import os
import sys

# The checkout, whether it is installed or not.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from chapter4 import command_line  # noqa: E402


def main(code, **options):
    from chapter4 import listing  # imports TensorFlow: not before the start

    return listing.run(code, **options)


if __name__ == "__main__":
    command_line.run(main, "code", "--arithmetic")
