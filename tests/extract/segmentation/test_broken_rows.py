"""Rows that are broken over lines are read as one, or reported: not as two trials, no number put together."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest

from tests.extract.plain_row import OTHERS, PLAIN
from tests.extract.segmentation.lines import HEADINGS, cells
from trialgraph.extract.trials_table import flat
from trialgraph.graph.quads import quads
from trialgraph.pipeline import Read, read_all
from trialgraph.terminology.lexicon import lexicon

FIELDS = list(HEADINGS)
FIRST, SECOND = ("".join(row.values()) for row in OTHERS)
WHOLE = "".join(PLAIN.values())


def read(folder: Path, *lines: str, end: str = "\n", headings: list[str] | None = None) -> Read:
    path = folder / "table.txt"
    path.write_bytes(end.join(["Table 1 Trials", *(headings or HEADINGS.values()), *lines, ""]).encode())
    (made,) = read_all([path])
    covered(made)
    return made


def covered(made: Read) -> None:
    """Cells, unread lines and other text are the source's own characters, each once, but for the line breaks."""
    text = made.source.text
    spans = [(c.start, c.end) for row in made.table.rows for c in row.cells]
    spans += [(u.start, u.end) for u in made.table.unread]
    spans += [(f.start, f.end) for f in made.table.non_cell_text]
    at = 0
    for start, end in sorted(s for s in spans if s[0] < s[1]):
        assert start >= at
        assert not text[at:start].strip("\r\n")
        at = end
    assert not text[at:].strip("\r\n")
    for row in made.table.rows:
        for cell in row.cells:
            assert (cell.text or "") == text[cell.start : cell.end]
    for report in made.reports:
        for reading in (*report.readings, *report.leftovers):
            assert text[reading.start : reading.end] == reading.verbatim


def broken(text: str, *at: str) -> list[str]:
    """The text, broken before each of these words."""
    made = text
    for words in at:
        assert words in made
        made = made.replace(words, "\n" + words, 1)
    return made.split("\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "at",
    [
        ["well tolerated"],  # in the conclusion
        [" well tolerated"],
        ["infusion"],
        ["safety"],
        ["NCT09000003"],  # between two columns
        ["Immunomodulation"],
        ["SLE30"],
        ["IV infusion", "safety", "[3]"],
        ["(allogeneic)", "cells/kg", "well tolerated"],
    ],
)
def test_a_row_over_several_lines_is_one_trial(tmp_path: Path, at: list[str], end: str) -> None:
    plain = read(tmp_path, FIRST, SECOND, WHOLE)
    made = read(tmp_path, FIRST, *broken(WHOLE, *at), SECOND, end=end)
    assert [row.number for row in made.table.rows] == [1, 2, 3]
    assert made.table.unread == ()
    got, wanted = flat(made.reports[1], ["all"]), flat(plain.reports[2], ["all"])
    assert got | {"row": 3} == wanted
    assert [flat(r, ["all"])["registration_id"] for r in made.reports] == [
        "NCT09000001",
        "NCT09000003",
        "NCT09000002",
    ]
    line = 13
    assert [row.line for row in made.table.rows] == [line, line + 1, line + 2 + len(at)]


def test_the_cells_hold_the_line_break(tmp_path: Path) -> None:
    made = read(tmp_path, FIRST, SECOND, *broken(WHOLE, "well tolerated", "NCT09000003"))
    texts = [cell.text for cell in made.table.rows[2].cells]
    assert texts[-3:] == ["Safe and \nwell tolerated", "NCT09000003", "[3]"]
    assert "\n".join(broken(WHOLE, "well tolerated", "NCT09000003")) in made.source.text
    assert quads(made.reports, [made.source], lexicon(), [made.table])


@pytest.mark.parametrize(
    ("at", "columns"),
    [
        ("0 (15/15)", ["n_total", "n_treatment"]),
        ("5)", ["n_total", "n_treatment", "n_control"]),
        ("6 cells/kg", ["dose_low"]),
        ("2Immuno", ["follow_up_months"]),
        ("000003[3]", ["registration_id"]),
        ("I/II", ["phase"]),
        ("I", ["phase"]),
        ("LE30", ["disease"]),
        ("unomodulation", ["mechanisms"]),
        ("DAI", ["outcomes"]),
        ("olerated", ["results_status"]),
    ],
)
def test_what_is_broken_inside_is_right_or_reported(tmp_path: Path, at: str, columns: list[str]) -> None:
    right = flat(read(tmp_path, FIRST, SECOND, WHOLE).reports[2], ["all"])
    made = read(tmp_path, FIRST, SECOND, *broken(WHOLE, at))
    assert {r.row.number for r in made.reports} >= {1, 2}
    for report in made.reports[2:]:
        record = flat(report, ["all"])
        for column in columns:
            assert record[column] in (right[column], None, [])
            if record[column] != right[column]:
                assert record["unread"]
    if len(made.reports) == 2 or any(r.leftovers for r in made.reports):
        assert made.findings


