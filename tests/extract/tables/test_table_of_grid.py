"""Grid to Table: nothing is lost, headings and rows are what they are, values are read where they stand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.extract.tables.measure import compared, shares
from tests.extract.tables.published import DEVELOPMENT, HELD_OUT, Published, grid_of
from trialgraph.base.errors import InputError
from trialgraph.extract.reports import read_report
from trialgraph.extract.sources import Source
from trialgraph.extract.tables.table_of_grid import heading_score, notes_of, table_of_grid
from trialgraph.extract.trials_table import flat
from trialgraph.model.grid import Grid, GridCell, GridRow, GridText
from trialgraph.model.place import GridAddress
from trialgraph.model.report import Report
from trialgraph.model.table import Table


def source(meta: dict[str, Any] | None = None, sidecar: str = "") -> Source:
    return Source("made", Path("seeds/made/source.csv"), "", "0" * 64, meta=meta or {}, sidecar=sidecar)


def grid(rows: str, caption: str = "", headings: int = 0) -> Grid:
    """Cells between ``|``; ``^`` and ``<`` for the cells of a span."""
    return grid_of(
        Published("made", "", "\n".join(rows.split("\n")).replace("|", "\t"), (), caption, headings)
    )


def table(rows: str, meta: dict[str, Any] | None = None, caption: str = "", headings: int = 0) -> Table:
    return table_of_grid(source(meta), grid(rows, caption, headings))


def reports(made: Table) -> list[Report]:
    return [read_report(row) for row in made.rows]


def kinds(made: Table) -> list[tuple[str, str]]:
    return [(text.kind, text.text or "") for text in made.non_cell_text if text.kind != "heading"]


@pytest.mark.parametrize(
    ("name", "tables"),
    [("development", DEVELOPMENT), ("held out", HELD_OUT)],
)
def test_values_are_right_or_missing(name: str, tables: tuple[Published, ...]) -> None:
    found = list(compared(tables))
    assert len(found) > 100, name
    assert [one for one in found if one.verdict == "wrong"] == []
    assert shares(one for one in found if not one.of_caption)["right"] >= 0.95
    if of_captions := [one for one in found if one.of_caption]:
        assert shares(of_captions)["right"] >= 0.9


WORDS = st.sampled_from(
    ["Disease", "Phase", "n", "NCT Number", "Outcome", "Total", "Page 1 of 2", "NCT01234568", "RA",
     "Multiple sclerosis", "12", "1 × 10⁶", "", "", "-", "Mean", "Phase II / Completed", "a: b; c: d;"]
)  # fmt: skip
TEXTS = st.one_of(WORDS, st.text(st.characters(exclude_categories=["C"]), max_size=6))


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Grids of any text whose cells span rows and columns, with headings flagged or not."""
    width, height = draw(st.integers(2, 5)), draw(st.integers(2, 7))
    flagged = draw(st.integers(0, 2))
    taken: dict[tuple[int, int], GridCell] = {}
    known = draw(st.booleans())
    for n in range(height):
        for k in range(width):
            if (n, k) in taken:
                continue
            rows = draw(st.integers(1, 2)) if n + 1 < height else 1
            columns = draw(st.integers(1, 3)) if draw(st.booleans()) else 1
            columns = min(columns, width - k)
            while any((n + i, k + j) in taken for i in range(rows) for j in range(columns)):
                rows, columns = 1, 1
            text = (
                ("Disease", "Phase", "Patients", "Status", "Outcomes")[k] if known and n == 0 else draw(TEXTS)
            )
            cell = GridCell(
                text, GridAddress("csv", f"cell={n},{k}"), n, k, rows, columns, heading=n < flagged
            )
            taken |= {(n + i, k + j): cell for i in range(rows) for j in range(columns)}
    return Grid(
        1, "", tuple(GridRow(n + 1, tuple(taken[n, k] for k in range(width))) for n in range(height)),
        (GridText("caption", draw(TEXTS), GridAddress("line", "line=1"), 1),),
    )  # fmt: skip


def characters(texts: list[tuple[object, str]]) -> Counter[str]:
    return Counter(char for text in dict(texts).values() for char in text)


