"""Defined classes: what a reasoner infers from the ontology is what the rules of the release find, and no more."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import owlready2  # type: ignore[import-untyped]  # ships no types
import pytest
from pyoxigraph import NamedNode, Quad, QueryTriples, RdfFormat, Store, Triple, parse, serialize
from rdflib import OWL as RDFLIB_OWL
from rdflib import Graph

from trialgraph.base.package_data import resource
from trialgraph.graph.inferred import inferred_quads, rules
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import OWL, PREFIXES, RDF, RDFS, TG
from trialgraph.release.graphs import ontology_quads
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

#: Rules that give a reasoner what it cannot see in the data, and no types.
HELPERS = {"beside_dose", "in_scope"}
#: From what a node is said to be, to that and all that is broader.
OR_BROADER = {
    TG.disease: TG.diseaseOrBroader,
    TG.cellType: TG.cellTypeOrBroader,
    TG.tissueSource: TG.tissueOrBroader,
}
SOURCE = "wjsc-107202-table1"

# Each trial is a near miss of some class, or in it in a way that the seed does not show.
CONSTRUCTED = """
@prefix : <https://w3id.org/trialgraph/made/> .
@prefix tg: <https://w3id.org/trialgraph/ontology/> .
@prefix tgc: <https://w3id.org/trialgraph/concept/> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:nothing a tg:Trial ; tg:hasReport :r0 . :r0 a tg:Report .

:blood-cells a tg:Trial ; tg:hasReport :r1 .
:r1 a tg:Report ; tg:hasIntervention :i1 ; tg:enrolledControl 7 ; tg:hasArm :a1 ; tg:condition :c1 .
:a1 a tg:TreatmentArm .
:c1 a tg:Condition ; tg:disease obo:MONDO_0019100 .
:i1 a tg:Intervention ; tg:ofProduct :p1 ; tg:hasDoseLevel :d1 ; tg:byRoute tgc:intramuscular .
:p1 a tg:CellProduct ; tg:cellType obo:CL_2000001 ; tg:tissueSource obo:UBERON_0000178 .
:d1 a tg:DoseLevel ; tg:doseLow 1.0 ; tg:doseHigh 2.0 .

:two-reports a tg:Trial ; tg:hasReport :r2 , :r3 .
:r2 a tg:Report ; tg:enrolledControl 0 ; tg:hasIntervention :i2 ; tg:condition :c2 ; tg:resultsStatus tgc:results-ongoing .
:r3 a tg:Report ; tg:hasArm :a3 ; tg:hasIntervention :i3 ; tg:resultsStatus tgc:results-published .
:a3 a tg:ControlArm .
:c2 a tg:Condition ; tg:disease obo:MONDO_0005556 .
:i2 a tg:Intervention ; tg:ofProduct :p2 ; tg:hasDoseLevel :d2 .
:i3 a tg:Intervention ; tg:ofProduct :p3 ; tg:hasDoseLevel :d3 ; tg:byRoute tgc:intrathecal , tgc:intravenous .
:p2 a tg:CellProduct ; tg:donorType tgc:autologous ; tg:tissueSource obo:UBERON_0002371 .
:p3 a tg:CellProduct ; tg:donorType tgc:allogeneic ; tg:tissueSource obo:UBERON_0003422 ; tg:cellType obo:CL_0002568 .
:d2 a tg:DoseLevel ; tg:doseLow 1.0 . :d3 a tg:DoseLevel ; tg:doseLow 2.0 .

:same-number-twice a tg:Trial ; tg:hasReport :r4 .
:r4 a tg:Report ; tg:hasIntervention :i4 ; tg:plansOutcome :o4 .
:i4 a tg:Intervention ; tg:hasDoseLevel :d4 , :d5 ; tg:ofProduct :p4 ; tg:combinedWith :x4 ; tg:byRoute tgc:intra-articular .
:p4 a tg:CellProduct ; tg:cellType obo:CL_0002540 . :x4 a tg:DrugProduct .
:d4 a tg:DoseLevel ; tg:doseLow 1.0 ; tg:doseBasis tgc:per-joint .
:d5 a tg:DoseLevel ; tg:doseLow 1.0 ; tg:doseBasis tgc:per-joint .
:o4 a tg:PlannedOutcome ; tg:ofMeasure tgc:haq .

