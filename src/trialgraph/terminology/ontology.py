"""The ontology as RDF/XML and as an owlready2 ontology (owlready2 reads no Turtle).

The Turtle files are the source; RDF/XML is made from them, never edited, and never fetched.
"""

from __future__ import annotations

import io
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from trialgraph.base.errors import InputError, ReleaseError
from trialgraph.base.package_data import resource
from trialgraph.rdf.vocabulary import HOME, OWL, PREFIXES, RDF

if TYPE_CHECKING:
    import owlready2  # type: ignore[import-untyped]  # ships no types

__all__ = ["FILES", "load", "rdf_xml", "triples_of", "write_owl"]

#: The parts of the packaged ontology: our terms, the fields of records, the outcome ladder, the scopes, external terms.
FILES: Final = ("trialgraph.ttl", "records.ttl", "ladder.ttl", "scopes.ttl", "module.ttl")


def rdf_xml(*files: Path) -> bytes:
    """The union of Turtle files as RDF/XML: same triples, same bytes.

    Blank nodes are named by RDFC-1.0 and triples are sorted, so that neither the order nor the layout of the
    files shows.

    :raises InputError: a file is missing or is no Turtle
    """
    dataset = ox.Dataset(ox.Quad(*triple) for file in files for triple in _triples(file))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    made = ox.serialize(
        sorted((quad.triple for quad in dataset), key=str),
        format=ox.RdfFormat.RDF_XML,
        prefixes=dict(PREFIXES),
    )
    assert made is not None  # noqa: S101 - without an output file, serialize returns the bytes
    return made


def triples_of(name: str) -> Iterable[ox.Triple]:
    """The triples of a packaged file, such as ``ladder``.

    :raises InputError: it is missing or is no Turtle
    """
    return _triples(resource("ontology") / f"{name}.ttl")


def _triples(file: Path) -> Iterable[ox.Triple]:
    try:
        return [quad.triple for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE)]
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}", where=str(file), hint="reinstall trialgraph"
        ) from error
    except SyntaxError as error:
        raise InputError(f"no Turtle: {error.msg}", where=f"{file}:{error.lineno}:{error.offset}") from error


def write_owl(turtle: Path, target: Path) -> None:
    """Write a Turtle file as RDF/XML.

    :raises InputError: the Turtle file is missing or malformed, or the target cannot be written
    """
    made = rdf_xml(turtle)
    try:
        target.write_bytes(made)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", where=str(target)) from error


def load(data: Path | None = None) -> owlready2.Ontology:
    """An owlready2 ontology in a world of its own, from local bytes only.

    :param data: the N-Triples export of a release, whose trials, reports, arms … are the individuals; None: the
        packaged ontology, ladder and module, without data
    :raises InputError: a packaged file is missing or malformed
    :raises ReleaseError: the export cannot be read
    """
    import owlready2  # slow to import, and most commands do without it

    world = owlready2.World()
    # owlready2 leaves its SQLite connection open when a world is dropped.
    weakref.finalize(world, world.graph.db.close)
    # Ends in a slash: owlready2 would else look for our terms under `ontology#`.
    made = world.get_ontology(HOME + "ontology/")
    return made.load(only_local=True, fileobj=io.BytesIO(_bytes(data)))


def _bytes(data: Path | None) -> bytes:
    if data is None:
        return _with_individuals(t for name in FILES for t in _triples(resource("ontology") / name))
    try:
        return _with_individuals(q.triple for q in ox.parse(path=data, format=ox.RdfFormat.N_TRIPLES))
    except (OSError, SyntaxError) as error:
        raise ReleaseError(
            f"{data.name} cannot be read: {getattr(error, 'strerror', None) or error}",
            where=str(data.parent),
            hint="make it again with: trialgraph build",
        ) from error


def _with_individuals(triples: Iterable[ox.Triple]) -> bytes:
    """N-Triples where every typed resource outside OWL is a named individual: owlready2 lists only those.

    Ours is the only ontology header: from another one owlready2 would take the namespace to look for our terms in.
    """
    found = {t for t in triples if (t.predicate, t.object) != (RDF.type, OWL.Ontology)}
    found.add(ox.Triple(ox.NamedNode(HOME + "ontology"), RDF.type, OWL.Ontology))
    typed = [(t.subject, str(t.object)) for t in found if t.predicate == RDF.type]
    owl = {subject for subject, kind in typed if kind.startswith(f"<{PREFIXES['owl']}")}
    resources = {subject for subject, _ in typed if isinstance(subject, ox.NamedNode)} - owl
    found |= {ox.Triple(node, RDF.type, OWL.NamedIndividual) for node in resources}
    made = ox.serialize(sorted(found, key=str), format=ox.RdfFormat.N_TRIPLES)
    assert made is not None  # noqa: S101 - as above
    return made
