"""What is read from the prose of records: rules with their examples, and the accuracy against labels."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.extract.registries.measure import HALVES, SETS, labels, measured, read_values
from tests.extract.registries.records import report_of
from trialgraph.extract.registries.prose.rules import RULES_OF_PROSE
from trialgraph.extract.registries.prose.times import times_in


@pytest.mark.parametrize(
    ("text", "doses"),
    [
        ("4x10^7 MSCs", ["40000000"]),
        ("1.5×10^6 cells/kg", ["1500000/kg"]),
        ("2 x 10e6 cells per kg", ["2000000/kg"]),
        ("10e6 cells/kg", ["1000000/kg"]),
        ("1,5-3,0 x 10E6 MSC/kg", ["1500000-3000000/kg"]),
        ("1x10e8 ~ 3x10e8 MSCs", ["100000000-300000000"]),
        ("2 million cells per kg, not to exceed 150 million cells", ["2000000/kg"]),
        ("1 million cells per kg", ["1000000/kg"]),
        ("1 x 106 cells/kg", ["1000000/kg"]),
        ("2 \\* 10\\^7 MSC", ["20000000"]),
        ("1-2 x 10^6 MSC per kg", ["1000000-2000000/kg"]),
        ("1, 2 or 4 x 10^6 cells/kg", ["1000000/kg", "2000000/kg", "4000000/kg"]),
        ("12,5 million cells at day 0 and 12,5 million cells at day 14", ["12500000"]),
        ("three doses of 200 million MSCs with a total of 600 million MSCs", ["200000000"]),
        ("2 x 10^6 cells/kg, maximum 2 x 10^8 cells", ["2000000/kg"]),
        ("2 times 10(6) MSC/kg", ["2000000/kg"]),
        ("5 x 10(7) cells", ["50000000"]),
        (
            "up to 5 x 10^6 cells/kg: 1 x 10^6, 3 x 10^6 or 5 x 10^6 cells/kg",
            ["1000000/kg", "3000000/kg", "5000000/kg"],
        ),
        ("cells are delivered at a rate of 5 million cells per minute", []),
        ("2.5x10^5 MPCs/min", []),
        # No doses: concentrations, volumes, other products, people.
        ("cells at 1 x 10^7 cells/mL", []),
        ("20 ml of MSC suspension", []),
        ("after 2 x 10^6 CD34+ cells/kg", []),
        ("Stroke hits 2 million people; MSCs are given", []),
        ("seeded at a density of 5 x 10^5 cells", []),
    ],
)
def test_doses_of_cells(tmp_path: Path, text: str, doses: list[str]) -> None:
    assert read_values(report_of(tmp_path, given=text))["doses"] == doses


def test_nothing_is_read_where_no_cells_are_given(tmp_path: Path) -> None:
    for name in (
        "Exosomes of umbilical cord mesenchymal stem cells",
        "Semaglutide",
        "MSC-conditioned medium",
        "Exosomes derived from mesenchymal stem cells (MSCs)",
        "Conditioned medium of cord blood-derived stem cells",
    ):
        values = read_values(report_of(tmp_path, name=name, given="intravenous, 2 x 10^8 particles"))
        assert (values["tissues"], values["donor"], values["doses"]) == ([], [], []), name


@pytest.mark.parametrize(
    ("name", "given", "tissues", "donor", "routes"),
    [
        ("Allogeneic umbilical cord MSCs", "given intravenously", ["umbilical cord"], ["allogeneic"], ["intravenous"]),
        ("Autologous MSC", "MSCs from bone marrow, injected into the knee joint", ["bone marrow"], ["autologous"],
         ["intra-articular"]),
        ("MSCs", "Cells are infused through a central venous catheter", [], [], ["intravenous"]),
        ("MSCs", "Under local anesthesia the tissue is taken", [], [], []),
        ("Allogenous MSCs", "MSCs for grade III/IV disease, which acts locally", [], ["allogeneic"], []),
        ("MSCs", "MSCs after resection of a rectal tumor", [], [], []),
        ("MSCs", "MSCs; 200 mg of a drug IV and orally", [], [], []),
        ("MSCs", "MSCs injected into the subcutaneous tissue of the foot", [], [], ["subcutaneous"]),
        ("Wharton's jelly MSCs", "MSCs of umbilical cord", ["mesenchyme of umbilical cord"], [], []),
        ("Autologous or allograft MSCs", ".", [], [], []),
    ],
)  # fmt: skip
def test_cells_and_routes(
    tmp_path: Path, name: str, given: str, tissues: list[str], donor: list[str], routes: list[str]
) -> None:
    values = read_values(report_of(tmp_path, name=name, given=given))
    assert (values["tissues"], values["donor"], values["routes"]) == (tissues, donor, routes)


@pytest.mark.parametrize(
    ("arm", "control", "summary", "sizes"),
    [
        ("30 subjects receive UC-MSCs", "30 patients get saline", ".", ["30", "30"]),
        ("60 patients will be randomized 1:1", ".", ".", []),
        ("patients with type 1 diabetes are treated", ".", ".", []),
        (".", ".", "They were divided into a control group (n=28) and an MSC group (n=32).", ["32", "28"]),
        (".", ".", "There are 30 patients in each group.", ["30", "30"]),
        (".", ".", "Each group will have 30 people.", ["30", "30"]),
        (".", ".", "Sixty patients, thirty per group, are included.", ["30", "30"]),
        (".", ".", "There are two groups of 30 patients.", ["30", "30"]),
        (".", ".", "30 patients receive MSCs, and 30 patients received saline.", ["30", "30"]),
        (".", ".", "There are two groups, up to 30 patients each.", []),
        (".", ".", "We recruit 60 participants to retain 30 (25 in each arm).", []),
        ("Thirty (30) subjects receive 20 x106 (20 million) cells", ".", ".", ["30"]),
        (".", ".", "Responders (n=8) and others (n=9) are compared.", []),
        ("700 subjects receive UC-MSCs", ".", ".", []),
    ],
)
def test_sizes_of_arms(tmp_path: Path, arm: str, control: str, summary: str, sizes: list[str]) -> None:
    values = read_values(report_of(tmp_path, arm=arm, control=control, summary=summary))
    assert values["sizes"] == sizes


@pytest.mark.parametrize(
    ("text", "longest"),
    [
        ("Baseline, 6 wks, 3 and 6 mos", "6"), ("up to 12 months", "12"), ("48 weeks", "11.04"),
        ("Day 1 to Month 60", "60"), ("One year", "12"), ("1 Year", "12"), ("12th month", "12"),
        ("every 3 months", None), ("within 30 days before", None), ("up to 24months", "24"),
        ("Week 4, 12, and 24", "5.52"), ("up to 1,5 year", "18"), ("36 weeks postmenstrual age", None),
    ],
)  # fmt: skip
def test_the_longest_time(tmp_path: Path, text: str, longest: str | None) -> None:
    report = report_of(tmp_path, time=text)
    assert read_values(report)["follow_up"] == ([longest] if longest else [])


def test_readings_lead_back_to_their_characters(tmp_path: Path) -> None:
    text = "Patients receive 2 \\* 10\\^7 UC-MSCs intravenously"
    report = report_of(tmp_path, given=text)
    (dose,) = report.intervention.doses
    assert dose.reading.verbatim == text[dose.reading.start : dose.reading.end] == "2 \\* 10\\^7"
    address = dose.reading.cell.address
    assert address is not None
    assert str(address) == "/protocolSection/armsInterventionsModule/interventions/0/description"
    for reading in report.readings:
        assert reading.verbatim == (reading.cell.text or "")[reading.start : reading.end]


def test_a_phase_with_a_letter_in_a_title_is_a_reading(tmp_path: Path) -> None:
    report = report_of(tmp_path, title="A Phase 1b/2a trial of MSCs")
    assert [reading.value for reading in report.readings if reading.name == "sub_phase"] == ["1b/2a"]


def test_the_examples_of_the_rules(tmp_path: Path) -> None:
    arm, ordered, time = (
        RULES_OF_PROSE[f"prose.{name}"] for name in ("arm-size", "time-point", "time-frame")
    )
    assert read_values(report_of(tmp_path, arm=arm.example))["sizes"] == [arm.gives]
    assert not read_values(report_of(tmp_path, arm=arm.counter_example))["sizes"]
    for rule in (ordered, time):
        assert [(f"{value:f}", by.id) for value, _, by in times_in(rule.example)] == [(rule.gives, rule.id)]
        assert not list(times_in(rule.counter_example))
    place, group = RULES_OF_PROSE["prose.route-by-place"], RULES_OF_PROSE["prose.group-size"]
    assert read_values(report_of(tmp_path, given=f"MSCs {place.example}"))["routes"] == [place.gives]
    assert not read_values(report_of(tmp_path, given=f"MSCs for {place.counter_example}"))["routes"]
    assert read_values(report_of(tmp_path, total=16, summary=group.example))["sizes"] == group.gives.split(
        "|"
    )
    assert not read_values(report_of(tmp_path, total=16, summary=group.counter_example))["sizes"]


@cache
def counts() -> dict[tuple[str, str], tuple[int, int, int]]:
    return measured()


def test_there_are_labels_of_three_sets_of_records() -> None:
    numbers = [label["id"] for name in SETS for label in labels(name)]
    assert [len(labels(name)) for name in SETS] == [100, 62, 50]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("half", HALVES)
def test_accuracy_against_labels(half: str) -> None:
    found, wrong, missed = (
        sum(made[k] for (of, _), made in counts().items() if of == half) for k in range(3)
    )
    assert found / (found + wrong) >= 0.97
    # Of the last set what was missed when it was read blind is missed still; what was wrong was mended.
    assert found / (found + missed) >= (0.86 if half == "second blind" else 0.9)


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        ({"given": "Intravenous immune globulins 7x and MSC infusions of 2x10^6 cells/kg"}, ("routes", [])),
        ({"title": "Buccal mucosa defects and MSC implantation"}, ("routes", [])),
        ({"given": "Autologous MSC are injected into the subcutaneous fat"}, ("routes", ["subcutaneous"])),
        (
            {"given": "MSC of which 100 million cells are supplied as 20 mL; 2 million MSC/kg"},
            ("doses", ["2000000/kg"]),
        ),
        ({"given": "MSC infusions of 1-2 million cells/ kilogram"}, ("doses", ["1000000-2000000/kg"])),
        ({"given": "An injection of 30 000 000 cells"}, ("doses", ["30000000"])),
        ({"given": "MSC, groups 1 200 and 3 400 patients; dose 5 million MSC"}, ("doses", ["5000000"])),
        ({"title": "MSC for GvHD after allogeneic haematopoietic stem cell transplantation"}, ("donor", [])),
    ],
)
def test_what_was_read_wrong_of_the_last_set(
    tmp_path: Path, texts: dict[str, str], read: tuple[str, list[str]]
) -> None:
    field, wanted = read
    assert read_values(report_of(tmp_path, total=60, **texts))[field] == wanted
