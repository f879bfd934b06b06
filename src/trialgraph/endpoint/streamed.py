"""A checked query -> the response that streams its answer, with the headers that caches read."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from urllib.parse import quote

from flask import Response, request

from trialgraph.endpoint.site import site
from trialgraph.guard import Checked
from trialgraph.results import AnswerFormat

__all__ = ["client_gone", "not_modified", "stream", "tagged"]


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
    known = site().pool.graphs
    for iri in dict.fromkeys((*checked.default_graphs, *checked.named_graphs)):
        if iri not in known:
            response.headers.add("X-Trialgraph-Unknown-Graph", quote(iri, safe=":/?#[]@!$&'()*+,;=%~"))
    if checked.volatile:
        response.headers["Cache-Control"] = "no-store"
    else:
        # weak: without ORDER BY the engine may give the same rows in another order
        response.set_etag(etag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
    return response


def not_modified(etag: str) -> bool:
    """Whether the client already has this answer."""
    held = request.if_none_match
    return request.method in ("GET", "HEAD", "QUERY") and not held.star_tag and held.contains_weak(etag)


def client_gone() -> Callable[[], bool] | None:
    """Tells whether the client has closed the connection, where the server knows."""
    return cast("Callable[[], bool] | None", request.environ.get("waitress.client_disconnected"))
