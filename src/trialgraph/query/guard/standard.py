"""What a query for an external store may hold: standard SPARQL alone, without what some engine would run as code.

Engines have functions that read files or call other servers, under IRIs like any other; only a function that the
standard defines is passed on. The query was checked and parsed before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from trialgraph.base.errors import QueryRejected
from trialgraph.query.guard.checked import DeclaredNames, prologue_of
from trialgraph.query.guard.tokenizer import Token, place, tokens
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES

__all__ = ["StandardQuery", "standard"]

#: The casts of SPARQL 1.1, 17.1: the only functions that are called by an IRI.
CASTS: Final = frozenset(
    PREFIXES["xsd"] + name
    for name in ("boolean", "date", "dateTime", "decimal", "double", "float", "integer", "string")
)
#: IRIs that an engine takes for its own functions wherever they stand: Virtuoso's, and the classes of Jena.
CODE: Final = re.compile("(?i)(?:bif|sql|java):")
_NAMES: Final = ("iri", "name")
_GRAPH: Final = frozenset(("GRAPH",))
#: A prefix that begins with a word of the dataset, which an engine may take apart.
_GLUED: Final = re.compile("(?i)FROM|NAMED")


@dataclass(frozen=True, slots=True)
class StandardQuery:
    """A query as an external store is sent it.

    :param text: without ``FROM``, which some engines add to the dataset of the request instead of replacing it by that
    :param any_graph: a ``GRAPH`` clause has a variable
    :param graphs: the IRIs that the others name
    """

    text: str
    any_graph: bool
    graphs: frozenset[str]


def standard(query: str) -> StandardQuery:
    """A query for an external store, where it is standard SPARQL.

    :raises QueryRejected: a function that the standard does not define, or an IRI that some engine runs as code
    """
    found = list(tokens(query))
    _, at, prefixes, base = prologue_of(query, found)
    names = DeclaredNames(query, prefixes, base)
    variable, graphs, pieces, end = False, set(), [], 0
    for number, token in enumerate(found[at:], at + 1):
        after = found[number] if number < len(found) else None
        if _GLUED.match(token.prefix or ""):
            raise QueryRejected(
                f"the prefix {token.prefix}: could be read as the word FROM with another prefix",
                where=place(query, token.at),
                hint="give it another name",
            )
        if token.kind in _NAMES:
            _check_name(query, token, names.iri(token), called=after is not None and after.text == "(")
        elif token.word == "FROM":
            last = next(one for one in found[number:] if one.word != "NAMED")
            pieces.append(query[end : token.at])
            end = last.end
        elif token.word == "GRAPH" and after is not None and after.kind in _NAMES:
            graphs.add(urljoin(iris.base(), names.iri(after)))
        elif token.has(_GRAPH):
            variable = True  # or in one piece with what follows
    return StandardQuery(" ".join([*pieces, query[end:]]), variable, frozenset(graphs))


def _check_name(query: str, token: Token, iri: str, *, called: bool) -> None:
    if CODE.match(iri) or (called and urljoin(iris.base(), iri) not in CASTS):
        raise QueryRejected(
            f"{iri[:100]} is a function or a list that is not passed on to an external store",
            where=place(query, token.at),
            hint="use the functions of SPARQL 1.1, and rdf:first and rdf:rest for lists",
        )
