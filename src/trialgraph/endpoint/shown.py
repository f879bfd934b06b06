"""RDF terms -> what a table on a page shows of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import url_for
from pyoxigraph import BlankNode, Literal, NamedNode

from trialgraph import iris
from trialgraph.results import Table, Term
from trialgraph.vocab import HOME, XSD, compact

__all__ = ["Shown", "shown_table"]

NUMBERS: Final = frozenset({XSD.integer, XSD.decimal})


@dataclass(frozen=True, slots=True)
class Shown:
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


def shown_table(table: Table, labels: Mapping[str, str]) -> list[list[Shown]]:
    """The rows of a table, with the labels of its IRIs where there are any."""
    return [[_shown(term, labels) for term in row] for row in table.rows]


def _shown(term: Term | None, labels: Mapping[str, str]) -> Shown:
    if term is None:
        return Shown("")
    if isinstance(term, NamedNode):
        text = labels.get(term.value) or compact(term.value)
        return Shown(text, href=_address(term.value), title=term.value if text != term.value else "")
    if isinstance(term, Literal):
        return Shown(term.value, language=term.language or "", number=term.datatype in NUMBERS)
    return Shown(f"_:{term.value}" if isinstance(term, BlankNode) else str(term))


def _address(iri: str) -> str:
    """Where an IRI leads: our own ones to what the graph says of them here, http(s) ones to themselves."""
    if iri.startswith((HOME, iris.base())):
        return url_for("sparql.sparql", query=f"DESCRIBE <{iri}>")
    return iri if iri.startswith(("http://", "https://")) else ""
