"""The CSV download of ClinicalTrials.gov's site: the same facts as the JSON, as far as it has them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.extract.registries.records import read, study, written
from trialgraph.extract.registries.formats.registry_file import is_registry_file
from trialgraph.extract.registries.record_columns import flat_of

ROW = {
    "NCT Number": "NCT00000410",
    "Study Title": "Spine Patient Outcomes, a Trial",
    "Study URL": "https://clinicaltrials.gov/study/NCT00000410",
    "Acronym": "SPORT",
    "Study Status": "ACTIVE_NOT_RECRUITING",
    "Study Results": "NO",
    "Conditions": "Herniated Disc|Back Pain",
    "Interventions": "PROCEDURE: Diskectomy|OTHER: Care: as usual",
    "Primary Outcome Measures": "Pain, as told, 6 weeks|Function, 3 months",
    "Secondary Outcome Measures": "",
    "Sponsor": "Dartmouth-Hitchcock Medical Center",
    "Collaborators": "National Institute of Arthritis|Other, Inc.",
    "Sex": "ALL",
    "Age": "ADULT, OLDER_ADULT",
    "Phases": "PHASE1|PHASE2",
    "Enrollment": "501",
    "Funder Type": "OTHER",
    "Study Type": "INTERVENTIONAL",
    "Study Design": "Allocation: RANDOMIZED|Intervention Model: PARALLEL|Masking: DOUBLE (PARTICIPANT, INVESTIGATOR)"
    "|Primary Purpose: TREATMENT",
    "Other IDs": "NIAMS-004C|U01AR045444",
    "Start Date": "2000-03",
    "Primary Completion Date": "2015-04-30",
    "Completion Date": "",
    "First Posted": "1999-11-04",
    "Results First Posted": "",
    "Last Update Posted": "2015-08-04",
    "Locations": "Kaiser, Oakland, California, 94612, United States|A Clinic, Seoul, Korea, Republic of"
    "|B, Lyon, France",
}
WANTED = {
    "registration_id": "NCT00000410",
    "phase": "1/2",
    "n_total": 501,
    "title": "Spine Patient Outcomes, a Trial",
    "acronym": "SPORT",
    "org_study_id": "NIAMS-004C",
    "secondary_ids": ["U01AR045444"],
    "study_type": "interventional",
    "status": "active not recruiting",
    "start_date": "2000-03",
    "primary_completion_date": "2015-04-30",
    "completion_date": None,
    "allocation": "randomized",
    "intervention_model": "parallel",
    "masking": "double",
    "who_masked": ["participant", "investigator"],
    "conditions": ["Herniated Disc", "Back Pain"],
    "interventions": ["Diskectomy", "Care: as usual"],
    "intervention_types": ["procedure", "other"],
    "n_primary_outcomes": 2,
    "n_secondary_outcomes": None,
    "primary_outcomes": [],
    "sponsor": "Dartmouth-Hitchcock Medical Center",
    "sponsor_class": "other",
    "collaborators": ["National Institute of Arthritis", "Other, Inc."],
    "countries": ["United States", "Korea, Republic of", "France"],
    "n_sites": 3,
    "sex": "all",
    "has_results": False,
}


def file_of(tmp_path: Path, *rows: dict[str, str]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(ROW))
    writer.writeheader()
    writer.writerows(rows)
    return written(tmp_path / "ctg-studies.csv", "\ufeff" + text.getvalue())


def test_the_columns_of_a_row(tmp_path: Path) -> None:
    path = file_of(tmp_path, ROW)
    assert is_registry_file(path)
    (report,), problems = read(path)
    assert not problems
    assert flat_of(report, WANTED) == WANTED
    (status,) = report.of("study", "recruitmentStatus")
    assert str(report.record.place(status)) == f"cell=2,{list(ROW).index('Study Status') + 1}"


def test_words_of_former_exports(tmp_path: Path) -> None:
    former = ROW | {
        "Study Status": "Active, not recruiting",
        "Phases": "Phase 1|Phase 2",
        "Age": "18 Years to 65 Years (Adult, Older Adult)",
        "Sex": "Female",
        "Start Date": "March 2000",
        "Study Design": "Allocation: Randomized|Intervention Model: Parallel Assignment|Masking: None (Open Label)",
    }
    (report,), _ = read(file_of(tmp_path, former))
    wanted = {
        "status": "active not recruiting", "phase": "1/2", "minimum_age": "18 Years", "maximum_age": "65 Years",
        "sex": "female", "start_date": "2000-03", "masking": "none", "intervention_model": "parallel",
    }  # fmt: skip
    assert flat_of(report, wanted) == wanted


def test_what_the_csv_states_the_json_states_too(tmp_path: Path) -> None:
    one: Any = study("NCT00000410")
    protocol = one["protocolSection"]
    row = dict.fromkeys(ROW, "") | {
        "NCT Number": "NCT00000410",
        "Study Title": protocol["identificationModule"]["briefTitle"],
        "Study Status": protocol["statusModule"]["overallStatus"],
        "Conditions": "|".join(protocol["conditionsModule"]["conditions"]),
        "Phases": "|".join(protocol["designModule"]["phases"]),
        "Enrollment": str(protocol["designModule"]["enrollmentInfo"]["count"]),
        "Study Type": protocol["designModule"]["studyType"],
    }
    (of_csv,), _ = read(file_of(tmp_path, row))
    (of_json,), _ = read(written(tmp_path / "a.json", one))
    stated = {(fact.line.path, fact.indices, fact.value) for fact in of_json.facts}
    assert {(fact.line.path, fact.indices, fact.value) for fact in of_csv.facts} <= stated


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"NCT Number": "NCT123"}, "no registration number"),
        ({"Study Title": "a \0 b"}, "NUL character"),
    ],
)
def test_a_bad_row_is_left_out(tmp_path: Path, change: dict[str, str], reason: str) -> None:
    other = ROW | {"NCT Number": "NCT00007696"}
    reports, problems = read(file_of(tmp_path, ROW | change, other))
    assert [report.record.identifier for report in reports] == ["NCT00007696"]
    assert [problem.reason for problem in problems] == [reason]


def test_a_table_with_some_of_the_columns_is_no_download() -> None:
    from trialgraph.extract.registries.formats.csv_rows import header_of
    from trialgraph.extract.registries.formats.ctgov_csv import COLUMNS_OF_SITE

    assert len(header_of(b"NCT Number,Phase,Disease,Patients,Conditions\n") & COLUMNS_OF_SITE) < 4


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (
            {"Locations": "NJ Retina | Teaneck, Teaneck, New Jersey, 07666, United States|B, Lyon, France"},
            {"n_sites": 2, "countries": ["United States", "France"]},
        ),
        (
            {"Locations": "Mountain View|Eyes, Las Vegas, United States|Site|Two|C, Tehran, Iran, Islamic Republic of"},
            {"n_sites": 2, "countries": ["United States", "Iran, Islamic Republic of"]},
        ),
        ({"Locations": "A, Paris, France|Turkey|B, Ankara, Turkey (Türkiye)"}, {"n_sites": 3}),
        (
            {"Interventions": "DRUG: A|B gel|OTHER: C | D|BIOLOGICAL: MSC (bone|fat)"},
            {"interventions": ["A|B gel", "C | D", "MSC (bone|fat)"]},
        ),
        (
            {"Conditions": "Type 1 | Type 2 Diabetes|HLA (A|B)|Stroke"},
            {"conditions": ["Type 1 | Type 2 Diabetes", "HLA (A|B)", "Stroke"]},
        ),
        (
            {"Conditions": "a) Stroke|b) Other (see below|Asthma"},
            {"conditions": ["a) Stroke", "b) Other (see below", "Asthma"]},
        ),
        ({"Collaborators": "Inserm | AP-HP|Other, Inc."}, {"collaborators": ["Inserm | AP-HP", "Other, Inc."]}),
        ({"Other IDs": "A|B (C|D)"}, {"org_study_id": "A", "secondary_ids": ["B (C|D)"]}),
        ({"Primary Outcome Measures": "VAS | NRS, pain, 6 weeks|Death"}, {"n_primary_outcomes": 2}),
        ({"Other IDs": "|"}, {"org_study_id": "|"}),
    ],
)  # fmt: skip
def test_a_separator_within_an_item_is_part_of_it(
    tmp_path: Path, cells: dict[str, str], wanted: dict[str, Any]
) -> None:
    (report,), problems = read(file_of(tmp_path, ROW | cells))
    assert problems == []
    assert flat_of(report, wanted) == wanted


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"Locations": "Clinic, North|Wing, Paris, France"}, "n_sites"),
        ({"Locations": "A, Paris, France|Rest of a name"}, "n_sites"),
        ({"Locations": "A, Paris, France|B, Lyon, Atlantis"}, "countries"),
        ({"Study Design": "Allocation: RANDOMIZED|Colour: RED"}, "masking"),
    ],
)
def test_what_cannot_be_taken_apart_is_told_and_states_nothing(
    tmp_path: Path, cells: dict[str, str], column: str
) -> None:
    (report,), (problem,) = read(file_of(tmp_path, ROW | cells))
    assert problem.line().startswith(f"ctg-studies.csv:2: NCT00000410: {next(iter(cells))}: ")
    assert problem.reason == "unclear"
    assert not flat_of(report, [column])[column]
