"""Queries to ``/sparql`` that are answered before Flask is asked (WSGI middleware).

The application takes longer around a lookup than the lookup itself. So what most programs ask, a query by GET or POST
without conditions or ranges, is answered here, by the functions that the application's own view calls: parameters, the
guard, negotiation, the pool, tags and headers are the same. Whatever is more than that goes on to the application: a
page, a workbook, a file of the release, a service, a body in a content coding. So does what was found out here and has
to be put into a form that only the application has (:data:`OUTCOME`): an error, or an answer that is to be compressed.
Nothing is evaluated twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from werkzeug.wrappers import Request
from werkzeug.wsgi import ClosingIterator

from trialgraph.http.headers import IDENTITY
from trialgraph.http.kept_responses import CONDITIONS
from trialgraph.http.protocol.query_reply import QueryReply, evaluated, held
from trialgraph.http.protocol.requests import check_length, read_query, read_request
from trialgraph.http.request_log import ENTRY, RequestRecord
from trialgraph.http.site import Site
from trialgraph.rdf.formats import HTML

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["OUTCOME", "answered_before"]

#: What the application finds in the environment of a request that was evaluated before: a reply, or an error to answer.
OUTCOME: Final = "trialgraph.outcome"
PATH: Final = "/sparql"
METHODS: Final = frozenset({"GET", "POST"})
#: What else is left to the application; the content type says how a query is sent.
LEFT: Final = tuple(name for name in CONDITIONS if name != "CONTENT_TYPE")
STATUS: Final = {200: "200 OK", 304: "304 NOT MODIFIED"}


def answered_before(app: WSGIApplication, of: str) -> WSGIApplication:
    """The application, asked only for what is not answered here.

    :param of: where the environment of a request has the site
    """

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop(OUTCOME, None)  # said here, by nobody else
        if not _is_plain(environ):
            return app(environ, start_response)
        here: Site = environ[of]
        try:
            reply = _reply(environ, here)
        except Exception as error:
            environ[OUTCOME] = error
            reply = None
        else:
            if reply is not None and _is_coded(environ, reply, here.settings.compress_bytes):
                environ[OUTCOME], reply = reply, None
        if reply is None:
            if environ["REQUEST_METHOD"] == "POST":
                environ["wsgi.input"].seek(0)
            body = app(environ, start_response)
            unused = environ.pop(OUTCOME, None)
            if isinstance(unused, QueryReply) and unused.close:
                unused.close()  # its worker must not wait for a reader
            return body
        return _sent(environ, here, reply, start_response)

    return call


def _is_plain(environ: WSGIEnvironment) -> bool:
    """Whether a request may be one to answer here."""
    if environ.get("PATH_INFO") != PATH or environ["REQUEST_METHOD"] not in METHODS:
        return False
    if any(environ.get(name) for name in LEFT):
        return False
    if HTML in environ.get("HTTP_ACCEPT", "") or "*" in environ.get("HTTP_IF_NONE_MATCH", ""):
        return False
    return environ["REQUEST_METHOD"] == "GET" or bool(environ["wsgi.input"].seekable())


def _reply(environ: WSGIEnvironment, here: Site) -> QueryReply | None:
    """The answer; None where the application has to see to it.

    :raises TrialgraphError: there is none
    :raises HTTPException: the body is longer than the setting ``body_bytes``
    """
    request = Request(environ, populate_request=False)  # nothing that has to be collected as a cycle
    request.max_content_length = here.settings.body_bytes
    check_length(request, here)
    operation = read_request(request, here)
    if operation.query is None:
        return None
    asked = read_query(operation, here, environ.get("HTTP_ACCEPT"))
    checked, format_ = asked.checked, asked.format
    if format_ is None or checked.services:
        return None
    stored = here.pool.stored
    if stored.graph(checked) is not None or stored.answer(checked, format_.name):
        return None
    safe = asked.safe and format_.is_table
    etag, unchanged = held(environ, here, checked, asked.media_type, safe=safe)
    return unchanged or evaluated(
        environ,
        here,
        checked,
        format_,
        asked.media_type,
        etag,
        operation.seconds,
        safe=safe,
        filename=asked.filename,
    )


def _is_coded(environ: WSGIEnvironment, reply: QueryReply, least: int) -> bool:
    """Whether an answer may have to be compressed, which the application decides.

    :param least: the shortest answer that is, in bytes
    """
    if environ.get("HTTP_ACCEPT_ENCODING", "") in IDENTITY:
        return False
    return not isinstance(reply.body, bytes) or len(reply.body) >= least


def _sent(
    environ: WSGIEnvironment, here: Site, reply: QueryReply, start_response: StartResponse
) -> Iterable[bytes]:
    entry: RequestRecord | None = environ.get(ENTRY)
    if entry is not None:
        entry.route, entry.release = PATH, here.release.hash
    headers = [
        (name, f"{value}, Accept-Encoding" if name == "Vary" else value) for name, value in reply.headers
    ]
    if not isinstance(reply.body, bytes):
        start_response(STATUS[reply.status], headers)
        return ClosingIterator(reply.body, reply.close)
    if reply.status == 200:
        headers.append(("Content-Length", str(len(reply.body))))
    if reply.close:
        reply.close()
    start_response(STATUS[reply.status], headers)
    return [reply.body] if reply.body else []
