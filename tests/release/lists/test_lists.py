"""The lists of a release: what is written is found again, in every order, whatever is chosen."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from trialgraph.base.errors import ReleaseError
from trialgraph.release.lists.conflicts import FoundConflict
from trialgraph.release.lists.facet_sets import Listed, TrialIndex, trial_index
from trialgraph.release.lists.facets import ALL_FACETS, FACETS, NONE
from trialgraph.release.lists.flags import SEVERITIES, ConflictFlag
from trialgraph.release.lists.gathered import ListContents
from trialgraph.release.lists.lists import Lists
from trialgraph.release.lists.lists_file import write_lists
from trialgraph.release.lists.overview import AgreementCounts
from trialgraph.release.lists.rows import GatheredTable, Paper, ReportRow, read_cells

TEXT = """source,row,phase,dose_unit,dose_low,dose_high,n_total,nonsense
b,1,1/2,cells/kg,2000000,2000000,10,x
b,2,,cells/kg,10000000,10000000,9,x
a,10,1a,,5,5,,x
a,9,1b/2a,cells,30000000,30000000,100,x
"""
FLAG = ConflictFlag("c1", "90 × the median", "it is unusual", "error", ("dose_low", "dose_high"))
LABELS = {"auto": "autoimmune disease", "sle": "SLE", "ln": "lupus nephritis", "ra": "RA", "msc": "stem cell"}
BROADER = {"disease": {"sle": frozenset({"auto"}), "ln": frozenset({"sle"}), "ra": frozenset({"auto"})}}
SCOPES = {"disease": {"auto": frozenset({"t0"})}}

Make = Callable[[ListContents], Lists]


def table_of(text: str = TEXT) -> GatheredTable:
    columns, cells = read_cells(text)
    rows = [ReportRow(line, f"r{n}", f"t{n % 3}", f"trial {n % 3}") for n, line in enumerate(cells)]
    return GatheredTable(columns, rows)


def index_of(count: int = 3) -> TrialIndex:
    diseases = ("sle", "ln", "ra")
    trials = [
        Listed(f"t{n}", f"trial {n}", (n,), {"disease": (diseases[n % 3],), "cell": ("msc",)})
        for n in range(count)
    ]
    within = {"disease": {"ln": frozenset({"auto"})}}
    return trial_index(trials, LABELS, BROADER, SCOPES, within, ALL_FACETS)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Writes lists, and opens them."""
    made: list[Lists] = []

    def write(held: ListContents) -> Lists:
        path = tmp_path / f"{len(made)}.db"
        write_lists(path, held)
        made.append(Lists(path))
        return made[-1]

    yield write
    for lists in made:
        lists.close()


@pytest.fixture
def lists(make: Make) -> Lists:
    return make(ListContents(index_of(), table_of()))


def reports(lists: Lists, mask: str = "111", sort: str = "") -> list[str]:
    return [row.report for row in lists.rows(lists.places(mask, sort=sort))]


def sorted_by(lists: Lists, sort: str) -> list[str]:
    return [lists.text(row, "row") for row in lists.rows(lists.places("111", sort=sort))]


def test_columns_that_it_does_not_know_are_left_out(lists: Lists) -> None:
    assert "nonsense" not in lists.at
    assert lists.text(next(lists.rows()), "nonsense") == ""
    assert lists.filled >= {"source", "row", "phase"}


def test_numbers_are_sorted_as_numbers_and_empty_cells_stand_last(lists: Lists) -> None:
    assert sorted_by(lists, "n_total") == ["2", "1", "9", "10"]
    assert sorted_by(lists, "-n_total") == ["9", "1", "2", "10"]
    assert sorted_by(lists, "row") == ["1", "2", "9", "10"]
    assert sorted_by(lists, "phase") == ["1", "10", "9", "2"]
    assert sorted_by(lists, "dose") == ["9", "1", "2", "10"], (
        "by the unit first: other units cannot be compared"
    )
    assert sorted_by(lists, "-dose") == ["2", "1", "9", "10"]
    assert sorted_by(lists, "trial") == ["1", "9", "2", "10"]
    assert sorted_by(lists, "title") == ["1", "2", "10", "9"], "a column without values changes no order"


def test_reports_of_one_trial_stand_together_in_the_order_of_the_file(lists: Lists) -> None:
    assert [row.trial for row in lists.rows()] == ["t0", "t1", "t2", "t0"]
    together = lists.places("111", together=True)
    assert [row.trial for row in lists.rows(together)] == ["t0", "t0", "t1", "t2"]
    assert lists.reports_of(together[:3]) == [2, 2, 1]
    assert lists.reports_of([0, 1], places=[0, 1]) == [1, 1], "of those that fit"
    assert [row.report for row in lists.of_trial("t0")] == ["r0", "r3"]
    assert lists.of_trial("") == lists.of_trial("t9") == ()


def test_rows_are_those_of_the_trials_that_fit(lists: Lists, make: Make) -> None:
    assert reports(lists, "101") == ["r0", "r2", "r3"]
    assert [row.report for row in lists.rows(lists.places("101", sources=["a"]))] == ["r2", "r3"]
    assert list(lists.places("111", sources=["none"])) == []
    table = table_of()
    unknown = make(
        ListContents(
            index_of(), GatheredTable(table.columns, (ReportRow(table.rows[0].cells, "", "", "b row 1"),))
        )
    )
    assert len(unknown.places("111")) == 1, "a report that the graph does not know is in the whole list"
    assert list(unknown.places("110")) == []
    assert unknown.whole.trials == 1


