"""An outcome without a concept was labelled by its characters alone: a decision on it did not show."""

from __future__ import annotations

from tests.extract.columns.cells import cell, row
from trialgraph.extract.columns.outcomes import read_outcomes
from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.decisions import settle
from trialgraph.extract.reports import read_report
from trialgraph.model.report import Curation


def test_a_decision_shows_in_the_label() -> None:
    meaning = "Scripps Neurological Rating Scale"
    reports = find_conflicts([read_report(row(outcomes="EDSS, NRS"))])
    assert [o.label for o in reports[0].outcomes] == ["EDSS", "NRS"]
    decision = Curation(
        1, "ambiguous-abbreviation", f"use {meaning}", "A. Reviewer", "2026-11-23", "protocol"
    )
    settled = settle(reports, [decision], "curation.tsv")
    assert [o.label for o in settled[0].outcomes] == ["EDSS", meaning]


def test_a_shared_noun_stands_in_the_label() -> None:
    found = read_outcomes(cell("outcomes", "vestibular and olfactory thresholds"))
    assert [o.label for o in found] == ["vestibular thresholds", "olfactory thresholds"]
