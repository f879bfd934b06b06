"""What a query for an external store may hold: standard SPARQL alone, without what some engine would run as code.

Engines have functions that read files or call other servers, under IRIs like any other; only a function that the
standard defines is passed on. The query was checked and parsed before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final
from urllib.parse import urljoin

from trialgraph.base.errors import QueryRejected
from trialgraph.query.guard.checked import DeclaredNames, prologue_of
from trialgraph.query.guard.tokenizer import Token, place, tokens
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES

__all__ = ["GraphNames", "graph_names", "refuse_extensions"]

#: The casts of SPARQL 1.1, 17.1: the only functions that are called by an IRI.
CASTS: Final = frozenset(
    PREFIXES["xsd"] + name
    for name in ("boolean", "date", "dateTime", "decimal", "double", "float", "integer", "string")
)
#: IRIs that an engine takes for its own functions wherever they stand: Virtuoso's, and the classes of Jena.
CODE: Final = re.compile("(?i)(?:bif|sql|java):")
_NAMES: Final = ("iri", "name")


@dataclass(frozen=True, slots=True)
class GraphNames:
    """The graphs that the ``GRAPH`` clauses of a query name.

    :param any: one of them has a variable
    :param names: the IRIs of the others
    """

    any: bool
    names: frozenset[str]


def graph_names(query: str) -> GraphNames:
    """The graphs that a query asks by ``GRAPH``."""
    body, names = _read(query)
    variable, found = False, set()
    for token, after in pairwise(body):
        if token.word == "GRAPH" and after.kind in _NAMES:
            found.add(urljoin(iris.base(), names.iri(after)))
        elif token.has(frozenset(("GRAPH",))):
            variable = True  # or "GRAPH" in one piece with what follows
    return GraphNames(variable, frozenset(found))


def refuse_extensions(query: str) -> None:
    """Refuse what is no standard SPARQL although it parses.

    :raises QueryRejected: a function that the standard does not define, or an IRI that some engine runs as code
    """
    body, names = _read(query)
    for token, after in zip(body, [*body[1:], None], strict=True):
        if token.kind not in _NAMES:
            continue
        iri = names.iri(token)
        called = after is not None and after.text == "("
        if CODE.match(iri) or (called and urljoin(iris.base(), iri) not in CASTS):
            raise QueryRejected(
                f"{iri[:100]} is a function or a list that is not passed on to an external store",
                where=place(query, token.at),
                hint="use the functions of SPARQL 1.1, and rdf:first and rdf:rest for lists",
            )


def _read(query: str) -> tuple[list[Token], DeclaredNames]:
    found = list(tokens(query))
    _, body, prefixes, base = prologue_of(query, found)
    return found[body:], DeclaredNames(query, prefixes, base)