@given(grids())
@settings(max_examples=150, deadline=None)
def test_nothing_of_a_grid_is_lost_and_nothing_is_made(made: Grid) -> None:
    try:
        found = table_of_grid(source(), made)
    except InputError:
        return
    before = [((str(c.address)), c.text) for row in made.rows for c in row.cells if c.text.strip()]
    before += [(str(text.address), text.text) for text in made.texts if text.text]
    whole = dict(before)
    after = [(str(n.address), n.text or "") for n in found.non_cell_text]
    for row in found.rows:
        for cell in row.cells:
            if cell.text:
                text = whole[str(cell.address)]
                assert text[cell.start : cell.end] == cell.text
                if cell.start == 0 and cell.end == len(text):
                    after.append((str(cell.address), cell.text))
    read = characters([(place, text) for place, text in after if text])
    unread = Counter(char for one in found.unread for char in one.text if char != "\t")
    assert read + unread == characters(list(before))
    for row in found.rows:
        keys = [cell.key for cell in row.cells]
        assert len(keys) == len(set(keys))
        assert 0 < row.confidence <= 1
        read_report(row)


def test_a_heading_of_two_levels_is_joined() -> None:
    made = table("Disease|Patients|<|Outcomes\n^|Treatment|Control|^\nRA|20|19|DAS28", headings=2)
    assert [c.header for c in made.columns] == [
        "Disease",
        "Patients: Treatment",
        "Patients: Control",
        "Outcomes",
    ]
    (report,) = reports(made)
    assert (report.n_treatment, report.n_control, report.n_total) == (20, 19, None)


def test_the_second_column_of_a_field_is_kept_and_read() -> None:
    made = table("Study design|Clinical phase|Disease\nsingle arm|Phase II|RA")
    assert [c.key for c in made.columns] == ["phase", "phase-2", "disease"]
    assert reports(made)[0].phase == "2"


def test_a_column_of_two_fields_has_a_cell_for_each() -> None:
    made = table("NCT|Phase/status|n (age)\nNCT01547091|Phase I/II / Completed|30 (18-65 years)")
    cells = [c for c in made.rows[0].cells if c.header == "Phase/status"]
    assert [c.field for c in cells] == ["phase", "status"]
    assert cells[0].address == cells[1].address
    assert cells[0].text == cells[1].text
    (report,) = reports(made)
    assert report.phase == "1/2"
    assert report.n_total == 30
    assert not report.leftovers
    record = flat(report, ["all"])
    assert (record["status"], record["minimum_age"], record["maximum_age"]) == ("completed", "18", "65 years")


def test_a_part_of_a_value_is_no_value() -> None:
    made = table("NCT|Design\nNCT01547091|Phase I/II, open label\nNCT01547092|Phase I/II, randomized")
    assert [r.phase for r in reports(made)] == ["1/2", "1/2"]
    assert not [left for r in reports(made) for left in r.leftovers]


def test_what_neither_of_two_columns_reads_is_left_once() -> None:
    made = table("NCT|Phase/status\nNCT01547091|Phase II, Completed, quux")
    assert [left.verbatim for left in reports(made)[0].leftovers] == ["quux"]


def test_continuation_rows_are_part_of_the_trial_above() -> None:
    made = table(
        "NCT|Disease|Dose|Route\nNCT01547091|RA|1 × 10⁶ cells/kg|IV\n||2 × 10⁶ cells/kg|IV\n"
        "NCT01547092|SLE|1 × 10⁶ cells/kg|IV"
    )
    assert len(made.rows) == 2
    first = made.rows[0]
    assert [c.key for c in first.cells] == ["registration", "disease", "administration", "administration-3",
                                            "administration-2", "administration-4"]  # fmt: skip
    assert flat(read_report(first), ["dose_levels"])["dose_levels"] == [1000000, 2000000]
    assert first.confidence < 1 == made.rows[1].confidence


def test_a_span_over_rows_is_inherited_by_trials_and_joins_the_rows_of_one() -> None:
    trials = table("Disease|NCT|Phase\nRA|NCT01547091|I\n^|NCT01547092|II", headings=1)
    assert [flat(r, ["disease_label"])["disease_label"] for r in reports(trials)] == [
        "rheumatoid arthritis"
    ] * 2
    one = table("NCT|Arm|n\nNCT01547091|MSC|20\n^|Placebo|20", headings=1)
    assert len(one.rows) == 1
    assert reports(one)[0].n_total is None  # no arm's size is the trial's


def test_an_unregistered_trial_is_a_trial_of_its_own() -> None:
    made = table("NCT|Disease|Phase\nNCT01547091|RA|I\n|SLE|II")
    assert len(made.rows) == 2


