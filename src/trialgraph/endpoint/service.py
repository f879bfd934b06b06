"""The service description: what this endpoint can do, for programs (SPARQL 1.1 Service Description)."""

from __future__ import annotations

import io
from collections.abc import Iterable

from pyoxigraph import BlankNode, NamedNode, Triple, serialize

from trialgraph.results import AnswerFormat
from trialgraph.vocab import PREFIXES, RDF, SD
from trialgraph.worker import GRAPH_FORMATS

__all__ = ["describe_service"]

# http://www.w3.org/ns/formats/
FORMAT_NAMES = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads", "N3"),
)


def describe_service(endpoint: str, graphs: Iterable[str], format_: AnswerFormat) -> bytes:
    """The description in an RDF format.

    :param endpoint: address of the endpoint
    :param graphs: IRIs of the named graphs
    """
    service, dataset, default = NamedNode(endpoint), BlankNode("dataset"), BlankNode("default")
    triples = [
        Triple(service, RDF.type, SD.Service),
        Triple(service, SD.endpoint, service),
        Triple(service, SD.supportedLanguage, SD.SPARQL11Query),
        Triple(service, SD.feature, SD.UnionDefaultGraph),
        Triple(service, SD.defaultDataset, dataset),
        Triple(dataset, RDF.type, SD.Dataset),
        Triple(dataset, SD.defaultGraph, default),
        Triple(default, RDF.type, SD.Graph),
    ]
    for name in FORMAT_NAMES:
        triples.append(Triple(service, SD.resultFormat, NamedNode(PREFIXES["formats"] + name)))
    for number, iri in enumerate(sorted(graphs), 1):
        node = BlankNode(f"graph{number}")
        triples += (
            Triple(dataset, SD.namedGraph, node),
            Triple(node, RDF.type, SD.NamedGraph),
            Triple(node, SD.name, NamedNode(iri)),
        )
    out = io.BytesIO()
    prefixed = format_.name in ("turtle", "trig", "n3", "rdfxml")
    prefixes = {name: PREFIXES[name] for name in ("sd", "formats")} if prefixed else None
    serialize(triples, out, GRAPH_FORMATS[format_.name], prefixes=prefixes)
    return out.getvalue()
