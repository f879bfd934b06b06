"""Records beside a review in the graph: what is stated, that the checks pass it, and that nothing can be dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from tests.extract.record_comparisons.made import record
from tests.graph.records.beside import (
    ENTERED,
    LINKED,
    NUMBER,
    beside,
    rows,
    sound,
    sources,
    stated,
    states,
)
from trialgraph.base.package_data import resource
from trialgraph.build.joined import MOST_NUMBERS, NumbersSeen
from trialgraph.extract.registries.formats.registry_file import RawRecord
from trialgraph.graph.checks import _gate, _shapes, check_quads
from trialgraph.graph.quads import summary_quads
from trialgraph.rdf import iris, record_iris
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.merged_store import merged_store
from trialgraph.rdf.statements import statements_of
from trialgraph.rdf.vocabulary import RDF, RDFS, TG, concept

GRAPH = iris.graph("comparisons")
TOTAL = iris.comparison(("review", 1), ("third", NUMBER), "n_total")
PHASE = iris.comparison(("review", 1), ("third", NUMBER), "phase")
STATES = iris.comparison(("first", NUMBER), ("third", NUMBER), "n_total")
OF_ENTERED = iris.comparison(("review", 2), ("third", ENTERED), "n_total")
OF_LINKED = iris.comparison(("review", 3), ("third", LINKED[1]), "n_total")
CHANGE = record_iris.change("third", NUMBER, "n_total", 1)
CONFLICT = iris.conflict("review", 1, "arms-do-not-add-up")
AGAINST_ITSELF = iris.conflict("third", NUMBER, "masking-against-title")
COUNT = "/protocolSection/designModule/enrollmentInfo/count"


@cache
def by_node() -> dict[object, dict[NamedNode, set[str]]]:
    made: dict[object, dict[NamedNode, set[str]]] = {}
    for quad in sound():
        made.setdefault(quad.subject, {}).setdefault(quad.predicate, set()).add(text_of(quad.object))
    return made


def of(node: NamedNode, name: NamedNode) -> set[str]:
    """The texts and IRIs that a node has by a property."""
    return by_node().get(node, {}).get(name, set())


# ---- what is stated


def test_a_difference_has_both_values_with_their_places_and_dates() -> None:
    assert of(PHASE, TG.verdict) == {concept("verdict-differs").value}
    assert of(PHASE, TG.differenceSeverity) == {concept("difference-major").value}
    assert (of(PHASE, TG.leftValue), of(PHASE, TG.rightValue)) == ({"1/2"}, {"2/3"})
    assert of(PHASE, TG.leftReading) == {iris.reading("review", 1, "phase", 1).value}
    places = {f"/protocolSection/designModule/phases/{n}" for n in (0, 1)}
    assert of(PHASE, TG.rightPlace) == places
    line = record_iris.field_mapping("clinicaltrials_gov", "/protocolSection/designModule/phases/{n}")
    assert of(PHASE, TG.rightField) == {line.value}
    assert (of(PHASE, TG.leftAsOf), of(PHASE, TG.rightAsOf)) == ({"2025-07-26"}, {"2016-01-01"})
    assert of(PHASE, TG.byComparisonRule) == {iris.rule("comparison.registry.phase").value}
    assert of(iris.rule("comparison.registry.phase"), TG.gives) == {"differs, major"}


def test_of_several_states_the_last_is_compared_with_the_review_and_with_the_first() -> None:
    pairs = {
        (left, right)
        for q in sound()
        if (q.predicate, q.object) == (RDF.type, TG.Comparison) and isinstance(q.subject, NamedNode)
        for left in of(q.subject, TG.leftReport)
        for right in of(q.subject, TG.rightReport)
    }
    first, third = (iris.report(slug, NUMBER).value for slug in ("first", "third"))
    assert {pair for pair in pairs if third in pair} == {
        (iris.report("review", 1).value, third),
        (first, third),
    }
    assert of(STATES, RDFS.comment) == {
        "the record of 2013-07-01 planned 30, the record of 2016-01-01 enrolled 244: more than planned"
    }
    assert of(iris.report("first", NUMBER), TG.laterState) == {iris.report("second", NUMBER).value}
    assert of(iris.report("third", NUMBER), TG.laterState) == set()
    assert of(iris.report("first", NUMBER), TG.asOf) == {"2013-07-01"}


def test_shortcuts_are_made_of_the_last_state_alone() -> None:
    made = summary_quads(sound())
    (trial,) = {
        q.subject for q in sound() if q.predicate == TG.hasReport and q.object == iris.report("first", NUMBER)
    }
    measures = {q.object for q in made if (q.subject, q.predicate) == (trial, TG.trialOutcome)}
    dropped = {
        q.object
        for q in sound()
        if q.predicate == TG.ofMeasure
        and isinstance(q.subject, NamedNode)
        and f"/first/{NUMBER}/" in q.subject.value
    }
    assert dropped
    assert not measures & dropped


def test_a_change_has_its_states_values_date_and_timing() -> None:
    assert (of(CHANGE, TG.valueBefore), of(CHANGE, TG.valueAfter)) == ({"40"}, {"244"})
    assert of(CHANGE, TG.changedAsOf) == {"2016-01-01"}
    assert of(CHANGE, TG.changeTiming) == {concept("start-after").value}
    assert of(CHANGE, TG.changeKind) == {concept("change-changed").value}
    dropped = record_iris.change("third", NUMBER, "primary_outcomes", 1)
    assert (of(dropped, TG.valueBefore), of(dropped, TG.valueAfter)) == (
        {"Overall survival [5 years]"},
        set(),
    )


def test_a_contradiction_is_an_open_conflict_of_the_last_state_with_both_places() -> None:
    assert of(AGAINST_ITSELF, TG.status) == {concept("open").value}
    competing = of(AGAINST_ITSELF, TG.hasCompetingReading)
    assert {text for iri in competing for text in of(NamedNode(iri), TG.verbatim)} == {"Triple Blind", "NONE"}
    cells = {cell for iri in competing for cell in of(NamedNode(iri), TG.fromCell)}
    assert cells == of(AGAINST_ITSELF, TG.concernsCell)
    places = {of(iris.selector(NamedNode(cell), "address"), RDF.value).pop() for cell in cells}
    assert places == {
        "/protocolSection/identificationModule/officialTitle",
        "/protocolSection/designModule/designInfo/maskingInfo/masking",
    }
    others = (iris.conflict(slug, NUMBER, "masking-against-title") for slug in ("first", "second"))
    assert [of(node, RDF.type) for node in others] == [set(), set()]


def test_a_number_of_the_registry_is_shown_at_the_conflict_which_stays_open() -> None:
    assert of(CONFLICT, TG.hasRegistryEvidence) == {TOTAL.value}
    (reading,) = of(TOTAL, TG.supportsReading)
    assert of(NamedNode(reading), TG.value) == {"244"}
    assert of(CONFLICT, TG.status) == {concept("open").value}


def test_a_value_that_a_reviewer_entered_is_compared_and_leads_to_the_decision() -> None:
    assert of(OF_ENTERED, TG.leftValue) == {"60"}
    assert of(OF_ENTERED, TG.comparesEntered) == {iris.curation("review", 2, "n_total").value}


def test_numbers_that_a_record_names_are_compared_and_stay_two_trials() -> None:
    assert of(OF_LINKED, TG.comparesTrial) == {iris.trial(number).value for number in LINKED}
    assert "names ChiCTR-INR-17012462 as its secondary id" in of(OF_LINKED, RDFS.comment).pop()


# ---- odd input


def test_the_same_bytes_in_two_files_are_told_and_one_of_them_is_compared() -> None:
    last = states()[2]
    again = replace(last, source="second")
    found = beside(rows(), [last, again])
    assert [what for _, what in found.remarks] == [f"{NUMBER} is the same record as at third.json:1"]
    assert {one.right.report.source for one in found.comparisons} == {
        found.comparisons[0].right.report.source
    }
    assert found.later == ()
    assert new_findings(stated(found, rows())) == set()


def test_the_same_bytes_of_a_former_state_are_a_former_state_too() -> None:
    first, _, last, *_ = states()
    again = replace(first, source="second")
    found = beside(rows(), [first, again, last])
    assert {(one.source, other.source) for one, other in found.later} == {
        ("first", "third"),
        ("second", "third"),
    }
    assert new_findings(stated(found, rows())) == set()


def comments(graph: Iterable[Quad], node: NamedNode) -> set[str]:
    return {text_of(q.object) for q in graph if (q.subject, q.predicate) == (node, RDFS.comment)}


def test_a_trial_that_was_withdrawn_later_says_so_at_its_size() -> None:
    part = (
        '{"statusModule": {"overallStatus": "WITHDRAWN"},'
        ' "designModule": {"enrollmentInfo": {"count": 0, "type": "ACTUAL"}}}'
    )
    last = record(part, date="2015-01-01", source="second")
    withdrawn = replace(last, record=replace(last.record, sha256="0" * 64))
    graph = stated(beside(rows(), [states()[0], withdrawn]), rows())
    node = iris.comparison(("review", 1), ("second", NUMBER), "n_total")
    (note,) = comments(graph, node)
    assert f"NCT record {NUMBER} was withdrawn" in note.replace("ClinicalTrials.gov", "NCT")
    assert new_findings(graph) == set()


def test_of_three_reports_each_pair_with_a_record_is_compared_once() -> None:
    first = rows()[0]
    second = replace(first, source="first", row=replace(first.row, source="first"))
    found = beside([first, second], [states()[2]])
    pairs = [
        (one.left.report.source, one.right.report.source)
        for one in found.comparisons
        if one.field == "n_total"
    ]
    assert sorted(pairs) == [("first", "third"), ("review", "third")]


def test_records_without_a_date_are_the_oldest_and_have_none_in_the_graph() -> None:
    first, _, last, *_ = states()
    undated = replace(
        first,
        record=replace(first.record, data_version=None),
        facts=tuple(fact for fact in first.facts if fact.line.predicate != "dataVersion"),
    )
    found = beside(rows(), [last, undated])
    assert [(one.source, other.source) for one, other in found.later] == [("first", "third")]
    graph = stated(found, rows())
    assert not any(q.subject == iris.report("first", NUMBER) and q.predicate == TG.asOf for q in graph)
    sides = [q for q in graph if q.predicate == TG.leftAsOf and text_of(q.object) != "2025-07-26"]
    assert sides == []
    assert new_findings(graph) == set()


def test_a_trial_with_too_many_numbers_is_compared_number_by_number() -> None:
    seen = NumbersSeen()
    for n in range(1, MOST_NUMBERS + 1):
        title = {"nctId": f"NCT{n:08}", "secondaryIdInfos": [{"id": LINKED[0], "type": "REGISTRY"}]}
        value = {"protocolSection": {"identificationModule": title}}
        seen.see(RawRecord("a.json", 1, "", "clinicaltrials_gov", value, "", title["nctId"], ""))  # type: ignore[arg-type]
    joined = seen.joined()
    assert len(joined.apart) == MOST_NUMBERS + 1
    assert joined.root(LINKED[0]) == LINKED[0]
    (told,) = joined.finding()
    assert told.message.startswith(f"{MOST_NUMBERS + 1} numbers (ChiCTR-INR-17012462, NCT00000001, ")
    found = beside(rows(), states(), apart=frozenset(LINKED))
    assert {trial for one in found.comparisons for trial in one.trials} == {NUMBER, ENTERED}


# ---- the checks


def test_a_sound_graph_passes_all_checks() -> None:
    found = check_quads(sound(), sources(), derived=False)
    # Its table has no file, in which cells could be looked up.
    lines = [one.line() for one in found if one.severity == "violation" and "/cell/review/" not in one.focus]
    assert [line for line in lines if "/source/review" not in line] == []


@cache
def part() -> frozenset[Quad]:
    """The graph without what others state."""
    slugs = ("review", "first", "second", "third", "provenance", "quality", "comparisons")
    return frozenset(q for q in sound() if q.graph_name in {iris.graph(slug) for slug in slugs})


def findings(graph: Iterable[Quad]) -> set[str]:
    """What the shapes and gates of comparisons and records find."""
    folder, held = resource("ontology") / "shapes", frozenset(graph)
    store, statements = merged_store(held), statements_of(held)
    found = (
        *_gate(store, folder / "comparisons.rq"),
        *_gate(store, folder / "records.rq"),
        *_shapes(statements, [folder / "comparisons.ttl"]),
    )
    return {f"{one.focus} {one.message}" for one in found}


@cache
def known() -> frozenset[str]:
    """What they find in a part: what it leads to is not there."""
    return frozenset(findings(part()))


def new_findings(graph: Iterable[Quad]) -> set[str]:
    slugs = ("review", "first", "second", "third", "provenance", "quality", "comparisons")
    kept = [q for q in graph if q.graph_name in {iris.graph(slug) for slug in slugs}]
    return findings(kept) - known()


def test_the_part_that_is_broken_below_is_sound() -> None:
    assert known() == set()


def nodes_of_class(kind: NamedNode) -> list[NamedNode]:
    found = {q.subject for q in part() if (q.predicate, q.object) == (RDF.type, kind)}
    return sorted((node for node in found if isinstance(node, NamedNode)), key=str)


def lawful(node: NamedNode, name: NamedNode) -> bool:
    """Whether a comparison or change may be without that property."""
    if name == RDFS.comment:
        return True  # the values may say it all
    if name in (TG.leftReading, TG.rightReading, TG.leftField, TG.rightField, TG.leftValue, TG.rightValue):
        # Where one side is silent, the other need not be told by more than its words.
        compared = of(node, TG.verdict) & {concept("verdict-agrees").value, concept("verdict-differs").value}
        return not compared or (name == TG.leftValue and not of(node, TG.leftField))
    return False


@pytest.mark.parametrize("kind", [TG.Comparison, TG.Change])
def test_each_property_that_is_dropped_is_missed(kind: NamedNode) -> None:
    chosen = {TG.Comparison: [TOTAL, PHASE, STATES, OF_ENTERED, OF_LINKED], TG.Change: nodes_of_class(kind)}[
        kind
    ]
    tried: set[NamedNode] = set()
    unseen: list[str] = []
    for node in chosen:
        for name in sorted(by_node()[node].keys() - {RDF.type} - tried, key=str):
            if not lawful(node, name):
                tried.add(name)
                if not new_findings([q for q in part() if (q.subject, q.predicate) != (node, name)]):
                    unseen.append(f"{name} of {node}")
    assert unseen == []
    assert len(tried) > (15 if kind == TG.Comparison else 8)


WRONG = {
    "a field without its place": (PHASE, TG.rightPlace, Literal("/elsewhere/0"), "a field of a record has no place"),
    "a place without its field": (TOTAL, TG.rightField, None, "a place is of no field"),
    "a state less": (iris.report("second", NUMBER), TG.laterState, None, "a change is not from one state of a record"),
    "two last states": (iris.report("first", NUMBER), TG.laterState, None, "both the last one"),
    "a state of another record": (
        iris.report("first", NUMBER), TG.laterState, iris.report("third", ENTERED), "a later state is not of the same",
    ),
    "a state of itself": (
        iris.report("first", NUMBER), TG.laterState, iris.report("first", NUMBER), "a later state is not of the same",
    ),
    "no date of a report": (iris.report("third", NUMBER), TG.asOf, None, "a report is not as of the date"),
    "no date of a side": (STATES, TG.leftAsOf, None, "a report is compared without its date"),
    "no evidence at the conflict": (CONFLICT, TG.hasRegistryEvidence, None, "competes in no conflict"),
    "evidence of another comparison": (CONFLICT, TG.hasRegistryEvidence, PHASE, "supports no reading"),
    "a decision that is not told": (OF_ENTERED, TG.comparesEntered, None, "a value that a reviewer entered"),
    "a decision on another field": (
        PHASE, TG.comparesEntered, iris.curation("review", 2, "n_total"), "a decision is not",
    ),
    "a report beside itself": (STATES, TG.leftReport, iris.report("third", NUMBER), "compared with itself"),
    "a reading of another record": (
        TOTAL, TG.rightReading, iris.reading("review", 1, "phase", 1), "a reading is not of the report",
    ),
    "a trial that nothing links": (
        TOTAL, TG.leftReport, iris.report("review", 3), "a report is compared of another trial",
    ),
    "an unheard-of verdict": (TOTAL, TG.verdict, concept("open"), "tg:verdict"),
    "values that do not fit": (CHANGE, TG.changeKind, concept("change-added"), "do not fit its kind"),
    "an unheard-of kind": (CHANGE, TG.changeKind, concept("open"), "tg:changeKind"),
    "a date of another state": (CHANGE, TG.changedAsOf, Literal("2014-01-01"), "has not the date of its later state"),
    "a change of another trial": (CHANGE, TG.changesTrial, iris.trial(ENTERED), "of another trial than its reports"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_seen(name: str) -> None:
    node, predicate, value, message = WRONG[name]
    kept = [q for q in part() if (q.subject, q.predicate) != (node, predicate)]
    changed = [*kept, *([Quad(node, predicate, value, GRAPH)] if value else [])]
    assert frozenset(changed) != part()
    found = new_findings(changed)
    assert any(message in line for line in found), found
