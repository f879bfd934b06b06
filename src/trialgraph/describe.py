"""The release described in its own graph ``meta``: DCAT, VoID, licences, sources, versions.

No time stamps of the build: the dates are those of the inputs, so that the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from trialgraph import iris
from trialgraph.formats import FORMATS
from trialgraph.sources import Source
from trialgraph.triples.literals import date, integer, text
from trialgraph.vocab import (
    DCAT,
    DCTERMS,
    OWL,
    PREFIXES,
    PROV,
    RDF,
    RDFS,
    SH,
    TG,
    VOID,
    XSD,
    licence,
    media_type,
)

__all__ = ["describer", "meta_quads"]

_OURS: Final = "CC-BY-4.0"
_FREE: Final = "CC0-1.0"
_LICENCES: Final = {
    "quality": _OURS,
    "summary": _OURS,
    "inferred": _OURS,
    "ontology": _OURS,
    "module": _OURS,
    "mappings": _FREE,
    "meta": _FREE,
}
_SAYS: Final = {
    "provenance": "Sources, rows, cells, readings and rules: all verbatim text of the sources",
    "quality": "Conflicts, kept and never silently repaired",
    "ontology": "The vocabulary of the project",
    "module": "The terms of other ontologies that the data refer to",
    "mappings": "Reviewed links between words and terms",
    "summary": "One-hop shortcuts derived from the reports",
    "inferred": "Types of trials that follow from the defined classes of the ontology",
    "meta": "This description",
}
_VOCABULARIES: Final = ("tg", "skos", "dcterms", "oa", "prov", "sssom", "qudt")

# Vocabularies that the ontology does not declare, and the one term of another.
_FOREIGN: Final = (
    PREFIXES["dcat"],
    PREFIXES["void"],
    PREFIXES["prov"],
    PREFIXES["sh"],
    DCTERMS.conformsTo.value,
)

Triples = Iterator[Triple]


def describer(
    quads: Iterable[Quad], read: Sequence[Source]
) -> Callable[[str, Mapping[str, Any]], frozenset[Quad]]:
    """The function that :func:`trialgraph.release.write_release` takes as ``describe``.

    :param quads: the graphs of the release, for licences and dates that stand in them
    :param read: the sources that were read
    """
    quads = tuple(quads)
    licences = _stated_licences(quads)
    issued = max(
        (q.object.value for q in quads if q.predicate in _DATES and isinstance(q.object, Literal)), default=""
    )
    return lambda digest, counts: meta_quads(digest, counts, read, licences, issued)


_DATES: Final = frozenset({DCTERMS.issued, DCTERMS.date})


def meta_quads(
    digest: str,
    counts: Mapping[str, Any],
    read: Sequence[Source],
    licences: Mapping[str, frozenset[NamedNode]],
    issued: str = "",
) -> frozenset[Quad]:
    """The graph ``meta``.

    :param digest: the release's hash
    :param counts: as in the manifest
    :param licences: for graphs whose content is others', the licences stated in them
    :param issued: the newest date of the inputs
    """
    graph = iris.graph("meta")
    made = [*_release(digest, counts, issued), *_files(digest)]
    for source in read:
        made += _source(digest, source)
    for name, triples in counts["graphs"].items():
        made += _graph(digest, name, triples, licences.get(name, frozenset()))
    made += list(_prefixes())
    made += list(_declarations(made))
    return frozenset(Quad(t.subject, t.predicate, t.object, graph) for t in made)


def _release(digest: str, counts: Mapping[str, Any], issued: str) -> Triples:
    node = iris.release(digest)
    for kind in (DCAT.Dataset, VOID.Dataset):
        yield Triple(node, RDF.type, kind)
    title = "Clinical trials read out of review tables"
    yield Triple(node, RDFS.label, text(title))
    yield Triple(node, DCTERMS.title, text(title))
    words = f"{counts['trials']} trials in {counts['reports']} reports, {counts['conflicts']} conflicts kept"
    yield Triple(node, DCTERMS.description, text(words))
    yield Triple(node, DCTERMS.identifier, text(digest))
    yield Triple(node, VOID.triples, integer(counts["triples"]))
    yield Triple(node, VOID.uriSpace, text(iris.base()))
    yield Triple(node, DCTERMS.conformsTo, NamedNode(PREFIXES["tg"].rstrip("/")))
    yield Triple(node, DCAT.version, text(_version()))
    if issued:
        yield Triple(node, DCTERMS.issued, date(issued))
    for prefix in _VOCABULARIES:
        yield Triple(node, VOID.vocabulary, NamedNode(PREFIXES[prefix]))


def _files(digest: str) -> Triples:
    release = iris.release(digest)
    for form in FORMATS.values():
        node = iris.export(f"trialgraph.{form.suffix}")
        yield Triple(release, DCAT.distribution, node)
        yield Triple(release, VOID.dataDump, node)
        yield Triple(node, RDF.type, DCAT.Distribution)
        yield Triple(node, RDFS.label, text(f"trialgraph.{form.suffix}"))
        yield Triple(node, DCAT.downloadURL, node)
        yield Triple(node, DCAT.mediaType, media_type(form.media_type))


def _source(digest: str, source: Source) -> Triples:
    node = iris.source(source.slug)
    yield Triple(iris.release(digest), PROV.wasDerivedFrom, node)
    # Said in `provenance` too: whoever reads this graph alone can check what was read.
    yield Triple(node, TG.sha256, text(source.sha256))
    if source.meta.get("doi"):
        yield Triple(node, DCTERMS.source, iris.doi(str(source.meta["doi"])))


def _graph(digest: str, name: str, triples: int, stated: frozenset[NamedNode]) -> Triples:
    node = iris.graph(name)
    yield Triple(iris.release(digest), VOID.subset, node)
    yield Triple(node, RDF.type, VOID.Dataset)
    yield Triple(node, RDFS.label, text(name))
    yield Triple(node, DCTERMS.description, text(_SAYS.get(name, f"What the source {name} says of trials")))
    yield Triple(node, VOID.triples, integer(triples))
    own = frozenset({licence(_LICENCES.get(name, _OURS))}) if name != "provenance" else frozenset()
    for iri in stated or own:
        yield Triple(node, DCTERMS.license, iri)


def _prefixes() -> Triples:
    """Each prefix with its namespace, as SHACL declares them: editors and other engines ask for these."""
    ontology = NamedNode(PREFIXES["tg"].rstrip("/"))
    for name, space in PREFIXES.items():
        node = iris.prefix(name)
        yield Triple(ontology, SH.declare, node)
        yield Triple(node, SH.prefix, text(name))
        yield Triple(node, SH.namespace, Literal(space, datatype=XSD.anyURI))


def _declarations(made: Sequence[Triple]) -> Triples:
    """The terms that only this graph uses, so that an OWL reader of the whole need not guess what they are."""
    for triple in made:
        if triple.predicate.value.startswith(_FOREIGN):
            yield Triple(triple.predicate, RDF.type, OWL.AnnotationProperty)
        if triple.predicate == RDF.type and str(triple.object).strip("<>").startswith(_FOREIGN):
            yield Triple(triple.object, RDF.type, OWL.Class)  # type: ignore[arg-type]  # classes are IRIs


def _stated_licences(quads: Iterable[Quad]) -> dict[str, frozenset[NamedNode]]:
    """Licences that stand in ``provenance`` (the sources') and ``module`` (the ontologies')."""
    found: dict[str, set[NamedNode]] = {"provenance": set(), "module": set()}
    for quad in quads:
        if quad.predicate == DCTERMS.license and isinstance(quad.object, NamedNode):
            name = iris.graph_name(quad.graph_name) if isinstance(quad.graph_name, NamedNode) else ""
            found.get(name, set()).add(quad.object)
    return {name: frozenset(iris_) for name, iris_ in found.items()}


def _version() -> str:
    try:
        return version("trialgraph")
    except PackageNotFoundError:
        return "unknown"
