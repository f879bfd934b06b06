"""The run-together table: every row of the seed, and tables that are odd in one way each."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.extract.segmentation.lines import HEADINGS
from tests.paths import FIRST as SEED
from tests.paths import ROOT
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.extract.sources import Source, read_source
from trialgraph.extract.tables.run_together import read_run_together
from trialgraph.model.table import Table

# Written by hand from the table: where a careful reader puts each boundary.
GOLDEN = ROOT / "tests" / "golden" / "wjsc-107202-table1.tsv"
FIELDS = list(HEADINGS)

FIRST = "Phase IUC-MSCsRA30 (15/15)1 × 106 cells/kg, IV infusion6ImmunomodulationDAS28, HAQStudy ongoingNCT01873625[12]"
SECOND = "Phase II-RA9 (9/0)2 × 106 cells/kg, IV infusion12ImmunomodulationDAS28 and ESRStudy ongoingNCT01873626[13]"
CELLS = ["Phase I", "UC-MSCs", "RA", "30 (15/15)", "1 × 106 cells/kg, IV infusion", "6", "Immunomodulation",
         "DAS28, HAQ", "Study ongoing", "NCT01873625", "[12]"]  # fmt: skip
NOISE = "The weather was fine in all of the five towns."


def table(text: str, settings: Settings = DEFAULTS) -> Table:
    source = Source("odd", Path("odd.txt"), text, "0" * 64)
    made = read_run_together(source, settings)
    covered(source, made)
    return made


def covered(source: Source, made: Table) -> None:
    """Every character is part of one cell, one unread line or one piece of non-cell text, or ends a line."""
    spans = [(c.start, c.end) for row in made.rows for c in row.cells]
    spans += [(u.start, u.end) for u in made.unread] + [(f.start, f.end) for f in made.non_cell_text]
    at = 0
    for start, end in sorted(s for s in spans if s[0] < s[1]):
        assert source.text[at:start].strip("\r\n") == "", f"nobody's: {source.text[at:start]!r}"
        assert start >= at, f"twice: {source.text[start:at]!r}"
        at = end
    assert source.text[at:].strip("\r\n") == ""
    for row in made.rows:
        assert len(row.cells) == len(made.columns)
        for cell in row.cells:
            assert (cell.text or "") == source.text[cell.start : cell.end]
            assert (cell.text is None) == (cell.start == cell.end)


def text_of(
    *rows: str, headings: list[str] | None = None, caption: str = "Table 9 Trials", end: str = "\n"
) -> str:
    return end.join([caption, *(headings or HEADINGS.values()), *rows]) + end


def cells_of(made: Table, row: int = 0) -> list[str | None]:
    return [c.text for c in made.rows[row].cells]


@pytest.fixture(scope="module")
def seed() -> tuple[Source, Table]:
    source = read_source(SEED)
    return source, read_run_together(source, DEFAULTS)


def test_the_seed_has_21_rows_of_11_cells(seed: tuple[Source, Table]) -> None:
    _, made = seed
    assert [len(row.cells) for row in made.rows] == [11] * 21
    assert [row.number for row in made.rows] == list(range(1, 22))
    assert [row.line for row in made.rows] == list(range(17, 38))
    assert (made.unread, made.unknown) == ((), ())
    assert [c.field for c in made.columns] == FIELDS
    assert [c.header for c in made.columns] == list(HEADINGS.values())


def test_the_cells_of_a_row_joined_are_its_line(seed: tuple[Source, Table]) -> None:
    source, made = seed
    lines = source.text.split("\n")
    for row in made.rows:
        assert "".join(c.text or "" for c in row.cells) == lines[row.line - 1]


def test_every_character_of_the_seed_has_its_place(seed: tuple[Source, Table]) -> None:
    source, made = seed
    covered(source, made)
    assert [f.kind for f in made.non_cell_text] == ["front matter"] * 4 + ["caption"] + ["heading"] * 11


@pytest.mark.parametrize("number", range(1, 22))
def test_every_boundary_is_where_a_careful_reader_puts_it(number: int, seed: tuple[Source, Table]) -> None:
    _, made = seed
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        golden = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(golden) == 22
    assert [c.text or "" for c in made.rows[number - 1].cells] == golden[number]


def test_confidence_is_a_share(seed: tuple[Source, Table]) -> None:
    _, made = seed
    assert all(0.9 <= row.confidence <= 1 for row in made.rows)


def test_a_small_table() -> None:
    made = table(text_of(FIRST, SECOND))
    assert cells_of(made) == CELLS
    assert cells_of(made, 1)[:4] == ["Phase II", "-", "RA", "9 (9/0)"]


def test_windows_line_ends_belong_to_no_cell() -> None:
    made = table(text_of(FIRST, SECOND, end="\r\n"))
    assert cells_of(made) == CELLS
    assert cells_of(made, 1)[-1] == "[13]"


def test_a_byte_order_mark_before_the_caption_and_before_a_heading() -> None:
    assert cells_of(table("\ufeff" + text_of(FIRST))) == CELLS
    made = table("\ufeff" + text_of(FIRST).removeprefix("Table 9 Trials\n"))
    assert cells_of(made) == CELLS
    assert made.columns[0].header == "Study type"


def test_no_line_end_after_the_last_row() -> None:
    assert cells_of(table(text_of(FIRST).rstrip("\n"))) == CELLS


def test_blank_lines_are_furniture_and_count_as_lines() -> None:
    made = table(text_of("", FIRST, "  ", "", SECOND, "\t"))
    assert [(row.number, row.line) for row in made.rows] == [(1, 14), (2, 17)]
    assert [f.line for f in made.non_cell_text if f.kind == "blank"] == [15, 18]


def test_blank_lines_among_the_headings() -> None:
    spaced = [part for heading in HEADINGS.values() for part in (heading, "")]
    assert cells_of(table(text_of(FIRST, headings=spaced))) == CELLS


def test_a_row_that_fits_nothing_keeps_its_number() -> None:
    made = table(text_of(FIRST, NOISE, SECOND))
    assert [row.number for row in made.rows] == [1, 3]
    assert [(u.number, u.line, u.text) for u in made.unread] == [(2, 14, NOISE)]
    assert made.unread[0].why


def test_all_rows_may_fit_nothing() -> None:
    made = table(text_of(NOISE, NOISE))
    assert made.rows == ()
    assert [u.number for u in made.unread] == [1, 2]


def test_headings_without_rows() -> None:
    made = table(text_of())
    assert (made.rows, made.unread) == ((), ())
    assert len(made.columns) == 11


@pytest.mark.parametrize("text", ["Review\nSome words\n", FIRST + "\n" + SECOND, "Disease\n" + FIRST, "\n\n"])
def test_no_headings(text: str) -> None:
    with pytest.raises(
        InputError, match=r"^odd\.txt:\d+: no lines name columns .*; put the table's headings above"
    ):
        table(text)


@pytest.mark.parametrize("at", [1, 3, 5, 8, 10])
def test_a_heading_that_nobody_knows_in_the_middle(at: int) -> None:
    headings, cells = list(HEADINGS.values()), list(CELLS)
    headings.insert(at, "Colour")
    cells.insert(at, "Turquoise")
    made = table(text_of("".join(cells), headings=headings))
    assert [(c.header, c.field, c.key) for c in made.unknown] == [("Colour", None, f"column-{at + 1}")]
    assert len(made.columns) == 12
    assert len(made.rows) == 1


def test_an_unknown_column_between_ids_is_cut_out_whole() -> None:
    headings = [*list(HEADINGS.values())[:-1], "Country", "Ref."]
    cells = [*CELLS[:-1], "China", "[12]"]
    assert cells_of(table(text_of("".join(cells), headings=headings))) == cells


def test_a_heading_that_nobody_knows_at_the_end() -> None:
    made = table(text_of(FIRST + "China", headings=[*HEADINGS.values(), "Funding"]))
    assert [c.header for c in made.unknown] == ["Funding"]
    assert cells_of(made) == [*CELLS, "China"]


def test_two_columns_of_one_field_have_two_keys() -> None:
    headings = list(HEADINGS.values())
    headings.insert(8, "Secondary outcomes")
    made = table(text_of(FIRST, headings=headings))
    assert [c.key for c in made.columns if c.field == "outcomes"] == ["outcomes", "outcomes-2"]


def test_other_columns_in_another_order() -> None:
    headings = ["Ref.", "Condition", "No. of patients", "Dose", "NCT number"]
    made = table(text_of("[7]Crohn's disease12 (6/6)2 × 106 cells/kgNCT00000001", headings=headings))
    assert cells_of(made) == ["[7]", "Crohn's disease", "12 (6/6)", "2 × 106 cells/kg", "NCT00000001"]


@pytest.mark.parametrize(
    "legend",
    [
        "RA: Rheumatoid arthritis; SLE: Systemic lupus erythematosus; MS: Multiple sclerosis.",
        "Abbreviations: HAQ, Health Assessment Questionnaire.",
        "*Dose per knee.",
    ],
)
def test_the_legend_under_a_table_is_a_footnote(legend: str) -> None:
    made = table(text_of(FIRST, legend))
    assert len(made.rows) == 1
    assert made.unread == ()
    assert [f.kind for f in made.non_cell_text if f.line == 14] == ["footnote"]


def test_a_line_that_is_too_long_is_unread() -> None:
    long = FIRST + "x" * 30_000
    made = table(text_of(FIRST, long, SECOND))
    assert [row.number for row in made.rows] == [1, 3]
    assert made.unread[0].why == f"the line has {len(long)} characters, more than the 8000 that are segmented"
    assert len(table(text_of(FIRST, SECOND), Settings(line_chars=50)).unread) == 2


def test_a_long_line_is_cut_as_a_short_one_or_refused_with_the_reason() -> None:
    words = ", improvement in disability scores, relapse rate and brain lesions"
    assert "DAS28, HAQ" in FIRST
    long = FIRST.replace("DAS28, HAQ", "DAS28, HAQ" + words * 50)
    assert len(long) > 3_000
    (row,) = table(text_of(long)).rows
    assert [cell.text for cell in row.cells] == [
        (text or "") + words * 50 if text == "DAS28, HAQ" else text for text in CELLS
    ]
    made = table(text_of(FIRST, FIRST.replace("DAS28, HAQ", "DAS28, HAQ" + words * 110), SECOND))
    assert [row.number for row in made.rows] == [1, 3]
    assert [line.why for line in made.unread] == ["a cell would be longer than those of its column can be"]


@pytest.mark.parametrize(
    "control", ["\x01", "\x0b", "\x0c", "\x1b[31m", "\u2028", "\u200b", "\u202e", "\U0010ffff", "\r"]
)
def test_control_characters_do_no_harm(control: str) -> None:
    for odd in (control + FIRST, FIRST[:40] + control + FIRST[40:], FIRST + control, control * 50):
        made = table(text_of(FIRST, odd, SECOND))
        assert cells_of(made) == CELLS
        # A line of nothing but white space is non-cell text; any other keeps its number, read or not.
        assert made.rows[-1].number == (3 if odd.strip() else 2)
