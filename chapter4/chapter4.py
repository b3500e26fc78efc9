"""Stands for the package when a section is run by its path, whose folder Python then searches first."""

from pathlib import Path

__path__ = [str(Path(__file__).parent)]

from chapter4.__init__ import *  # noqa: E402, F403
