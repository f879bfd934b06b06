"""The doubtful values of a trial: each conflict with its row as printed, its readings, and the form that settles it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.marked_source import MarkedReading, MarkedRow
from trialgraph.http.pages.resources.record_texts import RecordText
from trialgraph.http.pages.resources.settle import SettleForm, forms_of_conflicts
from trialgraph.http.pages.resources.source_behind import source_behind
from trialgraph.http.pages.resources.source_text import spelled_out
from trialgraph.http.pages.resources.trial.trial_statements import TrialStatements, conflict_anchor
from trialgraph.http.site import site
from trialgraph.rdf.vocabulary import RDFS, TG
from trialgraph.views.flags import SEVERITIES, Flag

__all__ = ["TrialConflict", "trial_conflicts"]


@dataclass(frozen=True, slots=True)
class TrialConflict:
    """A conflict on the page of its trial.

    :param href: its own page
    :param rows: the rows that it is about, with what competes marked
    :param texts: likewise the texts of records
    :param readings: the competing readings, each with whether it is the one that is used
    :param form: to settle it; None where it is settled
    """

    anchor: str
    href: str
    flag: Flag
    kind: str
    severity: str
    message: str
    rows: tuple[MarkedRow, ...]
    texts: tuple[RecordText, ...]
    readings: tuple[tuple[MarkedReading, bool], ...]
    form: SettleForm | None


def trial_conflicts(stated: TrialStatements, most: int = 20) -> list[TrialConflict]:
    """The conflicts of a trial, open ones first.

    :param most: the most that are shown with their rows
    """
    found = stated.conflicts()[:most]
    forms = forms_of_conflicts(found)
    made = [_conflict(stated, iri, forms.get(iri)) for iri in found]
    return sorted(made, key=lambda one: not one.flag.open)


def _conflict(stated: TrialStatements, iri: str, form: SettleForm | None) -> TrialConflict:
    competing = stated.iris(iri, TG.hasCompetingReading)
    used = set(stated.iris(iri, TG.preferredReading))
    rows, texts = source_behind(iri, site().settings.thing_links)
    every = [reading for row in rows for reading in row.readings]
    every += [reading for text in texts for reading in text.readings]
    readings = [reading for reading in every if reading.iri in competing]
    severity = SEVERITIES.get(next(iter(stated.iris(iri, TG.severity)), ""))
    return TrialConflict(
        conflict_anchor(iri),
        address(iri),
        stated.conflict_flag(iri),
        next((stated.label(kind) for kind in stated.iris(iri, TG.conflictKind)), ""),
        severity.words if severity else "",
        spelled_out(stated.text(iri, RDFS.comment)),
        tuple(_only(row, competing) for row in rows),
        texts,
        tuple((reading, reading.iri in used) for reading in readings),
        form,
    )


def _only(row: MarkedRow, competing: Sequence[str]) -> MarkedRow:
    """The row with nothing marked but what competes."""
    cells = tuple(
        replace(
            cell,
            pieces=tuple(
                replace(piece, readings=tuple(r for r in piece.readings if r.iri in competing))
                for piece in cell.pieces
            ),
        )
        for cell in row.cells
    )
    return replace(row, cells=cells)
