"""The release as a dataset: title, dates, sources, contributors, files (DCAT 3, VoID)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from trialgraph.extract.sources import Source
from trialgraph.graph.description.graphs import licences_of
from trialgraph.rdf import iris
from trialgraph.rdf.formats import CSV, EXPORT_FORMATS, JSON, N_QUADS, SQLITE, TURTLE
from trialgraph.rdf.literals import date, integer, text
from trialgraph.rdf.vocabulary import (
    DCAT,
    DCTERMS,
    FOAF,
    HOME,
    OWL,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    SPDX,
    TG,
    VOID,
    XSD,
    media_type,
)

__all__ = [
    "AUTHORS",
    "FILES",
    "KEYWORDS",
    "TITLE",
    "File",
    "Inputs",
    "dataset_triples",
    "file_facts",
    "file_triples",
]

#: As in CITATION.cff, which does not travel with the package; a test compares them.
AUTHORS: Final = "The trialgraph authors"
KEYWORDS: Final = (
    "clinical trials",
    "knowledge graph",
    "SPARQL",
    "evidence synthesis",
    "mesenchymal stem cells",
)
TITLE: Final = "Clinical trials read out of review tables"
RIGHTS: Final = (
    "Each named graph has its own licences, which the graph meta states; verbatim text of the sources keeps the "
    "licence of its source."
)
#: The ontology documents that the graph holds as parts of one, by their IRIs after ``HOME``.
PARTS: Final = ("ontology", "records", "alignment", "ladder", "scopes", "module")
_VOCABULARIES: Final = ("tg", "skos", "dcterms", "oa", "prov", "sssom", "qudt")

Triples = Iterator[Triple]


@dataclass(frozen=True, slots=True)
class File:
    """A file of a release.

    :param media_type: as served
    :param words: what is in it
    :param dump: whether it holds the graph as RDF
    :param of: the graphs that its words come from, for their licences; empty: all
    """

    media_type: str
    words: str
    dump: bool = True
    of: tuple[str, ...] = ()


#: The files to download, by name.
FILES: Final[Mapping[str, File]] = {
    **{
        f"trialgraph.{form.suffix}": File(
            form.media_type,
            "All named graphs" if form.dataset else "All graphs merged into one, each triple once",
        )
        for form in EXPORT_FORMATS.values()
    },
    "dataset.nq": File(
        N_QUADS.media_type,
        "The master: all named graphs but this description, canonical and sorted; its SHA-256 names the release",
    ),
    "trialgraph-core.ttl": File(
        TURTLE.media_type,
        "The core: facts, labels and hierarchies in a dozen classes, as one ontology; no verbatim text",
        dump=False,
        of=("ontology",),
    ),
    "meta.nq": File(N_QUADS.media_type, "This description alone", of=("meta",)),
    "trials.csv": File(
        CSV.media_type,
        "One line per report, the columns of trialgraph trials",
        dump=False,
        of=("provenance", "summary"),
    ),
    "search.db": File(
        SQLITE,
        "The index of the search, as a database of SQLite: each trial, its values and what they are called",
        dump=False,
        of=("provenance", "summary", "module"),
    ),
    "lists.db": File(
        SQLITE,
        "What the pages of a site list, as a database of SQLite: rows, orders, the trials of each value, counts",
        dump=False,
        of=("provenance", "summary", "module"),
    ),
    "trials-all.csv": File(
        CSV.media_type,
        "One line per report, all columns of trialgraph trials",
        dump=False,
        of=("provenance", "summary"),
    ),
    "prefixes.json": File(JSON, "The prefixes, as an extended prefix map", dump=False, of=("meta",)),
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a description takes from the inputs of a build.

    :param issued: the newest date in them, empty where there is none
    :param licences: as :meth:`trialgraph.graph.description.graphs.Licences.by_graph`
    """

    read: tuple[Source, ...]
    issued: str
    licences: Mapping[str, frozenset[NamedNode]]


def dataset_triples(digest: str, counts: Mapping[str, Any], inputs: Inputs) -> Triples:
    """The release, its sources, who made it and where it answers queries.

    :param digest: the release's hash
    :param counts: as in the manifest
    """
    node, maker, service = iris.release(digest), iris.agent(AUTHORS), iris.endpoint()
    yield from _titles(node, counts)
    yield from _header(node, digest, maker, inputs)
    yield Triple(node, DCTERMS.identifier, text(digest))
    yield Triple(node, DCTERMS.conformsTo, NamedNode(PREFIXES["tg"].rstrip("/")))
    yield Triple(node, DCAT.version, text(_version()))
    for predicate in (DCTERMS.issued, DCTERMS.modified) if inputs.issued else ():
        yield Triple(node, predicate, date(inputs.issued))
    for predicate in (DCTERMS.creator, DCTERMS.publisher):
        yield Triple(node, predicate, maker)
    yield Triple(maker, RDF.type, FOAF.Agent)
    yield Triple(maker, FOAF.name, text(AUTHORS))
    yield Triple(node, DCAT.landingPage, iris.page())
    yield Triple(node, VOID.sparqlEndpoint, service)
    yield Triple(service, RDF.type, DCAT.DataService)
    yield Triple(service, RDFS.label, text("SPARQL endpoint"))
    yield Triple(service, DCTERMS.title, text("SPARQL endpoint"))
    for predicate in (DCAT.endpointURL, DCAT.endpointDescription):
        yield Triple(service, predicate, service)
    yield Triple(service, DCAT.servesDataset, node)
    for source in inputs.read:
        yield from _source(node, source)


