"""The saved queries as SHACL executables: the form in which editors load examples from an endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from trialgraph.questions.saved_queries import SavedQuery
from trialgraph.rdf import iris
from trialgraph.rdf.literals import text
from trialgraph.rdf.vocabulary import DCTERMS, RDF, RDFS, SCHEMA, SH

__all__ = ["example_triples"]

_FORMS: Final = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
}
_WORD: Final = re.compile(r"<[^<>\s]*>|#[^\n]*|\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b(?!:)", re.IGNORECASE)


def example_triples(queries: Iterable[SavedQuery], endpoint: NamedNode) -> Iterator[Triple]:
    """Each question with a query that runs as it stands: its defaults are bound.

    SHACL has no property for DESCRIBE: such a query is left out.

    :param endpoint: where the queries can be sent
    """
    for query in queries:
        sparql = _runnable(query)
        found = next((m[1] for m in _WORD.finditer(sparql) if m[1]), "").upper()
        if found not in _FORMS:
            continue
        kind, holds = _FORMS[found]
        node = iris.question(query.slug)
        for name in (SH.SPARQLExecutable, kind):
            yield Triple(node, RDF.type, name)
        # One comment only: an editor lists a question once for each.
        for predicate in (RDFS.label, RDFS.comment):
            yield Triple(node, predicate, Literal(query.title, language="en"))
        if query.description:
            yield Triple(node, DCTERMS.description, Literal(query.description, language="en"))
        yield Triple(node, DCTERMS.identifier, text(query.slug))
        yield Triple(node, holds, text(sparql))
        yield Triple(node, SH.prefixes, iris.page())
        yield Triple(node, SCHEMA.target, endpoint)
        for word in query.keywords:
            yield Triple(node, SCHEMA.keywords, text(word))


def _runnable(query: SavedQuery) -> str:
    unanswered = any(p.required and p.default is None for p in query.parameters)
    return (query.sparql if unanswered else query.bind()).strip() + "\n"
