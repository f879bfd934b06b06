"""The compiled shapes and pySHACL find the same: on the seed, on sound graphs, and on every way to break one.

Each defect by itself is for ``make soak``; here those of a batch are compared together, which is a harder graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pytest
import rdflib
from pyoxigraph import Quad, RdfFormat, parse

from tests.graph.batches import batches, record_of
from tests.graph.dropped import dropped
from tests.graph.mutations import broken
from tests.graph.shapes.reference import Found, as_found, found_by_pyshacl, graph_of
from tests.graph.sound_graph import META, sound
from trialgraph.base.package_data import resource
from trialgraph.extract.columns import columns
from trialgraph.graph.checks import compiled_shapes, shape_files, shaped
from trialgraph.graph.statement_gates import column_shapes
from trialgraph.rdf.statements import quads_of, statements_of
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.release.open import Release

MUTATED: Final = batches(record_of("mutations"))
DROPPED: Final = batches({name: lines for name, lines in record_of("dropped-triples").items() if lines})
DESCRIPTION: Final = (resource("ontology") / "shapes" / "release.ttl",)


def reference() -> rdflib.Graph:
    return graph_of(shape_files(), column_shapes(columns()))


def found(quads: Iterable[Quad]) -> set[Found]:
    return {as_found(result) for result in compiled_shapes(shape_files()).validated(quads)}


def agree(quads: Iterable[Quad]) -> set[Found]:
    held = quads_of(shaped(statements_of(quads)))
    ours = found(held)
    assert ours == found_by_pyshacl(held, reference())
    return ours


def test_they_agree_on_the_seed_without_a_finding(release: Release) -> None:
    assert agree(parse(path=str(release.file("dataset.nq")), format=RdfFormat.N_QUADS)) == set()


def test_they_agree_on_the_description() -> None:
    meta = [quad for quad in sound() if quad.graph_name == META]
    lacking = [quad for quad in meta if quad.predicate.value != PREFIXES["dcterms"] + "title"]
    shapes = graph_of(DESCRIPTION, column_shapes(columns()))
    for quads in (meta, lacking):
        ours = {as_found(result) for result in compiled_shapes(DESCRIPTION).validated(quads)}
        assert ours == found_by_pyshacl(quads, shapes)
        assert bool(ours) == (quads is lacking)


@pytest.mark.parametrize("batch", MUTATED, ids=lambda batch: batch[0])
def test_they_agree_on_defects(batch: Sequence[str]) -> None:
    agree(broken(batch))


@pytest.mark.parametrize("batch", DROPPED, ids=lambda batch: batch[0])
def test_they_agree_on_what_is_missing(batch: Sequence[str]) -> None:
    agree(dropped(batch))
