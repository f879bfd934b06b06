"""Giving freed memory back to the system."""

from __future__ import annotations

import ctypes
import threading
from typing import Final

__all__ = ["give_back_memory"]

#: Seconds until it is done, once for all that is freed until then.
LATER: Final = 0.5
_lock = threading.Lock()
_due = threading.Event()


def give_back_memory() -> None:
    """Let the C library give freed memory back to the system in a moment, where it can (glibc).

    Else it keeps the memory of a large answer for the next one, in an arena of each thread, for as long as the process
    lives.
    """
    with _lock:
        if _due.is_set():
            return
        _due.set()
    timer = threading.Timer(LATER, _trim)
    timer.daemon = True
    timer.start()


def _trim() -> None:
    _due.clear()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
