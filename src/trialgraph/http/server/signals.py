"""What the server does with signals where they arrive: nothing, as the supervisor reads their numbers from a pipe."""

from __future__ import annotations

from types import FrameType

__all__ = ["handled_elsewhere"]


def handled_elsewhere(_number: int, _frame: FrameType | None) -> None:
    """Do nothing."""
