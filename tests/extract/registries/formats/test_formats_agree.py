"""One record as the site's CSV and as an export of the portal: the facts of its JSON that these have fields for."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import pytest

from tests.extract.registries.records import number_of, read, studies, written
from trialgraph.extract.column_type import FlatValue
from trialgraph.extract.registries.record_columns import flat_of

#: What both have a field for.
OF_BOTH: Final = (
    "registry", "registration_id", "title", "acronym", "conditions", "interventions", "intervention_types", "sponsor",
    "collaborators", "sex", "phase", "phase_status", "n_total", "study_type", "allocation", "intervention_model",
    "masking", "who_masked", "primary_purpose", "start_date", "countries",
)  # fmt: skip
OF_CSV: Final = (
    "status", "has_results", "sponsor_class", "observational_model", "time_perspective", "org_study_id",
    "secondary_ids", "primary_completion_date", "completion_date", "first_posted", "results_first_posted",
    "last_update_posted", "n_sites",
)  # fmt: skip
OF_PORTAL: Final = ("minimum_age", "maximum_age", "primary_outcomes", "n_secondary_outcomes")
#: A part of a record, whose sites have no country and whose interventions no type, is in no export.
WHOLE: Final = [one for one in studies() if "statusModule" in one["protocolSection"]]


def text_at(one: Any, path: str) -> str:
    """The text or number at a place; empty where there is none."""
    for key in path.split("/"):
        one = one.get(key) if isinstance(one, dict) else None
    return "" if one is None else str(one)


def list_at(one: Any, path: str) -> list[Any]:
    """The list at a place; empty where there is none."""
    for key in path.split("/"):
        one = one.get(key) if isinstance(one, dict) else None
    return one or []


def typed(thing: Any, type_: str) -> str:
    """An intervention with its type before its name, as both write it."""
    return f"{type_}: {thing['name']}" if type_ else str(thing["name"])


def address(site: Any) -> str:
    """A site as the CSV writes it."""
    return ", ".join(site[key] for key in ("facility", "city", "state", "zip", "country") if site.get(key))


def csv_of(one: Any) -> str:
    """The record as a file of the site's download."""
    p = one["protocolSection"]
    who = ", ".join(list_at(p, "designModule/designInfo/maskingInfo/whoMasked"))
    design = {
        "Allocation": "allocation", "Intervention Model": "interventionModel",
        "Observational Model": "observationalModel", "Time Perspective": "timePerspective",
        "Masking": "maskingInfo/masking", "Primary Purpose": "primaryPurpose",
    }  # fmt: skip
    parts = {name: text_at(p, f"designModule/designInfo/{path}") for name, path in design.items()}
    parts["Masking"] += f" ({who})" if who else ""
    ids = [one["id"] for one in list_at(p, "identificationModule/secondaryIdInfos")]
    things = list_at(p, "armsInterventionsModule/interventions")
    row = {
        "Study Results": "YES" if one.get("hasResults") else "NO",
        "Conditions": "|".join(list_at(p, "conditionsModule/conditions")),
        "Interventions": "|".join(typed(thing, thing.get("type", "")) for thing in things),
        "Collaborators": "|".join(c["name"] for c in list_at(p, "sponsorCollaboratorsModule/collaborators")),
        "Phases": "|".join(list_at(p, "designModule/phases")),
        "Study Design": "|".join(f"{name}: {value}" for name, value in parts.items()),
        "Other IDs": "|".join([text_at(p, "identificationModule/orgStudyIdInfo/id"), *ids]),
        "Locations": "|".join(map(address, list_at(p, "contactsLocationsModule/locations"))),
    }
    plain = {
        "NCT Number": "identificationModule/nctId", "Study Title": "identificationModule/briefTitle",
        "Acronym": "identificationModule/acronym", "Study Status": "statusModule/overallStatus",
        "Sponsor": "sponsorCollaboratorsModule/leadSponsor/name", "Sex": "eligibilityModule/sex",
        "Enrollment": "designModule/enrollmentInfo/count", "Study Type": "designModule/studyType",
        "Funder Type": "sponsorCollaboratorsModule/leadSponsor/class",
        "Start Date": "statusModule/startDateStruct/date",
        "Primary Completion Date": "statusModule/primaryCompletionDateStruct/date",
        "Completion Date": "statusModule/completionDateStruct/date",
        "First Posted": "statusModule/studyFirstPostDateStruct/date",
        "Results First Posted": "statusModule/resultsFirstPostDateStruct/date",
        "Last Update Posted": "statusModule/lastUpdatePostDateStruct/date",
    }  # fmt: skip
    row |= {name: text_at(p, path) for name, path in plain.items()}
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row))
    writer.writeheader()
    writer.writerow(row)
    return text.getvalue()


def in_words(code: str) -> str:
    """A word of an enumeration as the portal writes it."""
    return "N/A" if code == "NA" else code.replace("_", " ").capitalize()


