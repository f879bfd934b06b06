"""The decisions of ``curation.tsv`` beside a source."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.base.small_files import small_text
from trialgraph.extract.sources import Source
from trialgraph.model.report import Curation

__all__ = ["CURATION_COLUMNS", "read_curation"]

CURATION_COLUMNS: Final = ("row", "kind", "decision", "who", "when", "why")


def read_curation(source: Source, settings: Settings) -> tuple[Curation, ...]:
    """The decisions of ``curation.tsv`` beside a source, if there is one.

    :param settings: ``sidecar_bytes`` bounds the file
    :raises InputError: it is no UTF-8 text, a column is missing, or a line is incomplete
    """
    path = source.path.parent / "curation.tsv"
    if not source.meta or not os.path.lexists(path):
        return ()
    lines = small_text(path, path.parent, settings.sidecar_bytes).replace("\r\n", "\n").split("\n")
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        if tuple(rows.fieldnames or ()) != CURATION_COLUMNS:
            raise InputError(
                "the columns are not " + ", ".join(CURATION_COLUMNS),
                where=f"{path}:1",
                hint="correct the first line",
            )
        return tuple(_decision(path, number, row) for number, row in enumerate(rows, start=2))
    except csv.Error as error:
        raise InputError(
            f"{error}", where=str(path), hint="write one short line for each decision"
        ) from error


def _decision(path: Path, number: int, row: dict[str, str | None]) -> Curation:
    values = {key: (row.get(key) or "").strip() for key in CURATION_COLUMNS}
    if empty := [key for key, value in values.items() if not value]:
        raise InputError(
            f"no {', '.join(empty)}", where=f"{path}:{number}", hint="say who decided what, when and why"
        )
    if not values["row"].isdecimal() or len(values["row"]) > 9:
        raise InputError(
            f"{values['row'][:20]!r} is no row number", where=f"{path}:{number}", hint="count rows from 1"
        )
    return Curation(
        int(values["row"]), values["kind"], values["decision"], values["who"], values["when"], values["why"]
    )
