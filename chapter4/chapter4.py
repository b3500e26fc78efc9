"""`python chapter4/section_….py` puts this folder first on Python's path: there `chapter4` is this file.

So it makes itself the package; in a notebook in this folder `%load_ext chapter4` then finds its functions.
"""

from pathlib import Path

__path__ = [str(Path(__file__).parent)]

from chapter4.__init__ import *  # noqa: E402, F403
