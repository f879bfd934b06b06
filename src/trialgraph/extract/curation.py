"""The decisions of ``curation.tsv`` beside a source."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.base.small_files import small_text
from trialgraph.extract.sources import Source
from trialgraph.extract.text.registries import RegistryNumber, find_numbers
from trialgraph.model.report import Curation
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import REGISTRIES

__all__ = ["CURATION_COLUMNS", "EVIDENCE", "SAME_TRIAL", "evidence_iri", "read_curation"]

CURATION_COLUMNS: Final = ("row", "kind", "decision", "who", "when", "why")
#: A further column, which a file of decisions that enter no value need not have.
EVIDENCE: Final = "evidence"
#: The kind of a decision on whether the row and one of another source are of one trial
#: (:mod:`trialgraph.extract.comparisons.side_by_side`).
SAME_TRIAL: Final = "same-trial"

_DOI: Final = re.compile(r"doi:(10\.\d{4,9}/[!-~]{1,300})")
_PAGE: Final = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][^\s<>\"{}|\\^`\x00-\x20\x7f-\x9f]*)?"
)


def read_curation(source: Source, settings: Settings, *, of_records: bool = False) -> tuple[Curation, ...]:
    """The decisions of ``curation.tsv`` beside a source, if there is one.

    :param settings: ``sidecar_bytes`` bounds the file
    :param of_records: whether the source is a registry's file: its ``row`` is the number of a record
    :raises InputError: it is no UTF-8 text, a column is missing, or a line is incomplete
    """
    path = source.path.parent / "curation.tsv"
    if not source.meta or not os.path.lexists(path):
        return ()
    lines = small_text(path, path.parent, settings.sidecar_bytes).replace("\r\n", "\n").split("\n")
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        if tuple(rows.fieldnames or ()) not in (CURATION_COLUMNS, (*CURATION_COLUMNS, EVIDENCE)):
            raise InputError(
                "the columns are not "
                + ", ".join(CURATION_COLUMNS)
                + f", and {EVIDENCE} where a value is entered",
                where=f"{path}:1",
                hint="correct the first line",
            )
        return tuple(_decision(path, number, row, of_records) for number, row in enumerate(rows, start=2))
    except csv.Error as error:
        raise InputError(
            f"{error}", where=str(path), hint="write one short line for each decision"
        ) from error


def _decision(path: Path, number: int, row: Mapping[str | None, Any], of_records: bool) -> Curation:
    where = f"{path}:{number}"
    values = {key: (row.get(key) or "").strip() for key in (*CURATION_COLUMNS, EVIDENCE)}
    if empty := [key for key in CURATION_COLUMNS if not values[key]]:
        raise InputError(f"no {', '.join(empty)}", where=where, hint="say who decided what, when and why")
    if not of_records and (not values["row"].isdecimal() or len(values["row"]) > 9):
        raise InputError(f"{values['row'][:20]!r} is no row number", where=where, hint="count rows from 1")
    if any(row.get(None) or ()):
        raise InputError(
            "it has more cells than the first line has columns",
            where=where,
            hint=f"add {EVIDENCE} to the first line, or remove a tab",
        )
    if values[EVIDENCE] and not _is_evidence(values[EVIDENCE]):
        raise InputError(
            f"{values[EVIDENCE][:60]!r} is no evidence",
            where=where,
            hint="give a doi:…, a registry number like NCT01741857, or an address (https://…)",
        )
    kind, decision, who, when, why = (values[key] for key in CURATION_COLUMNS[1:])
    at = values["row"] if of_records else int(values["row"])
    return Curation(at, kind, decision, who, when, why, values[EVIDENCE], number)


def _is_evidence(text: str) -> bool:
    return bool(_DOI.fullmatch(text) or _PAGE.fullmatch(text) or _registered(text))


def _registered(text: str) -> RegistryNumber | None:
    """The registry number that is the whole text."""
    found = list(find_numbers(text))
    return found[0] if len(found) == 1 and (found[0].start, found[0].end) == (0, len(text)) else None


def evidence_iri(text: str) -> NamedNode | None:
    """The document or record that an evidence names; None where its registry has no addresses."""
    if m := _DOI.fullmatch(text):
        return iris.doi(m[1])
    if number := _registered(text):
        prefix = REGISTRIES.get(number.register)
        return iris.bioregistry(prefix, number.number) if prefix else None
    return NamedNode(text) if _PAGE.fullmatch(text) else None
