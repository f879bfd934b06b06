"""What the table of trials is made of: the lists of the release, and what its files say of it."""

from __future__ import annotations

from trialgraph.http.lookup import Rows, select_rows, whole_rows
from trialgraph.http.site import site
from trialgraph.release.lists.facets import Index
from trialgraph.release.lists.lists import Lists
from trialgraph.release.lists.queries import SOURCES
from trialgraph.views.evidence.about import About, about

__all__ = ["about_release", "evidence_table", "index_of_trials"]


def index_of_trials() -> Index:
    """The trials of the release that this request is on, with their facets."""
    return site().lists().index


def evidence_table() -> Lists:
    """The reports of the release."""
    return site().lists()


def about_release() -> About:
    """What a file says of the release, with the public address of the settings."""
    here = site()
    doi, base = here.settings.dataset_doi, here.settings.public_url

    def select(query: str) -> Rows:
        return whole_rows(query) if query == SOURCES else select_rows(query)

    return here.once("about", lambda: about(here.release, select, base, doi))
