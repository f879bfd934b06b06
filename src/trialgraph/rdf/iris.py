"""IRI minting: data IRIs that are readable, derived from content and never reused (decisions/0004).

``<base><kind>/<part>/<part>…``; every character of a part outside ``[A-Za-z0-9._~-]`` is percent-encoded as
UTF-8, so a part never holds a slash and two different keys never share an IRI.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, cast
from urllib.parse import quote

from pyoxigraph import NamedNode

from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS, SETTINGS
from trialgraph.rdf.vocabulary import IDENTIFIERS, PREFIXES

__all__ = [
    "GRAPHS",
    "agent",
    "analyte",
    "arm",
    "arm_intervention",
    "base",
    "biologic",
    "bioregistry",
    "cell",
    "checksum",
    "claim",
    "code_slug",
    "column",
    "comparison",
    "condition",
    "conflict",
    "curation",
    "device",
    "doi",
    "dose",
    "drug",
    "encode",
    "endpoint",
    "export",
    "finding",
    "further_intervention",
    "graph",
    "graph_name",
    "intervention",
    "linkset",
    "mapping",
    "mint",
    "outcome",
    "own_drug",
    "own_product",
    "page",
    "partition",
    "prefix",
    "procedure",
    "product",
    "question",
    "reading",
    "reference",
    "registry",
    "release",
    "report",
    "resolvable",
    "row",
    "rule",
    "same_trial",
    "selector",
    "source",
    "table_text",
    "trial",
    "unread",
    "use_base",
]

#: Named graphs besides those of the sources.
GRAPHS: Final = (
    "provenance", "quality", "comparisons", "ontology", "module", "mappings", "summary", "inferred", "meta",
)  # fmt: skip

Part = str | int


# One for the whole process, as IRIs are minted in pure functions everywhere (decisions/0018-settings.md).
_base: str | None = None


def base() -> str:
    """The base of data IRIs: what :func:`use_base` was given, else the default of the setting ``base_iri``."""
    if _base is None:
        use_base(DEFAULTS.base_iri)
    return cast(str, _base)


def use_base(iri: str) -> None:
    """Mint all IRIs of this process under a base; to be called at the edge, with the setting ``base_iri``.

    :raises InputError: it is no absolute http(s) IRI that ends in ``/`` or ``#``, or IRIs were already minted
        under another one: some of them are kept in caches, and two bases would mix
    """
    global _base  # noqa: PLW0603 - the one place where it is set
    where = SETTINGS["base_iri"].variable
    if _base not in (None, iri):
        raise InputError(
            f"IRIs of this process have the base {_base}, not {iri}",
            where=where,
            hint="use one base in a process",
        )
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#]+/#?", iri) or not _well_formed(iri):
        raise InputError(
            f"{iri!r} is no base for IRIs", where=where, hint="give an http(s) IRI that ends in /"
        )
    _base = iri


def _well_formed(iri: str) -> bool:
    try:
        return NamedNode(iri).value == iri
    except ValueError:
        return False


@lru_cache(4096)  # the names of fields, classes and properties come again and again
def encode(part: Part) -> str:
    """One path part: all but ``[A-Za-z0-9._~-]`` percent-encoded; dots alone too, as clients resolve them."""
    text = str(part)
    if text.strip(".") == "":
        return text.replace(".", "%2E")
    return quote(text, safe="-._~", errors="surrogatepass")


def mint(kind: str, *parts: Part) -> NamedNode:
    """``<base><kind>/<part>/…``; different keys of a kind give different IRIs."""
    return NamedNode(base() + "/".join([kind, *map(encode, parts)]))


def code_slug(code: str) -> str:
    """A product code as part of an IRI: case does not tell two codes apart, nor does the kind of blank."""
    return "-".join(code.casefold().split())


def trial(*key: Part) -> NamedNode:
    """``trial/NCT01741857``, or ``trial/<source>/<row>`` where there is no registry id."""
    return mint("trial", *key)


def report(source: str, row: int) -> NamedNode:
    """What one source says of one trial."""
    return mint("report", source, row)


def row(source: str, number: int) -> NamedNode:
    """A line of a table."""
    return mint("row", source, number)


def cell(source: str, row: int, key: str) -> NamedNode:
    """A cell by its key, which is unique in its row."""
    return mint("cell", source, row, key)


def column(source: str, number: int, field: str, kind: str = "") -> NamedNode:
    """A column of a table by its position and its field: a column that holds several fields is several.

    :param kind: of what a text beside the table states (then the position is 0), what kind of text it is
    """
    return mint("column", source, number, *filter(None, (kind, field.replace(" ", "-"))))


def reading(source: str, row: int, name: str, n: int) -> NamedNode:
    """The ``n``-th reading (from 1) of that name in a row."""
    return mint("reading", source, row, name, n)


def arm(source: str, row: int, n: int) -> NamedNode:
    """The ``n``-th arm of a report."""
    return mint("arm", source, row, n)


def intervention(source: str, row: int) -> NamedNode:
    """What is given in a report."""
    return mint("intervention", source, row)


def arm_intervention(source: str, row: int, n: int) -> NamedNode:
    """What the ``n``-th arm of a report receives, where that is not the report's intervention as worded."""
    return mint("intervention", source, row, n)


