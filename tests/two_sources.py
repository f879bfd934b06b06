"""Two sources of the same trials that differ in two cells."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.paths import FIRST
from trialgraph.pipeline import build

__all__ = ["OTHERWISE", "build_two_sources"]

#: What the second source says otherwise: markup, letters that run from right to left, and a control that turns them.
OTHERWISE: Final = (
    ("244 (211/78)", "289 (211/78)"),
    ("suppression of inflammation", '<script>alert("x")</script> שלום \u202e suppression of inflammation'),
)


def build_two_sources(folder: Path) -> None:
    """A release, in ``releases/``, of the seed and of the same table with :data:`OTHERWISE`."""
    seed = FIRST
    text = (seed / "source.txt").read_text(encoding="utf-8")
    for old, new in OTHERWISE:
        assert old in text
        text = text.replace(old, new, 1)
    other = folder / "other.txt"
    other.write_text(text, encoding="utf-8")
    build([seed, other], releases=folder / "releases")
