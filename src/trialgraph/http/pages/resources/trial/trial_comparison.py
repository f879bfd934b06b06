"""The values on a trial's page: one row for each field, with what each report states and the words it was read from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from trialgraph.http.pages.resources.trial.trial_statements import DisplayValue, ReadingLink, TrialStatements
from trialgraph.http.pages.resources.trial.trial_values import DETAILS, VALUES, ValueRow, plain_rows
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

    :param differs: the reports differ
    """

    title: str
    cells: tuple[FieldCell, ...]
    differs: bool


def compared_fields(
    stated: TrialStatements, reports: Sequence[str], *, details: bool = True
) -> list[ComparedField]:
    """The fields in the order of the page: the usual ones always, further ones where a report states them.

    :param reports: IRIs
    :param details: with what a page of one report shows in sections of their own: arms, outcomes, findings
    """
    rows = (*VALUES, *(DETAILS if details else ()), *plain_rows())
    made = []
    for row in rows:
        cells = tuple(_cell(stated, report, row) for report in reports)
        if row.always or any(cell.values for cell in cells):
            said = {tuple((v.text, v.long) for v in cell.values) for cell in cells if cell.values}
            made.append(ComparedField(row.title, cells, len(said) > 1))
    return _flagged(stated, reports, [row for row in rows if any(row.title == f.title for f in made)], made)


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
                keys = {re.sub(r"-\d+$", "", key) for key in keys}
                place = next((n for n, row in enumerate(rows) if row.key in keys), 0)
                cells = list(fields[place].cells)
                cells[at] = replace(cells[at], flags=(*cells[at].flags, flag))
                fields[place] = replace(fields[place], cells=tuple(cells))
    return fields


def _cell(stated: TrialStatements, report: str, row: ValueRow) -> FieldCell:
    values = tuple(row.values(stated, report))
    return FieldCell(values, "" if values else _state(stated, report, row))


def _state(stated: TrialStatements, report: str, row: ValueRow) -> str:
    """Why a report states nothing in a field: where its column states other things, nothing of this."""
    if row.state and (own := row.state(stated, report)):
        return own
    field = concept(f"field-{row.key}").value
    return next((words for name, words in _STATES if field in stated.iris(report, name)), "absent")
