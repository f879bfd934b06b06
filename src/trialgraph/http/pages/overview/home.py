"""The home page: what the site is, what one does here, where the evidence is, what to look at first, what was read."""

from __future__ import annotations

from collections import Counter
from typing import Final

from flask import Blueprint, Response, make_response, render_template, url_for

from trialgraph.base.errors import TrialgraphError
from trialgraph.http.pages.overview.conflict_list import conflicts, differences
from trialgraph.http.pages.overview.source_cards import source_cards
from trialgraph.http.pages.trials import index_of_trials, list_address
from trialgraph.http.site import site
from trialgraph.questions.saved_queries import SavedQuery
from trialgraph.views.evidence.matrix import EvidenceMatrix, evidence_matrix
from trialgraph.views.evidence.subject import Subject, subject_of
from trialgraph.views.facets import Index
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
#: Conflicts and sources that the page shows; the rest is on pages of their own.
FIRST: Final = 6


def subject() -> Subject:
    """What the release is about."""
    return site().once("subject", lambda: subject_of(index_of_trials(), len(source_cards())))


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
    here, index, found = site(), index_of_trials(), conflicts()
    still_open = [one for one in found if one.flag.open]
    severities = Counter(one.severity for one in still_open)
    return render_template(
        "home.html",
        subject=subject(),
        counts=here.release.manifest.get("counts", {}),
        trials=len(index.trials),
        tries=[
            (word, url_for("search.search", q=word)) for word in here.once("tries", lambda: _tries(index))
        ],
        matrix=_matrix(index),
        list_address=list_address,
        questions=_first_questions(),
        whole=len(here.queries),
        found=[(severity.words, severities[iri]) for iri, severity in SEVERITIES.items() if severities[iri]],
        conflicts=still_open[:FIRST],
        more=max(len(still_open) - FIRST, 0),
        differences=differences(),
        sources=source_cards()[:FIRST],
        more_sources=max(len(source_cards()) - FIRST, 0),
        files=here.release.manifest.get("files", {}),
    )


def _matrix(index: Index) -> EvidenceMatrix:
    return site().once("evidence matrix", lambda: evidence_matrix(index))


def _tries(index: Index) -> list[str]:
    """Words to try in the search: of what most trials have, and a registry id."""
    words = []
    for facet in ("tissue", "outcome", "route"):
        held = Counter(v for trial in index.trials for v in trial.values.get(facet, ()) if v in index.labels)
        if held:
            most = max(sorted(held), key=lambda v: held[v])
            words.append(
                name_of(most, index.labels[most]).short if facet == "outcome" else index.labels[most]
            )
    return words + [trial.label for trial in index.trials if trial.values.get("registry")][:1]
