"""``/queries/``: the saved questions, each a page with a form, and its answer in every format."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import TrialgraphError, UsageError
from trialgraph.http.negotiation import requested_type
from trialgraph.http.pages.answers import answered, by_topic
from trialgraph.http.pages.choices import grouped_choices
from trialgraph.http.protocol.descriptions import rdf_of
from trialgraph.http.protocol.responses import safe_cells_requested, stream
from trialgraph.http.site import site
from trialgraph.query.guard import Kind
from trialgraph.query.results import formats, makes_graph, offers
from trialgraph.questions.saved_queries import SavedQuery, find_query
from trialgraph.rdf import iris
from trialgraph.rdf.formats import GRAPH_TYPES, HTML
from trialgraph.views.code_samples import CodeSample, code_samples

__all__ = ["blueprint"]

blueprint = Blueprint("saved", __name__, url_prefix="/queries")


@blueprint.get("/")
def index() -> str:
    """All questions."""
    return render_template("queries.html", topics=by_topic())


@blueprint.get("/<name>")
def query(name: str) -> Response:
    """One question: by suffix or ``Accept`` a page, or its answer as data."""
    slug, dot, suffix = name.partition(".")
    try:
        saved = find_query(slug, site().queries)
    except UsageError as error:
        raise NotFound(error.line()) from None
    checked = site().pool.check(saved.sparql)
    kinds = offers(checked.kind)
    if dot:
        media_type = next((f.media_type for f in formats(checked.kind) if suffix == f.suffix), "")
        if suffix == "html":
            media_type = HTML
        if not media_type:
            known = ", ".join(f".{f.suffix}" for f in formats(checked.kind))
            raise NotFound(f"this question has no .{suffix[:20]}; use one of {known}")
    else:
        # The question itself is a resource of the graph: a request for RDF of a SELECT gets its description.
        media_type = requested_type((HTML, *kinds, *GRAPH_TYPES))
    if media_type == HTML:
        return page(saved)
    if media_type not in kinds:
        return rdf_of(iris.question(slug).value, frozenset(), media_type)
    # A file by its suffix is for users and their spreadsheets; a program uses Accept.
    safe = safe_cells_requested(request.args.get("cells", ""), default=bool(dot))
    bound = site().pool.check(saved.bind(_values()))
    filename = f"{slug}.{suffix}" if dot else ""
    return stream(bound, kinds[media_type], media_type, safe=safe, filename=filename)


def _values() -> dict[str, str]:
    """The parameters of the question in this request; ``cells`` is about its form.

    :raises UsageError: one is given twice
    """
    for name, values in request.args.lists():
        if len(values) > 1:
            raise UsageError("given more than once", where=f"parameter {name[:60]}", hint="give one value")
    return {name: value for name, value in request.args.items() if name != "cells"}


def page(saved: SavedQuery) -> Response:
    """The question with its form, and the answer for the values in the address."""
    here = site()
    error, result, bound, status = "", None, saved.sparql, 200
    try:
        bound = saved.bind(_values())
        result = answered(here.pool.check(bound), fold=True, provenance=saved.provenance)
    except TrialgraphError as problem:
        # A form that was opened for the first time, and lacks a value, is no error.
        if request.args or not isinstance(problem, UsageError):
            error, status = problem.line(), problem.http_status
    checked = here.pool.check(saved.sparql)
    values = _query_string()
    downloads = [
        (f.name, url_for("saved.query", name=f"{saved.slug}.{f.suffix}") + values)
        for f in formats(checked.kind)
    ]
    fields = [(p, grouped_choices(p), request.args.get(p.name, p.default or "")) for p in saved.parameters]
    text = render_template(
        "query.html",
        saved=saved,
        fields=fields,
        answered=result,
        error=error,
        query=bound.strip(),
        downloads=downloads if result else [],
        samples=samples(saved, bound, checked.kind) if result else (),
    )
    return make_response(text, status)


def samples(saved: SavedQuery, bound: str, kind: Kind) -> Sequence[CodeSample]:
    """How to ask this question with these values elsewhere."""
    return code_samples(
        url_for("sparql.sparql", _external=True),
        url_for("saved.query", name=saved.slug, _external=True),
        _query_string(),
        bound.strip(),
        graph=makes_graph(kind),
    )


def _query_string() -> str:
    """The values of this request as they stand in an address.

    Not through url_for's keywords: a stranger's "_external" would be taken for an option.
    """
    return f"?{urlencode(list(request.args.items()))}" if request.args else ""
