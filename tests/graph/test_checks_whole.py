"""No triple of the data may get lost: without any one, the checks see it, or the model allows its absence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pytest
from pyoxigraph import RdfFormat, parse

from tests.graph.batches import batches, record_of, unseen
from tests.graph.dropped import LAWFUL, NO_DATA, name_of, names, violations, ways
from trialgraph.rdf.vocabulary import compact
from trialgraph.release.open import Release

RECORD: Final = record_of("dropped-triples")
SEEN: Final = {name: lines for name, lines in RECORD.items() if lines}
CLASSES: Final = (
    *("oa:TextPositionSelector", "owl:Class skos:Concept", "skos:Concept"),
    *(
        "skos:ConceptScheme",
        "tg:Cell",
        "tg:CellProduct",
        "tg:Column",
        "tg:Condition",
        "tg:Conflict",
        "tg:ControlArm",
    ),
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
    assert {kind for kind, _ in ways()} == {*CLASSES, "others"}
    assert set(LAWFUL) <= set(ways())


def test_the_record_has_them_all_and_only_what_is_lawful_goes_unseen() -> None:
    assert set(RECORD) == set(names()), "python -m tests.graph.batches"
    assert RECORD.keys() - SEEN.keys() == {name_of(way) for way in LAWFUL}


@pytest.mark.parametrize("batch", batches(SEEN), ids=lambda batch: batch[0])
def test_it_sees_what_is_missing(batch: Sequence[str]) -> None:
    """`make soak` drops each triple alone."""
    assert unseen(SEEN, batch, violations) == set()


@pytest.mark.parametrize("name", sorted(map(name_of, LAWFUL)))
def test_a_release_may_lack_it(name: str) -> None:
    assert violations([name]) == []


def test_hardly_anything_may_be_missing() -> None:
    assert len(LAWFUL) < len(ways()) / 10
