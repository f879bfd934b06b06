"""Numbers that no trial has: they are left alone, whatever cell they stand in."""

from __future__ import annotations

import pytest

from tests.extract.segmentation.lines import HEADINGS
from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.reports import read_report
from trialgraph.extract.segmentation.segmentation import cut
from trialgraph.model.table import Cell, Row

SHAPES = (
    *(
        "{}",
        "{} (1/1)",
        "10 ({0}/{0})",
        "1 × 10{} cells",
        "1 × 10^{} cells/kg",
        "{} × 106 cells/kg, IV infusion",
    ),
    *(
        "{0}-{0} × 106 cells/kg",
        "{} million cells",
        "{} months",
        "0.{} weeks",
        "Phase {}",
        "[{}]",
        "NCT{}",
        "at week {}",
    ),
)


@pytest.mark.parametrize("digits", [30, 4_400])
@pytest.mark.parametrize("digit", ["9", "²"])
@pytest.mark.parametrize("shape", SHAPES)
def test_no_reader_fails_on_a_number_without_sense(shape: str, digit: str, digits: int) -> None:
    text = shape.format(digit * digits)[:8_000]
    for field in HEADINGS:
        cell = Cell(field, field, field.replace(" ", "-"), 1, text, 0, len(text))
        for reading in read_report(Row("hostile", 1, 1, (cell,), 1.0)).readings:
            assert text[reading.start : reading.end] == reading.verbatim


def test_such_a_number_is_no_time_no_dose_and_no_reference() -> None:
    row = [
        Cell(field, field, field, n, text, 0, len(text))
        for n, (field, text) in enumerate(
            [
                ("follow-up", f"{'9' * 30} months"),
                ("administration", "1 × 10^99 cells/kg"),
                ("reference", f"[{'9' * 30}]"),
            ],
            1,
        )
    ]
    report = read_report(Row("hostile", 1, 1, tuple(row), 1.0))
    assert [r.name for r in report.readings if r.name in ("follow_up", "dose", "reference")] == []


@pytest.mark.parametrize("first", ["0 × 106 cells/kg", "0-5 × 106 cells/kg", "1 × 106 cells/kg"])
@pytest.mark.parametrize("others", ["0 × 106 cells/kg", "1 × 106 cells/kg"])
def test_a_dose_of_nothing_is_compared_with_no_other(first: str, others: str) -> None:
    texts = [first, *[others] * 8]
    rows = [
        Row(
            "hostile",
            n,
            n,
            (Cell("Administration", "administration", "administration", 1, text, 0, len(text)),),
            1.0,
        )
        for n, text in enumerate(texts, 1)
    ]
    found = find_conflicts([read_report(row) for row in rows])
    assert [c.kind for report in found for c in report.conflicts if c.kind == "dose-out-of-line"] == []


def test_a_line_longer_than_its_columns_can_be_is_cut_nowhere() -> None:
    found = cut("Phase I" * 200, ["phase", "reference"])
    assert found.weight < 0
    assert found.bounds == (0, 1400, 1400)
