"""The answer to a checked query as status, headers and body, for Flask's views and for what answers before Flask.

Nothing here knows of Flask: all that is needed of a request is in its WSGI environment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote

from werkzeug.http import dump_options_header, parse_etags

from trialgraph.base.escaping import safe_cells
from trialgraph.http.kept_responses import keep
from trialgraph.http.request_log import note_query
from trialgraph.http.site import Site
from trialgraph.query.guard import Checked
from trialgraph.rdf.formats import TSV, Format

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["QueryReply", "client_gone", "described", "evaluated", "held", "not_modified", "tags"]

Headers = list[tuple[str, str]]

#: How many graphs that this release lacks are named in the headers of an answer, and in how many bytes altogether.
UNKNOWN_GRAPHS: Final = 10
UNKNOWN_BYTES: Final = 2_000
#: Methods whose ``If-None-Match`` asks for 304.
READING: Final = ("GET", "HEAD", "QUERY")


@dataclass(slots=True)
class QueryReply:
    """An answer of HTTP.

    :param headers: without those of every answer, and without a length
    :param body: bytes where all of it is here, else its parts as they come; they raise where the answer breaks off
    :param close: to be called when the body was sent, or cannot be
    """

    status: int
    headers: Headers
    body: bytes | Iterable[bytes] = b""
    close: Callable[[], None] | None = None


def evaluated(
    environ: WSGIEnvironment,
    here: Site,
    checked: Checked,
    format_: Format,
    media_type: str,
    etag: str,
    seconds: float | None = None,
    *,
    safe: bool = False,
    filename: str = "",
) -> QueryReply:
    """The answer of a worker, or of the cache of answers.

    :param etag: as of :func:`held`
    :param safe: CSV and TSV for spreadsheets: no cell is a formula
    :param filename: what a browser saves it as, of a download
    :raises TrialgraphError: as :meth:`trialgraph.query.pool.Pool.run`
    """
    answer = here.pool.run(checked, format=format_.name, seconds=seconds, gone=client_gone(environ))
    # With a known length where the whole is here: such a connection can be kept open.
    parts = safe_cells(answer, tabs=format_ is TSV) if safe else answer
    headers = [("Content-Type", format_.content_type(media_type)), *tags(here, checked, etag)]
    headers += described(format_, filename, safe=safe)
    if not answer.complete:
        headers.append(("X-Accel-Buffering", "no"))  # nginx passes it on as it comes, its cut too
        return QueryReply(200, headers, parts, answer.close)
    return QueryReply(200, headers, b"".join(parts), answer.close)


def held(
    environ: WSGIEnvironment, here: Site, checked: Checked, media_type: str, *, safe: bool
) -> tuple[str, QueryReply | None]:
    """The ETag of the answer to a query, and the reply to a client who has that answer already.

    :param safe: whether the answer is the variant for spreadsheets
    """
    note_query(environ, checked.text)
    etag = here.etag(checked, f"{media_type}; cells=safe" if safe else media_type)
    if checked.volatile:
        return etag, None
    keep(environ)
    if not_modified(environ, etag):
        return etag, QueryReply(304, tags(here, checked, etag))
    return etag, None


def described(format_: Format, filename: str, *, safe: bool) -> Headers:
    """What is said of a table."""
    if not format_.is_table:
        return []
    found = [("X-Trialgraph-Cells", "safe" if safe else "exact")]
    if filename:
        found.append(("Content-Disposition", dump_options_header("attachment", {"filename": filename})))
    return found


def tags(here: Site, checked: Checked, etag: str) -> Headers:
    """The headers that caches read, and those that name graphs of the request that this release lacks."""
    headers = [("Vary", "Accept")]
    if checked.default_graphs or checked.named_graphs:
        known = here.pool.graphs
        named = dict.fromkeys((*checked.default_graphs, *checked.named_graphs))
        room = UNKNOWN_BYTES
        for iri in [graph for graph in named if graph not in known][:UNKNOWN_GRAPHS]:
            quoted = quote(iri, safe=":/?#[]@!$&'()*+,;=%~")
            room -= len(quoted)
            if room >= 0:
                headers.append(("X-Trialgraph-Unknown-Graph", quoted))
    if checked.volatile:
        return [*headers, ("Cache-Control", "no-store")]
    # weak: without ORDER BY the engine may give the same rows in another order
    return [*headers, ("ETag", f'W/"{etag}"'), ("Cache-Control", "no-cache")]


def not_modified(environ: WSGIEnvironment, etag: str) -> bool:
    """Whether the client already has this answer."""
    sent = environ.get("HTTP_IF_NONE_MATCH")
    if not sent or environ.get("REQUEST_METHOD") not in READING:
        return False
    held_tags = parse_etags(sent)
    # Whether "*" is met is known only when the answer is (:mod:`trialgraph.http.protocol.preconditions`).
    return not held_tags.star_tag and held_tags.contains_weak(etag)


def client_gone(environ: WSGIEnvironment) -> Callable[[], bool] | None:
    """A function that tells whether the client has closed the connection, where the server knows."""
    return cast("Callable[[], bool] | None", environ.get("waitress.client_disconnected"))
