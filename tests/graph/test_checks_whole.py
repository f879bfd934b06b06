"""No triple of the data may get lost: without any one, the checks see it, or the model allows its absence."""

from __future__ import annotations

from typing import Final

import pytest
from pyoxigraph import RdfFormat, parse

from tests.graph.dropped import LAWFUL, NO_DATA, unseen, ways
from trialgraph.rdf.vocabulary import compact
from trialgraph.release.open import Release

CLASSES: Final = (
    *("oa:TextPositionSelector", "oa:TextQuoteSelector", "others", "owl:Class skos:Concept", "skos:Concept"),
    *("skos:ConceptScheme", "tg:Cell", "tg:CellProduct", "tg:Condition", "tg:Conflict", "tg:ControlArm"),
    *("tg:Curation", "tg:DoseLevel", "tg:DrugProduct", "tg:Finding", "tg:Intervention", "tg:Mapping"),
    *("tg:MechanismClaim", "tg:PlannedOutcome", "tg:Reading", "tg:Registry", "tg:Report", "tg:Row"),
    *("tg:Rule", "tg:Source", "tg:TreatmentArm", "tg:Trial", "tg:UnreadLine"),
)


def test_the_sample_has_every_property_of_the_seeds(release: Release) -> None:
    quads = parse(path=str(release.file("dataset.nq")), format=RdfFormat.N_QUADS)
    properties = {compact(quad.predicate.value) for quad in quads if quad.graph_name not in NO_DATA}
    assert len(properties) > 100
    assert properties <= {name for _, name in ways()}


def test_every_class_has_its_turn() -> None:
    assert {kind for kind, _ in ways()} == set(CLASSES)
    assert set(LAWFUL) <= set(ways())


@pytest.mark.parametrize("kind", CLASSES)
def test_it_sees_what_is_missing(kind: str) -> None:
    """One in three of its properties, the first of them always; `make soak` drops all."""
    mine = sorted(way for way in ways() if way[0] == kind)[::3]
    assert unseen(mine) == {way for way in mine if way in LAWFUL}


def test_hardly_anything_may_be_missing() -> None:
    assert len(LAWFUL) < len(ways()) / 10
