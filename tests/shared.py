"""What is made once in a test run, whatever the number of its processes: the first that needs it makes it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

__all__ = ["once"]


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder of the test run, filled by the first process that asks for it, while the others wait.

    Tests share it: none may change what is in it.

    :param factory: of pytest; with xdist, each worker's base folder is one in the folder of the run
    :param name: the name of the folder, unique in the suite
    :param make: fills the folder, which is there and empty
    """
    base = factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, made = run / name, run / f"{name}.made"
    with (run / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a process that failed in the middle
            folder.mkdir()
            make(folder)
            made.touch()
    return folder
