"""``/sparql``: the SPARQL 1.1 Protocol, query operations only; for browsers a form and a table."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Response, make_response, request, url_for
from werkzeug.datastructures import MultiDict

from trialgraph.endpoint.pages import answer_page, query_form
from trialgraph.endpoint.service import describe_service
from trialgraph.endpoint.site import site
from trialgraph.errors import QueryRejected, UsageError
from trialgraph.guard import Checked
from trialgraph.results import HTML, AnswerFormat, find_format, negotiate, offers

__all__ = ["blueprint", "client_gone", "not_modified", "stream"]

blueprint = Blueprint("sparql", __name__)

FORM, DIRECT, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A protocol request."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str
    seconds: float | None


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """One protocol operation."""
    asked = read_request()
    if asked.query is None:
        return _no_query()
    here = site()
    checked = here.pool.check(asked.query, asked.default_graphs, asked.named_graphs)
    kinds = offers(checked.kind)
    if asked.format.lower() == "html":
        media_type = HTML
    elif asked.format:
        media_type = find_format(checked.kind, asked.format).media_type
    else:
        media_type = negotiate(request.headers.get("Accept"), (*kinds, HTML))
    if media_type == HTML:
        return answer_page(checked, asked.seconds)
    return stream(checked, kinds[media_type], media_type, asked.seconds)


def stream(
    checked: Checked, format_: AnswerFormat, media_type: str, seconds: float | None = None
) -> Response:
    """The answer, as it comes. Its status is known when its first part or its end is.

    A failure after that can no longer be told in the status: the iterator raises, and the server cuts the
    connection without the last chunk, so that no client takes a part for the whole.
    """
    here = site()
    etag = here.etag(checked, media_type)
    if not checked.volatile and not_modified(etag):
        return tagged(Response(status=304), checked, etag)
    answer = here.pool.run(checked, format=format_.name, seconds=seconds, gone=client_gone())
    # With a known length where the whole is here: such a connection can be kept open.
    body = b"".join(answer) if answer.complete else answer
    response = Response(body, content_type=format_.content_type(media_type))
    response.call_on_close(answer.close)
    return tagged(response, checked, etag)


def tagged(response: Response, checked: Checked, etag: str) -> Response:
    """The response with the headers that caches read."""
    response.vary.add("Accept")
    if checked.volatile:
        response.headers["Cache-Control"] = "no-store"
    else:
        # weak: without ORDER BY the engine may give the same rows in another order
        response.set_etag(etag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
    return response


def not_modified(etag: str) -> bool:
    """Whether the client already has this answer."""
    return request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(etag)


def client_gone() -> Callable[[], bool] | None:
    """Tells whether the client has closed the connection, where the server knows."""
    return cast("Callable[[], bool] | None", request.environ.get("waitress.client_disconnected"))


def read_request() -> Asked:
    """The protocol request in this HTTP request.

    :raises QueryRejected: it is none, or it is an update
    """
    posted = request.method == "POST"
    content_type = request.mimetype if posted else ""
    if content_type == UPDATE:
        raise _update()
    if posted and content_type not in (FORM, DIRECT):
        raise QueryRejected(
            "a query cannot be posted in this content type",
            where="Content-Type",
            mend=f"use {FORM} with query=, or {DIRECT}",
            status=415,
        )
    values: MultiDict[str, str] = MultiDict(request.args.items(multi=True))
    if content_type == FORM:
        values.update(request.form)
    if "update" in values:
        raise _update()
    queries = values.getlist("query")
    if content_type == DIRECT:
        try:
            queries.append(request.get_data(cache=False).decode("utf-8"))
        except UnicodeDecodeError as error:
            raise QueryRejected(
                "the query is not UTF-8", where=f"byte {error.start}", mend="send UTF-8"
            ) from None
    if len(queries) > 1:
        raise QueryRejected("more than one query in a request", mend="send one")
    if not queries and posted:
        raise QueryRejected("there is no query in this request", mend="send query=…")
    return Asked(
        query=queries[0] if queries else None,
        default_graphs=tuple(values.getlist("default-graph-uri")),
        named_graphs=tuple(values.getlist("named-graph-uri")),
        format=values.get("format", ""),
        seconds=_seconds(values.get("timeout", "")),
    )


def _update() -> QueryRejected:
    return QueryRejected(
        "updates are not allowed: this data is read-only",
        mend="send SELECT, ASK, CONSTRUCT or DESCRIBE",
        status=403,
    )


def _seconds(text: str) -> float | None:
    """The time limit that a client asks for."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise UsageError("this is no number of seconds", where="timeout", mend="give one like 5")
    return seconds


def _no_query() -> Response:
    """The form for a browser, the service description for a program."""
    kinds = offers("CONSTRUCT")
    try:
        media_type = negotiate(request.headers.get("Accept"), (*kinds, HTML))
    except QueryRejected:
        raise QueryRejected(
            "there is no query in this request",
            mend="send query=…, or accept text/turtle for the service description",
        ) from None
    if media_type == HTML:
        return query_form()
    format_ = kinds[media_type]
    endpoint = url_for("sparql.sparql", _external=True)
    response = make_response(describe_service(endpoint, site().pool.graphs, format_))
    response.content_type = format_.content_type(media_type)
    response.vary.add("Accept")
    return response
