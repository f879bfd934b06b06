"""AnswerCache that were given before, kept within bounds; and one computation for those who ask the same at once.

The data of a release never change, so an answer stays right for as long as its pool lives (a new release is a
new pool, with nothing kept). What is kept is the whole answer as it was sent, under a digest of all that it
depends on; what was not asked for longest goes first. An answer that nobody asked for again has little room, so
that many questions that are asked once neither drive out those that are asked often nor fill the memory.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

__all__ = ["AnswerCache", "Flight", "answer_key"]

#: What part of the room, and of the number, is for answers that were asked for once.
PROBATION_SIZE: Final = 16
PROBATION_ENTRIES: Final = 4


def answer_key(parts: Iterable[str]) -> bytes:
    """A digest of what an answer depends on: query, dataset, format."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


class Segment:
    """AnswerCache in the order in which they were last put here."""

    def __init__(self) -> None:
        self.kept: OrderedDict[bytes, bytes] = OrderedDict()
        self.size = 0

    def put(self, key: bytes, answer: bytes) -> None:
        """Add one that is not here."""
        self.kept[key] = answer
        self.size += len(answer)

    def take(self, key: bytes) -> bytes | None:
        """Remove one, if it is here."""
        found = self.kept.pop(key, None)
        self.size -= len(found or b"")
        return found

    def drop(self) -> None:
        """Remove the oldest."""
        self.size -= len(self.kept.popitem(last=False)[1])


class Flight:
    """An answer that is being computed.

    :ivar over: set when it is kept, or will not be
    :ivar shared: whether those who wait for it should look again; else each asks for itself
    """

    def __init__(self) -> None:
        self.over = threading.Event()
        self.shared = True


class AnswerCache:
    """Whole answers, the most recently used.

    :param entries: most answers that are kept
    :param size: most bytes that are kept, of all answers together
    :param largest: most bytes of one answer
    """

    def __init__(self, entries: int, size: int, largest: int) -> None:
        self.entries, self.size, self.largest = entries, size, min(largest, size)
        #: Room for what was asked for once.
        self.probation_size, self.probation_entries = (
            max(size // PROBATION_SIZE, self.largest),
            max(entries // PROBATION_ENTRIES, 1),
        )
        self.hits = self.misses = 0
        self._lock = threading.Lock()
        self._protected = Segment()
        self._probation = Segment()
        self._flying: dict[bytes, Flight] = {}

    def __len__(self) -> int:
        return len(self._protected.kept) + len(self._probation.kept)

    @property
    def held(self) -> int:
        """Bytes of all answers."""
        return self._protected.size + self._probation.size

    def get(self, key: bytes) -> bytes | None:
        """The answer, if it is kept."""
        with self._lock:
            found = self._protected.take(key)
            if found is None:
                found = self._probation.take(key)
            if found is not None:
                self.hits += 1
                self._protected.put(key, found)
                self._make_room()
            return found

    def _make_room(self) -> None:
        while (
            self._probation.size > self.probation_size or len(self._probation.kept) > self.probation_entries
        ):
            self._probation.drop()
        while self.held > self.size or len(self) > self.entries:
            (self._protected if self._protected.kept else self._probation).drop()

    def join(self, key: bytes) -> tuple[Flight, bool]:
        """The computation of an answer, and whether it is the caller's to do (who then must :meth:`finish` it)."""
        with self._lock:
            flight = self._flying.get(key)
            if flight is not None:
                return flight, False
            self.misses += 1
            flight = self._flying[key] = Flight()
            return flight, True

    def finish(self, key: bytes, flight: Flight, answer: bytes | None, *, shared: bool = False) -> None:
        """End a computation, once; keep its answer if there is one.

        :param shared: without an answer: whether one of those who wait should compute it for all of them
        """
        with self._lock:
            if self._flying.get(key) is not flight:
                return
            del self._flying[key]
            flight.shared = answer is not None or shared
            if answer is not None and len(answer) <= self.largest:
                self._protected.take(key)
                self._probation.take(key)
                self._probation.put(key, answer)
                self._make_room()
        flight.over.set()
