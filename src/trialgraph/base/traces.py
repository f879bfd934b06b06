"""What may be logged of an unexpected exception: its types and the lines it passed, never its message.

A message of Python or of a library quotes the value that was wrong, and in a server that is often a client's.
"""

from __future__ import annotations

import errno
import traceback
from pathlib import PurePath
from typing import Final

__all__ = ["trace"]

#: The innermost frames of each exception that are named.
FRAMES: Final = 12
#: Of a chain of exceptions, how many are named.
CHAIN: Final = 5


def trace(error: BaseException) -> str:
    """``ValueError at http/server/channel.py:35 in received < …``, with what it was raised from, in one line."""
    parts: list[str] = []
    current: BaseException | None = error
    while current is not None and len(parts) < CHAIN:
        parts.append(_one(current))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "; raised from ".join(parts)


def _one(error: BaseException) -> str:
    frames = [
        f"{'/'.join(PurePath(frame.f_code.co_filename).parts[-3:])}:{line} in {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    name = type(error).__name__
    if isinstance(error, OSError) and error.errno is not None and error.errno in errno.errorcode:
        name += f" {errno.errorcode[error.errno]}"
    return f"{name} at {' < '.join(frames[: -FRAMES - 1 : -1])}" if frames else name
