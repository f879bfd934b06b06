"""What a long step says of itself while it is under way."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeAlias

__all__ = ["Progress", "Step", "rate"]

#: Gets a line each time that something can be said.
Progress: TypeAlias = Callable[[str], None]


def rate(doing: str, what: str, done: int, whole: int, seconds: float) -> str:
    """A step, with how fast it goes and how long it still takes.

    :param what: what is counted
    """
    if not done or not seconds:
        return doing
    left = seconds * max(whole - done, 0) / done
    pace = done / seconds
    fast = f"{pace:,.0f}" if pace >= 100 else f"{pace:.3g}"
    return f"{doing}: {done:,} of {whole:,} {what}, {fast} a second, {left:,.0f} s left"


class Step:
    """A step that is counted, from now on.

    :param what: what is counted
    :param whole: how many there are
    """

    def __init__(self, progress: Progress, doing: str, what: str, whole: int) -> None:
        self._progress, self._doing, self._what, self._whole = progress, doing, what, whole
        self._start = monotonic()
        self._done = 0
        progress(doing)

    def add(self, number: int) -> None:
        """So many more are done."""
        self._done += number
        self._progress(rate(self._doing, self._what, self._done, self._whole, monotonic() - self._start))
