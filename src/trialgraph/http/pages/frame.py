"""The frame of every page: the menu, the links of the footer, and where in them a page stands."""

from __future__ import annotations

from typing import Final

from flask import current_app, request, url_for

__all__ = ["footer", "menu"]

#: The menu: what a reviewer does, in order. Name, endpoint, and the blueprints whose pages belong to it.
MENU: Final = (
    ("Trials", "trials.index", ("trials", "resources")),
    ("Checks", "checks.page", ("checks", "reviews")),
    ("Questions", "saved.index", ("saved",)),
    ("Figures", "figures.index", ("figures",)),
    ("Data", "dataset_page.page", ("dataset_page",)),
    ("SPARQL", "sparql.sparql", ("sparql",)),
)
#: The rest: name, endpoint and anchor. What this installation lacks is left out.
FOOTER: Final = (
    ("Cite", "dataset_page.page", "cite"),
    ("Tour", "about.tour", None),
    ("Help", "about.help_page", None),
    ("Glossary", "glossary.page", None),
    ("Ontology", "ontology.index", None),
    ("About", "about.page", None),
    ("Source code", "about.page", "source-code"),
)


def menu() -> list[tuple[str, str, str]]:
    """Name, address and ``aria-current`` of each entry: ``page`` for itself, ``true`` for a page that belongs to it."""
    known = current_app.view_functions
    return [
        (name, url_for(endpoint), _current(endpoint, blueprints))
        for name, endpoint, blueprints in MENU
        if endpoint in known
    ]


def _current(endpoint: str, blueprints: tuple[str, ...]) -> str:
    if request.endpoint == endpoint and not request.query_string:
        return "page"
    return "true" if request.blueprint in blueprints else ""


def footer() -> list[tuple[str, str]]:
    """Name and address of the links in the footer."""
    known = current_app.view_functions
    return [(name, url_for(end, _anchor=anchor)) for name, end, anchor in FOOTER if end in known]
