"""The one table of formats and media types: RDF, query results, and the other media types of the HTTP interface.

Everything that names, offers, describes or writes a format takes it from here; no other module spells a media type.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat

from trialgraph.base.errors import UsageError

__all__ = [
    "BIBTEX",
    "CSS",
    "CSV",
    "DATASET_FORMATS",
    "DOCUMENT_FORMATS",
    "EXPORT_FORMATS",
    "FILE_FORMATS",
    "FORM",
    "FORMATS",
    "GRAPHML",
    "GRAPH_FORMATS",
    "GRAPH_TYPES",
    "HTML",
    "JAVASCRIPT",
    "JSON",
    "JSON_LD",
    "KGX",
    "MARKDOWN",
    "N3",
    "N_QUADS",
    "N_TRIPLES",
    "OPENAPI",
    "PNG",
    "PROBLEM",
    "RDF_XML",
    "RESULTS_JSON",
    "RESULTS_XML",
    "RESULT_FORMATS",
    "RIS",
    "RO_CRATE",
    "SPARQL_QUERY",
    "SPARQL_UPDATE",
    "SQLITE",
    "SSSOM_SETS",
    "SVG",
    "TABLES",
    "TEXT",
    "TRIG",
    "TSV",
    "TURTLE",
    "XLSX",
    "FileFormat",
    "Format",
    "GraphFormat",
    "ResultFormat",
    "by_media_type",
    "export_format",
]

# Media types of what is neither RDF nor a query result.
HTML: Final = "text/html"
TEXT: Final = "text/plain"
MARKDOWN: Final = "text/markdown"
CSS: Final = "text/css"
JAVASCRIPT: Final = "text/javascript"
JSON: Final = "application/json"
#: RFC 9457
PROBLEM: Final = "application/problem+json"
OPENAPI: Final = "application/openapi+json"
SVG: Final = "image/svg+xml"
PNG: Final = "image/png"
SQLITE: Final = "application/vnd.sqlite3"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RIS: Final = "application/x-research-info-systems"
BIBTEX: Final = "application/x-bibtex"
# Of requests.
FORM: Final = "application/x-www-form-urlencoded"
SPARQL_QUERY: Final = "application/sparql-query"
SPARQL_UPDATE: Final = "application/sparql-update"

_XML: Final = ("application/xml", "text/xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A way to write a graph or a query result.

    :param name: short name, as in ``?format=`` and ``-f``
    :param title: as the format is called in prose
    :param media_type: what a request without a preference gets
    :param also: other media types under which it is served on request
    :param aliases: other short names
    :param suffix: of files and addresses, without a dot
    :param w3c: its name in the W3C's list, the namespace ``formats:``
    """

    name: str
    title: str
    media_type: str
    also: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    suffix: str
    w3c: str

    @property
    def is_xml(self) -> bool:
        """Whether it is an XML document, with what XML cannot hold."""
        return self.media_type.endswith("+xml")

    @property
    def is_table(self) -> bool:
        """Whether it is plain cells, as a spreadsheet opens them."""
        return self in (CSV, TSV)

    def content_type(self, media_type: str = "") -> str:
        """The value of ``Content-Type``, for the media type that was requested."""
        chosen = media_type or self.media_type
        charset = "; charset=utf-8" if chosen.startswith("text/") else ""
        return f"{chosen}{charset}; header=present" if self is CSV else f"{chosen}{charset}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphFormat(Format):
    """A way to write RDF: the answer to CONSTRUCT and DESCRIBE, and files.

    :param engine: as pyoxigraph calls it
    :param dataset: whether we write named graphs in it
    :param prefixes: whether it abbreviates IRIs
    """

    engine: RdfFormat
    dataset: bool = False
    prefixes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFormat(Format):
    """A way to write the answer to SELECT and ASK.

    :param engine: as pyoxigraph calls it
    """

    engine: QueryResultsFormat


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """A file for other tools that is neither RDF nor a query result.

    :param name: short name, as in ``-f``
    :param title: as the format is called in prose
    :param media_type: as served
    :param file: what the file is called
    :param words: what is in it, in one line
    """

    name: str
    title: str
    media_type: str
    file: str
    words: str


_F = TypeVar("_F", bound=Format)


def by_media_type(formats: Iterable[_F]) -> dict[str, _F]:
    """The formats by all media types under which they can be requested, the main ones first."""
    formats = tuple(formats)
    return {f.media_type: f for f in formats} | {media_type: f for f in formats for media_type in f.also}


