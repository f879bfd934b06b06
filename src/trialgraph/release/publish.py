"""Atomic publication: a release is written to a temporary folder and renamed; ``current`` is never incomplete."""

from __future__ import annotations

import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from trialgraph.base.replace_file import replacing

__all__ = ["building", "published", "write"]

_ASIDE: Final = ".building-"
_LINK: Final = ".current."


def write(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it.

    :raises OSError: the disk is full, read-only …
    """
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def building(home: Path) -> Iterator[Path]:
    """A new folder under ``home`` to build in; what is left of it at the end is removed.

    :raises OSError: the folder cannot be made
    """
    home.mkdir(parents=True, exist_ok=True)
    _clean(home)
    with _aside(home) as folder:
        yield folder


@contextmanager
def _aside(home: Path) -> Iterator[Path]:
    # Locked for as long as this process lives, so that the next build can distinguish the remains of a killed
    # build from a running one. The number in the name is informative only.
    while True:
        folder = home / f"{_ASIDE}{os.getpid()}-{uuid.uuid4().hex[:8]}"
        folder.mkdir()
        try:
            lock = os.open(folder, os.O_RDONLY)
        except FileNotFoundError:
            continue  # removed before it was locked: try again
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            break
        os.close(lock)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def published(home: Path, folder: Path, name: str, *, same: Callable[[Path], bool]) -> Path:
    """Give the finished ``folder`` its name under ``home`` and make it the current one.

    :param same: whether the folder that already has the name can stay; else it is replaced
    :raises OSError: the rename fails
    """
    final = home / name
    _sync(folder)
    with _locked(home):
        if not final.exists():
            folder.rename(final)
        elif not same(final):
            _replace(home, folder, final)
        _point(home, name)
        _sync(home)
    return final


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Wait until no other process swaps folders here; a lock goes with its process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(home: Path, folder: Path, final: Path) -> None:
    """Swap a damaged or outdated folder for a new one of the same name, with ``current`` whole throughout."""
    with _aside(home) as spare:
        shutil.copytree(folder, spare / "new", copy_function=_linked)
        _point(home, folder.name)
        final.rename(spare / "old")
        (spare / "new").rename(final)
        _point(home, final.name)


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)  # a file system without hard links


def _point(home: Path, name: str) -> None:
    with replacing(home / "current") as link:
        link.symlink_to(name)


def _clean(home: Path) -> None:
    """Remove what killed builds left behind, but never what ``current`` leads to."""
    served = (home / "current").resolve()
    for link in home.glob(f"{_LINK}*"):
        if not _alive(int(link.name.removeprefix(_LINK))):
            link.unlink(missing_ok=True)
    for folder in home.glob(f"{_ASIDE}*"):
        if folder.resolve() != served:
            _sweep(folder)


def _sweep(folder: Path) -> None:
    """Remove the folder unless a build that runs holds its lock; nobody can lock it while it goes."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(handle)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it runs under another user
    return True


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