def test_a_table_without_rows_has_none(make: Make) -> None:
    columns, cells = read_cells("source,row\n")
    empty = make(ListContents(index_of(0), GatheredTable(columns, ())))
    assert (cells, list(empty.places("", sort="row")), list(empty.rows())) == ([], [], [])
    assert empty.counted(empty.places("")).reports == 0
    assert read_cells("") == ((), [])
    assert list(make(ListContents(index_of(0), GatheredTable((), ()))).rows()) == []


def test_a_row_is_found_as_it_was_gathered(make: Make) -> None:
    table = table_of()
    whole = replace(
        table.rows[0],
        flags=(FLAG,),
        states={"phase": "not specified"},
        ids=(("NCT1", "https://example.org/NCT1"), ("X", "")),
        papers={"7": Paper("Smith J.", "10.1/x", "")},
    )
    lists = make(ListContents(index_of(), GatheredTable(table.columns, (whole, *table.rows[1:]))))
    assert tuple(lists.rows()) == (whole, *table.rows[1:])
    assert (lists.whole.flags, lists.whole.errors, lists.whole.sources) == (1, 1, 2)


def test_what_is_counted_of_some_reports_is_what_their_rows_have(make: Make) -> None:
    table = table_of()
    rows = [replace(row, flags=(FLAG,) * (n % 2)) for n, row in enumerate(table.rows)]
    rows.append(replace(table.rows[0], report="", trial="", flags=(replace(FLAG, mark="warn"),)))
    lists = make(ListContents(index_of(), GatheredTable(table.columns, rows)))
    for places in ([0, 1, 2, 3], [1, 4], [4], [], range(5)):
        held = [rows[n] for n in places]
        counted = lists.counted(places)
        assert counted.reports == len(held)
        assert counted.trials == len({row.trial or row.cells for row in held})
        assert counted.flags == sum(len(row.flags) for row in held)
        assert counted.errors == sum(flag.mark == "error" for row in held for flag in row.flags)
        assert lists.sources_of(places) == list(dict.fromkeys(row.cells[0] for row in held))


@pytest.mark.parametrize("count", [0, 1, 3, 40])
def test_facets_count_and_offer_what_they_did_when_they_were_gathered(make: Make, count: int) -> None:
    index = index_of(count)
    found = make(ListContents(index, GatheredTable((), ()))).index
    drawn = random.Random(46)  # noqa: S311 - a draw that can be repeated
    assert (found.size, found.labels) == (index.size, index.labels)
    for _ in range(20):
        facet = drawn.choice(("disease", "cell"))
        values = [NONE, *index.bits[facet], "unknown"]
        chosen = {facet: drawn.sample(values, min(2, len(values)))}
        assert found.fit(chosen) == index.fit(chosen)
        for one in FACETS:
            for most in (1, 100):
                assert found.offered(one, chosen, most) == index.offered(one, chosen, most)
                assert found.reviewed(one, chosen, most) == index.reviewed(one, chosen, most)
            assert found.hidden(one, 1) == index.hidden(one, 1)
            assert found.by_label[one.name] == index.by_label[one.name]
            for value in values:
                assert found.above(one.name, value) == index.above(one.name, value)
                assert found.count(one.name, value) == index.count(one.name, value)
    assert found.count("nothing", "sle") is None


def test_conflicts_are_listed_by_severity_and_counted(make: Make) -> None:
    error, warn, _ = SEVERITIES
    conflicts = [
        FoundConflict(f"c{n}", severity, still, "kind", "", "message", "t", "trial", cell, "words")
        for n, (severity, still, cell) in enumerate(
            [(error, True, None), (error, True, "x"), (warn, True, ""), (warn, False, None)]
        )
    ]
    lists = make(ListContents(index_of(), table_of(), conflicts, agreement=AgreementCounts(2, 30, 7)))
    assert list(lists.conflicts(9)) == conflicts[:3]
    assert list(lists.conflicts(1, severity=error)) == conflicts[:1]
    assert list(lists.conflicts(9, settled=True)) == conflicts[3:]
    assert lists.conflict_counts == {(True, error): 2, (True, warn): 1, (False, warn): 1}
    assert lists.agreement == AgreementCounts(2, 30, 7)


def test_the_same_lists_have_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_lists(tmp_path / name, ListContents(index_of(), table_of()))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_file_that_is_none_or_of_another_version_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "lists.db"
    with pytest.raises(ReleaseError, match=r"lists\.db cannot be read"):
        Lists(path)
    path.write_bytes(b"no database" * 1_000)
    with pytest.raises(ReleaseError, match=r"lists\.db cannot be read"):
        Lists(path)
    path.unlink()
    write_lists(path, ListContents(index_of(), table_of()))
    with sqlite3.connect(path) as base:
        base.execute("UPDATE fact SET held = '\"another\"' WHERE name = 'made for'")
    base.close()
    with pytest.raises(ReleaseError, match=r"lists\.db was made by another version"):
        Lists(path)
