"""Which queries took long when they were asked before."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

__all__ = ["SlowQueries"]

#: How many are remembered.
MOST: Final = 1_000


class SlowQueries:
    """The keys of queries that took long, the last ones."""

    def __init__(self) -> None:
        self._keys: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, key: bytes) -> bool:
        return key in self._keys

    def add(self, key: bytes) -> None:
        """Remember one, in place of the oldest where there are many."""
        with self._lock:
            self._keys[key] = None
            self._keys.move_to_end(key)
            if len(self._keys) > MOST:
                self._keys.popitem(last=False)