RESULTS_JSON: Final = ResultFormat(
    name="json",
    title="JSON",
    media_type="application/sparql-results+json",
    also=(JSON,),
    aliases=("sparql-json", "srj"),
    suffix="json",
    w3c="SPARQL_Results_JSON",
    engine=QueryResultsFormat.JSON,
)
RESULTS_XML: Final = ResultFormat(
    name="xml",
    title="XML",
    media_type="application/sparql-results+xml",
    also=_XML,
    aliases=("sparql-xml", "srx"),
    suffix="xml",
    w3c="SPARQL_Results_XML",
    engine=QueryResultsFormat.XML,
)
CSV: Final = ResultFormat(
    name="csv",
    title="CSV",
    media_type="text/csv",
    suffix="csv",
    w3c="SPARQL_Results_CSV",
    engine=QueryResultsFormat.CSV,
)
TSV: Final = ResultFormat(
    name="tsv",
    title="TSV",
    media_type="text/tab-separated-values",
    suffix="tsv",
    w3c="SPARQL_Results_TSV",
    engine=QueryResultsFormat.TSV,
)
TURTLE: Final = GraphFormat(
    name="turtle",
    title="Turtle",
    media_type="text/turtle",
    also=("application/x-turtle",),
    aliases=("ttl",),
    suffix="ttl",
    w3c="Turtle",
    engine=RdfFormat.TURTLE,
    prefixes=True,
)
N_TRIPLES: Final = GraphFormat(
    name="ntriples",
    title="N-Triples",
    media_type="application/n-triples",
    aliases=("nt", "n-triples"),
    suffix="nt",
    w3c="N-Triples",
    engine=RdfFormat.N_TRIPLES,
)
RDF_XML: Final = GraphFormat(
    name="rdfxml",
    title="RDF/XML",
    media_type="application/rdf+xml",
    also=_XML,
    aliases=("rdf", "rdf+xml", "rdf-xml", "xml"),
    suffix="rdf",
    w3c="RDF_XML",
    engine=RdfFormat.RDF_XML,
    prefixes=True,
)
JSON_LD: Final = GraphFormat(
    name="jsonld",
    title="JSON-LD",
    media_type="application/ld+json",
    also=(JSON,),
    aliases=("json-ld", "ld+json", "json"),
    suffix="jsonld",
    w3c="JSON-LD",
    engine=RdfFormat.JSON_LD,
)
TRIG: Final = GraphFormat(
    name="trig",
    title="TriG",
    media_type="application/trig",
    also=("application/x-trig",),
    suffix="trig",
    w3c="TriG",
    engine=RdfFormat.TRIG,
    dataset=True,
    prefixes=True,
)
N_QUADS: Final = GraphFormat(
    name="nquads",
    title="N-Quads",
    media_type="application/n-quads",
    aliases=("nq", "n-quads"),
    suffix="nq",
    w3c="N-Quads",
    engine=RdfFormat.N_QUADS,
    dataset=True,
)
N3: Final = GraphFormat(
    name="n3",
    title="N3",
    media_type="text/n3",
    also=("text/rdf+n3",),
    suffix="n3",
    w3c="N3",
    engine=RdfFormat.N3,
    prefixes=True,
)

#: By name; the first one is what a request without a preference gets.
RESULT_FORMATS: Final = {made.name: made for made in (RESULTS_JSON, RESULTS_XML, CSV, TSV)}
GRAPH_FORMATS: Final = {made.name: made for made in (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS, N3)}
#: All of them; the names of the two kinds differ.
FORMATS: Final[Mapping[str, Format]] = {**RESULT_FORMATS, **GRAPH_FORMATS}
#: The RDF formats by all media types that can be requested, the main ones first.
GRAPH_TYPES: Final = by_media_type(GRAPH_FORMATS.values())
#: Those that a release is written in.
EXPORT_FORMATS: Final = {made.name: made for made in (TURTLE, TRIG, N_QUADS, N_TRIPLES, JSON_LD, RDF_XML)}
#: Files for other tools, which are made on request.
KGX: Final = FileFormat(
    name="kgx",
    title="KGX",
    media_type="application/gzip",
    file="trialgraph-kgx.tar.gz",
    words="Nodes and edges of the Biolink model, as TSV and JSON lines",
)
GRAPHML: Final = FileFormat(
    name="graphml",
    title="GraphML",
    media_type="application/graphml+xml",
    file="trialgraph.graphml",
    words="Trials, diseases, products and outcomes as a network with labels and numbers",
)
TABLES: Final = FileFormat(
    name="tables",
    title="The set of tables",
    media_type="application/zip",
    file="trialgraph-tables.zip",
    words="CSV tables with keys between them, described as a Frictionless data package",
)
SSSOM_SETS: Final = FileFormat(
    name="sssom",
    title="SSSOM",
    media_type="application/zip",
    file="trialgraph-sssom.zip",
    words="The mappings of words and of concepts as SSSOM sets, and the list of terms",
)
RO_CRATE: Final = FileFormat(
    name="rocrate",
    title="RO-Crate",
    media_type="application/zip",
    file="trialgraph-rocrate.zip",
    words="The release as a package: its files with checksums, licences, sources and citation",
)
FILE_FORMATS: Final = {made.name: made for made in (KGX, GRAPHML, TABLES, SSSOM_SETS, RO_CRATE)}
#: Those that keep named graphs apart.
DATASET_FORMATS: Final = {made.name: made for made in GRAPH_FORMATS.values() if made.dataset}
#: Those in which every resource has a document of its own.
DOCUMENT_FORMATS: Final = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)


def export_format(name: str) -> GraphFormat | FileFormat:
    """The format of an export that has that name.

    :raises UsageError: there is none; the line names those there are
    """
    known: Mapping[str, GraphFormat | FileFormat] = {**EXPORT_FORMATS, **FILE_FORMATS}
    try:
        return known[name]
    except KeyError:
        raise UsageError(f"there is no format {name!r}", hint=f"use one of {', '.join(known)}") from None
