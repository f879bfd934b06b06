"""``If-Match``, ``If-Unmodified-Since`` and ``If-None-Match: *`` (RFC 9110, 13.1), held against the response.

Werkzeug looks at the first only for files, and takes its ``*`` for a tag; the second it ignores. So both are taken out
of the request. Whether a query has an answer at all is known when it was run.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Flask, Response, request
from werkzeug.datastructures import ETags
from werkzeug.http import parse_date, parse_etags

from trialgraph.http.errors import problem

__all__ = ["register"]

HEADERS: Final = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
KEPT: Final = "trialgraph.preconditions"
ANSWERED: Final = (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED)


def register(app: Flask) -> None:
    """Hold the conditions of requests to an application."""
    app.before_request(_taken)
    app.after_request(_held)


def _taken() -> None:
    request.environ[KEPT] = [request.environ.pop(name, None) for name in HEADERS]


def _held(response: Response) -> Response:
    match, since = request.environ.get(KEPT, (None, None))
    if response.status_code == HTTPStatus.OK and "ETag" in response.headers and _any_known():
        response.close()
        unchanged = Response(status=HTTPStatus.NOT_MODIFIED)
        for name in ("ETag", "Cache-Control", "Vary"):
            unchanged.headers.extend((name, value) for value in response.headers.getlist(name))
        return unchanged
    if (match is None and since is None) or response.status_code not in ANSWERED:
        return response
    if _met(response, match, since):
        return response
    response.close()
    return problem(HTTPStatus.PRECONDITION_FAILED, "this is another version than the one that you ask for")


def _any_known() -> bool:
    return request.method in ("GET", "HEAD", "QUERY") and bool(request.if_none_match.star_tag)


def _met(response: Response, match: str | None, since: str | None) -> bool:
    """Whether the conditions hold; the date counts only without tags."""
    if match is not None:
        tag, weak = response.get_etag()
        tags: ETags = parse_etags(match)
        return tags.star_tag or (tag is not None and not weak and tags.contains(tag))
    limit, changed = parse_date(since), response.last_modified
    return limit is None or changed is None or changed <= limit
