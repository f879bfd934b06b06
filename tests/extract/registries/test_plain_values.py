"""What a record's fields name in words, as the concepts that tables have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.extract.registries.records import Study, changed, read, study, written
from trialgraph.model.record import RecordReport
from trialgraph.terminology.lexicon import Concept


def of(tmp_path: Path, change: Callable[[Study], object]) -> RecordReport:
    """The report of a record with a change."""
    ((report,), _) = read(written(tmp_path / "a.json", changed(study("NCT00000410"), change)))
    return report


def said(report: RecordReport, name: str) -> list[str]:
    """The values of a column, concepts by their ids."""
    return [v.value.id if isinstance(v.value, Concept) else str(v.value) for v in report.values.get(name, ())]


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("COMPLETED", ["tgc:status-completed"]),
        ("ACTIVE_NOT_RECRUITING", ["tgc:status-active-not-recruiting"]),
        ("ENROLLING_BY_INVITATION", ["tgc:status-enrolling-by-invitation"]),
        ("NOT_YET_RECRUITING", ["tgc:status-not-yet-recruiting"]),
        ("SUSPENDED", ["tgc:status-suspended"]),
        ("TERMINATED", ["tgc:status-terminated"]),
        ("WITHDRAWN", ["tgc:status-withdrawn"]),
        ("UNKNOWN", ["tgc:status-unknown"]),
        ("NO_LONGER_AVAILABLE", []),  # of expanded access: no status of recruitment
    ],
)
def test_a_status_is_the_concept_of_tables(tmp_path: Path, word: str, ids: list[str]) -> None:
    def change(one: Any) -> None:
        one["protocolSection"]["statusModule"]["overallStatus"] = word

    report = of(tmp_path, change)
    assert said(report, "status") == ids
    assert report.states["status"] == "stated"
    # The reading has the record's own word, underscores and all.
    assert [v.reading.verbatim for v in report.values.get("status", ())] == [word] * len(ids)
    assert all(v.reading in report.readings for v in report.values.get("status", ()))


@pytest.mark.parametrize(
    ("masking", "allocation", "ids"),
    [
        ("NONE", "RANDOMIZED", ["tgc:masking-open-label", "tgc:allocation-randomized"]),
        ("QUADRUPLE", "NON_RANDOMIZED", ["tgc:masking-quadruple-blind", "tgc:allocation-non-randomized"]),
        ("SINGLE", "NA", ["tgc:masking-single-blind"]),
    ],
)
def test_masking_and_allocation_are_those_of_tables(
    tmp_path: Path, masking: str, allocation: str, ids: list[str]
) -> None:
    def change(one: Any) -> None:
        design = {"allocation": allocation, "maskingInfo": {"masking": masking}}
        one["protocolSection"]["designModule"]["designInfo"] = design

    report = of(tmp_path, change)
    assert said(report, "masking") + said(report, "allocation") == ids
    assert report.states["allocation"] == ("not applicable" if allocation == "NA" else "stated")


@pytest.mark.parametrize(
    ("countries", "codes"),
    [
        (["Iran, Islamic Republic of", "Spain", "Iran, Islamic Republic of"], ["IR", "ES"]),
        (["Korea, Republic of", "Turkey (Türkiye)", "Guinea-Bissau"], ["KR", "TR", "GW"]),
        # An entry that is not the name of one country as a whole is left as words.
        (["Former Serbia and Montenegro", "Niger"], ["NE"]),
        (["Netherlands Antilles", "Panama"], ["PA"]),
        (["Congo, The Democratic Republic of the", "Niger"], ["CD", "NE"]),
        (["Korea, Democratic People's Republic of"], ["KP"]),
        (["Virgin Islands (U.S.)", "Taiwan, Province Of China"], ["VI", "TW"]),
        (["Atlantis"], []),
    ],
)
def test_an_entry_that_is_a_country_is_its_code(
    tmp_path: Path, countries: list[str], codes: list[str]
) -> None:
    def change(one: Any) -> None:
        one["protocolSection"]["contactsLocationsModule"] = {"locations": [{"country": c} for c in countries]}

    report = of(tmp_path, change)
    assert said(report, "countries") == codes
    assert [f.value for f in report.of("study", "country")] == list(dict.fromkeys(countries))


@pytest.mark.parametrize(
    ("conditions", "kept"),
    [
        (["Autologous Mesenchymal Stem Cells", "Multiple Sclerosis"], ["Multiple Sclerosis"]),
        (["Multiple Sclerosis", "Adipose-Derived Stromal Cells"], ["Multiple Sclerosis"]),
        (["Stem Cell Transplantation", "Crohn Disease"], ["Stem Cell Transplantation", "Crohn Disease"]),
        (["Limbal Stem-cell Deficiency", "Crohn Disease"], ["Limbal Stem-cell Deficiency", "Crohn Disease"]),
    ],
)
def test_cells_beside_a_disease_are_no_condition(
    tmp_path: Path, conditions: list[str], kept: list[str]
) -> None:
    def change(one: Any) -> None:
        one["protocolSection"]["conditionsModule"] = {"conditions": conditions}

    report = of(tmp_path, change)
    assert [one.as_reported for one in report.conditions] == kept
    assert [f.value for f in report.of("study", "conditionAsReported")] == conditions