def xml_of(one: Any) -> str:
    """The record as the portal exports what it has from the registry."""
    p = one["protocolSection"]
    who = ", ".join(map(in_words, list_at(p, "designModule/designInfo/maskingInfo/whoMasked")))
    design = {
        "Allocation": "allocation", "Intervention model": "interventionModel", "Primary purpose": "primaryPurpose",
        "Masking": "maskingInfo/masking",
    }  # fmt: skip
    parts = {name: in_words(text_at(p, f"designModule/designInfo/{path}")) for name, path in design.items()}
    parts["Intervention model"] += " Assignment" if parts["Intervention model"] else ""
    parts["Masking"] += f" ({who})" if who else ""
    phases = [
        in_words(phase).title().replace("Phase", "Phase ") for phase in list_at(p, "designModule/phases")
    ]
    things = list_at(p, "armsInterventionsModule/interventions")
    trial = {
        "Last_Refreshed_on": "24 August 2026",
        "Secondary_Sponsor": ";".join(
            c["name"] for c in list_at(p, "sponsorCollaboratorsModule/collaborators")
        ),
        "Source_Register": "ClinicalTrials.gov",
        "Inclusion_agemin": text_at(p, "eligibilityModule/minimumAge") or "N/A",
        "Inclusion_agemax": text_at(p, "eligibilityModule/maximumAge") or "N/A",
        "Inclusion_gender": text_at(p, "eligibilityModule/sex").capitalize(),
        "Study_type": in_words(text_at(p, "designModule/studyType")),
        "Study_design": "".join(f"{name}: {value}. " for name, value in parts.items() if value),
        "Phase": "/".join(phases),
        "Countries": ";".join(
            s["country"] for s in list_at(p, "contactsLocationsModule/locations") if s.get("country")
        ),
        "Condition": ";".join(list_at(p, "conditionsModule/conditions")),
        "Intervention": ";".join(typed(thing, in_words(thing.get("type", ""))) for thing in things),
        "Primary_outcome": ";".join(o["measure"] for o in list_at(p, "outcomesModule/primaryOutcomes")),
        "Secondary_outcome": ";".join(o["measure"] for o in list_at(p, "outcomesModule/secondaryOutcomes")),
    }
    plain = {
        "TrialID": "identificationModule/nctId", "Public_title": "identificationModule/briefTitle",
        "Scientific_title": "identificationModule/officialTitle", "Acronym": "identificationModule/acronym",
        "Primary_sponsor": "sponsorCollaboratorsModule/leadSponsor/name",
        "Date_enrollement": "statusModule/startDateStruct/date", "Target_size": "designModule/enrollmentInfo/count",
    }  # fmt: skip
    trial |= {name: text_at(p, path) for name, path in plain.items()}
    inner = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in trial.items())
    return f"<Trials_downloaded_from_ICTRP><Trial>{inner}</Trial></Trials_downloaded_from_ICTRP>"


def differences(path: Path, one: Any, columns: tuple[str, ...]) -> dict[str, tuple[FlatValue, FlatValue]]:
    """The columns that a file gives otherwise than the JSON; what it has no text for says nothing."""
    (of_json,), _ = read(written(path.with_name("one.json"), one))
    (made,), problems = read(path)
    assert problems == []
    wanted, found = flat_of(of_json, columns), flat_of(made, columns)
    return {name: (wanted[name], found[name]) for name in columns if not _same(wanted[name], found[name])}


def _same(wanted: FlatValue, found: FlatValue) -> bool:
    return wanted == found or (wanted in (None, [], 0) and found in (None, []))


@pytest.mark.parametrize("one", WHOLE, ids=number_of)
def test_the_csv_of_the_site(tmp_path: Path, one: Any) -> None:
    assert differences(written(tmp_path / "one.csv", csv_of(one)), one, OF_BOTH + OF_CSV) == {}


@pytest.mark.parametrize("one", WHOLE, ids=number_of)
def test_an_export_of_the_portal(tmp_path: Path, one: Any) -> None:
    assert differences(written(tmp_path / "one.xml", xml_of(one)), one, OF_BOTH + OF_PORTAL) == {}


def test_a_semicolon_in_an_item_of_clinicaltrials_gov_is_part_of_it(tmp_path: Path) -> None:
    one = studies()[0]
    one["protocolSection"]["conditionsModule"]["conditions"] = ["Virus; Pneumonia", "COVID-19"]
    path = written(tmp_path / "one.xml", xml_of(one))
    assert differences(path, one, OF_BOTH + OF_PORTAL) == {}
    other = written(tmp_path / "other.xml", xml_of(one).replace("ClinicalTrials.gov<", "ChiCTR<"))
    assert flat_of(read(other)[0][0], ["conditions"])["conditions"] == ["Virus", "Pneumonia", "COVID-19"]


def test_a_character_that_the_registry_lost_costs_no_row(tmp_path: Path) -> None:
    one = studies()[0]
    one["protocolSection"]["identificationModule"]["briefTitle"] = "Caf\ufffd trial"
    assert differences(written(tmp_path / "one.csv", csv_of(one)), one, OF_BOTH + OF_CSV) == {}
