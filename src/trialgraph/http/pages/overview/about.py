"""``/about``, ``/help`` and ``/tour``: what the site is, how to read its pages, and three ways through it."""

from __future__ import annotations

from flask import Blueprint, render_template

from trialgraph.http.pages.links import address
from trialgraph.http.pages.overview.source_cards import source_cards
from trialgraph.http.site import site

__all__ = ["blueprint"]

blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
def page() -> str:
    """What this is, how it was made, what it does not know, where its code is."""
    here = site()
    return render_template(
        "about.html",
        sources=source_cards(),
        version=here.release.manifest.get("version", ""),
        source_code=here.settings.source_code,
    )


@blueprint.get("/help")
def help_page() -> str:
    """How to read the pages: marks, links, filters, downloads."""
    return render_template("help.html")


@blueprint.get("/tour")
def tour() -> str:
    """Six tasks, each in at most three clicks."""
    here = site()
    flagged = here.lists().overview.flagged
    return render_template(
        "tour.html",
        queries=here.queries,
        trial={"iri": flagged[0], "label": flagged[1]} if flagged else None,
        address=address,
    )
