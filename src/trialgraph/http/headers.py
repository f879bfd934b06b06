"""Security headers and CORS: the headers of every response (WSGI middleware)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["HEADERS", "IDENTITY", "with_headers"]

#: Values of ``Accept-Encoding`` of programs that want no coding.
IDENTITY: Final = ("", "identity")

HEADERS: Final = {
    # Scripts, where a page has them, are files of this server; nothing inline, nothing from elsewhere.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Anyone's page may read; nothing here depends on who asks, and no cookie is ever set.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Content-Disposition, ETag, Link, Retry-After, X-Request-ID, X-Trialgraph-Cells, X-Trialgraph-Release, "
        "X-Trialgraph-Unknown-Graph"
    ),
}
PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, QUERY, OPTIONS",
    # the star is any header but Authorization; the names are for browsers that do not know the star
    "Access-Control-Allow-Headers": (
        "*, Accept, Content-Type, If-None-Match, If-Range, Range, X-Request-ID, X-Requested-With"
    ),
    "Access-Control-Max-Age": "86400",
}


_CONSTANT: Final = tuple((name.lower(), (name, value)) for name, value in HEADERS.items())


def with_headers(app: WSGIApplication, of: str) -> WSGIApplication:
    """The application with the headers of every answer; a page that set one of them keeps its own.

    Below Flask, whose headers are searched from the start for each that is set.

    :param of: where the environment of a request has the site
    """

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        release = ("X-Trialgraph-Release", environ[of].release.hash)
        preflight = PREFLIGHT.items() if environ.get("REQUEST_METHOD") == "OPTIONS" else ()

        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            own = {name.lower() for name, _ in headers}
            added = [header for name, header in _CONSTANT if name not in own]
            return start_response(status, [*headers, *added, release, *preflight], exc_info)

        return app(environ, started)

    return call
