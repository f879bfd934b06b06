"""The home page: what the site is, what one does here, where the evidence is, what to look at first, what was read."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, render_template, url_for

from trialgraph.base.errors import TrialgraphError
from trialgraph.http.pages.overview.conflict_list import listed_conflicts
from trialgraph.http.pages.overview.source_cards import source_cards
from trialgraph.http.pages.trials import list_address
from trialgraph.http.site import site
from trialgraph.questions.saved_queries import SavedQuery
from trialgraph.release.lists.overview import AgreementCounts, Overview
from trialgraph.release.lists.subject import Subject
from trialgraph.views.flags import SEVERITIES
from trialgraph.views.names import name_of

__all__ = ["blueprint", "subject"]

blueprint = Blueprint("pages", __name__)

#: The questions of the home page: one for each common need.
FIRST_QUESTIONS: Final = (
    "doses-side-by-side",
    "trials-by-disease",
    "trials-by-what-is-measured",
    "unpublished-or-ongoing",
    "findings-by-measure",
    "routes-by-disease",
)
#: The questions that list what differs between reviews, and between reviews and registries.
OF_REVIEWS: Final = "differences-between-reviews"
OF_REGISTRIES: Final = "differences-from-registries"
#: Conflicts and sources that the page shows; the rest is on pages of their own.
FIRST: Final = 6


def subject() -> Subject:
    """What the release is about."""
    return site().lists().overview.subject


@blueprint.get("/")
def home() -> Response:
    """The home page; without what is counted once for a release where no worker is free to count it."""
    try:
        return make_response(_page())
    except TrialgraphError:
        here = site()
        page = render_template(
            "home_busy.html", counts=here.release.manifest.get("counts", {}), questions=_first_questions()
        )
        response = make_response(page)
        response.headers["Cache-Control"] = "no-store"
        return response


def _first_questions() -> list[SavedQuery]:
    queries = site().queries
    first = [queries[slug] for slug in FIRST_QUESTIONS if slug in queries]
    return first or list(queries.values())[: len(FIRST_QUESTIONS)]


def _page() -> str:
    here, lists = site(), site().lists()
    severities = {iri: number for (still, iri), number in lists.conflict_counts.items() if still}
    total = sum(severities.values())
    return render_template(
        "home.html",
        subject=subject(),
        counts=here.release.manifest.get("counts", {}),
        trials=lists.size,
        tries=[(word, url_for("search.search", q=word)) for word in _tries(lists.overview)],
        matrix=lists.overview.matrix,
        list_address=list_address,
        questions=_first_questions(),
        whole=len(here.queries),
        found=[
            (severity.words, severities[iri]) for iri, severity in SEVERITIES.items() if severities.get(iri)
        ],
        conflicts=listed_conflicts(lists.conflicts(FIRST)),
        more=max(total - FIRST, 0),
        agreement=lists.agreement,
        differences=_differences(lists.agreement),
        sources=source_cards()[:FIRST],
        more_sources=max(len(source_cards()) - FIRST, 0),
        files=here.release.manifest.get("files", {}),
    )


def _differences(agreement: AgreementCounts) -> list[tuple[int, str, str]]:
    """What differs, by what the sides are: how many, in words, and where they are listed; empty for nowhere."""
    queries = site().queries
    rest = agreement.differ - agreement.of_reviews - agreement.of_registries
    kinds = (
        (agreement.of_reviews, "between reviews", OF_REVIEWS),
        (agreement.of_registries, "between a review and a registry", OF_REGISTRIES),
        (rest, "between records of registries", ""),
    )
    return [
        (number, words, url_for("saved.query", name=slug) if slug in queries else "")
        for number, words, slug in kinds
        if number
    ]


def _tries(overview: Overview) -> list[str]:
    """Words to try in the search: of what most trials have, and a registry id."""
    words = [
        name_of(iri, label).short if facet == "outcome" else label for facet, iri, label in overview.tries
    ]
    return [*words, overview.registered] if overview.registered else words
