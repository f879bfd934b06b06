"""The WSGI application: the release behind HTTP. It never evaluates a query itself."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Flask, Response, request

from trialgraph.endpoint import compression, dataset, errors, ontology_page, openapi, pages, saved, sparql
from trialgraph.endpoint.live import Live
from trialgraph.endpoint.site import LIVE, Site, site
from trialgraph.federation import allowed_services
from trialgraph.limits import setting
from trialgraph.release import Release
from trialgraph.saved_queries import load_queries
from trialgraph.workers import Pool

__all__ = ["create_app"]

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # Anyone's page may read; nothing here depends on who asks, and no cookie is ever set.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "ETag, Link, Retry-After, X-Trialgraph-Release, X-Trialgraph-Unknown-Graph"
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


def create_app(
    release: Release,
    pool: Pool | None = None,
    *,
    page_rows: int | None = None,
    queries: Path | None = None,
) -> Flask:
    """The application for a release.

    :param pool: its workers; None: a new pool, which lives as long as the process
    :param page_rows: rows that a results page shows (setting ``page_rows``)
    :param queries: folder of saved queries; None: those that travel with the package
    :raises InputError: a saved query is malformed, or an endpoint that SERVICE may ask is none
    """
    app = Flask(__name__)
    limit = int(setting("body_bytes"))
    app.config.update(MAX_CONTENT_LENGTH=limit, MAX_FORM_MEMORY_SIZE=limit, MAX_FORM_PARTS=100)
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    rows = page_rows or int(setting("page_rows"))
    allowed_services()  # a wrong one is told to the operator now, not to a client later
    live = Live(Site(release, pool or Pool(release), load_queries(queries), rows))
    app.extensions[LIVE] = live
    app.wsgi_app = live.bound(app.wsgi_app)  # type: ignore[assignment,method-assign] # as Flask says
    compression.register(app)
    errors.register(app)
    for module in (pages, sparql, saved, dataset, ontology_page, openapi):
        app.register_blueprint(module.blueprint)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.extend(HEADERS)
        response.headers["X-Trialgraph-Release"] = site().release.hash
        if request.method == "OPTIONS":
            response.headers.extend(PREFLIGHT)
        return response

    @app.context_processor
    def shared() -> dict[str, object]:
        return {"release": site().release}

    return app