:lupus-by-sledai a tg:Trial ; tg:hasReport :r5 .
:r5 a tg:Report ; tg:condition :c5 ; tg:plansOutcome :o5 ; tg:resultsStatus tgc:results-not-published ; tg:hasIntervention :i5 .
:c5 a tg:Condition ; tg:disease obo:MONDO_0007915 . :o5 a tg:PlannedOutcome ; tg:ofMeasure tgc:sledai .
:i5 a tg:Intervention ; tg:ofProduct :p5 ; tg:byRoute tgc:intravenous .
:p5 a tg:CellProduct ; tg:cellType obo:CL_0000134 ; tg:tissueSource obo:UBERON_0001987 .

:progressive a tg:Trial ; tg:hasReport :r6 .
:r6 a tg:Report ; tg:condition :c6 . :c6 a tg:Condition ; tg:disease obo:MONDO_0000450 .
"""  # noqa: E501 - a table of data

EXPECTED = {
    "nothing": set(),
    "blood-cells": set(),
    "two-reports": {
        *("SingleGroupTrial", "ControlledTrial", "AutologousCellTrial", "AllogeneicCellTrial", "MSCTrial"),
        *("IntrathecalTrial", "IntravenousTrial", "LupusTrial", "PerinatalSourceTrial"),
        "SelfReportedUnpublishedTrial",
    },
    "same-number-twice": {
        *("MultipleDoseLevelTrial", "CombinationTherapyTrial", "IntraArticularTrial", "MSCTrial"),
    },
    "lupus-by-sledai": {
        *("LupusTrial", "CompositeActivityTrial", "SelfReportedUnpublishedTrial", "IntravenousTrial"),
        *("MSCTrial", "PerinatalSourceTrial"),
    },
    "progressive": {"DemyelinatingDiseaseTrial"},
}

Types = dict[str, set[str]]


def camel(name: str) -> str:
    """The class that a rule's file is named after."""
    return "".join({"msc": "MSC"}.get(part, part.capitalize()) for part in name.split("_"))


def defined() -> set[str]:
    """The local names of the defined classes."""
    graph = Graph().parse(resource("ontology") / "trialgraph.ttl")
    return {
        str(node).removeprefix(PREFIXES["tg"]) for node in graph.subjects(RDFLIB_OWL.equivalentClass, None)
    }


def by_rules(made: Iterable[Quad]) -> Types:
    types: Types = {}
    for quad in made:
        if quad.predicate == RDF.type:
            assert isinstance(quad.object, NamedNode)
            assert isinstance(quad.subject, NamedNode)
            name = quad.object.value.removeprefix(PREFIXES["tg"])
            types.setdefault(name, set()).add(quad.subject.value)
    return types


def for_reasoning(facts: Iterable[Quad], made: Iterable[Quad], whole: Iterable[Quad]) -> set[Triple]:
    """Facts, ontology, what rules and a query tell a reasoner beside types, and the part of the module that is used."""
    others, broader = ontology_quads(), values_and_broader(whole)
    used = {triple.object for triple in broader}
    return {
        *broader,
        *(q.triple for q in facts),
        *(q.triple for q in made if q.predicate != RDF.type),
        *(q.triple for q in others if q.graph_name == iris.graph("ontology")),
        *(q.triple for q in others if q.subject in used and q.predicate == RDFS.subClassOf),
        *(Triple(term, RDF.type, OWL.Class) for term in used if isinstance(term, NamedNode)),
    }


def values_and_broader(quads: Iterable[Quad]) -> set[Triple]:
    """What the saved query for reasoners makes of a graph."""
    store = Store()
    store.extend(quads)
    text = load_queries()["values-and-all-that-is-broader"].bind({})
    answer = store.query(text, use_default_graph_as_union=True)
    assert isinstance(answer, QueryTriples)
    return set(answer)


def by_reasoner(triples: Iterable[Triple]) -> tuple[Types, owlready2.World]:
    text = serialize(sorted(triples, key=str), format=RdfFormat.N_TRIPLES)
    assert text is not None
    world = owlready2.World()
    ours = world.get_ontology(PREFIXES["tg"]).load(only_local=True, fileobj=io.BytesIO(text))
    with ours:
        # The same by counting, with every dose told apart: an oracle that does without tg:besideDose.
        owlready2.AllDifferent(list(ours.DoseLevel.instances()))
        counted: Any = type("Counted", (ours.Trial,), {})
        two = ours.hasIntervention.some(ours.hasDoseLevel.min(2, ours.DoseLevel))
        counted.equivalent_to = [ours.Trial & ours.hasReport.some(two)]
        owlready2.sync_reasoner_hermit(world, debug=0)
    assert set(counted.instances()) == set(ours.MultipleDoseLevelTrial.instances())
    types = {
        name: {thing.iri for thing in world[PREFIXES["tg"] + name].instances()} for name in sorted(defined())
    }
    return {name: found for name, found in types.items() if found}, world


