"""``/ontology/``: the ontology as a page with an anchor for each term, and its files as Turtle and RDF/XML."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.query.results import HTML, negotiate
from trialgraph.terminology.glossary import FILES, glossary
from trialgraph.terminology.ontology import rdf_xml

__all__ = ["blueprint"]

blueprint = Blueprint("ontology", __name__, url_prefix="/ontology")

TURTLE: Final = "text/turtle"
XML: Final = "application/rdf+xml"
SUFFIXES: Final = {"ttl": TURTLE, "rdf": XML}


@blueprint.get("/")
def index() -> Response:
    """The page, or our terms as RDF, by ``Accept``."""
    kind = negotiate(request.headers.get("Accept"), (HTML, TURTLE, XML))
    if kind == HTML:
        response = make_response(render_template("ontology.html", glossary=glossary(), files=FILES))
    else:
        response = _file(FILES[0], kind)
    response.vary.add("Accept")
    return response


@blueprint.get("/<name>")
def term(name: str) -> Response:
    """A file of the ontology by its suffix; else where a term, or a version of the whole, is described."""
    stem, dot, suffix = name.partition(".")
    if dot and stem in FILES and suffix in SUFFIXES:
        return _file(stem, SUFFIXES[suffix])
    known = glossary()
    if name != known.version and name not in known.anchors():
        raise NotFound("the ontology has no such term; /ontology/ lists them")
    kind = negotiate(request.headers.get("Accept"), (HTML, TURTLE, XML))
    if kind == HTML:
        anchor = name if name != known.version else None
        response = redirect(url_for("ontology.index", _anchor=anchor), 303)
    else:
        suffix = next(suffix for suffix, media_type in SUFFIXES.items() if media_type == kind)
        response = redirect(url_for("ontology.term", name=f"{FILES[0]}.{suffix}"), 303)
    response = make_response(response)
    response.vary.add("Accept")
    return response


def _file(stem: str, kind: str) -> Response:
    content = _content(stem, kind)
    response = make_response(content)
    response.content_type = f"{kind}; charset=utf-8" if kind == TURTLE else kind
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.make_conditional(request)
    return response


@cache
def _content(stem: str, kind: str) -> bytes:
    path = resource("ontology") / f"{stem}.ttl"
    try:
        return path.read_bytes() if kind == TURTLE else rdf_xml(path)
    except OSError as error:
        raise InputError(f"cannot be read: {error}", where=str(path), hint="reinstall trialgraph") from error