def further_intervention(source: str, row: int, n: int) -> NamedNode:
    """The ``n``-th thing that a report says is given, from the second on: the first is :func:`intervention`."""
    return mint("intervention", source, row, "given", n)


def dose(source: str, row: int, n: int) -> NamedNode:
    """The ``n``-th dose level of a report."""
    return mint("dose", source, row, n)


def condition(source: str, row: int, n: int = 1) -> NamedNode:
    """Disease, qualifiers and site of a report: of the ``n``-th condition that it names."""
    return mint("condition", source, row, *([n] if n > 1 else []))


def outcome(source: str, row: int, n: int) -> NamedNode:
    """The ``n``-th planned outcome of a report."""
    return mint("planned-outcome", source, row, n)


def analyte(source: str, row: int, n: int, k: int) -> NamedNode:
    """The ``k``-th outcome in the brackets behind the ``n``-th planned outcome of a report."""
    return mint("planned-outcome", source, row, n, k)


def claim(source: str, row: int, n: int) -> NamedNode:
    """The ``n``-th mechanism that a report claims."""
    return mint("mechanism-claim", source, row, n)


def finding(source: str, row: int, n: int) -> NamedNode:
    """The ``n``-th finding of a report."""
    return mint("finding", source, row, n)


def product(code: str, donor: str | None = None) -> NamedNode:
    """A coded product; with ``donor`` where reports disagree about it."""
    return mint("product", code_slug(code), *([donor] if donor else []))


def own_product(source: str, row: int, n: int) -> NamedNode:
    """The ``n``-th product of a report, where the source gives no code."""
    return mint("product", source, row, n)


def drug(slug: str) -> NamedNode:
    """A drug by the slug of its concept."""
    return mint("drug", slug)


def biologic(slug: str) -> NamedNode:
    """A biologic that is no cells, by the slug of its concept: apart from a drug of that concept."""
    return mint("biologic", slug)


def device(slug: str) -> NamedNode:
    """A device by the slug of its concept."""
    return mint("device", slug)


def procedure(slug: str) -> NamedNode:
    """A procedure by the slug of its concept."""
    return mint("procedure", slug)


def own_drug(source: str, row: int, n: int) -> NamedNode:
    """The ``n``-th co-treatment of a report, where no concept covers the words."""
    return mint("drug", source, row, n)


def conflict(source: str, row: int, kind: str, n: int | None = None) -> NamedNode:
    """A conflict; ``n`` (from 1) where a report has several of that kind."""
    return mint("conflict", source, row, kind, *([n] if n else []))


def curation(source: str, row: int, kind: str, n: int = 1) -> NamedNode:
    """A reviewer's ``n``-th decision about the conflicts of that kind, or the field of that name, in a row."""
    return mint("curation", source, row, kind, *([n] if n > 1 else []))


