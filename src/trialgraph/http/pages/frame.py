"""What every page shares: the menu, the links of the footer, where in them a page stands, and the filters of texts."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from flask import Flask, current_app, request, url_for

from trialgraph.base.readable import amount, day

__all__ = ["footer", "menu", "register"]

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


def register(app: Flask) -> None:
    """The filters that templates use."""
    app.jinja_env.filters |= {"amounts": amounts_in, "day": day, "nowrap": nowrap}


def amounts_in(text: str) -> str:
    """A reading of doses with its numbers as people write them: ``1000000-2000000`` as "1 × 10⁶-2 × 10⁶"."""
    return re.sub(r"\d{5,}(?:\.\d+)?", lambda m: amount(Decimal(m[0])), text)


def nowrap(name: str) -> str:
    """A name or a message whose "n = 37", "ref. 126" and "9 × 10⁷" do not break over two lines."""
    tied = name.replace("n = ", "n\u00a0=\u00a0").replace("ref. ", "ref.\u00a0")
    return tied.replace(" × 10", "\u00a0×\u00a010")


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
