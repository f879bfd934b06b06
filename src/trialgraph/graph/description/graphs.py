"""The named graphs: what each is about, under which licence it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import NamedNode, Triple

from trialgraph.rdf import iris
from trialgraph.rdf.lines import in_line, iri
from trialgraph.rdf.literals import text
from trialgraph.rdf.vocabulary import DCTERMS, FOAF, RDF, RDFS, VOID, licence

__all__ = ["Licences", "graph_triples", "licences_of", "words"]

_OURS: Final = licence("CC-BY-4.0")
_FREE: Final = licence("CC0-1.0")
_LICENCE: Final = in_line(DCTERMS.license)
_LICENCES: Final = {"mappings": _FREE, "meta": _FREE}
_SAYS: Final = {
    "provenance": "Sources, rows, cells, readings and rules: all verbatim text of the sources",
    "quality": "Conflicts, kept and never silently repaired",
    "comparisons": "Reports side by side: fields of a trial compared, changes of records, trials that may be the same",
    "ontology": "The vocabulary of the project",
    "module": "The terms of other ontologies that the data refer to",
    "mappings": "Reviewed links between words and terms",
    "summary": "One-hop shortcuts derived from the reports",
    "inferred": "Types of trials that follow from the defined classes of the ontology",
    "meta": "This description of the others, which are counted without it",
}


def words(name: str) -> str:
    """What the graph of that name is about."""
    return _SAYS.get(name, f"What the source {name} says of trials")


def graph_triples(
    digest: str, graphs: Iterable[str], licences: Mapping[str, frozenset[NamedNode]]
) -> Iterator[Triple]:
    """Each graph with its licences: parts of the dataset, and ``meta``, which describes it.

    :param graphs: names of the graphs but ``meta``
    :param licences: as :meth:`Licences.by_graph`
    """
    release, meta = iris.release(digest), iris.graph("meta")
    for name in graphs:
        yield Triple(release, VOID.subset, iris.graph(name))
        yield Triple(iris.graph(name), RDF.type, VOID.Dataset)
        yield from _labels(name, licences)
    yield Triple(meta, RDF.type, VOID.DatasetDescription)
    yield Triple(meta, FOAF.primaryTopic, release)
    yield from _labels("meta", licences)


def _labels(name: str, licences: Mapping[str, frozenset[NamedNode]]) -> Iterator[Triple]:
    node = iris.graph(name)
    yield Triple(node, RDFS.label, text(name))
    yield Triple(node, DCTERMS.description, text(words(name)))
    for stands_under in licences_of(name, licences):
        yield Triple(node, DCTERMS.license, stands_under)


def licences_of(name: str, licences: Mapping[str, frozenset[NamedNode]]) -> frozenset[NamedNode]:
    """The licences of a graph.

    :param licences: as :meth:`Licences.by_graph`
    """
    # What is verbatim stands under its source's licence only, also where that is not known.
    own = frozenset() if name == "provenance" else frozenset({_LICENCES.get(name, _OURS)})
    return licences.get(name) or own


class Licences:
    """Licences that stand in ``provenance`` (the sources') and ``module`` (the ontologies')."""

    #: What every line with a licence has.
    mark: Final = f" {DCTERMS.license} <".encode()

    def __init__(self) -> None:
        self._found: dict[str, set[NamedNode]] = {"provenance": set(), "module": set()}

    def add(self, predicate: bytes, value: bytes, graph: bytes) -> None:
        """A statement, perhaps of a licence."""
        if predicate == _LICENCE and value.startswith(b"<"):
            self._found.get(iris.graph_name(NamedNode(iri(graph))), set()).add(NamedNode(iri(value)))

    def by_graph(self) -> dict[str, frozenset[NamedNode]]:
        """The licences that each of the two graphs holds."""
        return {name: frozenset(licences) for name, licences in self._found.items()}
