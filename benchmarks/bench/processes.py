"""Processor time and memory of a process and all below it, from /proc (Linux)."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

__all__ = ["PeakMemory", "cpu_seconds", "end_tree", "is_running", "pss_megabytes", "tree"]

_TICK: Final = os.sysconf("SC_CLK_TCK")
#: In /proc/<pid>/stat behind the name: utime, stime, cutime, cstime (of children that were waited for).
_TIMES: Final = slice(11, 15)
_SAMPLED: Final = 0.25


def tree(root: int) -> list[int]:
    """A process and all below it, children of any thread."""
    found, pending = [], [root]
    while pending:
        pid = pending.pop()
        found.append(pid)
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                with contextlib.suppress(OSError):
                    pending += map(int, (task / "children").read_text().split())
    return found


def cpu_seconds(root: int) -> float:
    """Processor time of a tree so far, that of children included that have ended and were waited for."""
    ticks = 0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[_TIMES]))
    return ticks / _TICK


def pss_megabytes(root: int) -> float:
    """Memory of a tree: the proportional set size, so that shared pages count once."""
    kilobytes = 0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
            found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
            kilobytes += int(found[1]) if found else 0
    return kilobytes / 1024


def end_tree(root: int, seconds: float = 10.0) -> None:
    """End a process and all below it: SIGTERM to the first, and SIGKILL to what is left after some seconds."""
    members = tree(root)
    with contextlib.suppress(OSError):
        os.kill(root, signal.SIGTERM)
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(map(is_running, members)):
        time.sleep(0.02)
    for pid in {*members, *tree(root)}:
        if is_running(pid):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)


def is_running(pid: int) -> bool:
    """Whether a process has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state != "Z"


class PeakMemory:
    """The most memory of a tree while the block runs, looked up four times a second."""

    def __init__(self, root: int) -> None:
        self.megabytes = 0.0
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch, args=(root,), daemon=True)

    def _watch(self, root: int) -> None:
        while not self._done.wait(_SAMPLED):
            self.megabytes = max(self.megabytes, pss_megabytes(root))

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._watcher.join()
