"""``/sparql``: the SPARQL 1.1 Protocol, query operations only; for browsers a form and a table."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from flask import Blueprint, Response, make_response, request

from trialgraph.base.errors import QueryRejected
from trialgraph.http.negotiation import requested_type
from trialgraph.http.protocol import graph_store
from trialgraph.http.protocol.requests import METHODS, READ_ONLY, read_request
from trialgraph.http.protocol.responses import safe_cells_requested, stream
from trialgraph.http.protocol.service_description import describe_service
from trialgraph.http.protocol.spreadsheet import XLSX_SUFFIX, workbook
from trialgraph.http.site import site
from trialgraph.query.guard import Checked
from trialgraph.query.results import find_format, offers
from trialgraph.rdf.formats import FORM, GRAPH_TYPES, HTML, SPARQL_QUERY, TURTLE

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
    limit = site().settings.url_bytes
    if len(request.query_string) + len(request.path) > limit:
        raise QueryRejected(f"the address is longer than {limit} bytes", hint="send it by POST", status=414)


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
    operation = read_request()
    if operation.query is None:
        return (
            graph_store.answer(operation.values)
            if graph_store.meant(operation.values)
            else _no_query(renderer)
        )
    here = site()
    checked = here.pool.check(
        operation.query, operation.default_graphs, operation.named_graphs, services=here.federation.allowed
    )
    if operation.format.strip().lower() == XLSX_SUFFIX:
        whole, seconds = _with_services(checked, operation.seconds)
        return workbook(whole, "answer", seconds)
    kinds = offers(checked.kind)
    if operation.format.lower() == "html":
        media_type = HTML
    elif operation.format:
        media_type = find_format(checked.kind, operation.format).media_type
    else:
        media_type = requested_type((*kinds, HTML))
    whole, seconds = _with_services(checked, operation.seconds)
    if media_type == HTML:
        return renderer.answer(whole, seconds, checked.text)
    # what a browser asks for goes to a person and their spreadsheet, all else to a program
    safe = safe_cells_requested(
        operation.values.get("cells", ""), default=HTML in request.headers.get("Accept", "")
    )
    name = f"answer.{kinds[media_type].suffix}" if safe else ""
    return stream(whole, kinds[media_type], media_type, seconds, safe=safe, filename=name)


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
