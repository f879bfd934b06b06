"""The columns of a record, against the same taken from its JSON in another way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.extract.registries.records import changed, number_of, read, studies, study, written
from trialgraph.extract.column_type import FlatValue
from trialgraph.extract.registries.record_columns import RECORD_COLUMNS, flat_names, flat_of
from trialgraph.extract.trials_table import COLUMNS


def columns_of(tmp_path: Path, one: Any) -> dict[str, FlatValue]:
    reports, _ = read(written(tmp_path / "study.json", one))
    return flat_of(reports[0], flat_names(["all"]))


def get(one: Any, path: str, default: Any = None) -> Any:
    for key in path.split("/"):
        one = one.get(key, default) if isinstance(one, dict) else default
    return one


def words(value: str | None) -> str | None:
    made = {"NA": "not applicable"}.get(value or "", (value or "").lower().replace("_", " "))
    return made or None


def text(value: str | None) -> str | None:
    return " ".join(value.split()) if value else None


def expected(one: Any) -> dict[str, Any]:
    """Most of the columns, straight from the JSON."""
    p = one["protocolSection"]
    status, design = p.get("statusModule", {}), p.get("designModule", {})
    arms = get(p, "armsInterventionsModule/armGroups", []) or []
    things = get(p, "armsInterventionsModule/interventions", []) or []
    primary = get(p, "outcomesModule/primaryOutcomes", []) or []
    sites = get(p, "contactsLocationsModule/locations", []) or []
    meshes = get(one, "derivedSection/conditionBrowseModule/meshes", []) or []
    return {
        "title": text(p["identificationModule"].get("briefTitle")),
        "acronym": text(p["identificationModule"].get("acronym")),
        "org_study_id": text(get(p, "identificationModule/orgStudyIdInfo/id")),
        "aliases": p["identificationModule"].get("nctIdAliases", []),
        "secondary_ids": [text(i["id"]) for i in p["identificationModule"].get("secondaryIdInfos", [])],
        "study_type": words(design.get("studyType")),
        "status": words(status.get("overallStatus")),
        "last_known_status": words(status.get("lastKnownStatus")),
        "why_stopped": text(status.get("whyStopped")),
        "start_date": get(status, "startDateStruct/date"),
        "start_date_type": words(get(status, "startDateStruct/type")),
        "primary_completion_date": get(status, "primaryCompletionDateStruct/date"),
        "completion_date_type": words(get(status, "completionDateStruct/type")),
        "first_posted": get(status, "studyFirstPostDateStruct/date"),
        "enrolment_type": words(get(design, "enrollmentInfo/type")),
        "allocation": words(get(design, "designInfo/allocation")),
        "intervention_model": words(get(design, "designInfo/interventionModel")),
        "observational_model": words(get(design, "designInfo/observationalModel")),
        "masking": words(get(design, "designInfo/maskingInfo/masking")),
        "who_masked": [words(w) for w in get(design, "designInfo/maskingInfo/whoMasked", []) or []],
        "conditions": [text(c) for c in get(p, "conditionsModule/conditions", []) or []],
        "keywords": [text(c) for c in get(p, "conditionsModule/keywords", []) or []],
        "arms": [text(arm["label"]) for arm in arms],
        "arm_types": [words(arm.get("type")) or "not stated" for arm in arms],
        "interventions": [text(thing["name"]) for thing in things],
        "intervention_types": [words(thing.get("type")) or "not stated" for thing in things],
        "n_primary_outcomes": len(primary),
        "n_secondary_outcomes": len(get(p, "outcomesModule/secondaryOutcomes", []) or []),
        "primary_outcomes": [text(outcome["measure"]) for outcome in primary],
        "primary_time_frames": [text(outcome.get("timeFrame")) or "" for outcome in primary],
        "sponsor": text(get(p, "sponsorCollaboratorsModule/leadSponsor/name")),
        "sponsor_class": words(get(p, "sponsorCollaboratorsModule/leadSponsor/class")),
        "countries": list(dict.fromkeys(site["country"] for site in sites if "country" in site)),
        "n_sites": len(sites),
        "sex": words(get(p, "eligibilityModule/sex")),
        "minimum_age": get(p, "eligibilityModule/minimumAge"),
        "healthy_volunteers": get(p, "eligibilityModule/healthyVolunteers"),
        "references": [
            f"{r['pmid']}:{r['type'].lower()}"
            for r in get(p, "referencesModule/references", []) or []
            if r.get("pmid") and r.get("type")
        ],
        "has_results": one.get("hasResults"),
        "data_version": get(one, "derivedSection/miscInfoModule/versionHolder"),
        "n_total": get(design, "enrollmentInfo/count"),
        "n_reported_outcomes": len(
            get(one, "resultsSection/outcomeMeasuresModule/outcomeMeasures", []) or []
        ),
        "flow_groups": [
            text(g["title"]) for g in get(one, "resultsSection/participantFlowModule/groups", []) or []
        ],
        "condition_mesh": [f"MESH:{mesh['id'][0]}{int(mesh['id'][1:]):06d}" for mesh in meshes],
        "registration_id": p["identificationModule"]["nctId"],
        "registry": "ClinicalTrials.gov",
        "row": None,
    }


@pytest.mark.parametrize("one", studies(), ids=number_of)
def test_the_columns_are_what_the_record_says(tmp_path: Path, one: Any) -> None:
    made = columns_of(tmp_path, one)
    wanted = expected(one)
    assert {name: made[name] for name in wanted} == wanted


def test_the_columns_of_records_stand_behind_those_that_others_rely_on() -> None:
    names = flat_names(["all"])
    assert names[: len(COLUMNS)] == COLUMNS
    assert names[len(COLUMNS) : len(COLUMNS) + len(RECORD_COLUMNS)] == RECORD_COLUMNS
    assert len(set(names)) == len(names)
    assert flat_names() == COLUMNS


@pytest.mark.parametrize(
    ("phases", "phase", "status"),
    [
        (["PHASE1", "PHASE2"], "1/2", "stated"),
        (["EARLY_PHASE1"], "early 1", "stated"),
        (["PHASE4"], "4", "stated"),
        (["NA"], None, "not applicable"),
        (None, None, "not stated"),
        (["PHASE5"], None, "unread"),
        (["PHASE1", "PHASE2", "PHASE3"], None, "unread"),
    ],
)
def test_phases(tmp_path: Path, phases: Any, phase: str | None, status: str) -> None:
    def change(one: Any) -> None:
        one["protocolSection"]["designModule"]["phases"] = phases

    made = columns_of(tmp_path, changed(study("NCT00000410"), change))
    assert (made["phase"], made["phase_status"]) == (phase, status)


@pytest.mark.parametrize(
    ("status", "last", "results", "reference", "wanted"),
    [
        ("RECRUITING", None, False, None, "ongoing"),
        ("UNKNOWN", "NOT_YET_RECRUITING", False, None, "ongoing"),
        ("UNKNOWN", None, False, None, None),
        ("COMPLETED", None, False, None, None),
        ("COMPLETED", None, False, "BACKGROUND", None),
        ("COMPLETED", None, False, "DERIVED", "published"),
        ("TERMINATED", None, True, None, "published"),
        ("TERMINATED", None, False, None, "terminated"),
        ("WITHDRAWN", None, False, None, "withdrawn"),
    ],
)
def test_what_is_known_of_results(
    tmp_path: Path, status: str, last: str | None, results: bool, reference: str | None, wanted: str | None
) -> None:
    def change(one: Any) -> None:
        one["hasResults"] = results
        one["protocolSection"]["statusModule"] |= {"overallStatus": status, "lastKnownStatus": last}
        one["protocolSection"]["referencesModule"] = {
            "references": [{"pmid": "1", "type": reference}] if reference else []
        }

    assert columns_of(tmp_path, changed(study("NCT00000410"), change))["results_status"] == wanted


def test_links_of_arms_and_interventions_from_both_sides(tmp_path: Path) -> None:
    def change(one: Any) -> None:
        one["protocolSection"]["armsInterventionsModule"] = {
            "armGroups": [
                {"label": "A", "interventionNames": ["Drug: X", "Biological: Cells: both kinds"]},
                {"label": "B"},
            ],
            "interventions": [
                {"name": "X", "type": "DRUG", "armGroupLabels": ["B", "no such arm"]},
                {"name": "Cells: both kinds", "type": "BIOLOGICAL"},
            ],
        }

    made = columns_of(tmp_path, changed(study("NCT00000410"), change))
    assert made["arm_interventions"] == ["A => X", "A => Cells: both kinds", "B => X"]


def test_a_name_that_two_have_is_that_of_the_linked_one(tmp_path: Path) -> None:
    """As in NCT01298921: both sides list the link, and the two interventions are called the same."""
    one = study("NCT00000410")
    arms = [
        {"label": label, "interventionNames": ["Other: Oxygen"]}
        for label in ("Continuous", "Demand", "Third")
    ]
    things = [
        {"type": "OTHER", "name": "Oxygen", "armGroupLabels": [label]} for label in ("Continuous", "Demand")
    ]
    one["protocolSection"]["armsInterventionsModule"] = {"armGroups": arms, "interventions": things}
    assert columns_of(tmp_path, one)["arm_interventions"] == [
        "Continuous => Oxygen",
        "Demand => Oxygen",
        "Third => Oxygen",
    ]
    things[0]["armGroupLabels"] = ["Twice"]
    arms[0]["label"] = arms[1]["label"] = "Twice"
    assert columns_of(tmp_path, one)["arm_interventions"] == [
        "Twice => Oxygen",
        "Twice => Oxygen",
        "Third => Oxygen",
    ]


def test_groups_of_results_are_kept_apart(tmp_path: Path) -> None:
    one = next(s for s in studies() if get(s, "resultsSection/adverseEventsModule/eventGroups"))
    made = columns_of(tmp_path, one)
    groups = one["resultsSection"]["adverseEventsModule"]["eventGroups"]
    assert made["serious_events"] == [
        f"{text(g['title'])}={g['seriousNumAffected']}/{g['seriousNumAtRisk']}" for g in groups
    ]
    baseline = one["resultsSection"]["baselineCharacteristicsModule"]
    titles = {g["id"]: text(g["title"]) for g in baseline["groups"]}
    counts = baseline["denoms"][0]["counts"]
    assert made["baseline_groups"] == [f"{titles[c['groupId']]}={c['value']}" for c in counts]
    outcome = next(
        o for o in one["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"] if o["type"] == "PRIMARY"
    )
    titles = {g["id"]: text(g["title"]) for g in outcome["groups"]}
    first = outcome["classes"][0]["categories"][0]["measurements"]
    assert made["primary_results"] == [f"{titles[m['groupId']]}={m['value']}" for m in first]


def test_a_size_of_nought_is_a_fact(tmp_path: Path) -> None:
    def change(one: Any) -> None:
        one["protocolSection"]["designModule"]["enrollmentInfo"] = {"count": 0, "type": "ACTUAL"}

    assert columns_of(tmp_path, changed(study("NCT00000410"), change))["n_total"] == 0
