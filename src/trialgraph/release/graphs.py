"""Quads that need no source: the installed ontology and module, and the facts that a release already states."""

from __future__ import annotations

from pyoxigraph import Quad, RdfFormat, parse

from trialgraph.base.errors import InputError, ReleaseError
from trialgraph.base.package_data import resource
from trialgraph.rdf import iris
from trialgraph.release.open import Release

__all__ = ["ontology_quads", "stated_quads"]


def ontology_quads() -> set[Quad]:
    """The graphs ``ontology`` (our vocabulary, alignment, outcome ladder, scopes) and ``module`` (external terms).

    :raises InputError: a file of the installation is missing or does not parse
    """
    folder = resource("ontology")
    made: set[Quad] = set()
    for name, stems in (
        ("ontology", ("trialgraph", "alignment", "ladder", "scopes")),
        ("module", ("module",)),
    ):
        for stem in stems:
            path = folder / f"{stem}.ttl"
            if stem == "alignment" and not path.is_file():
                continue  # the alignment is optional
            try:
                found = parse(path=str(path), format=RdfFormat.TURTLE, rename_blank_nodes=True)
                made |= {Quad(q.subject, q.predicate, q.object, iris.graph(name)) for q in found}
            except (OSError, SyntaxError) as error:
                raise InputError(
                    f"cannot be read: {error}", where=str(path), hint="reinstall trialgraph"
                ) from error
    return made


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
    return kept | ontology_quads()
