"""Input that can be read once only, held so that it can be looked at before it is read: standard input, named pipes."""

from __future__ import annotations

import io
import shutil
import stat
import sys
from pathlib import Path

from trialgraph.base.errors import InputError

__all__ = ["copied_pipe", "held_standard_input", "is_pipe"]


class _Held(io.TextIOWrapper):
    """Standard input whose bytes are in memory."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8", errors="surrogateescape")
        self.data = data


def held_standard_input(most: int) -> bytes:
    """All bytes of standard input, which stay there for whoever reads it next.

    :param most: bytes; of more, one byte more is read, by which its reader knows that it is too much
    """
    held = sys.stdin
    if not isinstance(held, _Held):
        # A pipe gives what there is: its first bytes alone do not tell what it is.
        held = sys.stdin = _Held(held.buffer.read(most + 1))
    return held.data


def is_pipe(path: str) -> bool:
    """Whether a path is that of a named pipe, as a shell makes one for ``<(…)``."""
    try:
        return stat.S_ISFIFO(Path(path).stat().st_mode)
    except (OSError, ValueError):
        return False


def copied_pipe(path: str, folder: Path, most: int) -> str:
    """The path of a file with what comes through a named pipe; its writer is waited for, as that of standard input is.

    :param folder: where the file goes, under the pipe's name
    :raises InputError: it cannot be read, or more than ``most`` bytes come
    """
    copy = folder / Path(path).name
    try:
        with Path(path).open("rb") as pipe, copy.open("xb") as file:
            shutil.copyfileobj(_AtMost(pipe, most), file)
            if pipe.read(1):
                raise InputError(f"more than {most} bytes", where=path, hint="give the file's name instead")
    except OSError as error:
        raise InputError(
            f"cannot be read ({(error.strerror or 'error').lower()})", where=path, hint="check the path"
        ) from error
    return str(copy)


class _AtMost:
    """The first bytes of a stream."""

    def __init__(self, stream: io.BufferedReader, most: int) -> None:
        self.stream, self.left = stream, most

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes."""
        data = self.stream.read(min(size if size >= 0 else self.left, self.left))
        self.left -= len(data)
        return data
