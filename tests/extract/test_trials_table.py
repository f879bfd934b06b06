"""The flat table, against a curator's sheet that was written from the printed table alone."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.extract.columns.cells import row
from tests.paths import TESTS
from trialgraph.base.errors import UsageError
from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.reports import read_report
from trialgraph.extract.trials_table import COLUMNS, csv_text, flat, flat_columns, from_csv
from trialgraph.pipeline import read_all

HERE = TESTS
GOLDEN = (HERE / "golden" / "trials.csv").read_text(encoding="utf-8")
SHEET = list(csv.DictReader(io.StringIO(GOLDEN)))


@pytest.fixture(scope="module")
def printed() -> str:
    (read,) = read_all([HERE.parent / "seeds" / "wjsc-107202-table1"])
    return csv_text(read.reports)


@pytest.mark.parametrize("column", COLUMNS)
def test_each_column_says_what_the_curator_wrote(printed: str, column: str) -> None:
    made = {r["row"]: r[column] for r in csv.DictReader(io.StringIO(printed))}
    assert made == {r["row"]: r[column] for r in SHEET}


def test_the_csv_is_the_curator_s_sheet_to_the_byte(printed: str) -> None:
    assert printed == GOLDEN


def test_the_columns_are_those_that_others_rely_on() -> None:
    assert ",".join(COLUMNS) == GOLDEN.splitlines()[0]
    assert len(COLUMNS) == 27


def test_a_csv_reads_back_as_the_records_that_were_written() -> None:
    (read,) = read_all([HERE.parent / "seeds" / "wjsc-107202-table1"])
    assert from_csv(csv_text(read.reports)) == [flat(r) for r in read.reports]


def test_in_json_plural_columns_are_always_lists_and_numbers_are_numbers() -> None:
    (read,) = read_all([HERE.parent / "seeds" / "wjsc-107202-table1"])
    lists = {column.name for column in flat_columns() if column.several}
    numbers = {"row", "n_total", "n_treatment", "n_control", "dose_low", "dose_high", "reference"}
    for record in (json.loads(json.dumps(flat(r))) for r in read.reports):
        assert list(record) == list(COLUMNS)
        for column, value in record.items():
            if column in lists:
                assert isinstance(value, list)
                kind = (int, float) if column in {"dose_levels", "follow_up_months"} else str
                assert all(isinstance(v, kind) for v in value)
            elif column in numbers:
                assert value is None or type(value) is int
            else:
                assert value is None or (isinstance(value, str) and value)


def test_an_empty_row_is_empty_but_for_its_place() -> None:
    record = flat(read_report(row(3)))
    assert (record["source"], record["row"]) == ("made", 3)
    assert {k for k, v in record.items() if v not in (None, [])} == {"source", "row"}


@pytest.mark.parametrize(
    ("texts", "column", "value"),
    [
        ({"administration": "(0.75-1.5) × 106 cells/kg"}, "dose_levels", []),
        ({"administration": "(0.75-1.5) × 106 cells/kg"}, "dose_high", 1_500_000),
        ({"administration": "1 or 2 × 106 cells/kg"}, "dose_levels", [1_000_000, 2_000_000]),
        ({"administration": "1 × 106 cells"}, "dose_unit", None),
        ({"administration": "2 × 107 cells per joint"}, "dose_unit", "cells/joint"),
        ({"administration": "1 × 106 cells/kg or 2 × 108 cells/patient"}, "dose_unit", None),
        ({"follow_up": "48 weeks"}, "follow_up_months", [11.04]),
        ({"outcomes": "EDSS, EDSS, odd score"}, "outcomes", ["EDSS", "EDSS", "odd score"]),
        ({"cell_source": "BM-MSCs (autologous) and UC-MSCs (allogeneic)"}, "donor_type", None),
        ({"cell_source": "Placenta derived MSCs"}, "cell_types", ["CL:0000134"]),
        ({"disease": "Morbus nondum descriptus"}, "disease", None),
        ({"disease": "Morbus nondum descriptus"}, "disease_label", "Morbus nondum descriptus"),
        ({"patients": "12"}, "n_control", None),
        ({"patients": "12 (12/0)"}, "n_control", 0),
        ({"patients": "5 (3/3)", "conclusion": "Safe at 1 year", "follow_up": "3"}, "conflicts",
         ["arms-do-not-add-up", "follow-up-shorter-than-reported-time"]),
    ],
)  # fmt: skip
def test_cells_of_the_table(texts: dict[str, str], column: str, value: object) -> None:
    (report,) = find_conflicts([read_report(row(1, **texts))])
    assert flat(report)[column] == value


def test_words_as_printed_survive_csv() -> None:
    report = read_report(row(1, outcomes='a "quoted" index; b\nnew line score, c'))
    assert from_csv(csv_text([report])) == [flat(report)]


def test_further_columns_are_listed_by_name_or_all() -> None:
    report = read_report(row(1, status="Completed", countries="China, USA", age="18-65 years"))
    more = {"status": "completed", "countries": ["China", "United States"], "minimum_age": "18"}
    assert {name: flat(report, ["all"])[name] for name in more} == more
    assert list(flat(report, ["all"]))[: len(COLUMNS)] == list(COLUMNS)
    assert csv_text([report], ["row", "countries"]) == "row,countries\n1,China|United States\n"
    assert from_csv(csv_text([report], ["all"])) == [flat(report, ["all"])]
    with pytest.raises(UsageError, match=r"there is no column 'contry'.*countries"):
        flat(report, ["contry"])
