"""The service description: what this endpoint can do, for programs (SPARQL 1.1 Service Description)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from flask import url_for
from pyoxigraph import BlankNode, NamedNode, Triple, serialize

from trialgraph.base.settings import SETTINGS, Settings
from trialgraph.http.site import site
from trialgraph.rdf import iris
from trialgraph.rdf.formats import FORMATS, GraphFormat
from trialgraph.rdf.literals import decimal, integer, text
from trialgraph.rdf.vocabulary import (
    DCAT,
    DCTERMS,
    FOAF,
    PREFIXES,
    RDF,
    RDFS,
    SCHEMA,
    SD,
    SIMPLE_ENTAILMENT,
    VOID,
)
from trialgraph.release.open import Release

__all__ = ["LIMITS", "describe_service", "limits", "written"]

#: The settings that bound what a client may ask.
LIMITS: Final = (
    *("query_seconds", "query_bytes", "query_depth", "query_path_steps", "query_groups"),
    *("query_items", "query_minus", "query_tokens"),
    *("body_bytes", "url_bytes", "parameters", "queue", "client_queries"),
    "answer_bytes",
)
_USED: Final = ("sd", "formats", "void", "dcat", "dcterms", "foaf", "rdf", "rdfs", "schema", "xsd")


def describe_service(format_: GraphFormat) -> bytes:
    """The description of this endpoint under the URL of the request, in an RDF format."""
    here = site()
    endpoint = NamedNode(url_for("sparql.sparql", _external=True))
    described = NamedNode(url_for("wellknown.void", _external=True))
    made = [
        *_service(endpoint, here.release, federated=bool(here.federation.allowed)),
        *_graphs(endpoint, here.release, here.pool.graphs),
        *_limits(endpoint, limits(here.settings, here.pool.seconds)),
        Triple(endpoint, RDFS.seeAlso, described),
        Triple(described, RDF.type, VOID.DatasetDescription),
        Triple(described, FOAF.primaryTopic, iris.release(here.release.hash)),
    ]
    return written(made, format_)


def written(triples: Iterable[Triple], format_: GraphFormat, prefixes: Iterable[str] = _USED) -> bytes:
    """Triples in an RDF format, with prefixes where it has them."""
    out = io.BytesIO()
    named = {name: PREFIXES[name] for name in prefixes} if format_.prefixes else None
    serialize(triples, out, format_.engine, prefixes=named)
    return out.getvalue()


def limits(settings: Settings, seconds: float) -> dict[str, int | float]:
    """The limits of a query by the name of their setting.

    :param seconds: what the workers really allow
    """
    return {name: getattr(settings, name) for name in LIMITS} | {"query_seconds": seconds}


def _service(endpoint: NamedNode, release: Release, *, federated: bool) -> Iterator[Triple]:
    dataset = iris.release(release.hash)
    for kind in (SD.Service, DCAT.DataService):
        yield Triple(endpoint, RDF.type, kind)
    yield Triple(endpoint, DCTERMS.title, text("SPARQL endpoint of trialgraph"))
    for predicate in (SD.endpoint, DCAT.endpointURL):
        yield Triple(endpoint, predicate, endpoint)
    yield Triple(endpoint, SD.supportedLanguage, SD.SPARQL11Query)
    yield Triple(endpoint, SD.feature, SD.UnionDefaultGraph)
    if federated:
        yield Triple(endpoint, SD.feature, SD.BasicFederatedQuery)
    yield Triple(endpoint, SD.defaultEntailmentRegime, SIMPLE_ENTAILMENT)
    for form in FORMATS.values():
        yield Triple(endpoint, SD.resultFormat, NamedNode(PREFIXES["formats"] + form.w3c))
    yield Triple(endpoint, SD.defaultDataset, dataset)
    yield Triple(endpoint, DCAT.servesDataset, dataset)
    yield Triple(dataset, VOID.sparqlEndpoint, endpoint)


def _graphs(endpoint: NamedNode, release: Release, graphs: Iterable[str]) -> Iterator[Triple]:
    """The default dataset, which is also all that a FROM may name."""
    dataset, default, available = iris.release(release.hash), BlankNode("default"), BlankNode("available")
    counts = release.manifest.get("counts", {})
    yield Triple(endpoint, SD.availableGraphs, available)
    for node, kind in ((dataset, SD.Dataset), (dataset, VOID.Dataset), (available, SD.GraphCollection)):
        yield Triple(node, RDF.type, kind)
    yield Triple(dataset, SD.defaultGraph, default)
    yield Triple(default, RDF.type, SD.Graph)
    if "triples" in counts:
        # Of the default graph only: the dataset's own number (in its description) leaves out the graph meta.
        yield Triple(default, VOID.triples, integer(counts["triples"]))
    for number, iri in enumerate(sorted(graphs), 1):
        node, graph = BlankNode(f"graph{number}"), NamedNode(iri)
        yield Triple(dataset, SD.namedGraph, node)
        yield Triple(available, SD.namedGraph, node)
        yield Triple(node, RDF.type, SD.NamedGraph)
        yield Triple(node, SD.name, graph)
        yield Triple(node, SD.graph, graph)
        yield Triple(graph, RDF.type, SD.Graph)
        triples = counts.get("graphs", {}).get(iris.graph_name(graph))
        if triples is not None:
            yield Triple(graph, VOID.triples, integer(triples))


def _limits(endpoint: NamedNode, values: Mapping[str, int | float]) -> Iterator[Triple]:
    """The limits of a query, in schema.org's terms, since the standard has none for that."""
    for name, value in values.items():
        node, spec = BlankNode(name), SETTINGS[name]
        yield Triple(endpoint, SCHEMA.additionalProperty, node)
        yield Triple(node, RDF.type, SCHEMA.PropertyValue)
        yield Triple(node, SCHEMA.propertyID, text(name))
        yield Triple(node, SCHEMA.description, text(spec.help))
        yield Triple(node, SCHEMA.unitText, text(spec.unit))
        number = integer(value) if isinstance(value, int) else decimal(Decimal(str(value)))
        yield Triple(node, SCHEMA.value, number)
