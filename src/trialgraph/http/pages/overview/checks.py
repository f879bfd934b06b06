"""``/checks``: what contradicts itself, is unusual or was not read, by severity, and what was settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, url_for

from trialgraph.http.pages.overview.conflict_list import ListedConflict, differences, listed_conflicts
from trialgraph.http.pages.overview.source_cards import source_cards
from trialgraph.http.site import site
from trialgraph.views.flags import SEVERITIES

__all__ = ["blueprint"]

blueprint = Blueprint("checks", __name__)

#: By the mark of a severity: anchor, heading, and what it means.
GROUPS: Final = {
    "error": ("wrong", "Cannot be right", "Two statements of a source contradict each other."),
    "warn": (
        "unusual",
        "Unusual or ambiguous",
        "Possible, but unlike the other reports, or with several meanings.",
    ),
    "unread": ("unread", "Not read", "The source has words or numbers here that no rule read."),
}
SETTLED: Final = ("settled", "Settled", "A reviewer has decided; the other reading is kept beside it.")
#: Questions about the quality of the data.
QUESTIONS: Final = ("reporting-completeness", "words-without-a-concept", "every-value-is-traceable")


@dataclass(frozen=True, slots=True)
class Group:
    """Conflicts of a kind.

    :param total: how many there are, of which some are listed
    """

    anchor: str
    title: str
    says: str
    total: int
    listed: tuple[ListedConflict, ...]


@blueprint.get("/checks")
def page() -> str:
    """The page."""
    here = site()
    counts = here.lists().conflict_counts
    return render_template(
        "checks.html",
        open=sum(number for (still, _), number in counts.items() if still),
        groups=_groups(),
        differences=differences(),
        sources=source_cards(),
        counts=here.release.manifest.get("counts", {}),
        questions=[here.queries[slug] for slug in QUESTIONS if slug in here.queries],
        query=url_for("saved.query", name="conflicts") if "conflicts" in here.queries else "",
    )


def _groups() -> list[Group]:
    most, lists, made = site().settings.page_rows, site().lists(), []
    for iri, severity in SEVERITIES.items():
        held = listed_conflicts(lists.conflicts(most, severity=iri))
        made.append(Group(*GROUPS[severity.mark], lists.conflict_counts.get((True, iri), 0), held))
    total = sum(number for (still, _), number in lists.conflict_counts.items() if not still)
    settled = listed_conflicts(lists.conflicts(most, settled=True))
    return [*made, Group(*SETTLED, total, settled)] if settled else made
