"""Which rows of a grid are a trial: sections, totals, page footers and repeated headings are none, and some go on.

A row goes on with the trial above where what identifies a trial (its number, its reference, its title) spans both rows,
stands in both, or is missing together with all that a trial has once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from trialgraph.extract.layout.grid_headings import GridHeadings, distinct, known_cells
from trialgraph.model.grid import GridCell, GridRow

__all__ = ["Block", "blocks_of"]

# What identifies a trial, and what a trial has once.
_IDENTIFIES: Final = ("registration", "reference", "title")
_ONCE: Final = frozenset(
    ["registration", "reference", "title", "phase", "disease", "countries", "status", "sponsor", "start date",
     "completion date", "masking", "allocation"]
)  # fmt: skip
#: How sure it is that a row goes on with the trial above, where no span says so.
_GOES_ON: Final = 0.98
_MAYBE: Final = 0.88

_TOTAL: Final = re.compile(
    r"(?:grand |sub-?)?(?:totals?|sum|means?|medians?|averages?|overall|pooled|all (?:studies|trials|patients)|range|"
    r"mean ?(?:\(|±|\+/-)? ?sd\)?|weighted mean|combined)(?: \(?(?:studies|trials|patients|n|n ?= ?\d+|95% ci"
    r"|range|sd|iqr)\)?)*"
    r"\W*(?:\(?n ?= ?\d+\)?)?",
    re.IGNORECASE,
)
_FOOTER: Final = re.compile(
    r"\W*(?:page \d+(?: ?(?:of|/) ?\d+)?|\d+ ?/ ?\d+|p\. ?\d+|\(?(?:table \w{1,4}\.? ?)?\(?(?:continued"
    r"|cont[’'.]?d?\.?|contd\.?)"
    r"(?: (?:on|from) (?:the )?(?:next|previous|following) page)?\)?|(?:see )?(?:next|over) page|to be continued)\W*",
    re.IGNORECASE,
)
_CAPTION: Final = re.compile(r"(?:supplementary )?table \w{1,4}[.:]? ", re.IGNORECASE)
_LEGEND: Final = re.compile(
    r"(?:abbreviations?|notes?|legend|source|data are|values are|footnotes?)\b.{0,4}[:.]? |[*†‡§¶]|[a-z0-9][).] "
    r"|(?:[^:;=]{1,40}[:=,] ?[^:;]{2,120}[;.] ?){2,}",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Block:
    """Rows of a grid that are one thing.

    :param kind: ``trial``, ``section``, ``total``, ``page footer``, ``heading``, ``footnote``, or ``foreign``: below
        headings that differ from the table's
    :param rows: indexes of the grid's rows
    :param section: of a trial, the section cell above it
    :param confidence: how sure it is that the rows are one trial, and all of it
    """

    kind: str
    rows: list[int]
    section: GridCell | None = None
    confidence: float = 1.0


def blocks_of(
    rows: Sequence[GridRow], headings: GridHeadings, fields: Sequence[Sequence[str]]
) -> Iterator[Block]:
    """The blocks of the rows below the headings, in their order; empty rows are in none.

    :param fields: of each column
    """
    section: GridCell | None = None
    trial: Block | None = None
    for n, kind in _kinds(rows, headings):
        if kind in ("page footer", "heading"):  # a page break divides no trial
            yield Block(kind, [n])
            continue
        sure = _goes_on(rows, trial.rows, n, fields) if trial and kind == "trial" else 0.0
        if trial and sure:
            trial.rows.append(n)
            trial.confidence = min(trial.confidence, sure)
            continue
        if trial:
            yield trial
        if kind == "section":
            section = distinct(rows[n].cells)[0]
        trial = Block(kind, [n], section) if kind == "trial" else None
        if trial is None:
            yield Block(kind, [n])
    if trial:
        yield trial


def _kinds(rows: Sequence[GridRow], headings: GridHeadings) -> Iterator[tuple[int, str]]:
    """What each row below the headings is that is not empty."""
    foreign = False
    for n in range(headings.end, len(rows)):
        if not distinct(rows[n].cells):
            continue
        kind = _kind(rows, n, headings)
        if kind in ("heading", "other headings"):
            foreign = kind == "other headings"
            kind = "heading"
        yield n, "foreign" if kind == "trial" and foreign else kind


def _kind(rows: Sequence[GridRow], n: int, headings: GridHeadings) -> str:
    """What a row that is not empty is: ``trial`` for one of a trial."""
    row = rows[n]
    own = [cell for cell in distinct(row.cells) if cell.row == n]
    texts = [" ".join(cell.text.split()) for cell in distinct(row.cells)]
    if _FOOTER.fullmatch(" ".join(dict.fromkeys(texts))):
        return "page footer"
    if _repeats(rows, row, headings):
        return "heading"
    if own and all(cell.heading for cell in own) and len(own) > 2 and known_cells(own) > 2:
        return "other headings"
    if _TOTAL.fullmatch(texts[0]) and distinct(row.cells)[0].column == _first_column(row):
        return "total"
    width = len(row.cells)
    if len(texts) > 1 or width < 2:
        return "trial"
    alone = distinct(row.cells)[0]
    if alone.row != n or (alone.rows > 1 and alone.columns < width):
        return "trial"  # what spans several rows is no section
    if alone.columns < width and (alone.column or width < 3):
        return "trial"
    if n > headings.last or (_LEGEND.match(texts[0]) and len(texts[0]) > 60) or _CAPTION.match(texts[0]):
        return "footnote"
    return "section"


def _first_column(row: GridRow) -> int:
    return next((cell.column for cell in row.cells if cell.text.strip()), 0)


def _repeats(rows: Sequence[GridRow], row: GridRow, headings: GridHeadings) -> bool:
    """Whether a row says again what a row of the headings says."""
    texts = {(cell.column, _bare(cell.text)) for cell in distinct(row.cells)}
    if len(texts) < 2:
        return False
    return any(
        texts <= {(cell.column, _bare(cell.text)) for cell in distinct(rows[level].cells)}
        for level in range(headings.first, headings.end)
    )


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()


def _goes_on(rows: Sequence[GridRow], trial: Sequence[int], n: int, fields: Sequence[Sequence[str]]) -> float:
    """How sure it is that a row goes on with the trial of the rows above; 0 where it does not."""
    above, row = rows[trial[-1]].cells, rows[n].cells
    first = rows[trial[0]].cells
    identity = [k for k, names in enumerate(fields) if set(names) & set(_IDENTIFIES)]
    spanned = [k for k in identity if _same(above[k], row[k]) and row[k].text.strip()]
    if identity and spanned and all(k in spanned or not row[k].text.strip() for k in identity):
        return 1.0
    if identity and all(not row[k].text.strip() for k in identity):
        if not any(first[k].text.strip() for k in identity):
            return 0.0
        once = [k for k, names in enumerate(fields) if set(names) & _ONCE and k not in identity]
        if all(
            not row[k].text.strip() or _same(above[k], row[k]) or row[k].text == first[k].text for k in once
        ):
            return _GOES_ON
        return 0.0
    numbers = [k for k in identity if "registration" in fields[k]]
    if numbers and all(row[k].text.strip() and row[k].text == first[k].text for k in numbers):
        others = [k for k in identity if k not in numbers]
        if all(not row[k].text.strip() or row[k].text == first[k].text for k in others) and any(
            re.search(r"\d{4}", row[k].text) for k in numbers
        ):
            return _GOES_ON
    if not identity and _is_rest(above, row, fields):
        return _MAYBE
    return 0.0


def _is_rest(above: Sequence[GridCell], row: Sequence[GridCell], fields: Sequence[Sequence[str]]) -> bool:
    """Whether a row lacks its first cell, all that a trial has once, and most others that the row above has."""
    own = [k for k, cell in enumerate(row) if cell.text.strip() and not _same(above[k], cell)]
    before = [k for k, cell in enumerate(above) if cell.text.strip()]
    return (
        bool(own)
        and 0 not in own
        and len(own) * 2 <= len(before)
        and not any(set(fields[k]) & _ONCE for k in own)
    )


def _same(one: GridCell, other: GridCell) -> bool:
    return (one.row, one.column) == (other.row, other.column)
