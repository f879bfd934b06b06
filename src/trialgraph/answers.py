"""Answers that were given before, kept within bounds; and one computation for those who ask the same at once.

The data of a release never change, so an answer stays right for as long as its pool lives (a new release is a
new pool, with nothing kept). What is kept is the whole answer as it was sent, under a digest of all that it
depends on; what was not asked for longest goes first.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable

__all__ = ["Answers", "Flight", "answer_key"]


def answer_key(parts: Iterable[str]) -> bytes:
    """A digest of what an answer depends on: query, dataset, format."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


class Flight:
    """An answer that is being computed.

    :ivar over: set when it is kept, or will not be
    :ivar shared: whether those who wait for it should look again; else each asks for itself
    """

    def __init__(self) -> None:
        self.over = threading.Event()
        self.shared = True


class Answers:
    """Whole answers, the most recently used.

    :param entries: most answers that are kept
    :param size: most bytes that are kept, of all answers together
    :param largest: most bytes of one answer
    """

    def __init__(self, entries: int, size: int, largest: int) -> None:
        self.entries, self.size, self.largest = entries, size, min(largest, size)
        self.hits = self.misses = self.bytes = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._flying: dict[bytes, Flight] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: bytes) -> bytes | None:
        """The answer, if it is kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self.hits += 1
                self._kept.move_to_end(key)
            return found

    def board(self, key: bytes) -> tuple[Flight, bool]:
        """The computation of an answer, and whether it is the caller's to do (who then must :meth:`land` it)."""
        with self._lock:
            flight = self._flying.get(key)
            if flight is not None:
                return flight, False
            self.misses += 1
            flight = self._flying[key] = Flight()
            return flight, True

    def land(self, key: bytes, flight: Flight, answer: bytes | None, *, shared: bool = False) -> None:
        """End a computation, once; keep its answer if there is one.

        :param shared: without an answer: whether one of those who wait should compute it for all of them
        """
        with self._lock:
            if self._flying.get(key) is not flight:
                return
            del self._flying[key]
            flight.shared = answer is not None or shared
            if answer is not None and len(answer) <= self.largest:
                self.bytes += len(answer) - len(self._kept.pop(key, b""))
                self._kept[key] = answer
                while self.bytes > self.size or len(self._kept) > self.entries:
                    self.bytes -= len(self._kept.popitem(last=False)[1])
        flight.over.set()