def _titles(node: NamedNode, counts: Mapping[str, Any]) -> Triples:
    for kind in (DCAT.Dataset, VOID.Dataset):
        yield Triple(node, RDF.type, kind)
    for predicate in (RDFS.label, DCTERMS.title):
        yield Triple(node, predicate, text(TITLE))
    words = (
        f"{counts['trials']} trials in {counts['reports']} reports, {counts['conflicts']} conflicts kept. "
        "Numbers of triples, entities, classes and properties are those of the data: the graph meta, "
        "in which this description stands, is not counted."
    )
    yield Triple(node, DCTERMS.description, text(words))
    for word in KEYWORDS:
        yield Triple(node, DCAT.keyword, text(word))
    yield Triple(node, VOID.uriSpace, text(iris.base()))
    for prefix in _VOCABULARIES:
        yield Triple(node, VOID.vocabulary, NamedNode(PREFIXES[prefix]))


def _header(release: NamedNode, digest: str, maker: NamedNode, inputs: Inputs) -> Triples:
    """The one ``owl:Ontology`` of the merged graph: the dataset, this release as its version (decisions/0031)."""
    node = iris.page()
    yield Triple(node, RDF.type, OWL.Ontology)
    yield Triple(node, OWL.versionIRI, release)
    yield Triple(node, OWL.versionInfo, text(digest))
    for predicate in (RDFS.label, DCTERMS.title):
        yield Triple(node, predicate, text(TITLE))
    yield Triple(node, DCTERMS.creator, maker)
    yield Triple(node, DCTERMS.rights, text(RIGHTS))
    for graph in iris.GRAPHS:
        for licence in licences_of(graph, inputs.licences):
            yield Triple(node, DCTERMS.license, licence)
    for part in PARTS:
        yield Triple(node, DCTERMS.hasPart, NamedNode(HOME + part))


def _source(release: NamedNode, source: Source) -> Triples:
    node = iris.source(source.slug)
    yield Triple(release, PROV.wasDerivedFrom, node)
    # Stated in `provenance` too: whoever reads this graph alone can check what was read.
    yield Triple(node, TG.sha256, text(source.sha256))
    if source.meta.get("doi"):
        article = iris.doi(str(source.meta["doi"]))
        yield Triple(node, DCTERMS.source, article)
        yield Triple(release, PROV.wasDerivedFrom, article)


def file_triples(digest: str, inputs: Inputs, finished: Mapping[str, tuple[int, str]]) -> Triples:
    """The files as distributions, each under the licences of all that is in it.

    :param finished: size and SHA-256 of the files that are there already
    """
    release = iris.release(digest)
    for name, file in FILES.items():
        node = iris.export(name)
        yield Triple(release, DCAT.distribution, node)
        if file.dump:
            yield Triple(release, VOID.dataDump, node)
        yield Triple(node, RDF.type, DCAT.Distribution)
        for predicate in (RDFS.label, DCTERMS.title):
            yield Triple(node, predicate, text(name))
        yield Triple(node, DCTERMS.description, text(file.words))
        yield Triple(node, DCAT.downloadURL, node)
        yield Triple(node, DCAT.mediaType, media_type(file.media_type))
        for licence in {
            iri for graph in file.of or iris.GRAPHS for iri in licences_of(graph, inputs.licences)
        }:
            yield Triple(node, DCTERMS.license, licence)
        if name in finished:
            yield from file_facts(name, *finished[name])


def file_facts(name: str, size: int, sha256: str) -> Triples:
    """Size and checksum of a file, as DCAT 3 says them."""
    node, checksum = iris.export(name), iris.checksum(name)
    yield Triple(node, DCAT.byteSize, integer(size))
    yield Triple(node, SPDX.checksum, checksum)
    yield Triple(checksum, RDF.type, SPDX.Checksum)
    yield Triple(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    yield Triple(checksum, SPDX.checksumValue, Literal(sha256, datatype=XSD.hexBinary))


def _version() -> str:
    try:
        return version("trialgraph")
    except PackageNotFoundError:
        return "unknown"