def test_where_it_is_not_clear_both_parts_are_unread(tmp_path: Path) -> None:
    made = read(tmp_path, FIRST, SECOND, *broken(WHOLE, "3]"))
    assert len(made.reports) == 2
    assert [u.line for u in made.table.unread] == [15, 16]
    assert {u.why for u in made.table.unread} == {"it may be a part of a row that is broken over lines"}
    assert len([f for f in made.findings if "broken over lines" in f.message]) == 2


@pytest.mark.parametrize(
    "other",
    [
        "Table 1 (continued)",
        "World J Stem Cells | https://www.wjgnet.com 5 July 26, 2025 Volume 17 Issue 7",
        "Abbreviations: HAQ, Health Assessment Questionnaire.",
        "*Dose per knee.",
        "Rheumatoid arthritis",
        "\u200b",
    ],
)
def test_other_lines_are_part_of_no_row(tmp_path: Path, other: str) -> None:
    made = read(tmp_path, FIRST, other, SECOND, other)
    assert [cell.text for row in made.table.rows for cell in row.cells] == [
        text for row in OTHERS for text in row.values()
    ]


def test_a_sentence_under_a_table_that_ends_with_conclusions(tmp_path: Path) -> None:
    rows = [dict(row, registration="", reference="") for row in OTHERS]
    lines = ["".join(row.values()) for row in rows]
    headings = [HEADINGS[field] for field in FIELDS[:-2]]
    made = read(tmp_path, *lines, "Trials are listed by disease.", headings=headings)
    assert [row.cells[-1].text for row in made.table.rows] == ["Safe and well tolerated"] * 2
    assert [u.text for u in made.table.unread] == ["Trials are listed by disease."]


def test_rows_with_many_empty_cells_are_no_parts(tmp_path: Path) -> None:
    r = random.Random(3)  # noqa: S311 - rows to test with, no secret
    rows = [cells(r) | dict.fromkeys(r.sample(FIELDS[:9], 5), "") for _ in range(30)]
    rows = [row for row in rows if row["registration"] and row["reference"]]
    made = read(tmp_path, *("".join(row.values()) for row in rows))
    assert len(made.table.rows) + len(made.table.unread) == len(rows)
    assert len(made.table.rows) >= len(rows) - 2


@pytest.mark.parametrize("pieces", [2, 3])
def test_constructed_rows_broken_anywhere(tmp_path: Path, pieces: int) -> None:
    """Each value of a broken row is that of the whole row, or is reported."""
    r = random.Random(20261128 + pieces)  # noqa: S311 - rows to test with, no secret
    rows = ["".join(cells(r).values()) for _ in range(25)]
    plain = {report.row.number: flat(report, ["all"]) for report in read(tmp_path, *rows).reports}
    lines: list[str] = []
    number: dict[int, int] = {}
    for n, row in enumerate(rows, start=1):
        spots = [p for p in range(3, len(row) - 3) if row[p] == " "]
        at = [0, *sorted(r.sample(spots, pieces - 1)), len(row)]
        for i, j in pairwise(at):
            number[len(HEADINGS) + 2 + len(lines)] = n
            lines.append(row[i:j].strip() if r.random() < 0.5 else row[i:j])
    made = read(tmp_path, *lines)
    unread = {number[u.line] for u in made.table.unread}
    wrong = 0
    for report in made.reports:
        n = number[report.row.line]
        record = {name: value for name, value in flat(report, ["all"]).items() if name not in NOT_VALUES}
        for name, value in record.items():
            if value in (None, []):
                assert plain[n][name] in (None, []) or report.leftovers or n in unread, (name, rows[n - 1])
            elif _words(value) != _words(plain[n][name]):
                wrong += 1
    assert wrong <= 2
    assert len(made.reports) >= 21


#: Columns of ``trialgraph trials`` that are about the reading.
NOT_VALUES = ("source", "row", "conflicts", "unread")


def _words(value: object) -> str:
    return str(value).replace("\\n", " ").replace("\n", " ")
