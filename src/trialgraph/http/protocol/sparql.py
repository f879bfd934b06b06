"""``/sparql``: the SPARQL 1.1 Protocol, query operations only; for browsers a form and a table."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from flask import Blueprint, Response, after_this_request, make_response, request

from trialgraph.base.errors import QueryRejected
from trialgraph.http.negotiation import requested_type, varied
from trialgraph.http.protocol import graph_store
from trialgraph.http.protocol.direct_queries import OUTCOME
from trialgraph.http.protocol.query_reply import QueryReply
from trialgraph.http.protocol.requests import METHODS, READ_ONLY, check_length, read_query, read_request
from trialgraph.http.protocol.responses import as_response, stream
from trialgraph.http.protocol.service_description import describe_service
from trialgraph.http.protocol.spreadsheet import workbook
from trialgraph.http.site import site
from trialgraph.query.guard import Checked
from trialgraph.rdf.formats import FORM, GRAPH_TYPES, HTML, SPARQL_QUERY, TURTLE, XLSX

__all__ = ["Renderer", "blueprint"]


@dataclass(frozen=True, slots=True)
class Renderer:
    """What a browser gets here; the pages are a later stage, so the application passes them in.

    :param form: the page to write a query on
    :param answer: makes the page with the answer from the query, the seconds left and the original text
    """

    form: Callable[[], Response]
    answer: Callable[[Checked, float | None, str], Response]


def blueprint(renderer: Renderer) -> Blueprint:
    """The routes of the protocol."""
    made = Blueprint("sparql", __name__)
    made.before_app_request(short_enough)
    made.after_request(accept_query)
    made.add_url_rule("/update", "update", update, methods=["POST", "PATCH", "PUT", "DELETE"])
    made.add_url_rule("/sparql", "sparql", partial(sparql, renderer), methods=METHODS, strict_slashes=False)
    return made


def short_enough() -> None:
    """Refuse an address that is longer than any question needs."""
    check_length(request, site())


def accept_query(response: Response) -> Response:
    """Say what the method QUERY takes."""
    if request.method == "OPTIONS" or response.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        response.headers["Accept-Query"] = f"{SPARQL_QUERY}, {FORM}"
    return response


def update() -> Response:
    """No operation: other servers take updates here."""
    raise QueryRejected(READ_ONLY, hint="ask at /sparql", status=403)


def sparql(renderer: Renderer) -> Response:
    """One protocol operation."""
    outcome = request.environ.pop(OUTCOME, None)  # of the attempt to answer before Flask
    if isinstance(outcome, Exception):
        raise outcome
    if isinstance(outcome, QueryReply):
        return as_response(outcome)
    here, operation = site(), read_request(request, site())
    if operation.query is None:
        return (
            graph_store.answer(operation.values)
            if graph_store.meant(operation.values)
            else _no_query(renderer)
        )
    if not operation.format:
        after_this_request(varied)
    asked = read_query(operation, here, request.headers.get("Accept"))
    whole, seconds = _with_services(asked.checked, operation.seconds)
    if asked.media_type == XLSX:
        return workbook(whole, "answer", seconds)
    if asked.format is None:
        return renderer.answer(whole, seconds, asked.checked.text)
    return stream(whole, asked.format, asked.media_type, seconds, safe=asked.safe, filename=asked.filename)


def _with_services(checked: Checked, seconds: float | None) -> tuple[Checked, float | None]:
    """The query with the rows of other endpoints in it, and what is left of its time."""
    if not checked.services:
        return checked, seconds
    here, began = site(), time.monotonic()
    pool = here.pool
    limit = min(seconds or pool.seconds, pool.seconds)
    whole = here.federation.joined(checked, pool.graphs, limit)
    return whole, max(limit - (time.monotonic() - began), 0.01)


def _no_query(renderer: Renderer) -> Response:
    """The form for a browser, the service description for a program."""
    try:
        media_type = requested_type((*GRAPH_TYPES, HTML))
    except QueryRejected:
        raise QueryRejected(
            "there is no query in this request",
            hint=f"send query=…, or accept {TURTLE.media_type} for the service description",
        ) from None
    if media_type == HTML:
        return renderer.form()
    format_ = GRAPH_TYPES[media_type]
    response = make_response(describe_service(format_))
    response.content_type = format_.content_type(media_type)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
