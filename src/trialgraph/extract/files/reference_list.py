"""The reference list of a source, where one is given: ``references.tsv`` beside it.

A table cites papers by their number in the review's list, and the list is not part of the table. Whoever may use the
list writes it beside the source; where there is none, a number leads to the review.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from trialgraph.base.doi import DOI
from trialgraph.base.errors import InputError
from trialgraph.base.escaping import visible
from trialgraph.base.settings import Settings
from trialgraph.base.small_files import small_text

__all__ = ["REFERENCE_COLUMNS", "ReferenceEntry", "read_reference_list"]

REFERENCE_COLUMNS: Final = ("number", "citation", "doi", "pmid")
_NAME: Final = "references.tsv"
_PMID: Final = re.compile(r"[1-9][0-9]{0,8}")
_CHARS: Final = 1_000


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """An entry of the list.

    :param citation: as the list prints it; empty where only an id is given
    :param doi: without a prefix; empty where it has none, likewise ``pmid``
    """

    number: int
    citation: str
    doi: str
    pmid: str


def read_reference_list(folder: Path, settings: Settings) -> tuple[ReferenceEntry, ...]:
    """The entries of ``references.tsv`` in the folder of a source, if there is one.

    :param settings: ``sidecar_bytes`` bounds the file
    :raises InputError: it is no UTF-8 text, its columns are others, or a line is no entry
    """
    path = folder / _NAME
    if not os.path.lexists(path):
        return ()
    lines = small_text(path, folder, settings.sidecar_bytes).replace("\r\n", "\n").split("\n")
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    made: dict[int, ReferenceEntry] = {}
    try:
        if tuple(rows.fieldnames or ()) != REFERENCE_COLUMNS:
            raise InputError(
                f"the columns are not {', '.join(REFERENCE_COLUMNS)}",
                where=f"{path}:1",
                hint="correct the first line; tabs separate its cells",
            )
        for line, row in enumerate(rows, start=2):
            entry = _entry(row, f"{path}:{line}")
            if entry.number in made:
                raise InputError(
                    f"the number {entry.number} stands twice",
                    where=f"{path}:{line}",
                    hint="keep one of the lines",
                )
            made[entry.number] = entry
    except csv.Error as error:
        raise InputError(f"{error}", where=str(path), hint="write one short line for each entry") from error
    return tuple(made.values())


def _entry(row: Mapping[str | None, Any], where: str) -> ReferenceEntry:
    values = {name: (row.get(name) or "").strip() for name in REFERENCE_COLUMNS}
    number, citation, doi, pmid = values.values()
    problem = ""
    if any(row.get(None) or ()):
        problem, hint = "it has more cells than the first line has columns", "remove a tab"
    elif not (number.isascii() and number.isdecimal()) or len(number) > 4 or int(number) < 1:
        problem, hint = f"{number[:20]!r} is no number of a list", "give the number as it is printed, from 1"
    elif len(citation) > _CHARS or visible(citation) != citation:
        problem, hint = f"the citation is longer than {_CHARS} characters or not plain text", "shorten it"
    elif doi and not DOI.fullmatch(doi):
        problem, hint = f"{doi[:60]!r} is no DOI", "give it without a prefix, like 10.1000/182"
    elif pmid and not _PMID.fullmatch(pmid):
        problem, hint = f"{pmid[:20]!r} is no PubMed id", "give its digits"
    elif not (citation or doi or pmid):
        problem, hint = "an entry without citation, doi and pmid", "give one of them, or remove the line"
    if problem:
        raise InputError(problem, where=where, hint=hint)
    return ReferenceEntry(int(number), citation, doi, pmid)
