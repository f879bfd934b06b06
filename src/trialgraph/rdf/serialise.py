"""RDF serialisation in six formats, deterministic: the same set of quads gives the same bytes.

A dataset format (``trig``, ``nquads``) keeps the graphs; a graph format writes the merge of what it is given,
each triple once.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from operator import itemgetter

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, Triple, serialize

from trialgraph.base.xml_characters import NOT_IN_XML, escape_carriage_returns
from trialgraph.rdf.formats import JSON_LD, N_QUADS, N_TRIPLES, GraphFormat
from trialgraph.rdf.jsonld import json_ld
from trialgraph.rdf.vocabulary import PREFIXES

__all__ = ["canonical", "merged", "serialised"]


def canonical(quads: Iterable[Quad]) -> set[Quad]:
    """The quads with blank nodes named after RDFC-1.0, over all graphs at once: no name denotes two nodes.

    Only quads with blank nodes go through the algorithm: data graphs have none.
    """
    quads = set(quads)
    # A literal may contain "_:" too: such a quad goes through the algorithm and comes back unchanged.
    doubtful = {quad for quad in quads if "_:" in str(quad)}
    if not doubtful:
        return quads
    dataset = Dataset(doubtful)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return (quads - doubtful) | set(dataset)


def merged(quads: Iterable[Quad]) -> set[Triple]:
    """The RDF merge of the graphs: each triple once. Blank nodes are named apart already."""
    return {quad.triple for quad in quads}


def serialised(quads: Iterable[Quad], form: GraphFormat) -> bytes:
    """The quads in that format, with the prefixes that occur."""
    return _Ordered(quads).written(form)


class _Ordered:
    """Quads in the orders that the formats need, each computed on first use.

    :param quads: of any graphs
    """

    def __init__(self, quads: Iterable[Quad]) -> None:
        # The text of a quad is made once, as it takes longer than all sorting.
        lines = [(str(quad), quad) for quad in set(quads)]
        #: each quad once, with its canonical line (without the stop), sorted by code point
        self.lines: list[tuple[str, Quad]] = sorted(lines, key=itemgetter(0))

    @cached_property
    def triples(self) -> list[tuple[str, Triple]]:
        """The merge: each triple once, with its canonical line, sorted by code point."""
        lengths: dict[object, int] = {}
        made: dict[str, Quad] = {}
        for line, quad in self.lines:
            graph = quad.graph_name
            if graph not in lengths:
                lengths[graph] = len(line) - len(str(quad.triple))
            made.setdefault(line[: len(line) - lengths[graph]], quad)
        return sorted(((line, quad.triple) for line, quad in made.items()), key=itemgetter(0))

    @cached_property
    def nquads(self) -> bytes:
        """Canonical N-Quads."""
        return "".join(f"{line} .\n" for line, _ in self.lines).encode("utf-8")

    @cached_property
    def ntriples(self) -> str:
        """Canonical N-Triples of the merge."""
        return "".join(f"{line} .\n" for line, _ in self.triples)

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of which a term occurs."""
        return {prefix: space for prefix, space in PREFIXES.items() if f"<{space}" in self.ntriples}

    def written(self, form: GraphFormat) -> bytes:
        """The quads in that format; in a graph format their merge."""
        if form is N_TRIPLES:
            return self.ntriples.encode("utf-8")
        if form is N_QUADS:
            return self.nquads
        if form is JSON_LD:
            return b"".join(json_ld(triple for _, triple in self.triples))
        ordered: list[Quad] | list[Triple] = [triple for _, triple in self.triples]
        if form.dataset:
            ordered = sorted((quad for _, quad in self.lines), key=lambda quad: str(quad.graph_name))
        text = serialize(ordered, format=form.engine, prefixes=self.prefixes)
        assert isinstance(text, bytes)  # noqa: S101 - no output was given, so bytes come back
        return _readable(text) if form.is_xml else text


def _readable(xml: bytes) -> bytes:
    # The engine writes characters that XML cannot hold, which make the file unreadable: they become U+FFFD, and the
    # release says so.
    return NOT_IN_XML.sub("\ufffd", escape_carriage_returns(xml).decode("utf-8")).encode("utf-8")
