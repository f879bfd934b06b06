"""A table of another kind is told by its kind before anything is cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.extract.plain_row import OTHERS, PLAIN
from tests.extract.segmentation.lines import HEADINGS, line
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.sources import Source
from trialgraph.extract.tables.run_together import read_run_together
from trialgraph.model.table import Table

ROWS = [*OTHERS, PLAIN, PLAIN | {"disease": "RA", "reference": "[4]"}]
FIVE = ["disease", "cell source", "patients", "conclusion", "registration"]


def read(*lines: str) -> Table:
    return read_run_together(Source("odd", Path("odd.txt"), "\n".join(lines) + "\n", "0" * 64), DEFAULTS)


@pytest.mark.parametrize("fields", [list(HEADINGS), FIVE])
@pytest.mark.parametrize("gap", [[], [""]])
def test_one_cell_per_line(fields: list[str], gap: list[str]) -> None:
    body = [part for row in ROWS for part in (*(row[f] for f in fields), *gap)]
    with pytest.raises(InputError) as error:
        read("Table 1 Trials", *(HEADINGS[f] for f in fields), *body)
    at = len(fields) + 2
    assert error.value.exit_code == 2
    assert error.value.line() == (
        f"odd.txt:{at}: this looks like a table with one cell per line, not run-together text; "
        "put the cells of each row on one line"
    )


@pytest.mark.parametrize(
    ("separator", "name"),
    [("\t", "tab-separated"), (";", "semicolon-separated"), (" | ", "Markdown"), (",", "comma-separated")],
)
def test_separated_cells(separator: str, name: str) -> None:
    body = [separator.join(row.values()) for row in ROWS]
    with pytest.raises(
        InputError, match=rf"odd\.txt:2: this looks like a {name} table, not run-together text"
    ):
        read("Table 1 Trials", separator.join(HEADINGS.values()), *body)


def test_tabs_under_headings_on_lines() -> None:
    with pytest.raises(InputError, match=r"odd\.txt:13: this looks like a tab-separated table"):
        read("Table 1 Trials", *HEADINGS.values(), *("\t".join(row.values()) for row in ROWS))


@pytest.mark.parametrize("rows", [[], ["".join(PLAIN.values())], [line(n) for n in range(5)]])
def test_run_together_text_is_read(rows: list[str]) -> None:
    made = read("Table 1 Trials, by phase, disease and dose", *HEADINGS.values(), *rows)
    assert len(made.rows) + len(made.unread) == len(rows)
