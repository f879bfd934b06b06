"""``/checks``: what contradicts itself, is unusual or was not read, by severity, and what was settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, url_for

from trialgraph.http.pages.overview.conflict_list import ListedConflict, conflicts, differences
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
    here, found = site(), conflicts()
    return render_template(
        "checks.html",
        open=sum(one.flag.open for one in found),
        groups=_groups(found),
        differences=differences(),
        sources=source_cards(),
        counts=here.release.manifest.get("counts", {}),
        questions=[here.queries[slug] for slug in QUESTIONS if slug in here.queries],
        query=url_for("saved.query", name="conflicts") if "conflicts" in here.queries else "",
    )


def _groups(found: tuple[ListedConflict, ...]) -> list[Group]:
    most, made = site().settings.page_rows, []
    for iri, severity in SEVERITIES.items():
        held = tuple(one for one in found if one.flag.open and one.severity == iri)
        made.append(Group(*GROUPS[severity.mark], len(held), held[:most]))
    settled = tuple(one for one in found if not one.flag.open)
    return [*made, Group(*SETTLED, len(settled), settled[:most])] if settled else made
