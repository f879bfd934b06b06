"""Starting the workers that are missing: again and again, with growing pauses, until the pool is whole."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

__all__ = ["REFILL_SECONDS", "Refill"]

#: Pauses between tries, in seconds: the first, and the longest.
REFILL_SECONDS: Final = (1.0, 8.0)


class Refill:
    """One thread at a time that tries to start workers while some are missing.

    A worker cannot be started where descriptors, processes or memory lack; others may give theirs back.

    :param start: starts one worker; whether that succeeded
    :param whole: whether none is missing, or none is needed any more
    """

    def __init__(self, start: Callable[[], bool], whole: Callable[[], bool]) -> None:
        self._start, self._whole = start, whole
        self._lock = threading.Lock()
        self._running = False

    def begin(self) -> None:
        """Try until the pool is whole, in a thread of its own; where one does that already, nothing happens."""
        with self._lock:
            if self._running:
                return
            self._running = True
        try:
            threading.Thread(target=self._try, name="refill", daemon=True).start()
        except RuntimeError:  # no thread can be started, either: the next failure tries again
            with self._lock:
                self._running = False

    def _try(self) -> None:
        pause, longest = REFILL_SECONDS
        while True:
            time.sleep(pause)
            with self._lock:
                if self._whole():
                    self._running = False
                    return
            pause = REFILL_SECONDS[0] if self._start() else min(2 * pause, longest)