def test_sections_totals_footers_and_repeated_headings_are_no_trials() -> None:
    made = table(
        "Table 2 Trials||\nNCT|N|Phase\nMultiple sclerosis (n = 1)||\nNCT01547091|12|I\nPage 1 of 2||\nNCT|N|Phase\n"
        "Group B||\nNCT01547092|20|II\nTotal|32|\nAbbreviations: MS: multiple sclerosis||"
    )
    assert len(made.rows) == 2
    assert kinds(made) == [
        ("caption", "Table 2 Trials"), ("section", "Multiple sclerosis (n = 1)"), ("page footer", "Page 1 of 2"),
        ("section", "Group B"), ("total", "Total"), ("total", "32"),
        ("footnote", "Abbreviations: MS: multiple sclerosis"),
    ]  # fmt: skip
    section = made.rows[0].cells[-1]
    assert (section.key, section.text, section.doubtful) == ("section-disease", "Multiple sclerosis", False)
    assert not any(cell.key.startswith("section") for cell in made.rows[1].cells)


def test_trials_as_columns_are_turned_and_keep_their_addresses() -> None:
    made = table("Trial|NCT01547091|NCT01547092\nDisease|RA|SLE\nPhase|I|II\nPatients|12|20")
    found = [r.registration.identifier for r in reports(made) if r.registration]
    assert found == ["NCT01547091", "NCT01547092"]
    phase = made.rows[1].cell("phase")
    assert phase
    assert str(phase.address) == "cell=3,3"


@pytest.mark.parametrize(
    ("rows", "message"),
    [("a|b\n1|2\n3|4", "no row names columns"), ("Disease|RA\nPhase|I\nwhat|ever", "trials may be columns")],
)
def test_a_table_without_headings_is_rejected(rows: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        table(rows)


def test_columns_are_assigned_by_hand() -> None:
    made = table(
        "Colour|NCT|X|X\nRA|NCT01547091|12|I",
        {"columns": {"Colour": "disease", "#3": "ignore", "#4": ["phase"]}},
    )
    assert [(c.field, c.confidence, c.why) for c in made.columns] == [
        ("disease", 1.0, "assigned in source.toml"), ("registration", 1.0, ""), (None, 1.0, "assigned in source.toml"),
        ("phase", 1.0, "assigned in source.toml"),
    ]  # fmt: skip
    assert made.rows[0].confidence == 1


def test_a_cell_over_several_columns_of_a_field_is_not_read() -> None:
    made = table("NCT|N (treatment)|N (control)\nNCT01547091|40|<\nNCT01547092|20|20")
    assert [(r.n_treatment, r.n_control) for r in reports(made)] == [(None, None), (20, 20)]


def test_a_caption_gives_rows_what_they_do_not_state() -> None:
    made = table(
        "NCT|Disease|N\nNCT01547091||12\nNCT01547092|SLE|20",
        caption="UC-MSC trials in COVID-19, all by intravenous infusion",
    )
    first, second = (flat(r, ["disease_label", "routes", "cell_types"]) for r in reports(made))
    assert first["disease_label"] == "COVID-19"
    assert first["routes"] == ["intravenous"]
    assert first["cell_types"]
    assert second["disease_label"] == "systemic lupus erythematosus"
    cell = next(c for c in made.rows[0].cells if c.key == "caption-disease")
    assert str(cell.address) == "line=100"
    assert cell.text == "COVID-19"


def test_marks_lead_to_their_notes() -> None:
    address = GridAddress("csv", "cell=2,2")
    marked = GridCell("30", address, 1, 1, marks=("a", "b"))
    plain = grid("NCT|N\nNCT01547091|30")
    rows = (plain.rows[0], GridRow(2, (plain.rows[1].cells[0], marked)))
    notes = tuple(
        GridText("footnote", text, GridAddress("line", f"line={n}"), n, (mark,))
        for n, (mark, text) in enumerate([("a", "estimated"), ("c", "other")])
    )
    made = table_of_grid(source(), Grid(1, "", rows, notes))
    cell = made.rows[0].cell("patients")
    assert cell
    assert [note.text for note in notes_of(made, cell)] == ["estimated"]


def test_the_table_of_trials_has_the_highest_score() -> None:
    trials, other = grid("NCT|Disease|Phase\nNCT01547091|RA|I"), grid("Gene|Fold change\nTNF|2.1")
    assert heading_score(trials) > 3 > 1 > heading_score(other) == 0


def test_rows_below_other_headings_are_kept_unread() -> None:
    lines = ["NCT|Disease|Phase", "NCT01547091|RA|I", "Sponsor|Phase|Country", "Pfizer|II|China"]
    rows = [
        GridRow(
            n + 1,
            tuple(
                GridCell(text, GridAddress("csv", f"cell={n},{k}"), n, k, heading=n in (0, 2))
                for k, text in enumerate(line.split("|"))
            ),
        )
        for n, line in enumerate(lines)
    ]
    made = table_of_grid(source(), Grid(1, "", tuple(rows)))
    assert len(made.rows) == 1
    assert [one.text for one in made.unread] == ["Pfizer\tII\tChina"]
