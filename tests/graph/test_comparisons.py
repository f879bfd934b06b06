"""The graph of two sources side by side: what is stated, that the checks pass it, and that they see what is wrong."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from tests.extract.comparisons.rows import a_source, report
from trialgraph.base.package_data import resource
from trialgraph.extract.comparisons.side_by_side import SideBySide, side_by_side
from trialgraph.graph.checks import _gate, _shapes
from trialgraph.graph.comparisons import comparison_quads
from trialgraph.graph.quads import quads
from trialgraph.model.report import Curation, Report
from trialgraph.rdf import iris
from trialgraph.rdf.merged_store import merged_store
from trialgraph.rdf.statements import statements_of
from trialgraph.rdf.vocabulary import RDFS, TG, concept
from trialgraph.terminology.lexicon import Lexicon

GRAPH = iris.graph("comparisons")
SOURCES = [
    replace(a_source(slug, issued=day), text="") for slug, day in (("a", "2021-05-01"), ("b", "2025-07-26"))
]
ROW = {"disease": "SLE", "cell_source": "UC-MSCs", "patients": "30 (15/15)"}


def reports() -> tuple[Report, ...]:
    decision = Curation(3, "same-trial", "confirm a/2", "me", "2026-11-29", "so")
    return (
        report("a", 1, registration="NCT01741857", phase="Phase I", **ROW),
        report("a", 2, **ROW | {"patients": "31 (16/15)"}),
        report(
            "b", 1, registration="NCT01741857", phase="Phase II", **ROW | {"disease": "an unheard-of illness"}
        ),
        replace(report("b", 3, **ROW | {"patients": "31 (16/15)"}), curations=(decision,)),
    )


@cache
def stated() -> tuple[SideBySide, frozenset[Quad], frozenset[Quad]]:
    """What is compared, its quads, and those of the reports."""
    beside = side_by_side(reports(), SOURCES)
    return beside, frozenset(comparison_quads(beside)), quads(reports(), SOURCES, Lexicon({}))


def of(name: str) -> dict[NamedNode, str]:
    node = iris.comparison(("a", 1), ("b", 1), name)
    return {q.predicate: q.object.value for q in stated()[1] if q.subject == node}  # type: ignore[union-attr]


def test_a_difference_has_both_values_readings_dates_rule_and_severity() -> None:
    found = of("phase")
    assert found[TG.verdict] == concept("verdict-differs").value
    assert found[TG.differenceSeverity] == concept("difference-major").value
    assert (found[TG.leftValue], found[TG.rightValue]) == ("1", "2")
    assert (found[TG.leftAsOf], found[TG.rightAsOf]) == ("2021-05-01", "2025-07-26")
    assert found[TG.leftReading] == iris.reading("a", 1, "phase", 1).value
    assert found[TG.byComparisonRule] == iris.rule("comparison.phase").value
    assert found[TG.comparesTrial] == iris.trial("NCT01741857").value


def test_no_word_of_a_source_stands_in_the_graph() -> None:
    found = of("disease")
    assert TG.rightValue not in found
    assert TG.rightReading in found
    assert not any("unheard-of" in str(quad.object) for quad in stated()[1])


def test_one_source_has_no_such_graph() -> None:
    assert comparison_quads(side_by_side(reports()[:2], SOURCES[:1])) == set()


def findings(changed: frozenset[Quad]) -> set[str]:
    """What the shapes and the gate of comparisons find."""
    folder, held = resource("ontology") / "shapes", changed | stated()[2]
    found = (
        *_gate(merged_store(held), folder / "comparisons.rq"),
        *_shapes(statements_of(held), [folder / "comparisons.ttl"]),
    )
    ours = tuple(f"{iris.base()}{kind}/" for kind in ("comparison", "same-trial", "report"))
    return {f"{one.focus} {one.message}" for one in found if one.focus.startswith(ours)}


def test_a_sound_graph_passes() -> None:
    assert findings(stated()[1]) == set()


PHASE = iris.comparison(("a", 1), ("b", 1), "phase")
TOTAL = iris.comparison(("a", 1), ("b", 1), "n_total")
PROPOSAL = iris.same_trial(("a", 2), ("b", 3))


@pytest.mark.parametrize(
    ("node", "name", "value", "message"),
    [
        (PHASE, TG.differenceSeverity, None, "a difference has a severity"),
        (TOTAL, TG.differenceSeverity, concept("difference-minor"), "only a difference has a severity"),
        (PHASE, TG.leftReading, None, "two values are compared that do not both rest on readings"),
        (PHASE, TG.leftReading, iris.reading("b", 1, "phase", 1), "a reading is not of the report that it stands for"),
        (PHASE, TG.leftReport, iris.report("b", 3), "the two reports are of one source"),
        (PHASE, TG.comparesTrial, iris.trial("b", 3), "a report is compared of another trial"),
        (PHASE, TG.verdict, concept("verdict-only-left"), "the right report is said to state nothing, and has a value"),
        (PHASE, TG.verdict, concept("open"), "tg:verdict"),
        (PHASE, TG.byComparisonRule, None, "tg:byComparisonRule"),
        (PHASE, TG.rightReport, None, "tg:rightReport"),
        (PHASE, RDFS.label, None, "rdfs:label"),
        (PROPOSAL, TG.decidedBy, None, "a proposal is decided without a decision on one of its reports"),
        (PROPOSAL, TG.evidenceKind, None, "tg:evidenceKind"),
        (PROPOSAL, RDFS.comment, None, "a proposal says what speaks for it"),
        (PROPOSAL, TG.proposalStatus, concept("proposal-rejected"), "a report counts for another trial without"),
        (PROPOSAL, TG.proposesReport, iris.report("b", 1), "tg:proposesReport"),
        (iris.report("b", 3), TG.countsFor, iris.trial("b", 3), "reports of two trials are compared"),
        (iris.report("b", 3), TG.countsFor, None, "a report is compared that counts for no trial"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_seen(
    node: NamedNode, name: NamedNode, value: NamedNode | Literal | None, message: str
) -> None:
    kept = frozenset(q for q in stated()[1] if (q.subject, q.predicate) != (node, name))
    changed = kept | ({Quad(node, name, value, GRAPH)} if value else set())
    assert changed != stated()[1]
    assert any(message in line for line in findings(changed)), findings(changed)
