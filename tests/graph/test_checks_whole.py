"""No triple of the data may get lost: without any one, the checks see it, or the model allows its absence.

One triple is dropped for each class and property of a graph that has every property of the seed's release, and what
follows from the rest is derived anew. :data:`LAWFUL` says of what a release may lack why it may.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Final

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from tests.graph.sound_graph import DERIVED, META, derived_anew, sound
from tests.graph_samples import sample_source
from trialgraph.graph.checks import check_quads
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDF, compact
from trialgraph.release.open import Release

Way = tuple[str, str]

# Written by hand or by others; what must be in them is in vocabulary.rq, and the description is made from the rest.
NO_DATA: Final = {iris.graph(name) for name in ("ontology", "module", "meta")}

#: What a sound graph may lack, and why.
LAWFUL: Final[dict[Way, str]] = {
    ("tg:CellProduct", "tg:tissueSource"): "a name of a cell need not say a tissue",
    ("tg:Condition", "tg:site"): "a disease need not sit anywhere",
    ("tg:Conflict", "tg:preferredReading"): "where nothing tells which is right, none is preferred",
    ("tg:Finding", "tg:ofMeasure"): "a finding may name no measure, or several with one reading",
    ("tg:Finding", "tg:atMonths"): "a finding may name no time",
    ("tg:Row", "tg:runnerUp"): "a cut without a close rival has none",
    ("tg:Source", "dcterms:bibliographicCitation"): "source.toml may leave it out",
    ("tg:Source", "dcterms:date"): "source.toml may leave it out",
    ("tg:Source", "dcterms:issued"): "source.toml may leave it out",
    ("tg:Source", "dcterms:license"): "told as information: a bare file has none",
    ("tg:Source", "dcterms:rights"): "source.toml may leave it out",
    ("tg:Source", "dcterms:title"): "source.toml may leave it out",
    ("tg:Source", "tg:tableNumber"): "source.toml may leave it out",
    ("tg:TreatmentArm", "tg:asReported"): "a group may have no name",
    ("tg:TreatmentArm", "tg:receives"): "a named group may lack the drug that is given beside the cells",
}


@cache
def stated() -> frozenset[Quad]:
    """The sound graph without its description."""
    return frozenset(quad for quad in sound() if quad.graph_name != META)


@cache
def ways() -> dict[Way, Quad]:
    """For each class and property the first triple of the sample."""
    whole = sorted((quad for quad in stated() if quad.graph_name not in NO_DATA), key=str)
    kinds: dict[object, set[str]] = defaultdict(set)
    for quad in whole:
        # What a rule infers of a trial is no class that it was given.
        if quad.predicate == RDF.type and isinstance(quad.object, NamedNode):
            kinds[quad.subject] |= set() if quad.graph_name in DERIVED else {compact(quad.object.value)}
    found: dict[Way, Quad] = {}
    for quad in whole:
        kind = " ".join(sorted(kinds[quad.subject])) or "others"
        found.setdefault((kind, compact(quad.predicate.value)), quad)
    return found


CLASSES: Final = (
    *("oa:TextPositionSelector", "oa:TextQuoteSelector", "others", "owl:Class skos:Concept", "skos:Concept"),
    *("skos:ConceptScheme", "tg:Cell", "tg:CellProduct", "tg:Condition", "tg:Conflict", "tg:ControlArm"),
    *("tg:Curation", "tg:DoseLevel", "tg:DrugProduct", "tg:Finding", "tg:Intervention", "tg:Mapping"),
    *("tg:MechanismClaim", "tg:PlannedOutcome", "tg:Reading", "tg:Registry", "tg:Report", "tg:Row"),
    *("tg:Rule", "tg:Source", "tg:TreatmentArm", "tg:Trial", "tg:UnreadLine"),
)


def seen_without(dropped: Quad) -> bool:
    """Whether the checks see that it is not there."""
    left = stated() - {dropped}
    graph = left if dropped.graph_name in DERIVED else derived_anew(left)
    return any(finding.severity == "violation" for finding in check_quads(graph, [sample_source()]))


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
    mine = [way for way in ways() if way[0] == kind]
    assert mine
    unseen = {way for way in mine if not seen_without(ways()[way])}
    assert unseen == {way for way in mine if way in LAWFUL}


def test_hardly_anything_may_be_missing() -> None:
    assert len(LAWFUL) < len(ways()) / 10
