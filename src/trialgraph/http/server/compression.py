"""Response compression (content coding): zstd, br or gzip, as the client accepts.

flask-compress compresses whole bodies. Streams are compressed here, part by part with a flush after each: the library
buffers until a block is full, so that a slow answer's first rows would wait for its last. A stream that fails is not
terminated, so that clients notice.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Final

import brotli  # type: ignore[import-untyped] # ships no types
from flask import Flask, Response, current_app, request
from flask_compress import Compress
from flask_compress.compat import compression
from werkzeug.datastructures import Accept

from trialgraph.http.headers import IDENTITY
from trialgraph.rdf.formats import CSS, FORMATS, HTML, JAVASCRIPT, JSON, OPENAPI, PROBLEM, SVG, TEXT

__all__ = ["chosen", "coded", "register"]

#: Best first, among those with equal weight.
CODINGS: Final = ("zstd", "br", "gzip")
#: Levels at which coding keeps up with the engine.
ZSTD, BROTLI, GZIP = 3, 4, 5
#: Base 2 logarithm of the window of a br stream, in bytes; each stream holds one.
BROTLI_WINDOW: Final = 18

TYPES: Final = frozenset(
    {HTML, TEXT, CSS, JAVASCRIPT, SVG, JSON, PROBLEM, OPENAPI}.union(
        *({form.media_type, *form.also} for form in FORMATS.values())
    )
)


def register(app: Flask, least: int) -> None:
    """Code the answers of an application.

    :param least: the shortest answer that is coded, in bytes
    """
    app.config.update(
        COMPRESS_MIMETYPES=sorted(TYPES),
        COMPRESS_ALGORITHM=list(CODINGS),
        COMPRESS_MIN_SIZE=least,
        COMPRESS_STREAMS=False,
        COMPRESS_LEVEL=GZIP,
        COMPRESS_BR_LEVEL=BROTLI,
        COMPRESS_ZSTD_LEVEL=ZSTD,
    )
    # before any other: functions after a request run in the reverse order, so the library sees the final headers
    Compress(app)
    app.after_request(_stream)

    @app.before_request
    def settle() -> None:
        """Leave the library one coding to choose from: it treats ``gzip;q=0`` as acceptable."""
        sent = request.environ.get("HTTP_ACCEPT_ENCODING", "")
        if sent in IDENTITY:
            request.environ["HTTP_ACCEPT_ENCODING"] = "identity"
            return
        request.environ["HTTP_ACCEPT_ENCODING"] = chosen(request.accept_encodings) or "identity"


def chosen(accept: Accept) -> str:
    """The coding to use under an ``Accept-Encoding`` header; none where the body should stay as it is."""
    weights = {name.lower(): weight for name, weight in reversed(list(accept))}
    # who takes anything may know but the oldest
    found = {name: weights.get(name, weights.get("*", 0) if name == "gzip" else 0) for name in CODINGS}
    best = max(CODINGS, key=lambda name: found[name])
    return best if found[best] > 0 and found[best] >= weights.get("identity", 0) else ""


def coded(parts: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The parts in a coding, each passed on at once. Where they end in an error there is no end of the coding."""
    code, end = _coder(coding)
    for part in parts:
        if part:
            yield code(part)
    yield end()


def _coder(coding: str) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    """What codes a part and flushes, and what ends the stream."""
    if coding == "gzip":
        gzip = zlib.compressobj(GZIP, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        return lambda part: gzip.compress(part) + gzip.flush(zlib.Z_SYNC_FLUSH), gzip.flush
    if coding == "br":
        br = brotli.Compressor(quality=BROTLI, lgwin=BROTLI_WINDOW)
        return lambda part: br.process(part) + br.flush(), br.finish
    zstd = compression.zstd.ZstdCompressor(level=ZSTD)
    return lambda part: zstd.compress(part, zstd.FLUSH_BLOCK), zstd.flush


def _stream(response: Response) -> Response:
    """Code a stream; a part of a file stays as it is, since its range counts the file's own bytes."""
    coding = request.environ.get("HTTP_ACCEPT_ENCODING", "identity")
    size = response.content_length
    if response.status_code == HTTPStatus.PARTIAL_CONTENT:
        request.environ["HTTP_ACCEPT_ENCODING"] = "identity"  # the library would code it
    if (
        coding == "identity"
        or not (response.is_streamed or response.direct_passthrough)
        or response.status_code != HTTPStatus.OK
        or response.mimetype not in TYPES
        or "Content-Encoding" in response.headers
        or (size is not None and size < current_app.config["COMPRESS_MIN_SIZE"])
    ):
        return response
    source = response.response
    if close := getattr(source, "close", None):
        response.call_on_close(close)
    response.direct_passthrough = False
    response.response = coded(response.iter_encoded(), coding)
    response.headers["Content-Encoding"] = coding
    for name in ("Content-Length", "Accept-Ranges"):
        response.headers.pop(name, None)
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # other bytes of the same thing
    return response
