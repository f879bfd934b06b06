"""Streaming responses with ETags and conditional requests: the HTTP answer to a checked query.

CSV and TSV have two variants: each cell as it is, which the protocol has, and ``safe`` for spreadsheets
(:func:`trialgraph.base.escaping.safe_cells`); ``X-Trialgraph-Cells`` says which one an answer is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, cast
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from trialgraph.http.protocol.query_reply import QueryReply, described, evaluated, held, tags
from trialgraph.http.site import site
from trialgraph.query.guard import Checked
from trialgraph.rdf.formats import Format
from trialgraph.release.files.stored_file import StoredFile

__all__ = ["as_response", "noted", "stream", "tagged"]


def stream(
    checked: Checked,
    format_: Format,
    media_type: str,
    seconds: float | None = None,
    *,
    safe: bool = False,
    filename: str = "",
) -> Response:
    """The answer, as it comes. Its status is known when its first part or its end is.

    A failure after that can no longer change the status: the iterator raises, and the server cuts the
    connection without the last chunk, so that no client takes a part for the whole.

    :param safe: CSV and TSV for spreadsheets: no cell is a formula
    :param filename: what a browser saves it as, of a download
    """
    here = site()
    etag, unchanged = held(request.environ, here, checked, media_type, safe=safe and format_.is_table)
    if unchanged:
        return as_response(unchanged)
    safe = safe and format_.is_table
    graph = here.pool.stored.graph(checked)
    stored = here.pool.stored.find(checked, format_.name)
    if stored and graph is not None:
        return _file_response(stored, format_, media_type)
    if stored and not safe:
        response = _from_file(stored, format_.content_type(media_type), here.pool.cache.largest)
        response.headers.extend(described(format_, filename, safe=False))
        return tagged(response, checked, etag)
    reply = evaluated(
        request.environ, here, checked, format_, media_type, etag, seconds, safe=safe, filename=filename
    )
    return as_response(reply)


def as_response(reply: QueryReply) -> Response:
    """The answer as a response of Flask."""
    response = Response(reply.body, status=reply.status, headers=reply.headers)
    if reply.close:
        response.call_on_close(reply.close)
    return response


def _file_response(stored: StoredFile, format_: Format, media_type: str) -> Response:
    """A file of the release, whole or the requested range.

    Its ETag is strong: the bytes are always the same. A file that is a document of two formats has a tag for each.
    """
    response = _from_file(stored, format_.content_type(media_type))
    response.vary.add("Accept")
    response.set_etag(f"{stored.digest}-{media_type}")
    response.headers["Cache-Control"] = "no-cache"
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=stored.size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response


def _from_file(stored: StoredFile, content_type: str, most_read: int = 0) -> Response:
    """A file as the body.

    :param most_read: up to so many bytes it is read here; a larger one is sent by the server
    """
    file = stored.opened()
    if stored.size <= most_read:
        with file:
            return Response(file.read(), content_type=content_type)
    body = wrap_file(request.environ, cast("IO[bytes]", file))
    response = Response(body, content_type=content_type, direct_passthrough=True)
    response.content_length = stored.size
    return response


def tagged(response: Response, checked: Checked, etag: str) -> Response:
    """The response with the headers that caches read."""
    response.headers.extend(tags(site(), checked, etag))
    return response


def noted(response: Response, notes: Iterable[str]) -> Response:
    """The response with what its reader should know, which no format of answers has a place for."""
    for note in notes:
        response.headers.add("X-Trialgraph-Note", quote(note, safe=" (),:;'/"))
    return response
