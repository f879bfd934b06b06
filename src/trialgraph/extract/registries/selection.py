"""Which records of a file are wanted: ``--only`` of the command line.

Records of one kind of condition are alternatives (several ids, several diseases); all kinds have to be met.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from trialgraph.base.errors import UsageError
from trialgraph.base.settings import Settings
from trialgraph.extract.comparisons.lineage import broader_terms
from trialgraph.extract.registries.formats.registry_file import RawRecord
from trialgraph.extract.registries.numbers.links import former_numbers, number_of
from trialgraph.extract.registries.numbers.listed_numbers import numbers_listed, read_list
from trialgraph.extract.registries.values import mesh_id
from trialgraph.model.record import RecordReport
from trialgraph.model.report import TrialReport
from trialgraph.terminology.lexicon import external_curie

__all__ = ["NOT_FOUND", "Selection", "nothing_left", "selection"]

#: What is said of a number that was asked for.
NOT_FOUND: Final = (
    "asked for, and no registry file here has a record of it; check the number, or give its file"
)

_MESH: Final = re.compile(r"(?:mesh:)?([DC]\d{6,9})", re.IGNORECASE | re.ASCII)
_MONDO: Final = re.compile(r"mondo[:_](\d{7})", re.IGNORECASE | re.ASCII)
_LIKE_A_TERM: Final = re.compile(r"(mesh|mondo)[:_]", re.IGNORECASE)
_CELLS: Final = re.compile(r"cell[ _-]therap(?:y|ies)|cells?", re.IGNORECASE)
_OF_CONDITIONS: Final = "/derivedSection/conditionBrowseModule/"
_WHERE: Final = "--only"
#: How the trials of a source are read: its path -> the reports.
ReadSource = Callable[[str], Sequence[TrialReport]]


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted. A condition that is empty is met by every record.

    :param numbers: registration numbers in their registries' spelling
    :param mesh: ids of MeSH; what is narrower counts, too
    :param diseases: terms of MONDO, likewise
    :param cells: whether only trials in which cells are given are wanted
    :param asked: those of the numbers that were asked for one by one: where no file has one, it is told
    """

    numbers: frozenset[str] = frozenset()
    mesh: frozenset[str] = frozenset()
    diseases: frozenset[str] = frozenset()
    cells: bool = False
    asked: frozenset[str] = frozenset()

    def numbers_met(self, raw: RawRecord) -> frozenset[str]:
        """The wanted numbers that a record has, its former ones among them."""
        own = number_of(raw.identifier)
        return self.numbers & {own, *former_numbers(raw)} if self.numbers else frozenset()

    def takes(self, raw: RawRecord) -> bool:
        """Whether a record may be wanted, as far as its number tells."""
        return not self.numbers or bool(self.numbers_met(raw))

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

    @property
    def is_all(self) -> bool:
        """Whether every record is wanted."""
        return self == Selection()


def nothing_left(only: Selection) -> UsageError:
    """That no record meets all conditions."""
    several = sum(map(bool, (only.numbers, only.mesh or only.diseases, only.cells))) > 1
    return UsageError(
        "no record is left",
        where=_WHERE,
        hint="all conditions have to be met: leave one out" if several else "check the numbers or the term",
    )


def selection(wanted: Sequence[str], read_source: ReadSource, settings: Settings) -> Selection:
    """What ``--only`` says.

    :param wanted: each one of: numbers with commas between them, a file of numbers, the folder of a review, a term of
        MeSH or MONDO, ``cell therapy``
    :raises UsageError: it is none of these, or names no trial, or something in it only looks like a number
    """
    made = Selection()
    for text in wanted:
        made = _with(made, text.strip(), read_source, settings)
    return made


def _with(made: Selection, text: str, read_source: ReadSource, settings: Settings) -> Selection:
    if _CELLS.fullmatch(text):
        return replace(made, cells=True)
    if m := _MESH.fullmatch(text):
        return replace(made, mesh=made.mesh | {mesh_id(m[1].upper())})
    if m := _MONDO.fullmatch(text):
        return replace(made, diseases=made.diseases | {f"MONDO:{m[1]}"})
    if m := _LIKE_A_TERM.match(text):
        terms = "MeSH, like MESH:D001168" if m[1].casefold() == "mesh" else "MONDO, like MONDO:0008383"
        raise UsageError(f"{text[:40]!r} is no term", where=_WHERE, hint=f"give a term of {terms}")
    path = Path(text)
    if _is(path, folder=True):
        numbers = frozenset(one.identifier for report in read_source(text) for one in report.registrations)
        asked: frozenset[str] = frozenset()
    elif _is(path, folder=False):
        numbers = asked = numbers_listed(read_list(path, settings), str(path))
    else:
        numbers = asked = numbers_listed(text, _WHERE, alone=True)
    if not numbers:
        raise UsageError(
            f"{text[:60]!r} names no trial",
            where=_WHERE,
            hint="use numbers, a file of numbers, a review's folder, MESH:…, MONDO:…, or 'cell therapy'",
        )
    return replace(made, numbers=made.numbers | numbers, asked=made.asked | asked)


def _is(path: Path, *, folder: bool) -> bool:
    try:
        return path.is_dir() if folder else path.is_file() or path.is_fifo()
    except (OSError, ValueError):  # longer than a name may be, or with a NUL in it
        return False
