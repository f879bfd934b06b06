"""Readings, filler and leftover are the whole text of a cell."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.extract.columns.cells import row
from tests.extract.columns.texts import TEXTS
from tests.paths import FIRST
from trialgraph.extract.columns import column_of
from trialgraph.extract.reports import read_report
from trialgraph.extract.text.leftovers import FUNCTION_WORDS, leftovers
from trialgraph.extract.text.patterns import says_nothing
from trialgraph.model.table import Cell
from trialgraph.pipeline import read_all
from trialgraph.terminology.lexicon import fold


@pytest.mark.parametrize(
    ("text", "covered", "left"),
    [
        ("1 × 106 cells/kg weekly", [(0, 16)], ["weekly"]),
        ("", [], []),
        ("≥12", [(1, 3)], ["≥"]),
        ("5 ± 2", [(0, 1), (4, 5)], ["±"]),
        ("and, of the", [], []),
        ("1,000,000 units", [], ["1,000,000 units"]),
        ("a 12 b 13 c", [(2, 4), (7, 9)], ["b", "c"]),
    ],
)
def test_what_is_left(text: str, covered: list[tuple[int, int]], left: list[str]) -> None:
    assert [text[i:j] for i, j in leftovers(text, covered, frozenset())] == left


def accounted(cell: Cell, spans: list[tuple[int, int]]) -> bool:
    """Whether every word and number of a cell is covered, filler or left."""
    text, column = cell.text or "", column_of(cell.field)
    assert column
    free = "".join(" " if any(i <= at < j for i, j in spans) else char for at, char in enumerate(text))
    words = re.findall(r"[^\W\d_]+|\d+", fold(free))
    filler = column.filler | FUNCTION_WORDS
    return all(word in filler or any(word in part for part in filler) for word in words)


def check(texts: dict[str, str | None]) -> None:
    report = read_report(row(1, **texts))
    for cell in report.row.cells:
        column = column_of(cell.field)
        if not cell.text or column is None or says_nothing(cell.in_normal_form().text or ""):
            continue
        read = [r for r in (*report.readings, *report.leftovers) if r.cell == cell]
        spans = [(r.start - cell.start, r.end - cell.start) for r in read]
        spans += [*column.restates(report, cell)]
        spans += [(i, j) for of, i, j in column.read([cell.in_normal_form()]).covered if of == cell]
        assert accounted(cell, spans), (cell.field, cell.text)


@given(
    st.fixed_dictionaries({"administration": TEXTS, "patients": TEXTS, "disease": TEXTS, "conclusion": TEXTS})
)
def test_every_word_of_any_text_is_read_filler_or_left(texts: dict[str, str | None]) -> None:
    check(texts)


def test_nothing_is_left_of_the_first_source() -> None:
    (read,) = read_all([FIRST])
    assert [left.verbatim for report in read.reports for left in report.leftovers] == []


def test_each_field_has_a_state() -> None:
    report = read_report(row(1, phase="-", disease="SLE", patients="N/A", administration="every other week"))
    assert {
        field: report.states[field]
        for field in ("phase", "disease", "patients", "administration", "outcomes")
    } == {
        "phase": "not specified",
        "disease": "stated",
        "patients": "not applicable",
        "administration": "unread",
        "outcomes": "absent",
    }
