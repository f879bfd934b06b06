"""Error responses: RFC 9457 problem details, a page, or plain text, by ``Accept``."""

from __future__ import annotations

import difflib
import logging
import re
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from trialgraph.base.errors import (
    BrokenQuery,
    Overloaded,
    QueryRejected,
    QueryTimeout,
    ServiceFailed,
    StoreFailed,
    TrialgraphError,
    UsageError,
    WorkerFailed,
)
from trialgraph.base.escaping import visible
from trialgraph.base.traces import trace
from trialgraph.http.negotiation import requested_type
from trialgraph.http.request_log import request_id
from trialgraph.http.site import site
from trialgraph.rdf.formats import HTML, JSON, PROBLEM, TEXT

__all__ = ["REFUSED", "problem", "register"]

# Their messages are about the request, or name a file of queries/. All others may contain a path of this machine
# and are only logged.
CLIENT_ERRORS: Final = (
    *(
        QueryRejected,
        UsageError,
        BrokenQuery,
        QueryTimeout,
        WorkerFailed,
        ServiceFailed,
        StoreFailed,
        Overloaded,
    ),
)

#: What a page is called by its status.
HEADINGS: Final[dict[int, str]] = {
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here",
    HTTPStatus.SERVICE_UNAVAILABLE: "The server is busy",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests",
    HTTPStatus.GATEWAY_TIMEOUT: "This took too long",
}
#: Of a longer path no similar one is looked for.
PATH_CHARS: Final = 80
NEAR: Final = 0.6
#: Characters of a query's line that stand on either side of the place that is marked.
MARKED_CHARS: Final = 60
DETAIL_CHARS: Final = 300

log = logging.getLogger(__name__)


#: Where the server puts the status and the detail of a request that it refuses before the application sees it.
REFUSED: Final = "trialgraph.refused"


def register(app: Flask) -> None:
    """Answer every error of the application in one shape."""
    app.before_request(_refused)
    app.log_exception = _unanswered  # type: ignore[method-assign] # Flask's writes the address and the values
    app.register_error_handler(TrialgraphError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _bug)


def problem(status: int, detail: str, **more: Any) -> Response:
    """The response for an error.

    :param detail: one line: what is wrong, and how to fix it
    :param more: further members of the problem details
    """
    try:
        title = HTTPStatus(status).phrase
    except ValueError:
        title = "Error"
    # an error is reported in any case
    kind = requested_type((PROBLEM, JSON, HTML, TEXT), default=PROBLEM)
    if kind == HTML:
        response = make_response(_page(status, title, detail, more.get("line"), more.get("column")))
    elif kind == TEXT:
        response = make_response(f"{status} {title}: {detail}\n")
        response.mimetype = TEXT
    else:
        request_member = {"request_id": request_id()} if request_id() else {}
        response = jsonify(
            type="about:blank", title=title, status=status, detail=detail, **more, **request_member
        )
        response.mimetype = PROBLEM
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        response.headers["Retry-After"] = str(site().settings.retry_seconds)
    return response


def _page(status: int, title: str, detail: str, line: int | None = None, column: int | None = None) -> str:
    """The error as a page; for an address that is none, with those of this site that are close to it.

    :param line: where in the query the error is, from 1, as ``column``; None: nowhere
    """
    if status == HTTPStatus.NOT_FOUND:
        known = sorted({rule.rule for rule in current_app.url_map.iter_rules() if "<" not in rule.rule})
        near = difflib.get_close_matches(request.path[:PATH_CHARS], known, 3, NEAR)
        links = [(request.script_root + path, path, "") for path in near]
        words = re.sub(r"[^\w-]+", " ", request.path.rpartition("/")[2])[:PATH_CHARS].strip()
        return render_template(
            "missing.html",
            path=request.path[:200],
            detail=detail,
            links=links,
            words=words,
            request_id=request_id(),
        )
    heading = HEADINGS.get(status, "This request cannot be answered")
    query = request.values.get("query", "") if request.endpoint == "sparql.sparql" else ""
    marked = None
    if line and column:
        detail = f"Line {line}, column {column}: {detail.partition(': ')[2]}"
        marked = _marked(query, line, column)
    return render_template(
        "error.html",
        heading=heading,
        title=title,
        status=status,
        detail=detail,
        query=query,
        marked=marked,
        request_id=request_id(),
    )


def _marked(query: str, line: int, column: int) -> tuple[str, str, str] | None:
    """What stands before, at and after a place in a line of the query; None where the query has no such line."""
    lines = query.split("\n")
    if not 1 <= line <= len(lines):
        return None
    text, at = lines[line - 1].rstrip("\r"), column - 1
    before, after = text[:at][-MARKED_CHARS:], text[at + 1 :][:MARKED_CHARS]
    return before, text[at : at + 1] or " ", after


def _refused() -> Response | None:
    """The response to a request that the server refused; its text is the server's own."""
    found = request.environ.get(REFUSED)
    return None if found is None else problem(found[0], visible(" ".join(found[1].split()))[:DETAIL_CHARS])


def _unanswered(exc_info: Any) -> None:
    """Log an exception while an error was answered."""
    log.error("%s %s %s", request_id(), _route(), trace(exc_info[1]))


def _ours(error: TrialgraphError) -> Response:
    if not isinstance(error, CLIENT_ERRORS):
        log.error("%s %s %s", request_id(), _route(), trace(error))
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal error; see the server's log")
    more: dict[str, Any] = {"reason": _reason(error)}
    if place := re.fullmatch(r"(\d+):(\d+)", error.where):
        more |= {"line": int(place[1]), "column": int(place[2])}
    return problem(error.http_status, error.line(), **more)


def _route() -> str:
    """The template of the requested URL: what a client wrote into it is not logged."""
    return request.url_rule.rule if request.url_rule else "no route"


def _reason(error: TrialgraphError) -> str:
    """A machine-readable error code: ``query-rejected``, ``query-timeout`` and so on."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()


def _http(error: HTTPException) -> Response:
    response = problem(error.code or 500, error.description or error.name)
    for name, value in error.get_headers():
        if name in ("Allow", "Content-Range"):
            response.headers[name] = value
    return response


def _bug(error: Exception) -> Response:
    log.error("%s %s %s", request_id(), _route(), trace(error))
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal error; see the server's log")
