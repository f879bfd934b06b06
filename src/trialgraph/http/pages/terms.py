"""Display of RDF terms in tables: labels, links, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from trialgraph.base.readable import amount, count, heading, shortened, yes_no
from trialgraph.http.pages.links import address
from trialgraph.query.results import ResultTable, Term
from trialgraph.rdf.vocabulary import XSD, compact

__all__ = ["LINK_CHARS", "DisplayTerm", "display_table", "display_term", "folded"]

LONG_CHARS: Final = 60
#: From here on a whole number is written with a power of ten: no count of patients or trials is that large.
LARGE: Final = 1_000_000
NUMBERS: Final = frozenset({XSD.integer, XSD.decimal})
#: Numerals that are set with all their digits; what is longer, or no number, is shown as it is.
NUMERAL: Final = re.compile(r"[+-]?(?=[0-9.]{1,28}$)[0-9]+(?:\.[0-9]*)?", re.ASCII)
#: No browser follows a longer address.
LINK_CHARS: Final = 8_000
#: Columns whose numbers count nothing: they name a place, a time or an entry.
NAMING: Final = frozenset({"row", "line", "year", "start", "end", "reference", "number"})


@dataclass(frozen=True, slots=True)
class DisplayTerm:
    """A cell of a table on a page.

    :param text: label, CURIE, or the literal's text
    :param href: where the term leads; only ever an http(s) address or one of this server
    :param title: the whole IRI, where the text is shorter
    :param language: of a literal that has one
    :param number: set in figures
    :param quiet: the link leads to what the value was read from, not to another thing
    :param cut: something of it is too long to be shown whole
    """

    text: str
    href: str = ""
    title: str = ""
    language: str = ""
    number: bool = False
    quiet: bool = False
    cut: bool = False

    @property
    def style(self) -> str:
        """The class of the cell: figures to the right, long texts not squeezed into a narrow column."""
        return "number" if self.number else "long" if len(self.text) > LONG_CHARS else ""


def display_table(
    table: ResultTable, labels: Mapping[str, str], *, readable: bool = False, chars: int = 0
) -> list[list[DisplayTerm]]:
    """The rows of a table, with the labels of its IRIs where there are any.

    :param readable: numbers and truth values as people write them
    :param chars: the most characters of a cell, of which the rest is only counted; 0: all
    """
    made = [[display_term(term, labels) for term in row] for row in table.rows]
    if readable:
        for row, cells in zip(table.rows, made, strict=True):
            for at, term in enumerate(row):
                if isinstance(term, Literal):
                    cells[at] = replace(cells[at], text=_readable(term, table.columns[at]))
    return [[_shortened(cell, chars) for cell in cells] for cells in made] if chars else made


def _shortened(cell: DisplayTerm, chars: int) -> DisplayTerm:
    if len(cell.text) <= chars and len(cell.title) <= chars and len(cell.href) <= LINK_CHARS:
        return cell
    href = cell.href if len(cell.href) <= LINK_CHARS else ""
    return replace(
        cell, text=shortened(cell.text, chars), title=shortened(cell.title, chars), href=href, cut=True
    )


def _readable(term: Literal, column: str) -> str:
    """A literal as people write it, exactly."""
    if term.datatype == XSD.boolean:
        return yes_no(term.value in ("true", "1"))
    if term.datatype not in NUMBERS or column in NAMING or not NUMERAL.fullmatch(term.value):
        return term.value
    if term.datatype == XSD.integer and abs(int(term.value)) < LARGE:
        return count(int(term.value))
    return amount(Decimal(term.value))


def folded(
    columns: Sequence[str], rows: list[list[DisplayTerm]]
) -> tuple[list[str], list[list[DisplayTerm]]]:
    """Columns and rows for display: ``?trialLabel`` next to ``?trial`` becomes the text of the link.

    :return: headings in words (``outOfLine`` as "Out of line"), and the rows without those label columns
    """
    label_of = {name: columns.index(f"{name}Label") for name in columns if f"{name}Label" in columns}
    kept = [at for at in range(len(columns)) if at not in label_of.values()]
    headings = [heading(columns[at]) for at in kept]
    made = []
    for row in rows:
        cells = []
        for at in kept:
            label = row[label_of[columns[at]]].text if columns[at] in label_of else ""
            cells.append(replace(row[at], text=label) if label else row[at])
        made.append(cells)
    return headings, made


def display_term(term: Term | None, labels: Mapping[str, str]) -> DisplayTerm:
    """One term: an IRI by its label where it has one, leading to its page; a literal by its text."""
    if term is None:
        return DisplayTerm("")
    if isinstance(term, NamedNode):
        text = labels.get(term.value) or compact(term.value)
        return DisplayTerm(
            text,
            href=address(term.value, known=term.value in labels),
            title=term.value if text != term.value else "",
        )
    if isinstance(term, Literal):
        return DisplayTerm(term.value, language=term.language or "", number=term.datatype in NUMBERS)
    return DisplayTerm(f"_:{term.value}" if isinstance(term, BlankNode) else str(term))
