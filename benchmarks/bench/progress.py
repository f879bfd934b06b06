"""How far a run is: one line on a terminal, nothing elsewhere; and notes, which are lines in both."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.status import Status

__all__ = ["Progress"]

#: Times a second: what draws the line must not take time from what is measured.
_REFRESHED: Final = 2


class Progress:
    """On standard error.

    :param quiet: nothing but notes
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._status: Status | None = None
        self._quiet = quiet or not self._console.is_terminal
        self._began = time.monotonic()
        self._part, self._of, self._done = "", 0, 0

    def __enter__(self) -> Self:
        if not self._quiet:
            self._status = self._console.status("starting", refresh_per_second=_REFRESHED)
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def part(self, name: str, steps: int) -> None:
        """A part of the run begins."""
        self._part, self._of, self._done = name, steps, 0
        self._show("")

    def step(self, what: str) -> None:
        """A step of it begins."""
        self._done += 1
        self._show(what)

    def note(self, line: str) -> None:
        """A line that stays."""
        self._console.print(line, markup=False, soft_wrap=True)

    def _show(self, what: str) -> None:
        if self._status is not None:
            minutes, seconds = divmod(int(time.monotonic() - self._began), 60)
            of = f" {self._done}/{self._of}" if self._of else ""
            shown = f"{minutes}:{seconds:02} {self._part}{of} {what}".rstrip()
            self._status.update(shown.replace("[", "\\["))
