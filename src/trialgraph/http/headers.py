"""Security headers and CORS: the headers of every response."""

from __future__ import annotations

from typing import Final

from flask import Response, request

from trialgraph.http.site import site

__all__ = ["HEADERS", "add_headers"]

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


def add_headers(response: Response) -> Response:
    """The response with the headers of every answer; a page that set one of them keeps its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Trialgraph-Release"] = site().release.hash
    if request.method == "OPTIONS":
        for name, value in PREFLIGHT.items():
            response.headers[name] = value
    return response
