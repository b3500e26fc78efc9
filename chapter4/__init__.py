"""Chapter 4 of 《TensorFlow：实战Google深度学习框架》: each section_….py is a section, to read by the page.

`build_graph` adds the section's graph to the default graph and returns its parts by the book's names;
`python -m chapter4.section_…` runs it. In a notebook's first cell `%load_ext chapter4` makes the other cells
what scripts/run_listing.py makes of a file.
"""

from pathlib import Path

LOGS = Path(__file__).with_name("printed_logs")


def load_ipython_extension(shell):
    from chapter4.reader import listing

    listing.load(shell)


def unload_ipython_extension(shell):
    from chapter4.reader import listing

    listing.unload(shell)
