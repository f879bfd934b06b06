"""What the engine answers, as bytes of a format: the same whoever asks, a worker or a build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import IO, Any, Final

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    serialize,
)

from trialgraph.rdf.formats import CSV, GRAPH_FORMATS, RESULT_FORMATS
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.rdf.wellformed import csv_rows

__all__ = ["write_graph", "write_results"]

#: Triples that are looked at to find the prefixes that an answer needs.
PREFIX_TRIPLES: Final = 2_000


def write_results(results: Any, name: str, out: IO[bytes]) -> None:
    """Serialise an answer under the short name of a format.

    XML has still to go through :class:`trialgraph.rdf.wellformed.WellFormed`.
    """
    if name == CSV.name and isinstance(results, QuerySolutions):
        # Not by the engine, which puts no quotes round an IRI with a comma or round a triple term.
        for row in csv_rows(results):
            out.write(row)
    elif isinstance(results, QuerySolutions | QueryBoolean):
        results.serialize(out, RESULT_FORMATS[name].engine)
    elif GRAPH_FORMATS[name].prefixes:
        used, triples = _prefixes_of(results)
        serialize(triples, out, GRAPH_FORMATS[name].engine, prefixes=used)
    elif isinstance(results, QueryTriples):
        results.serialize(out, GRAPH_FORMATS[name].engine)
    else:  # triples that were parsed again
        serialize(results, out, GRAPH_FORMATS[name].engine)


def write_graph(store: Store, graph: NamedNode, name: str, out: IO[bytes]) -> None:
    """Write all triples of a named graph under the short name of a format, without holding them."""
    form = GRAPH_FORMATS[name]
    used = None
    if form.prefixes:
        used, _ = _prefixes_of(quad.triple for quad in store.quads_for_pattern(None, None, None, graph))
    store.dump(out, form.engine, from_graph=graph, prefixes=used)


def _prefixes_of(triples: Iterable[Triple]) -> tuple[dict[str, str], Iterator[Triple]]:
    """The project's prefixes that the triples use, and the triples again."""
    left = iter(triples)
    head = list(islice(left, PREFIX_TRIPLES))
    terms = [term for t in head for term in (t.subject, t.predicate, t.object)]
    terms += [term.datatype for term in terms if isinstance(term, Literal)]
    iris = {term.value for term in terms if isinstance(term, NamedNode)}
    used = {prefix: space for prefix, space in PREFIXES.items() if any(iri.startswith(space) for iri in iris)}
    return used, chain(head, left)
