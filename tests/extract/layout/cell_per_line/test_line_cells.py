"""What blank lines are in a table with one cell per line."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from trialgraph.extract.layout.cell_per_line.line_cells import cells_of, parts_of
from trialgraph.extract.sources import Line


def lines(*texts: str) -> Sequence[Line]:
    return [Line(n, 0, text) for n, text in enumerate(texts, start=1)]


def test_a_blank_line_between_cells_is_none() -> None:
    made = cells_of(
        lines(*(text for n in range(6) for text in (f"a{n}", "")), "b", "c", "", "d", "", "", "", "e")
    )
    assert made.between
    assert [[line.text for line in cell] for cell in made.cells] == [
        *([f"a{n}"] for n in range(6)), ["b", "c"], ["d"], [], ["e"]
    ]  # fmt: skip
    assert not made.breaks


def test_one_more_blank_line_between_cells_is_kept() -> None:
    made = cells_of(
        lines(
            *(text for n in range(4) for text in (f"a{n}", "")), "", *(t for n in range(5) for t in ("b", ""))
        )
    )
    assert made.breaks == {4}
    assert all(made.cells)


def test_a_blank_line_among_others_is_an_empty_cell() -> None:
    made = cells_of(lines("", "a", "b", "c", "", "d", "e", "f", "g", "h", "i", "", ""))
    assert [len(cell) for cell in made.cells] == [1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
    assert (made.lead, made.trail, made.between) == (1, 2, False)


@pytest.mark.parametrize("blank", [[], [""]])
def test_title_and_notes_are_apart(blank: list[str]) -> None:
    body = lines("Table 2. Trials", *blank, "Trial", "Phase", "A", "1", "Abbreviations: A: another trial")
    front, inside, behind = parts_of(body)
    assert [line.text for line in front] == ["Table 2. Trials"]
    assert [line.text for line in inside] == ["Trial", "Phase", "A", "1"]
    assert len(behind) == 1


def test_the_first_heading_between_blank_lines_is_no_title() -> None:
    body = lines("Table 2. Trials", "", *(t for n in range(9) for t in (f"Some heading {n}", "")))
    front, inside, _ = parts_of(body)
    assert len(front) == 1
    assert inside[0].text == "Some heading 0"
