"""RDF serialisation in six formats, deterministic: the same set of quads gives the same bytes.

A dataset format (``trig``, ``nquads``) keeps the graphs; a graph format writes the merge of what it is given,
each triple once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Final

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, Triple, serialize

from trialgraph.base.errors import UsageError
from trialgraph.rdf.vocabulary import PREFIXES

__all__ = [
    "FORMATS",
    "Format",
    "canonical",
    "every_format",
    "format_of",
    "lines",
    "merged",
    "not_xml",
    "serialised",
]

# Characters that XML 1.0 cannot hold, not even escaped (https://www.w3.org/TR/xml/#charsets).
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write RDF.

    :param name: as the command line spells it
    :param suffix: of files, without dot
    :param dataset: whether it keeps named graphs
    """

    name: str
    suffix: str
    media_type: str
    dataset: bool
    engine: RdfFormat


FORMATS: Final = {
    made.name: made
    for made in (
        Format("turtle", "ttl", "text/turtle", False, RdfFormat.TURTLE),
        Format("trig", "trig", "application/trig", True, RdfFormat.TRIG),
        Format("nquads", "nq", "application/n-quads", True, RdfFormat.N_QUADS),
        Format("ntriples", "nt", "application/n-triples", False, RdfFormat.N_TRIPLES),
        Format("jsonld", "jsonld", "application/ld+json", False, RdfFormat.JSON_LD),
        Format("rdfxml", "rdf", "application/rdf+xml", False, RdfFormat.RDF_XML),
    )
}


def format_of(name: str) -> Format:
    """The format of that name.

    :raises UsageError: there is none; the line names those there are
    """
    try:
        return FORMATS[name]
    except KeyError:
        raise UsageError(f"there is no format {name!r}", hint=f"use one of {', '.join(FORMATS)}") from None


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


def lines(quads: Iterable[Quad | Triple]) -> list[str]:
    """Canonical N-Quads (or N-Triples) lines without line breaks, sorted by code point."""
    return sorted(f"{quad} ." for quad in quads)


def merged(quads: Iterable[Quad]) -> set[Triple]:
    """The RDF merge of the graphs: each triple once. Blank nodes are named apart already."""
    return {quad.triple for quad in quads}


def serialised(quads: Iterable[Quad], form: Format) -> bytes:
    """The quads in that format, with the prefixes that occur."""
    return _Ordered(quads).written(form)


def every_format(quads: Iterable[Quad]) -> dict[str, bytes]:
    """The quads in all six formats, by the format's name; sorted once."""
    ordered = _Ordered(quads)
    return {form.name: ordered.written(form) for form in FORMATS.values()}


class _Ordered:
    """Quads in the orders that the formats need, each computed on first use."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.quads = set(quads)

    @cached_property
    def triples(self) -> list[tuple[str, Triple]]:
        return sorted(((str(triple), triple) for triple in merged(self.quads)), key=itemgetter(0))

    @cached_property
    def ntriples(self) -> str:
        return "".join(f"{line} .\n" for line, _ in self.triples)

    @cached_property
    def prefixes(self) -> dict[str, str]:
        return {prefix: space for prefix, space in PREFIXES.items() if f"<{space}" in self.ntriples}

    def written(self, form: Format) -> bytes:
        if form.name == "ntriples":
            return self.ntriples.encode("utf-8")
        if form.name == "nquads":
            return "".join(f"{line}\n" for line in lines(self.quads)).encode("utf-8")
        ordered: list[Quad] | list[Triple] = [triple for _, triple in self.triples]
        if form.dataset:
            ordered = sorted(self.quads, key=lambda quad: (str(quad.graph_name), str(quad)))
        text = serialize(ordered, format=form.engine, prefixes=self.prefixes)
        assert isinstance(text, bytes)  # noqa: S101 - no output was given, so bytes come back
        return _repaired(text) if form.name == "rdfxml" else text


def _repaired(xml: bytes) -> bytes:
    # The engine writes a carriage return raw, which every XML reader takes for a line feed, and characters
    # that XML cannot hold, which make the file unreadable: those become U+FFFD, and the release says so.
    text = xml.decode("utf-8").replace("\r", "&#13;")
    return _NOT_XML.sub("\ufffd", text).encode("utf-8")


def not_xml(quads: Iterable[Quad]) -> list[Quad]:
    """Quads with a character that RDF/XML cannot hold, sorted."""
    return sorted((quad for quad in quads if _NOT_XML.search(getattr(quad.object, "value", ""))), key=str)
