"""Which records of a file are wanted: ``--only`` of the command line.

Records of one kind of condition are alternatives (several ids, several diseases); all kinds have to be met.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from trialgraph.base.errors import UsageError
from trialgraph.extract.comparisons.lineage import broader_terms
from trialgraph.extract.registries.formats.registry_file import RawRecord
from trialgraph.extract.registries.values import mesh_id
from trialgraph.extract.text.registries import find_numbers
from trialgraph.model.record import RecordReport
from trialgraph.model.report import TrialReport
from trialgraph.terminology.lexicon import external_curie

__all__ = ["Selection", "selection"]

_MESH: Final = re.compile(r"(?:mesh:)?([DC]\d{6,9})", re.IGNORECASE | re.ASCII)
_MONDO: Final = re.compile(r"mondo[:_](\d{7})", re.IGNORECASE | re.ASCII)
_CELLS: Final = re.compile(r"cell[ _-]therap(?:y|ies)|cells?", re.IGNORECASE)
_MOST: Final = 64_000_000
_OF_CONDITIONS: Final = "/derivedSection/conditionBrowseModule/"
#: How the trials of a source are read: its path -> the reports.
ReadSource = Callable[[str], Sequence[TrialReport]]


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted. A condition that is empty is met by every record.

    :param numbers: registration numbers in their registries' spelling
    :param mesh: ids of MeSH; what is narrower counts, too
    :param diseases: terms of MONDO, likewise
    :param cells: whether only trials in which cells are given are wanted
    """

    numbers: frozenset[str] = frozenset()
    mesh: frozenset[str] = frozenset()
    diseases: frozenset[str] = frozenset()
    cells: bool = False

    def takes(self, raw: RawRecord) -> bool:
        """Whether a record may be wanted, as far as its number tells."""
        return not self.numbers or any(found.number in self.numbers for found in find_numbers(raw.identifier))

    def keeps(self, report: RecordReport) -> bool:
        """Whether a record is wanted, as its report tells."""
        if self.cells and not report.products:
            return False
        return not (self.mesh or self.diseases) or self._is_of_condition(report)

    def _is_of_condition(self, report: RecordReport) -> bool:
        stated = {
            str(fact.value)
            for fact in report.facts
            if fact.line.source == "Mesh.id" and fact.line.path.startswith(_OF_CONDITIONS)
        }
        if stated & self.mesh:
            return True
        named = {external_curie(stated.disease) for stated in report.conditions if stated.disease}
        return any(named_as in self.diseases or broader_terms(named_as) & self.diseases for named_as in named)


def selection(wanted: Sequence[str], read_source: ReadSource) -> Selection:
    """What ``--only`` says.

    :param wanted: each one of: numbers with commas between them, a file of numbers, the folder of a review, a term of
        MeSH or MONDO, ``cell therapy``
    :raises UsageError: it is none of these, or names no trial
    """
    made = Selection()
    for text in wanted:
        made = _with(made, text.strip(), read_source)
    return made


def _with(made: Selection, text: str, read_source: ReadSource) -> Selection:
    numbers, mesh, diseases, cells = made.numbers, made.mesh, made.diseases, made.cells
    if _CELLS.fullmatch(text):
        cells = True
    elif m := _MESH.fullmatch(text):
        mesh |= {mesh_id(m[1].upper())}
    elif m := _MONDO.fullmatch(text):
        diseases |= {f"MONDO:{m[1]}"}
    else:
        found = _numbers(text, read_source)
        if not found:
            raise UsageError(
                f"{text[:60]!r} names no trial",
                where="--only",
                hint="use numbers, a file of numbers, a review's folder, MESH:…, MONDO:…, or 'cell therapy'",
            )
        numbers |= found
    return Selection(numbers, mesh, diseases, cells)


def _numbers(text: str, read_source: ReadSource) -> frozenset[str]:
    path = Path(text)
    try:
        if path.is_dir():
            reports = read_source(text)
            return frozenset(r.identifier for report in reports for r in report.registrations)
        if path.is_file():
            with path.open("rb") as file:
                listed = file.read(_MOST + 1)
            if len(listed) > _MOST:
                raise UsageError(f"more than {_MOST} bytes", where=text[:60], hint="split the file")
            text = listed.decode("utf-8", errors="replace")
    except OSError as error:
        raise UsageError(
            f"cannot be read ({(error.strerror or 'error').lower()})", where=text[:60], hint="check the path"
        ) from error
    return frozenset(found.number for found in find_numbers(text))
