"""``/ontology/``: the ontology as a page with an anchor for each term, and its files as Turtle and RDF/XML."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.http.negotiation import requested_type
from trialgraph.rdf.formats import HTML, RDF_XML, SVG, TURTLE, GraphFormat
from trialgraph.terminology.glossary import FILES, glossary
from trialgraph.terminology.ontology import rdf_xml
from trialgraph.views.core_picture import core_svg

__all__ = ["blueprint"]

blueprint = Blueprint("ontology", __name__, url_prefix="/ontology")

#: By suffix.
FORMATS: Final = {form.suffix: form for form in (TURTLE, RDF_XML)}
OFFERED: Final = {form.media_type: form for form in FORMATS.values()}


@blueprint.get("/")
def index() -> Response:
    """The page, or our terms as RDF, by ``Accept``."""
    kind = requested_type((HTML, *OFFERED))
    if kind == HTML:
        return make_response(render_template("ontology.html", glossary=glossary(), files=FILES))
    return _file(FILES[0], OFFERED[kind])


@blueprint.get("/core.svg")
def picture() -> Response:
    """The core as a class diagram."""
    response = make_response(core_svg())
    response.content_type = SVG
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/<name>")
def term(name: str) -> Response:
    """A file of the ontology by its suffix; else where a term, or a version of the whole, is described."""
    stem, dot, suffix = name.partition(".")
    if dot and stem in FILES and suffix in FORMATS:
        return _file(stem, FORMATS[suffix])
    known = glossary()
    if name != known.version and name not in known.anchors():
        raise NotFound("the ontology has no such term; /ontology/ lists them")
    kind = requested_type((HTML, *OFFERED))
    if kind == HTML:
        anchor = name if name != known.version else None
        response = redirect(url_for("ontology.index", _anchor=anchor), 303)
    else:
        response = redirect(url_for("ontology.term", name=f"{FILES[0]}.{OFFERED[kind].suffix}"), 303)
    return make_response(response)


def _file(stem: str, form: GraphFormat) -> Response:
    content = _content(stem, form)
    response = make_response(content)
    response.content_type = form.content_type()
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.make_conditional(request)
    return response


@cache
def _content(stem: str, form: GraphFormat) -> bytes:
    path = resource("ontology") / f"{stem}.ttl"
    try:
        return path.read_bytes() if form is TURTLE else rdf_xml(path)
    except OSError as error:
        raise InputError(f"cannot be read: {error}", where=str(path), hint="reinstall trialgraph") from error
