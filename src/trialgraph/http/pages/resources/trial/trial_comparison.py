"""The values on a trial's page: one row for each field, with what each report states and the words it was read from."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from trialgraph.extract.columns import columns
from trialgraph.http.pages.resources.trial.trial_statements import DisplayValue, ReadingLink, TrialStatements
from trialgraph.http.pages.resources.trial.trial_values import DETAILS, VALUES, ValueRow, plain_rows
from trialgraph.http.pages.resources.trial.trial_verdicts import PairVerdict, TrialVerdicts
from trialgraph.rdf.vocabulary import TG, concept
from trialgraph.views.flags import Flag

__all__ = ["ComparedField", "FieldCell", "compared_fields"]

_STATES: Final = (
    (TG.fieldAbsent, "absent"),
    (TG.fieldNotSpecified, "not specified"),
    (TG.fieldNotApplicable, "not applicable"),
    (TG.fieldUnread, "unread"),
)


@dataclass(frozen=True, slots=True)
class FieldCell:
    """What one report states in a field.

    :param state: why it states nothing: absent, not specified, not applicable, unread
    :param flags: of conflicts that are about the field and stand at none of its values
    """

    values: tuple[DisplayValue, ...]
    state: str
    flags: tuple[Flag, ...] = ()

    @property
    def printed(self) -> tuple[ReadingLink, ...]:
        """The printed words behind all values, each once; of overlapping ones the longest."""
        links = [link for value in self.values for link in value.sources.printed]
        kept: dict[str, ReadingLink] = {}
        for link in links:
            longer = next((one for one in links if link.verbatim in one.verbatim and link != one), None)
            if longer is None or len(longer.verbatim) == len(link.verbatim):
                kept.setdefault(link.verbatim, link)
        return tuple(kept.values())


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A row of the table: a field and what each report states in it.

    :param verdicts: what the comparisons of the reports say of it
    """

    title: str
    cells: tuple[FieldCell, ...]
    verdicts: tuple[PairVerdict, ...] = ()

    @property
    def mark(self) -> str:
        """Whether reports differ in it: ``differs`` where that is major, ``minor``; else empty."""
        marks = {one.mark for one in self.verdicts}
        return next((mark for mark in ("differs", "minor") if mark in marks), "")


def compared_fields(
    stated: TrialStatements,
    reports: Sequence[str],
    verdicts: TrialVerdicts | None = None,
    *,
    details: bool = True,
) -> list[ComparedField]:
    """The fields in the order of the page: the usual ones of tables always, further ones where a report states them.

    :param reports: IRIs
    :param verdicts: what the comparisons of the reports say
    :param details: with what a page of one report shows in sections of their own: arms, outcomes, findings
    """
    rows = (*VALUES, *(DETAILS if details else ()), *plain_rows())
    made = []
    by_row = verdicts.by_row if verdicts else {}
    of_table = any(stated.iris(report, TG.fromRow) for report in reports)
    for row in rows:
        cells = tuple(_cell(stated, report, row) for report in reports)
        if (row.always and of_table) or row.title in by_row or any(cell.values for cell in cells):
            made.append(ComparedField(row.title, cells, tuple(by_row.get(row.title, ()))))
    flagged = _flagged(
        stated, reports, [row for row in rows if any(row.title == f.title for f in made)], made
    )
    return [*flagged, *_further(reports, verdicts, {field.title for field in flagged})]


def _further(
    reports: Sequence[str], verdicts: TrialVerdicts | None, shown: Collection[str]
) -> Iterator[ComparedField]:
    """Fields that are compared and have no row: the values as the comparisons have them."""
    for title, of in verdicts.by_row.items() if verdicts else ():
        if verdicts and title not in shown:
            values = verdicts.others.get(title, {})
            cells = tuple(
                FieldCell((DisplayValue(text),), "")
                if (text := values.get(report))
                else FieldCell((), "absent")
                for report in reports
            )
            yield ComparedField(title, cells, tuple(of))


def _flagged(
    stated: TrialStatements, reports: Sequence[str], rows: Sequence[ValueRow], fields: list[ComparedField]
) -> list[ComparedField]:
    """The fields, with the flags of conflicts that stand at no value: at the first row of their column."""
    for at, report in enumerate(reports):
        shown = {flag for f in fields for value in f.cells[at].values for flag in value.sources.flags}
        for conflict in stated.iris(report, TG.hasConflict):
            flag = stated.conflict_flag(conflict)
            if flag not in shown:
                keys = {iri.rpartition("/")[2] for iri in stated.iris(conflict, TG.concernsCell)}
                keys = {re.sub(r"-\d+$", "", key) for key in keys} | set(_columns_read(stated, conflict))
                place = next((n for n, row in enumerate(rows) if row.key in keys), 0)
                cells = list(fields[place].cells)
                cells[at] = replace(cells[at], flags=(*cells[at].flags, flag))
                fields[place] = replace(fields[place], cells=tuple(cells))
    return fields


def _columns_read(stated: TrialStatements, conflict: str) -> Iterator[str]:
    """The keys of the columns that the competing readings of a conflict are of; those of records have no other."""
    competing = stated.iris(conflict, TG.hasCompetingReading)
    names = {stated.readings[iri]["reads"] for iri in competing if iri in stated.readings}
    return (column.key for column in columns() if names & set(column.readings))


def _cell(stated: TrialStatements, report: str, row: ValueRow) -> FieldCell:
    values = tuple(row.values(stated, report))
    return FieldCell(values, "" if values else _state(stated, report, row))


def _state(stated: TrialStatements, report: str, row: ValueRow) -> str:
    """Why a report states nothing in a field: where its column states other things, nothing of this."""
    if row.state and (own := row.state(stated, report)):
        return own
    field = concept(f"field-{row.key}").value
    return next((words for name, words in _STATES if field in stated.iris(report, name)), "absent")
