"""A segmented LRU cache of answers, with request coalescing: simultaneous identical queries are computed once.

The data of a release never change, so an answer stays valid for as long as its pool lives (a new release has a new
pool and an empty cache). An entry is the whole answer as it was sent, under a digest of everything it depends on.
New entries go into a small probation segment and move to the protected segment at their first hit, so that many
one-off queries neither evict the popular ones nor fill the memory.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Sized
from typing import Final, Generic, TypeVar

__all__ = ["AnswerCache", "Flight", "SegmentedCache", "SlowQueries", "answer_key"]

Kept = TypeVar("Kept", bound=Sized)

#: The share of the bytes, and of the entries, that the probation segment may have: one in so many.
PROBATION_SIZE: Final = 16
PROBATION_ENTRIES: Final = 4
#: How many slow queries are remembered.
SLOW_QUERIES: Final = 1_000


def answer_key(parts: Iterable[str]) -> bytes:
    """The cache key: a digest of query, dataset and format."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


class Segment(Generic[Kept]):
    """A segment of a cache: what it keeps in the order of insertion."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self.size = 0

    def put(self, key: Hashable, value: Kept) -> None:
        """Add what is not in it."""
        self.kept[key] = value
        self.size += len(value)

    def take(self, key: Hashable) -> Kept | None:
        """Remove and return what is under a key, if it is there."""
        found = self.kept.pop(key, None)
        if found is not None:
            self.size -= len(found)
        return found

    def drop(self) -> None:
        """Remove the oldest."""
        self.size -= len(self.kept.popitem(last=False)[1])


class SegmentedCache(Generic[Kept]):
    """A segmented LRU cache, bounded in entries and in the sum of their lengths.

    :param entries: most entries
    :param size: most bytes, of all entries together
    :param largest: most bytes of one entry
    """

    def __init__(self, entries: int, size: int, largest: int) -> None:
        self.entries, self.size, self.largest = entries, size, min(largest, size)
        #: Limits of the probation segment.
        self.probation_size, self.probation_entries = (
            max(size // PROBATION_SIZE, self.largest),
            max(entries // PROBATION_ENTRIES, 1),
        )
        self.hits = self.misses = 0
        self._lock = threading.Lock()
        self._protected: Segment[Kept] = Segment()
        self._probation: Segment[Kept] = Segment()

    def __len__(self) -> int:
        return len(self._protected.kept) + len(self._probation.kept)

    @property
    def held(self) -> int:
        """Bytes of all entries."""
        return self._protected.size + self._probation.size

    def get(self, key: Hashable) -> Kept | None:
        """What is cached under a key."""
        with self._lock:
            found = self._protected.take(key)
            if found is None:
                found = self._probation.take(key)
            if found is not None:
                self.hits += 1
                self._protected.put(key, found)
                self._make_room()
            return found

    def put(self, key: Hashable, value: Kept) -> None:
        """Cache something, in place of what was there."""
        with self._lock:
            self._put(key, value)

    def _put(self, key: Hashable, value: Kept) -> None:
        if len(value) <= self.largest:
            self._protected.take(key)
            self._probation.take(key)
            self._probation.put(key, value)
            self._make_room()

    def _make_room(self) -> None:
        while (
            self._probation.size > self.probation_size or len(self._probation.kept) > self.probation_entries
        ):
            self._probation.drop()
        while self.held > self.size or len(self) > self.entries:
            (self._protected if self._protected.kept else self._probation).drop()


class Flight:
    """A computation in flight, which identical queries wait for.

    :ivar over: set when it has ended, with or without a cached answer
    :ivar shared: whether the waiting queries should look into the cache again; else each runs by itself
    """

    def __init__(self) -> None:
        self.over = threading.Event()
        self.shared = True


class AnswerCache(SegmentedCache[bytes]):
    """The cache of whole answers."""

    def __init__(self, entries: int, size: int, largest: int) -> None:
        super().__init__(entries, size, largest)
        self._flying: dict[bytes, Flight] = {}

    def join(self, key: bytes) -> tuple[Flight, bool]:
        """The computation of an answer, and whether the caller has to do it (and then to :meth:`finish` it)."""
        with self._lock:
            flight = self._flying.get(key)
            if flight is not None:
                return flight, False
            self.misses += 1
            flight = self._flying[key] = Flight()
            return flight, True

    def finish(self, key: bytes, flight: Flight, answer: bytes | None, *, shared: bool = False) -> None:
        """End a computation, once; cache its answer if there is one.

        :param shared: without an answer: whether one of the waiting queries should compute it for all of them
        """
        with self._lock:
            if self._flying.get(key) is not flight:
                return
            del self._flying[key]
            flight.shared = answer is not None or shared
            if answer is not None:
                self._put(key, answer)
        flight.over.set()


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
            if len(self._keys) > SLOW_QUERIES:
                self._keys.popitem(last=False)
