"""``/reviews``: the sources of the release side by side, by the saved questions of the topic ``reviews``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, url_for

from trialgraph.http.pages.answers import Answered, answered
from trialgraph.http.site import site
from trialgraph.questions.saved_queries import SavedQuery

__all__ = ["blueprint"]

blueprint = Blueprint("reviews", __name__)

#: The questions of the page in its order, each with its anchor, its heading, and what an empty answer means.
SECTIONS: Final = (
    ("overlap-of-all-reviews", "overlap", "Overlap of all reviews", "No review has a trial."),
    ("overlap-of-two-reviews", "pairs", "Overlap of any two reviews", "No two reviews share a trial."),
    ("patients-counted-twice", "patients", "Patients counted twice", "No two reviews share a trial."),
    ("shared-trials", "shared", "Shared trials", "No trial is in more than one review."),
    ("agreement-by-field", "agreement", "Agreement by field", "There are no reports of one trial to compare."),
    ("differences-between-reviews", "differences", "Differences", "The reviews agree on their shared trials."),
    (
        "trials-that-may-be-the-same", "proposals", "Trials that may be the same",
        "No reports without a registry number in common look like one trial.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReviewSection:
    """A question of the page with its answer."""

    saved: SavedQuery
    anchor: str
    heading: str
    nothing: str
    answered: Answered
    address: str


@blueprint.get("/reviews")
def page() -> str:
    """The page; with fewer than two sources it says what is missing."""
    sources = site().release.manifest.get("built_from", [])
    sections = _sections() if len(sources) > 1 else []
    return render_template("reviews.html", sources=sources, sections=sections)


def _sections() -> list[ReviewSection]:
    here = site()
    return [
        ReviewSection(
            here.queries[slug],
            anchor,
            heading,
            nothing,
            answered(here.pool.check(here.queries[slug].bind()), fold=True),
            url_for("saved.query", name=slug),
        )
        for slug, anchor, heading, nothing in SECTIONS
        if slug in here.queries
    ]
