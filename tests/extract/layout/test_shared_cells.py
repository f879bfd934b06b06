"""A cell of two fields: each reader gets the part that is its own, and what neither reads is reported once."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialgraph.extract.trials_table import flat
from trialgraph.pipeline import read_all

NAMES = ("phase", "status", "unread")


@pytest.mark.parametrize(
    ("cell", "phase", "status", "unread"),
    [
        ("1/2, completed", "1/2", "completed", []),
        ("I/II; Recruiting", "1/2", "recruiting", []),
        ("2 (completed)", "2", "completed", []),
        ("Completed / Phase 3", "3", "completed", []),
        ("completed", None, "completed", []),
        ("N/A; recruiting", None, "recruiting", []),
        ("2, 48 patients", None, None, ["phase"]),
        ("1/2, zorblax", None, None, ["phase"]),
    ],
)
def test_each_field_has_its_part(
    tmp_path: Path, cell: str, phase: str | None, status: str | None, unread: list[str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        f'Registration number,Phase/status\nNCT01111111,"{cell}"\nNCT01111112,"Phase 2; recruiting"\n'
    )
    (read,) = read_all([path])
    assert flat(read.reports[0], NAMES) == {"phase": phase, "status": status, "unread": unread}