def comparison(left: tuple[str, Part], right: tuple[str, Part], field: str) -> NamedNode:
    """A field of two reports side by side; each report by its source and row."""
    return mint("comparison", *left, *right, field)


def same_trial(left: tuple[str, Part], right: tuple[str, Part]) -> NamedNode:
    """The proposal that two reports are of one trial."""
    return mint("same-trial", *left, *right)


def mapping(stem: str, subject: str, target: str) -> NamedNode:
    """A mapping by its file, its subject (surface form or concept slug) and what it maps to."""
    return mint("mapping", stem, subject, target)


def rule(name: str) -> NamedNode:
    """A reading rule by its id."""
    return mint("rule", name)


def selector(cell: NamedNode, kind: str) -> NamedNode:
    """The ``position`` or ``quote`` selector of a cell."""
    return NamedNode(f"{cell.value}/{encode(kind)}")


def source(slug: str) -> NamedNode:
    """A source by its slug."""
    return mint("source", slug)


def registry(name: str) -> NamedNode:
    """A trial registry by its name as printed."""
    return mint("registry", code_slug(name))


def table_text(source: str, n: int) -> NamedNode:
    """The ``n``-th text (from 1) beside the cells of a table: its caption, a footnote."""
    return mint("table-text", source, n)


def reference(source: str, number: int) -> NamedNode:
    """An entry of the reference list of a source."""
    return mint("reference", source, number)


def unread(source: str, line: int) -> NamedNode:
    """A line that looks like a row and could not be read."""
    return mint("unread", source, line)


def graph(name: str) -> NamedNode:
    """A named graph: a source's slug or one of :data:`GRAPHS`."""
    return mint("graph", name)


def graph_name(iri: NamedNode) -> str:
    """The name in a graph's IRI, still percent-encoded; the inverse of :func:`graph` for plain names."""
    return iri.value.removeprefix(base() + "graph/")


def release(digest: str) -> NamedNode:
    """A release by its hash."""
    return mint("release", digest)


def prefix(name: str) -> NamedNode:
    """The declaration of a prefix."""
    return mint("prefix", name)


def export(file: str) -> NamedNode:
    """A file of the current release, at the address where the endpoint serves it."""
    return mint("export", file)


def checksum(file: str) -> NamedNode:
    """The checksum of a file of the current release."""
    return mint("checksum", file)


def endpoint() -> NamedNode:
    """The SPARQL endpoint, at the address where the base leads."""
    return mint("sparql")


def page() -> NamedNode:
    """The page about the dataset."""
    return mint("dataset")


def question(slug: str) -> NamedNode:
    """A saved query by its slug, at the address of its page."""
    return mint("queries", slug)


def agent(name: str) -> NamedNode:
    """Who makes the dataset, by name."""
    return mint("agent", code_slug(name))


def partition(*parts: Part) -> NamedNode:
    """A part of a graph, or of all graphs, by class or property."""
    return mint("partition", *parts)


def linkset(graph: str, prefix: str, predicate: str) -> NamedNode:
    """The links by one property from a graph to the terms of one prefix."""
    return mint("linkset", graph, prefix, predicate)


def bioregistry(prefix: str, identifier: str) -> NamedNode:
    """A registry id as a Bioregistry IRI."""
    return NamedNode(f"{PREFIXES['bioregistry']}{prefix}:{encode(identifier)}")


def resolvable(prefix: str, identifier: str) -> NamedNode:
    """An id as an identifiers.org IRI, which resolves to the page of the registry or the publisher."""
    return NamedNode(
        f"{IDENTIFIERS}{prefix}:{quote(identifier.strip(), safe='/-._~', errors='surrogatepass')}"
    )


def doi(text: str) -> NamedNode:
    """A DOI as an IRI; slashes of the DOI stay."""
    return NamedNode(PREFIXES["doi"] + quote(text.strip(), safe="/-._~", errors="surrogatepass"))
