"""Arms: what each receives, by its name and by what its report gives."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import in_place, row
from trialgraph.extract.reports import read_report
from trialgraph.model.report import Arm, Report

PLAIN = "1 × 10^6 cells/kg, IV infusion"


def report(patients: str, administration: str = PLAIN, cell_source: str = "UC-MSCs") -> Report:
    return read_report(row(patients=patients, administration=administration, cell_source=cell_source))


def received(arm: Arm) -> str:
    """``all`` of what the report gives, else the places of products, the drugs and the places of doses."""
    if arm.role == "treatment" and arm.as_reported:
        return "all"
    if arm.own is None:
        return "not stated"
    drugs = (drug.concept.label if drug.concept else drug.reading.verbatim for drug in arm.own.drugs)
    cells = "cells " + ",".join(map(str, arm.own.products)) if arm.own.products else ""
    doses = "dose " + ",".join(map(str, arm.own.doses)) if arm.own.doses else ""
    return " ".join(filter(None, (cells, *drugs, doses)))


SOME = "UC-MSC transplantation, with some patients receiving recombinant human IFN-γ 1 × 106 cells/kg"


@pytest.mark.parametrize(
    ("patients", "administration", "cells", "arms"),
    [
        (
            "63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)",
            *(SOME, "UC-MSCs"),
            ["cells 1 dose 1", "all"],
        ),
        # drugs that only the names have; words that no concept covers
        (
            "40 (20 UC-MSC + methotrexate, 20 methotrexate alone)",
            *(PLAIN, "UC-MSCs"),
            ["cells 1 methotrexate dose 1", "methotrexate"],
        ),
        (
            "20 UC-MSC + prednisone, 20 prednisone alone",
            *(PLAIN, "UC-MSCs"),
            ["cells 1 prednisone dose 1", "prednisone"],
        ),
        ("30 (15 MSC plus hydrogel; 15 MSC only)", PLAIN, "MSC", ["cells 1 hydrogel dose 1", "all"]),
        # dose levels in the order of their words; too few of them tell nothing
        (
            "40 (15 low-dose, 15 high-dose, 10 placebo)",
            *("1 or 2 × 10^6 cells/kg, IV", "UC-MSCs"),
            ["cells 1 dose 1", "cells 1 dose 2", "placebo"],
        ),
        ("30 (15 low-dose, 15 high-dose)", PLAIN, "UC-MSCs", ["all", "all"]),
        # cells of two kinds
        (
            "30 (10 UC-MSC, 10 BM-MSC, 10 MSC)",
            *(PLAIN, "UC-MSCs, BM-MSCs"),
            ["cells 1 dose 1", "cells 2 dose 1", "all"],
        ),
        ("30 (15 HSC, 15 MSC)", PLAIN, "UC-MSCs", ["not stated", "all"]),
        ("30 (16 Cx611, 14 placebo)", PLAIN, "AD-MSCs (Cx611)", ["all", "placebo"]),
        # a control group receives what its name says, and nothing where it says nothing
        ("MSC group 16, control group 14", PLAIN, "UC-MSCs", ["all", "not stated"]),
        ("30 (15/15)", "4 × 107 UC-MSCs in combination with DMARDs", "UC-MSCs", ["all", "not stated"]),
        ("30 (15 MSC, 15 conventional therapy)", PLAIN, "UC-MSCs", ["all", "not stated"]),
        ("30 (15 MSC, 15 control without MSC)", PLAIN, "UC-MSCs", ["all", "not stated"]),
        ("30 (20 treated, 10 placebo + DMARDs)", PLAIN, "UC-MSCs", ["all", "placebo DMARD"]),
        # a name that denies cells
        ("30 (15 MSC, 15 no MSC)", PLAIN, "UC-MSCs", ["all", "not stated"]),
        ("30 (15 MSC, 15 no MSC)", PLAIN, "", ["all", "not stated"]),
        # a word that is not known may be of something else that is given
        ("30 (15 MSC, 15 delayed treatment)", PLAIN, "UC-MSCs", ["all", "not stated"]),
        ("30 (15 MSC, 15 zorblaximab)", PLAIN, "UC-MSCs", ["all", "not stated"]),
        # names that tell no one what is given
        ("30 (16 group A, 14 group B)", PLAIN, "UC-MSCs", ["all", "all"]),
        ("30 (16 group A, 14 group B)", SOME, "UC-MSCs", ["cells 1 dose 1", "cells 1 dose 1"]),
    ],
)
def test_an_arm_receives_what_its_name_and_its_report_say(
    patients: str, administration: str, cells: str, arms: list[str]
) -> None:
    assert [received(arm) for arm in report(patients, administration, cells).arms] == arms


def test_the_readings_of_a_name_are_the_reports_and_in_their_place() -> None:
    made = report("63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)", SOME)
    named = [reading for arm in made.arms for reading in arm.named]
    assert [(r.name, r.verbatim) for r in named] == [
        ("arm_cells", "MSC"),
        ("arm_cells", "MSC"),
        ("arm_drug", "IFN-γ"),
    ]
    assert in_place(named)
    assert set(named) <= set(made.readings)


@pytest.mark.parametrize(
    "patients", ["63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)", "36 (16 MSC, 20 MSC + prednisone)"]
)
def test_the_arms_add_up_to_the_groups(patients: str) -> None:
    made = report(patients)
    assert sum(arm.enrolled or 0 for arm in made.arms) == made.n_treatment == made.n_total
