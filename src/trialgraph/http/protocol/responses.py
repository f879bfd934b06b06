"""Streaming responses with ETags and conditional requests: the HTTP answer to a checked query.

CSV and TSV have two variants: each cell as it is, which the protocol has, and ``safe`` for spreadsheets
(:func:`trialgraph.base.escaping.safe_cells`); ``X-Trialgraph-Cells`` says which one an answer is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import IO, Final, cast
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from trialgraph.base.errors import UsageError
from trialgraph.base.escaping import safe_cells
from trialgraph.http.kept_responses import keep
from trialgraph.http.request_log import note_query
from trialgraph.http.site import site
from trialgraph.query.guard import Checked
from trialgraph.rdf.formats import TSV, Format
from trialgraph.release.files.stored_file import StoredFile

#: How many graphs that this release lacks are named in the headers of an answer, and in how many bytes altogether.
UNKNOWN_GRAPHS: Final = 10
UNKNOWN_BYTES: Final = 2_000

__all__ = ["client_gone", "not_modified", "noted", "safe_cells_requested", "stream", "tagged"]


def safe_cells_requested(value: str, default: bool) -> bool:
    """Whether a spreadsheet's variant of CSV is wanted, by the parameter ``cells``.

    :raises UsageError: it is neither ``safe`` nor ``exact``
    """
    if value not in ("", "safe", "exact"):
        raise UsageError(f"{value[:60]!r} is not valid", where="parameter cells", hint="give safe or exact")
    return value == "safe" if value else default


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
    note_query(checked.text)
    safe = safe and format_.is_table
    etag = here.etag(checked, f"{media_type}; cells=safe" if safe else media_type)
    if not checked.volatile:
        keep()
        if not_modified(etag):
            return tagged(Response(status=304), checked, etag)
    graph = here.pool.stored.graph(checked)
    stored = here.pool.stored.find(checked, format_.name)
    if stored and graph is not None:
        return _file_response(stored, format_, media_type)
    if stored and not safe:
        response = _from_file(stored, format_.content_type(media_type), here.pool.cache.largest)
        return _described(tagged(response, checked, etag), format_, filename, safe=False)
    answer = here.pool.run(checked, format=format_.name, seconds=seconds, gone=client_gone())
    # With a known length where the whole is here: such a connection can be kept open.
    parts = safe_cells(answer, tabs=format_ is TSV) if safe else answer
    body = b"".join(parts) if answer.complete else parts
    response = Response(body, content_type=format_.content_type(media_type))
    response.call_on_close(answer.close)
    if not answer.complete:
        response.headers["X-Accel-Buffering"] = "no"  # nginx passes it on as it comes, its cut too
    return _described(tagged(response, checked, etag), format_, filename, safe=safe)


def _described(response: Response, format_: Format, filename: str, *, safe: bool) -> Response:
    """The response with what is said of a table."""
    if format_.is_table:
        response.headers["X-Trialgraph-Cells"] = "safe" if safe else "exact"
    if filename and format_.is_table:
        response.headers.set("Content-Disposition", "attachment", filename=filename)
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
    response.vary.add("Accept")
    known = site().pool.graphs
    unknown = [g for g in dict.fromkeys((*checked.default_graphs, *checked.named_graphs)) if g not in known]
    room = UNKNOWN_BYTES
    for iri in unknown[:UNKNOWN_GRAPHS]:
        named = quote(iri, safe=":/?#[]@!$&'()*+,;=%~")
        room -= len(named)
        if room >= 0:
            response.headers.add("X-Trialgraph-Unknown-Graph", named)
    if checked.volatile:
        response.headers["Cache-Control"] = "no-store"
    else:
        # weak: without ORDER BY the engine may give the same rows in another order
        response.set_etag(etag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
    return response


def noted(response: Response, notes: Iterable[str]) -> Response:
    """The response with what its reader should know, which no format of answers has a place for."""
    for note in notes:
        response.headers.add("X-Trialgraph-Note", quote(note, safe=" (),:;'/"))
    return response


def not_modified(etag: str) -> bool:
    """Whether the client already has this answer."""
    held = request.if_none_match
    # Whether "*" is met is known only when the answer is (:mod:`trialgraph.http.protocol.preconditions`).
    return request.method in ("GET", "HEAD", "QUERY") and not held.star_tag and held.contains_weak(etag)


def client_gone() -> Callable[[], bool] | None:
    """A function that tells whether the client has closed the connection, where the server knows."""
    return cast("Callable[[], bool] | None", request.environ.get("waitress.client_disconnected"))
