"""Two releases to the values of trials that changed: from their tables of reports, column by column."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from trialgraph.base.errors import ReleaseError
from trialgraph.release.diff.reasons import Reasons
from trialgraph.release.manifest import ALL_COLUMNS
from trialgraph.release.open import Release

__all__ = ["ChangedValue", "changed_values"]

_IDENTITY: Final = ("source", "row", "registry", "registration_id")
_AT_ONCE: Final = 1_000

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class ChangedValue:
    """A column of a report that two releases have otherwise.

    :param trial: its registration number, else source and row
    :param field: the column; ``report`` where all of the report was added or removed
    :param before: empty where it was not stated
    """

    trial: str
    source: str
    row: str
    field: str
    before: str
    after: str
    reason: str


def changed_values(old: Release, new: Release, reasons: Reasons) -> Iterator[ChangedValue]:
    """The changed values of all reports, in the order of the new release; then the reports that are gone.

    Reports are matched by source and registration number, those without one by source and row. The old release's rows
    wait in a file, not in memory.

    :raises ReleaseError: a table cannot be read
    """
    with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "old.db")) as waiting:
        waiting.execute("CREATE TABLE old (key TEXT PRIMARY KEY, at INTEGER, row TEXT) WITHOUT ROWID")
        pairs = ((key, at, json.dumps(row)) for at, (key, row) in enumerate(_rows(old)))
        waiting.executemany("INSERT INTO old VALUES (?, ?, ?)", pairs)
        for key, row in _rows(new):
            found = waiting.execute("SELECT row FROM old WHERE key = ?", [key]).fetchone()
            if found is None:
                yield _whole(row, "", _words(row), reasons)
                continue
            waiting.execute("DELETE FROM old WHERE key = ?", [key])
            yield from _changed(json.loads(found[0]), row, reasons)
        for (gone,) in waiting.execute("SELECT row FROM old ORDER BY at"):
            row = json.loads(gone)
            yield _whole(row, _words(row), "", reasons)


def _rows(release: Release) -> Iterator[tuple[str, Row]]:
    """The reports of a release with what they are matched by."""
    path = release.file(ALL_COLUMNS)
    seen: Counter[tuple[str, str]] = Counter()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                number = row["registration_id"] or f"row {row['row']}"
                seen[row["source"], number] += 1
                yield json.dumps([row["source"], number, seen[row["source"], number]]), row
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise ReleaseError(
            f"cannot be read: {error}", where=str(path), hint="make it again with: trialgraph build"
        ) from error


def _changed(before: Row, after: Row, reasons: Reasons) -> Iterator[ChangedValue]:
    for field in (name for name in {**before, **after} if name not in _IDENTITY):
        one, other = before.get(field) or "", after.get(field) or ""
        if one != other:
            reason = reasons.of_row(after["source"], after["row"])
            yield ChangedValue(_trial(after), after["source"], after["row"], field, one, other, reason)


def _whole(row: Row, before: str, after: str, reasons: Reasons) -> ChangedValue:
    reason = reasons.of_row(row["source"], row["row"])
    return ChangedValue(_trial(row), row["source"], row["row"], "report", before, after, reason)


def _trial(row: Row) -> str:
    return row["registration_id"] or f"{row['source']}/{row['row']}"


def _words(row: Row) -> str:
    """A few words for a report."""
    return (
        ", ".join(filter(None, (row.get("disease_label"), row.get("phase") and f"phase {row['phase']}")))
        or "stated"
    )
