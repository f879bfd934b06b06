"""The release described in its own graph ``meta``: DCAT, VoID, licences, sources, versions, example queries.

The dataset that is described is what the release's hash names: all graphs but ``meta``. So ``meta`` is its
``void:DatasetDescription`` and none of its parts, and no number in it counts itself.

No time stamps of the build: the dates are those of the inputs, so that the same input gives the same bytes.
Checksums stand here of the files that do not hold this graph; a file cannot hold its own. Those of the rest
are in the manifest, and in what the endpoint serves of this graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract.sources import Source
from trialgraph.graph.description.dataset import Inputs, dataset_triples, file_triples
from trialgraph.graph.description.examples import example_triples
from trialgraph.graph.description.graphs import graph_triples, stated_licences
from trialgraph.graph.description.linksets import Linksets
from trialgraph.graph.description.partitions import Partitions
from trialgraph.questions.saved_queries import read_queries
from trialgraph.rdf import iris
from trialgraph.rdf.lines import QuadLines, by_subject, in_line, sorted_lines, split
from trialgraph.rdf.literals import text
from trialgraph.rdf.prefixes import prefixes
from trialgraph.rdf.vocabulary import DCTERMS, OWL, PREFIXES, RDF, SH, XSD

__all__ = ["Describe", "describer", "describer_of_lines"]

#: The graph ``meta``, from the release's hash, the counts of the other graphs, and size and SHA-256 of finished files.
Describe = Callable[[str, Mapping[str, Any], Mapping[str, tuple[int, str]]], frozenset[Quad]]

_DATES: Final = frozenset(map(in_line, (DCTERMS.issued, DCTERMS.date)))
_DATED: Final = tuple(b" " + date + b" " for date in _DATES)
# Vocabularies that the ontology does not declare, and the terms of another.
_FOREIGN: Final = (
    *(PREFIXES[prefix] for prefix in ("dcat", "foaf", "prov", "schema", "sh", "spdx", "void", "void-ext")),
    *(term.value for term in (DCTERMS.conformsTo, DCTERMS.hasPart, DCTERMS.modified, DCTERMS.publisher)),
)


def describer(quads: Iterable[Quad], read: Sequence[Source], settings: Settings) -> Describe:
    """The function that :func:`trialgraph.release.write.write_release` takes as ``describe``.

    :param quads: the graphs of the release, to count, and for licences and dates that stand in them
    :param read: the sources that were read
    :param settings: the limits of the saved queries
    """
    return describer_of_lines(sorted_lines(quads), read, settings)


def describer_of_lines(lines: QuadLines, read: Sequence[Source], settings: Settings) -> Describe:
    """The same for quads as lines."""
    licences = stated_licences(lines)
    inputs = Inputs(tuple(read), max(_days(lines), default=""), licences)
    examples = tuple(_examples(settings))

    def describe(
        digest: str, counts: Mapping[str, Any], files: Mapping[str, tuple[int, str]]
    ) -> frozenset[Quad]:
        partitions, linksets = Partitions(lines), Linksets()
        for subject, about in by_subject(lines):
            partitions.add(subject, about)
            linksets.add(subject, about)
        stated = {
            *dataset_triples(digest, counts, inputs),
            *file_triples(digest, inputs, files),
            *graph_triples(digest, counts["graphs"], licences),
            *partitions.triples(iris.release(digest)),
            *linksets.triples(),
            *_prefixes(),
            *examples,
        }
        graph = iris.graph("meta")
        declared = {*stated, *_declarations(stated)}
        return frozenset(Quad(t.subject, t.predicate, t.object, graph) for t in declared)

    return describe


def _days(lines: QuadLines) -> Iterator[str]:
    """The dates of publications and retrievals."""
    for line in lines:
        if any(mark in line for mark in _DATED):
            _, predicate, value, _ = split(line)
            if predicate in _DATES and value.startswith(b'"'):
                yield value[1:].partition(b'"')[0].decode()


def _examples(settings: Settings) -> Iterator[Triple]:
    try:
        queries = read_queries(settings=settings)
    except InputError:
        return iter(())  # a checkout without saved queries builds all the same
    return example_triples(queries.values(), iris.endpoint())


def _prefixes() -> Iterator[Triple]:
    """Each prefix with its namespace, as SHACL declares them: editors and other engines ask for these."""
    ontology = iris.page()
    for name, space in prefixes().items():
        node = iris.prefix(name)
        yield Triple(ontology, SH.declare, node)
        yield Triple(node, SH.prefix, text(name))
        yield Triple(node, SH.namespace, Literal(space, datatype=XSD.anyURI))


def _declarations(made: Iterable[Triple]) -> Iterator[Triple]:
    """The terms that only this graph uses, so that an OWL reader of the whole need not guess what they are."""
    properties, classes = set(), set()
    for triple in made:
        properties.add(triple.predicate)
        if triple.predicate == RDF.type and isinstance(triple.object, NamedNode):
            classes.add(triple.object)
    for names, kind in ((properties, OWL.AnnotationProperty), (classes, OWL.Class)):
        for name in names:
            if name.value.startswith(_FOREIGN):
                yield Triple(name, RDF.type, kind)
