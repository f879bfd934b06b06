"""Quads that need no source: the installed ontology and module, and the facts that a release already states.

Each packaged file is an ontology document with a header of its own. In the graph of a release the files are parts of
one document, whose only ``owl:Ontology`` is the dataset (:mod:`trialgraph.graph.description.dataset`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from trialgraph.base.errors import InputError, ReleaseError
from trialgraph.base.package_data import resource
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import DCTERMS, OWL, RDF, RDFS, TG, VOID, compact
from trialgraph.release.open import Release
from trialgraph.terminology.names.indexed_terms import indexed_terms

__all__ = ["GRAPH_FILES", "as_parts", "indexed_quads", "labelled_terms", "ontology_quads", "stated_quads"]

#: The packaged files of each graph, by their stems. ``bridge`` is in none of them.
GRAPH_FILES: Final = {
    "ontology": ("trialgraph", "records", "alignment", "ladder", "scopes"),
    "module": ("module",),
}

# What points from data to a class that the index may have linked.
_VALUES: Final = frozenset({TG.disease, TG.substance, TG.concept})


def ontology_quads() -> set[Quad]:
    """The graphs ``ontology`` (our vocabulary, alignment, ladder, scopes, …) and ``module`` (external terms).

    :raises InputError: a file of the installation is missing or does not parse
    """
    folder = resource("ontology")
    made: set[Quad] = set()
    for name, stems in GRAPH_FILES.items():
        for stem in stems:
            path = folder / f"{stem}.ttl"
            if stem == "alignment" and not path.is_file():
                continue  # the alignment is optional
            try:
                found = parse(path=str(path), format=RdfFormat.TURTLE, rename_blank_nodes=True)
                triples = set(as_parts(q.triple for q in found))
            except (OSError, SyntaxError) as error:
                raise InputError(
                    f"cannot be read: {error}", where=str(path), hint="reinstall trialgraph"
                ) from error
            made |= {Quad(t.subject, t.predicate, t.object, iris.graph(name)) for t in triples}
    return made


def as_parts(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples, with each ontology header stated as a dataset that is part of a greater document.

    Title, licence and version stay: ``owl:versionIRI``, which only a header may have, becomes ``dcterms:hasVersion``.
    """
    for triple in triples:
        if triple.predicate == RDF.type and triple.object == OWL.Ontology:
            yield Triple(triple.subject, RDF.type, VOID.Dataset)
        elif triple.predicate == OWL.versionIRI:
            yield Triple(triple.subject, DCTERMS.hasVersion, triple.object)
            yield Triple(DCTERMS.hasVersion, RDF.type, OWL.AnnotationProperty)
        else:
            yield triple


def indexed_quads(stated: Iterable[Quad], labelled: Set[str] = frozenset()) -> set[Quad]:
    """For the graph ``module``: the terms in the data that it lacks, from the releases of the index.

    :param stated: the data with the packaged module
    :param labelled: terms of the module that are known to be there, as CURIEs
    """
    stated = list(stated)
    used = {
        compact(quad.object.value)
        for quad in stated
        if quad.predicate in _VALUES and isinstance(quad.object, NamedNode)
    }
    present = labelled_terms(stated) | labelled
    missing = {curie for curie in used - present if curie.startswith(("MONDO:", "CHEBI:"))}
    made = indexed_terms(missing, present) if missing else ()
    module = iris.graph("module")
    return {Quad(triple.subject, triple.predicate, triple.object, module) for triple in made}


def labelled_terms(stated: Iterable[Quad]) -> frozenset[str]:
    """The terms of the graph ``module`` that have a label, as CURIEs."""
    module = iris.graph("module")
    return frozenset(
        compact(quad.subject.value)
        for quad in stated
        if quad.predicate == RDFS.label and quad.graph_name == module and isinstance(quad.subject, NamedNode)
    )


def stated_quads(release: Release) -> set[Quad]:
    """The graphs of a release other than ``meta``, with the ontology and the module as installed now.

    :raises ReleaseError: its dataset cannot be read
    """
    now = {iris.graph(name) for name in ("ontology", "module")}
    path = release.file("dataset.nq")
    try:
        kept = {
            quad for quad in parse(path=str(path), format=RdfFormat.N_QUADS) if quad.graph_name not in now
        }
    except (OSError, SyntaxError) as error:
        raise ReleaseError(
            f"cannot be read: {error}", where=str(path), hint="make it again with: trialgraph build"
        ) from error
    kept |= ontology_quads()
    return kept | indexed_quads(kept)
