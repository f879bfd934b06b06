"""One of the tables of a file: the one asked for by number or words, else the one that looks most like trials."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from trialgraph.base.errors import InputError, UsageError
from trialgraph.model.grid import Grid

__all__ = ["choose", "described"]

_LISTED: Final = 12
_CAPTION_CHARS: Final = 80
# So much below the best is another table all the same.
_CLOSE: Final = 0.9
_README: Final = re.compile(
    r"read ?me|about|legend|key|codebook|"
    r"(?:data )?dictionary|instructions?|notes?|abbreviations?|cover|contents|index|changelog|lists?",
    re.IGNORECASE,
)


def choose(
    grids: Sequence[Grid], wanted: int | str | None, score: Callable[[Grid], float], where: str = ""
) -> Grid:
    """The table to read.

    :param wanted: its number among the tables of the file, the number on its label, its sheet's name, or words of its
        caption; None: the one with the highest score
    :param score: how much a table looks like one of trials: known headings and rows; 0: not at all
    :param where: the file, for errors
    :raises UsageError: no table fits what is wanted, or several do
    :raises InputError: several fit equally well
    """
    if wanted is not None and str(wanted).strip():
        return _wanted(grids, str(wanted).strip(), where)
    if len(grids) == 1:
        return grids[0]
    scored = sorted(
        ((score(grid), -grid.number, grid) for grid in grids if not _is_readme(grid)), key=lambda s: s[:2]
    )
    if not scored:
        scored = sorted(((score(grid), -grid.number, grid) for grid in grids), key=lambda s: s[:2])
    best = scored[-1]
    close = [s for s in scored if s[0] >= best[0] * _CLOSE]
    if best[0] <= 0 or len(close) > 1:
        what = "no table of these is clearly one of trials" if best[0] <= 0 else "several tables may be meant"
        raise InputError(f"{what}: {_listed(grids)}", where=where, hint="say which with --table N")
    return best[2]


def described(grid: Grid) -> str:
    """A table in a few words: number, name, caption, size."""
    caption = next((text.text for text in grid.texts if text.kind == "caption"), "")
    label = next((text.text for text in grid.texts if text.kind == "label"), "")
    words = " ".join(dict.fromkeys(part for part in (grid.name, label, caption) if part))
    short = words if len(words) <= _CAPTION_CHARS else words[:_CAPTION_CHARS].rstrip() + "…"
    size = f"{len(grid.rows)} rows, {len(grid.rows[0].cells) if grid.rows else 0} columns"
    return f"{grid.number} {short!r} ({size})" if short else f"{grid.number} ({size})"


def _listed(grids: Sequence[Grid]) -> str:
    said = ", ".join(described(grid) for grid in grids[:_LISTED])
    return said + (f" and {len(grids) - _LISTED} more" if len(grids) > _LISTED else "")


def _is_readme(grid: Grid) -> bool:
    """A sheet about the others."""
    return bool(_README.fullmatch(grid.name.strip(" _-.0123456789")))


def _wanted(grids: Sequence[Grid], wanted: str, where: str) -> Grid:
    if wanted.isdecimal():
        by_number = next((grid for grid in grids if grid.number == int(wanted)), None)
        if by_number is not None:
            return by_number
        raise UsageError(
            f"no table {wanted} in it: {_listed(grids)}", where=where, hint="use one of these numbers"
        )
    words = _folded(wanted)
    for of in (lambda g: [g.name], _labels, lambda g: [g.name, *_texts(g)]):
        exact = [grid for grid in grids if any(_folded(text) == words for text in of(grid))]
        if len(exact) == 1:
            return exact[0]
    found = [grid for grid in grids if any(words in _folded(text) for text in (grid.name, *_texts(grid)))]
    if len(found) == 1:
        return found[0]
    said = "several tables have" if found else "no table has"
    raise UsageError(
        f"{said} {wanted[:60]!r} in caption or name: {_listed(found or grids)}",
        where=where,
        hint="say which with --table N",
    )


def _labels(grid: Grid) -> list[str]:
    return [text.text for text in grid.texts if text.kind == "label"]


def _texts(grid: Grid) -> list[str]:
    return [text.text for text in grid.texts if text.kind in ("label", "caption", "front matter")]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .:")
