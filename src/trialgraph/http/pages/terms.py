"""Display of RDF terms in tables: labels, links, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from trialgraph.http.pages.links import address
from trialgraph.query.results import ResultTable, Term
from trialgraph.rdf.vocabulary import XSD, compact

__all__ = ["DisplayTerm", "display_table", "display_term", "folded"]

LONG_CHARS: Final = 60
NUMBERS: Final = frozenset({XSD.integer, XSD.decimal})


@dataclass(frozen=True, slots=True)
class DisplayTerm:
    """A cell of a table on a page.

    :param text: label, CURIE, or the literal's text
    :param href: where the term leads; only ever an http(s) address or one of this server
    :param title: the whole IRI, where the text is shorter
    :param language: of a literal that has one
    :param number: set in figures
    """

    text: str
    href: str = ""
    title: str = ""
    language: str = ""
    number: bool = False

    @property
    def style(self) -> str:
        """The class of the cell: figures to the right, long texts not squeezed into a narrow column."""
        return "number" if self.number else "long" if len(self.text) > LONG_CHARS else ""


def display_table(table: ResultTable, labels: Mapping[str, str]) -> list[list[DisplayTerm]]:
    """The rows of a table, with the labels of its IRIs where there are any."""
    return [[display_term(term, labels) for term in row] for row in table.rows]


def folded(
    columns: Sequence[str], rows: list[list[DisplayTerm]]
) -> tuple[list[str], list[list[DisplayTerm]]]:
    """Columns and rows for display: ``?trialLabel`` next to ``?trial`` becomes the text of the link.

    :return: headings in words (``outOfLine`` as "out of line"), and the rows without those label columns
    """
    label_of = {name: columns.index(f"{name}Label") for name in columns if f"{name}Label" in columns}
    kept = [at for at in range(len(columns)) if at not in label_of.values()]
    words = [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", columns[at]).replace("_", " ") for at in kept]
    headings = [word if word.isupper() else word.lower() for word in words]
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
