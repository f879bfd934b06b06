"""One record as the site's CSV and as an export of the portal: the facts of its JSON that these have fields for."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from tests.extract.registries.exports import csv_of, xml_of
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
