"""The table of reports: what it reads, its orders, and the rows of the trials that fit."""

from __future__ import annotations

from trialgraph.views.evidence.table import EvidenceTable, ReportRow, read_cells

TEXT = """source,row,phase,dose_unit,dose_low,dose_high,n_total,nonsense
b,1,1/2,cells/kg,2000000,2000000,10,x
b,2,,cells/kg,10000000,10000000,9,x
a,10,1a,,5,5,,x
a,9,1b/2a,cells,30000000,30000000,100,x
"""


def table_of(text: str = TEXT) -> EvidenceTable:
    columns, cells = read_cells(text)
    rows = [
        ReportRow(line, f"r{n}", f"t{n % 3}", f"trial {n % 3}", place=n % 3) for n, line in enumerate(cells)
    ]
    return EvidenceTable(columns, tuple(rows))


def sorted_by(sort: str) -> list[str]:
    table = table_of()
    return [table.text(row, "row") for row in table.chosen("111", sort=sort)]


def test_columns_that_it_does_not_know_are_left_out() -> None:
    table = table_of()
    assert "nonsense" not in table.at
    assert table.text(table.rows[0], "nonsense") == ""
    assert table.filled >= {"source", "row", "phase"}


def test_numbers_are_sorted_as_numbers_and_empty_cells_stand_last() -> None:
    assert sorted_by("n_total") == ["2", "1", "9", "10"]
    assert sorted_by("-n_total") == ["9", "1", "2", "10"]
    assert sorted_by("row") == ["1", "2", "9", "10"]
    assert sorted_by("phase") == ["1", "10", "9", "2"]
    assert sorted_by("dose") == ["9", "1", "2", "10"], "by the unit first: other units cannot be compared"
    assert sorted_by("-dose") == ["2", "1", "9", "10"]


def test_reports_of_one_trial_stand_together_in_the_order_of_the_file() -> None:
    table = table_of()
    assert [row.trial for row in table.chosen("111")] == ["t0", "t1", "t2", "t0"]
    assert [row.trial for row in table.chosen("111", together=True)] == ["t0", "t0", "t1", "t2"]


def test_rows_are_those_of_the_trials_that_fit() -> None:
    table = table_of()
    assert [row.report for row in table.chosen("101")] == ["r0", "r2", "r3"]
    assert [row.report for row in table.chosen("101", sources=["a"])] == ["r2", "r3"]
    unknown = EvidenceTable(table.columns, (ReportRow(table.rows[0].cells, "", "", "b row 1"),))
    assert len(unknown.chosen("111")) == 1, "a report that the graph does not know is in the whole list"
    assert unknown.chosen("110") == []


def test_a_table_without_rows_has_none() -> None:
    columns, cells = read_cells("source,row\n")
    table = EvidenceTable(columns, ())
    assert (cells, table.chosen("", sort="row")) == ([], [])
    assert read_cells("") == ((), [])
