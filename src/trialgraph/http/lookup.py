"""Internal SELECT queries for pages, run by the workers within the time limit of a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.http.site import site
from trialgraph.query.results import Term, whole_table
from trialgraph.rdf.vocabulary import PREFIXES

__all__ = ["Rows", "iri_of", "prologue", "select_each", "select_rows", "values", "whole_rows"]

Rows = tuple[dict[str, Term], ...]
USED: Final = "tg tgc rdf rdfs skos oa sssom dcterms oboInOwl owl void".split()  # noqa: SIM905 - reads better


def prologue() -> str:
    """The prefixes that these queries use."""
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in USED)


def values(name: str, terms: Iterable[str]) -> str:
    """A VALUES clause that binds a variable to IRIs, each checked to be one.

    :raises ValueError: one is no IRI
    """
    return f"VALUES ?{name} {{ {' '.join(str(NamedNode(iri)) for iri in terms)} }}"


def select_rows(query: str, seconds: float | None = None) -> Rows:
    """The rows of a SELECT, each with the variables that are bound in it.

    :param query: without prefixes; IRIs in it come through :func:`values`
    :param seconds: None: the setting ``page_seconds``
    :raises AnswerTooLarge: they need more than the setting ``gathered_bytes``
    :raises TrialgraphError: as :meth:`trialgraph.query.pool.Pool.run`
    """
    settings = site().settings
    allowed, most = settings.page_seconds if seconds is None else seconds, settings.gathered_bytes
    with site().pool.run(prologue() + query, seconds=allowed, most_bytes=most) as answer:
        table = whole_table(answer, most)
    return tuple(
        {name: term for name, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table.rows
    )


def select_each(query: str, name: str, iris: Iterable[str], at_once: int = 50) -> Rows:
    """The rows of a SELECT for each of some nodes, a few nodes at a time.

    For many nodes the engine looks at all statements of a property instead of those of the nodes: what a page of 21
    rows asked took 20 times as long as for 10 of them (decisions/0046-prepared-pages.md).

    :param query: with ``WHICH`` in the place of the clause that binds ``name``
    :param iris: each once
    :param at_once: fewer where the query has paths
    """
    every = tuple(iris)
    found: list[dict[str, Term]] = []
    for first in range(0, len(every), at_once):
        found += select_rows(query.replace("WHICH", values(name, every[first : first + at_once])))
    return tuple(found)


def whole_rows(query: str) -> Rows:
    """The rows of a query over the whole release, as they were found when the release was written.

    :param query: one of :mod:`trialgraph.release.lists.queries`
    """
    kept = site().lists().answer(query)
    if kept is None:
        return select_rows(query)
    names, rows = kept
    return tuple({n: term for n, term in zip(names, row, strict=True) if term is not None} for row in rows)


def iri_of(term: Term | None) -> str:
    """The IRI of a node; nothing for anything else."""
    return term.value if isinstance(term, NamedNode) else ""
