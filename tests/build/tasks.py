"""Tasks for other processes, which import them from here."""

from __future__ import annotations

import errno
import os
import time
from dataclasses import dataclass

from trialgraph.base.errors import InputError

__all__ = ["Task", "prepared", "worked"]


@dataclass(frozen=True)
class Task:
    """A task that does what its name says."""

    slugs: str
    number: int = 0


def prepared() -> None:
    """Note that this process is prepared."""
    os.environ["TASKS_PREPARED"] = "yes"


def worked(task: Task) -> tuple[int, int, str]:
    """The number, the process, whether it was prepared; or a failure."""
    if task.slugs == "refuses":
        raise InputError("no such row", where="seeds/a/source.txt:3")
    if task.slugs == "full":
        raise OSError(errno.ENOSPC, "No space left on device")
    if task.slugs == "dies":
        os._exit(9)
    if task.slugs == "fails":
        raise KeyError("phase")
    if task.slugs == "waits":
        print(os.getpid(), flush=True)
        time.sleep(600)
    return task.number, os.getpid(), os.environ.get("TASKS_PREPARED", "")