def test_each_defined_class_has_its_rule_and_each_rule_its_class() -> None:
    assert {camel(name) for name in set(rules()) - HELPERS} == defined()
    assert set(rules()) >= HELPERS
    for name, query in rules().items():
        assert name in HELPERS or f"CONSTRUCT {{ ?trial a tg:{camel(name)} }}" in query
        assert query.startswith("# ")


@pytest.fixture(scope="module")
def constructed() -> tuple[set[Quad], set[Quad]]:
    facts = {
        Quad(q.subject, q.predicate, q.object, iris.graph("made"))
        for q in parse(CONSTRUCTED.encode(), format=RdfFormat.TURTLE)
    }
    return facts, inferred_quads(facts | ontology_quads())


def test_rules_find_what_a_reader_would(constructed: tuple[set[Quad], set[Quad]]) -> None:
    found = by_rules(constructed[1])
    home = iris.base() + "made/"
    assert {
        trial: {name for name, trials in found.items() if home + trial in trials} for trial in EXPECTED
    } == EXPECTED
    assert set(found) == defined()


@pytest.mark.usefixtures("java")
def test_hermit_infers_the_same_of_constructed_trials(constructed: tuple[set[Quad], set[Quad]]) -> None:
    facts, made = constructed
    inferred, world = by_reasoner(for_reasoning(facts, made, facts | ontology_quads()))
    assert inferred == by_rules(made)
    assert list(world.inconsistent_classes()) == []


@pytest.mark.usefixtures("java")
def test_hermit_infers_of_the_seed_exactly_what_the_release_holds(release: Release) -> None:
    quads = list(parse(path=str(release.path / "dataset.nq"), format=RdfFormat.N_QUADS))
    facts = [q for q in quads if q.graph_name == iris.graph(SOURCE)]
    made = [q for q in quads if q.graph_name == iris.graph("inferred")]
    assert len(facts) > 1000
    wanted = by_rules(made)
    assert set(wanted) == defined(), "the seed shows every class"
    inferred, world = by_reasoner(for_reasoning(facts, made, quads))
    assert inferred == wanted
    assert list(world.inconsistent_classes()) == []


def test_the_release_holds_what_the_rules_make(release: Release) -> None:
    quads = set(parse(path=str(release.path / "dataset.nq"), format=RdfFormat.N_QUADS))
    graph = iris.graph("inferred")
    assert {q for q in quads if q.graph_name == graph} == inferred_quads(quads)


def test_every_rule_runs_alone_on_the_whole_release(release: Release) -> None:
    """Rules are shown to people: what one makes of the default graph is what it made at build."""
    store = open_store(release)
    made = set()
    for query in rules().values():
        answer = store.query(query)
        assert isinstance(answer, QueryTriples)
        made |= set(answer)
    graph = iris.graph("inferred")
    assert made == {q.triple for q in store.quads_for_pattern(None, None, None, graph)}


def test_each_node_has_what_it_is_and_all_that_is_broader(release: Release) -> None:
    quads = set(parse(path=str(release.path / "dataset.nq"), format=RdfFormat.N_QUADS))
    broader: dict[object, set[object]] = {}
    for quad in quads:
        if quad.predicate == RDFS.subClassOf:
            broader.setdefault(quad.subject, set()).add(quad.object)
    wanted = set()
    for quad in quads:
        if quad.predicate in OR_BROADER:
            todo, seen = [quad.object], set[object]()
            while todo:
                if (node := todo.pop()) not in seen:
                    seen.add(node)
                    todo += broader.get(node, ())
            wanted |= {(quad.subject, OR_BROADER[quad.predicate], node) for node in seen}
    made = {(t.subject, t.predicate, t.object) for t in values_and_broader(quads)}
    assert len(made) > 300
    assert made == wanted
    assert not [q for q in quads if q.predicate in OR_BROADER.values()], "no release states them"
