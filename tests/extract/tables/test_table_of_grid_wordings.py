"""Headings and cells of kinds that reviewers' tables brought: what says little is told by the cells, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extract.tables.measure import reports_of
from tests.extract.tables.published import Published
from trialgraph.extract.trials_table import flat


def _first(rows: str, caption: str = "") -> dict[str, Any]:
    return flat(reports_of(Published("made", "made", rows, [], caption, 1))[0], ["all"])


def _cell(heading: str, text: str, caption: str = "") -> dict[str, Any]:
    return _first(f"NCT number\t{heading}\nNCT04315987\t{text}", caption)


@pytest.mark.parametrize(
    ("heading", "text", "column", "value"),
    [
        ("Enrolled", "24", "n_total", 24),
        ("Planned participants", "24", "n_total", 24),
        ("Patients", "Twenty-four patients", "n_total", 24),
        ("Patients", "24 eyes", "n_total", None),
        ("Patients", "14, 12", "n_total", None),
        ("Patients", "T: 14; C: 12", "n_control", 12),
        ("Status", "ACTIVE_NOT_RECRUITING", "status", "active, not recruiting"),
        ("Status", "Terminated (slow accrual)", "status", "terminated"),
        ("Status", "Completed (part A)", "status", None),
        ("Recruiting", "Not yet", "status", "not yet recruiting"),
        ("Phase", "EARLY_PHASE1", "phase", "0"),
        ("Phase", "2, 3", "phase", "2/3"),
        ("Phase", "1, 3", "phase", None),
        ("Blinding", "No", "masking", "open label"),
        ("Follow-up", "Week 24", "follow_up_months", [5.52]),
        ("Follow-up", "two years", "follow_up_months", [24]),
        ("Cell dose", "2–4 M/kg", "dose_low", 2000000),
        ("Cell dose", "10^6 cells/kg", "dose_low", 1000000),
        ("Cell dose", "10^6 to 10^7 cells/kg", "dose_low", None),
        ("Cell dose", "3 × 10⁸ cells/ml", "dose_low", None),
        ("Donor", "Allogeneic", "donor_type", "allogeneic"),
        ("Cell type", "NK cells", "cell_types", ["CL:0000623"]),
        ("Eligible age", "gestational age ≥ 34 weeks", "minimum_age", None),
        ("Start date", "2021-03 (estimated)", "start_date", "2021-03"),
        ("Principal investigator/location", "A. Body¶City Hospital, Spain", "countries", ["Spain"]),
    ],
)
def test_a_cell_under_its_heading(heading: str, text: str, column: str, value: object) -> None:
    found = _cell(heading, text)[column]
    assert found == value or (value is None and not found)


def test_an_abbreviation_is_no_route_where_the_disease_speaks_against_it() -> None:
    rows = "Disease\tRoute\n{}\tIT"
    assert _first(rows.format("Spinal cord injury"))["routes"] == ["intrathecal"]
    assert _first(rows.format("Bronchopulmonary dysplasia"))["routes"] == ["IT"]


def test_a_caption_says_which_cells_a_column_of_tissues_is_about() -> None:
    made = _cell("Source", "BM", "Trials of allogeneic mesenchymal stem/stromal cells in heart failure (HF)")
    assert (made["cell_types"], made["donor_type"]) == (["CL:0002540"], "allogeneic")
    assert made["disease_label"] == "heart failure"


def test_registry_numbers_decide_against_a_heading_that_only_counts() -> None:
    made = _first("Number of clinical trial\tPhase\nNCT04315987\tI")
    assert (made["registration_id"], made["n_total"]) == ("NCT04315987", None)
