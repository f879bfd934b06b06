"""The Python interface to a release.

Input: a release. Output: its data set, tables and saved queries as Python objects.
"""

from __future__ import annotations

from trialgraph.release.python.api import Opened

__all__ = ["Opened"]
