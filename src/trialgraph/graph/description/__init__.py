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
from trialgraph.graph.description.graphs import Licences, graph_triples
from trialgraph.graph.description.linksets import Linksets
from trialgraph.graph.description.partitions import Partitions, Types
from trialgraph.questions.saved_queries import read_queries
from trialgraph.rdf import iris
from trialgraph.rdf.lines import QuadLines, Statement, by_subject, in_line, lines_with, sorted_lines, split
from trialgraph.rdf.literals import text
from trialgraph.rdf.prefixes import prefixes
from trialgraph.rdf.vocabulary import DCTERMS, OWL, PREFIXES, RDF, SH, XSD

__all__ = ["Describe", "Description", "describer"]

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
    lines = sorted_lines(quads)
    made = Description(lines, read, settings)
    for subject, about in by_subject(lines):
        made.add(subject, about)
    return made


class Description:
    """The graph ``meta``, for which the other graphs are counted subject by subject.

    :param lines: all other graphs, in which classes, licences and dates are looked up before they are counted
    :param read: the sources that were read
    :param settings: the limits of the saved queries
    """

    def __init__(self, lines: QuadLines, read: Sequence[Source], settings: Settings) -> None:
        types, licences, newest = Types(), Licences(), ""
        for line in lines_with(lines, (Types.mark, Licences.mark, *_DATED)):
            subject, predicate, value, graph = split(line)
            types.add(subject, predicate, value)
            licences.add(predicate, value, graph)
            if predicate in _DATES and value.startswith(b'"'):
                newest = max(newest, value[1:].partition(b'"')[0].decode())
        self._inputs = Inputs(tuple(read), newest, licences.by_graph())
        self._examples = tuple(_examples(settings))
        self._partitions, self._linksets = Partitions(types), Linksets()

    def add(self, subject: bytes, about: list[Statement]) -> None:
        """All that is stated of a subject: of each once, in order."""
        self._partitions.add(subject, about)
        self._linksets.add(subject, about)

    def __call__(
        self, digest: str, counts: Mapping[str, Any], files: Mapping[str, tuple[int, str]]
    ) -> frozenset[Quad]:
        """The description, when all subjects are counted."""
        stated = {
            *dataset_triples(digest, counts, self._inputs),
            *file_triples(digest, self._inputs, files),
            *graph_triples(digest, counts["graphs"], self._inputs.licences),
            *self._partitions.triples(iris.release(digest)),
            *self._linksets.triples(),
            *_prefixes(),
            *self._examples,
        }
        graph = iris.graph("meta")
        declared = {*stated, *_declarations(stated)}
        return frozenset(Quad(t.subject, t.predicate, t.object, graph) for t in declared)


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
