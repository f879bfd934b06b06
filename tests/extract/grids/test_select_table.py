"""Which of several tables is read."""

from __future__ import annotations

import pytest

from trialgraph.base.errors import InputError, UsageError
from trialgraph.extract.grids import choose
from trialgraph.model.grid import Grid, GridCell, GridRow, GridText
from trialgraph.model.place import GridAddress

AT = GridAddress("csv", "cell=1,1")


def table(number: int, name: str, caption: str) -> Grid:
    return Grid(
        number, name, (GridRow(1, (GridCell("x", AT, 0, 0),)),), (GridText("caption", caption, AT, 1),)
    )


TABLES = (
    table(1, "README", "About"),
    table(2, "Table 5", "MSC trials in lupus"),
    table(3, "Table 6", "MSC in asthma"),
)


@pytest.mark.parametrize(
    ("wanted", "number"), [(2, 2), ("3", 3), ("table 6", 3), ("lupus", 2), ("README", 1)]
)
def test_by_number_or_words(wanted: int | str, number: int) -> None:
    assert choose(TABLES, wanted, lambda _: 0.0).number == number


def test_the_one_that_looks_most_like_trials_and_never_a_readme() -> None:
    assert choose(TABLES, None, lambda grid: {1: 9.0, 2: 5.0, 3: 1.0}[grid.number]).number == 2


@pytest.mark.parametrize("scores", [{1: 0.0, 2: 0.0, 3: 0.0}, {1: 0.0, 2: 5.0, 3: 4.9}])
def test_where_several_may_be_meant_they_are_listed(scores: dict[int, float]) -> None:
    with pytest.raises(InputError) as error:
        choose(TABLES, None, lambda grid: scores[grid.number], "f.xlsx")
    assert "2 'Table 5 MSC trials in lupus' (1 rows, 1 columns)" in error.value.line()
    assert error.value.line().endswith("say which with --table N")


@pytest.mark.parametrize("wanted", [9, "MSC", "nothing"])
def test_what_fits_none_or_several(wanted: int | str) -> None:
    with pytest.raises(UsageError):
        choose(TABLES, wanted, lambda _: 1.0)
