"""The WSGI application (Flask): the release over HTTP. It never evaluates a query itself."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from flask import Flask

from trialgraph.base.package_data import resource
from trialgraph.base.settings import Settings
from trialgraph.http import errors
from trialgraph.http.canonical import without_slash
from trialgraph.http.headers import with_headers
from trialgraph.http.kept_responses import answered_from
from trialgraph.http.pages import answers, citations, editor, frame, reviews, search, trials
from trialgraph.http.pages import dataset as dataset_page
from trialgraph.http.pages import figures as figures_page
from trialgraph.http.pages import ontology as ontology_page
from trialgraph.http.pages import questions as saved
from trialgraph.http.pages.overview import about, checks, home
from trialgraph.http.pages.resources import routes as resources
from trialgraph.http.protocol import exports as dataset
from trialgraph.http.protocol import graph_store, openapi, preconditions, sparql, wellknown
from trialgraph.http.protocol.direct_queries import answered_before
from trialgraph.http.server import compression
from trialgraph.http.server import monitoring as operation
from trialgraph.http.server.live import Live
from trialgraph.http.server.reload import report_broken
from trialgraph.http.site import LIVE, SITE, Site, site
from trialgraph.query.engines.engine import engine_of
from trialgraph.query.federation import Federation
from trialgraph.query.pool import Pool
from trialgraph.query.sound_queries import LaterQueries, sound_queries
from trialgraph.questions.saved_queries import SavedQueries
from trialgraph.release.open import Release

__all__ = ["create_app"]


def create_app(
    release: Release,
    pool: Pool | None = None,
    *,
    queries: Path | None = None,
    settings: Settings | None = None,
) -> Flask:
    """The application for a release.

    :param pool: its workers; None: a new pool, which lives as long as the process
    :param queries: folder of saved queries; None: those that travel with the package
    :param settings: the limits; None: those of the pool, or without one those of the environment
    :raises InputError: there are no saved queries, or an endpoint that SERVICE may ask is none
    """
    settings = settings or (pool.settings if pool else Settings.load())
    federation = Federation(settings)  # a wrong address is told to the operator now, not to a client later
    pool = pool or Pool(release, settings=settings, engine=engine_of(release, settings))
    saved_queries = _later(settings, queries or resource("queries"), pool.graphs)
    app = Flask("trialgraph.http.pages")
    limit = settings.body_bytes
    app.config.update(
        MAX_CONTENT_LENGTH=limit, MAX_FORM_MEMORY_SIZE=limit, MAX_FORM_PARTS=settings.parameters
    )
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    live = Live(Site(release, pool, saved_queries, federation, settings))
    app.extensions[LIVE] = live
    app.ensure_sync = _as_it_is  # type: ignore[assignment,method-assign] # it looks at each in each request
    queries_first = answered_before(app.wsgi_app, SITE)
    app.wsgi_app = live.bound(answered_from(with_headers(queries_first, SITE), SITE))  # type: ignore[assignment,method-assign] # as Flask says
    compression.register(app, settings.compress_bytes)
    errors.register(app)
    app.before_request(without_slash)
    preconditions.register(app)
    frame.register(app)
    _register_routes(app)
    operation.register(app, settings)

    @app.context_processor
    def shared() -> dict[str, object]:
        return {"release": site().release, "frame": frame}

    return app


def _as_it_is(function: Any) -> Any:
    """A view or a function around it, none of which is a coroutine."""
    return function


def _later(settings: Settings, folder: Path, graphs: Collection[str]) -> LaterQueries:
    """The saved queries, read when they are first needed."""

    def read() -> SavedQueries:
        found = sound_queries(settings, folder, graphs)
        report_broken(found)
        return found

    return LaterQueries(read)


def _register_routes(app: Flask) -> None:
    app.register_blueprint(sparql.blueprint(sparql.Renderer(answers.query_form, answers.answer_page)))
    for module in (
        home,
        checks,
        about,
        saved,
        dataset,
        dataset_page,
        citations,
        wellknown,
        graph_store,
        ontology_page,
        openapi,
        editor,
        trials,
        reviews,
        resources,
        figures_page,
        search,
    ):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(ontology_page.words_blueprint)
