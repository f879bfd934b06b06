"""Columns that only their cells tell, and cells with a second thing."""

from __future__ import annotations

import pytest

from tests.extract.tables.measure import reports_of
from tests.extract.tables.published import Published
from trialgraph.extract.layout.column_roles import Role
from trialgraph.extract.layout.told_by_contents import with_contents
from trialgraph.extract.trials_table import flat


def fields(header: str, cells: list[str], role: Role = Role()) -> tuple[str, ...]:  # noqa: B008 - it is frozen
    return with_contents([header], [role], [cells])[0].fields


@pytest.mark.parametrize(
    ("header", "cells", "told"),
    [
        ("Study details", ["NCT02215967\nPhase I", "NCT03090659\nPhase II"], ("registration", "phase")),
        ("Details", ["NCT02215967", "ChiCTR1800018137"], ("registration",)),
        ("Amount and sessions", ["1*10^7 cells, local", "9.0*10^6 cells/kg, IV"], ("administration",)),
        ("Trial PI", ["Peng et al. [44]", "Lin et al. [45]"], ("reference",)),
        ("Group", ["Control group (n = 15)/MSC group (n = 30)", "MSC (n = 2)/Control (n = 2)"], ("patients",)),
        # Doses at which something happened, and numbers of something else.
        ("Response at dose", ["ORR 81% at 9 × 10^6 cells/kg", "CR at 1 × 10^6 cells/kg"], ()),
        ("Conditioning", ["1 × 10^6 cells/kg", "2 × 10^6 cells/kg"], ()),
        ("Comment", ["as in NCT02215967", "a follow-up of NCT03090659"], ()),
        ("Score", ["1.5", "2.5"], ()),
    ],
)  # fmt: skip
def test_a_column_that_no_heading_names(header: str, cells: list[str], told: tuple[str, ...]) -> None:
    assert fields(header, cells) == told


@pytest.mark.parametrize(
    ("first", "cells", "told"),
    [
        ("patients", ["229 (18–80 years old)", "23 (≥40 years old)"], ("patients", "age")),
        ("patients", ["30 (15/15)", "20 (10/10)"], ("patients",)),
        ("cell source", ["BM-MSCs (1 × 10^6 cells/kg)", "UC-MSC"], ("cell source", "administration")),
        ("registration", ["NCT02658929 [24]", "NCT03274219 [29]"], ("registration", "reference")),
        ("registration", ["NCT04371393 (USA)", "NCT04444271 (Pakistan)"], ("registration", "countries")),
        ("phase", ["Phase I (recruiting)", "Phase II (completed)"], ("phase", "status")),
        ("reference", ["Escudier (92)", "NCT01294072", "Morse (93)"], ("reference", "registration")),
    ],
)  # fmt: skip
def test_a_second_thing_of_a_column(first: str, cells: list[str], told: tuple[str, ...]) -> None:
    assert fields("x", cells, Role((first,))) == told


def test_an_assigned_column_is_left_alone() -> None:
    assert fields("x", ["NCT02215967"], Role((), 1.0, "assigned in source.toml")) == ()


def test_a_heading_known_by_its_last_words_gives_way_to_one_that_is_known() -> None:
    told = Role(("disease",), 0.92, "", by_last_words=True)
    made = with_contents(["General Indication", "Disease"], [told, Role(("disease",))], [["RA"], ["RA"]])
    assert [role.fields for role in made] == [(), ("disease",)]


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("5 × 10^12 vg/kg", {"dose_low": 5 * 10**12, "dose_unit": "vg/kg"}),
        ("1, 3 and 10 mg/kg", {"dose_levels": [1, 3, 10], "dose_unit": "mg/kg"}),
        ("50 or 20 μg", {"dose_low": 20, "dose_high": 50, "dose_unit": "µg"}),
        ("MSC and prednisone 5 mg", {"dose_low": None, "dose_unit": None}),
        ("100 mg/day", {"dose_low": None}),
        ("2×10^7; 1×10^8; 2×10^8 cells/m²", {"dose_levels": [2 * 10**7, 10**8, 2 * 10**8], "dose_unit": "cells/m²"}),
        ("2×10^7; 1×10^8 cells/mL", {"dose_low": None}),
        ("1.2 (0.9–1.65) × 10^6/kg", {"dose_low": 1200000, "dose_high": 1200000}),
        ("12*10^7 cells, once", {"dose_low": 120000000, "dose_count": 1}),
        ("1 or 2 doses", {"dose_count": None}),
        ("10^6 cells once daily", {"dose_count": None}),
        ("Portal vein", {"routes": ["intraportal"]}),
        ("portal vein thrombosis", {"routes": []}),
        ("Hepatic artery", {"routes": ["intra-arterial"]}),
    ],
)  # fmt: skip
def test_doses_and_routes_of_a_cell(cell: str, values: dict[str, object]) -> None:
    (report,) = reports_of(
        Published("made", "", f"NCT Number\tDose and route\nNCT01234568\t{cell}", (), headings=1)
    )
    record = flat(report, ["all"])
    assert {name: record[name] for name in values} == values


@pytest.mark.parametrize(
    ("caption", "values"),
    [
        ("CAR-T trials targeting BCMA in multiple myeloma", {"targets": ["BCMA"]}),
        ("CAR-T trials targeting BCMA and CD19", {"targets": []}),
        ("CAR-T trials targeting tumours", {"targets": []}),
        ("Randomized controlled trials of MSC in SLE", {"allocation": "randomized"}),
        ("Randomized and non-randomized trials of MSC in SLE", {"allocation": None}),
        ("Trials of MSC to prevent GVHD", {"disease_label": "graft versus host disease"}),
    ],
)  # fmt: skip
def test_what_a_caption_states(caption: str, values: dict[str, object]) -> None:
    (report,) = reports_of(Published("made", "", "NCT Number\tPhase\nNCT01234568\tI", (), caption, 1))
    record = flat(report, ["all"])
    assert {name: record[name] for name in values} == values


@pytest.mark.parametrize(
    ("cell", "phase"),
    [
        ("Phase 1¶Phase 2", "1/2"), ("I—open label", "1"), ("Early 1", "0"), ("1 & 2", "1/2"), ("02-Mar", None),
        ("2, 48 patients", None), ("1–30 mg", None),
    ],
)  # fmt: skip
def test_phases_of_a_cell(cell: str, phase: str | None) -> None:
    (report,) = reports_of(Published("made", "", f"NCT Number\tPhase\nNCT01234568\t{cell}", (), headings=1))
    assert report.phase == phase


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("Control group (n = 15)/MSC group (n = 30)", (None, 30, 15)),
        ("Pre-therapy group (n = 6)/Post-therapy group (n = 6)", (None, None, None)),
        ("R/R MM, at least 3 prior lines, n = 24", (24, None, None)),
        ("1 135", (1135, None, None)),
        ("20 Age: 18 − 65", (20, None, None)),
    ],
)  # fmt: skip
def test_patients_of_a_cell(cell: str, numbers: tuple[int | None, ...]) -> None:
    (report,) = reports_of(
        Published("made", "", f"NCT Number\tPatients\nNCT01234568\t{cell}", (), headings=1)
    )
    read = (report.n_total, report.n_treatment, report.n_control)
    assert read == numbers or (numbers == (None, None, None) and read[1:] == (None, None))
