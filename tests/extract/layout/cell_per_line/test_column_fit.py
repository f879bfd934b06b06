"""How well cells fit columns: the right number of columns is ahead of others."""

from __future__ import annotations

import pytest

from trialgraph.extract.layout.cell_per_line.column_fit import column_gain, fits, looks

CELLS = [
    text
    for n in range(9)
    for text in (
        f"NCT0{n}1234{n}7",
        ["Crohn's disease", "Lupus"][n in (2, 4, 5, 8)],
        str(11 + 3 * n),
        f"{n + 1}.5%",
    )
]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("NCT01234567", "id"),
        ("ChiCTR-OCC-15006201", "id"),
        ("2017", "year"),
        ("1,114", "whole number"),
        ("15·3", "number"),
        ("<0.001", "number"),
        ("62·6%", "percentage"),
        ("1.1 (0.5–2.4)", "numbers"),
        ("1.0 (reference)", "numbers"),
        ("July 1, 2021", "date"),
        ("2016-02", "date"),
        ("–", "nothing"),
        ("Not provided", "words"),
    ],
)
def test_the_kind_of_a_cell(text: str, kind: str) -> None:
    assert looks(text)[0].strip() == kind


def test_the_right_number_of_columns_fits_best() -> None:
    gains = {n: column_gain([[looks(text) for text in CELLS[c::n]] for c in range(n)]) for n in range(2, 13)}
    assert max(gains, key=gains.__getitem__) == 4
    assert gains[4] > gains[8] + 3
    assert gains[3] < 0 < gains[4]


def test_a_cell_fits_the_column_of_its_kind() -> None:
    cells = [looks(text) for text in CELLS]
    found = fits(cells, [cells[c::4] for c in range(4)])
    assert all(max(range(4), key=row.__getitem__) == at % 4 for at, row in enumerate(found))
