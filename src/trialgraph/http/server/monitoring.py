"""Monitoring: health checks at ``/health``, Prometheus metrics at ``/metrics``, a record of each request."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, cast

from flask import Blueprint, Flask, Response, current_app, jsonify, make_response, request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import Overloaded, StoreFailed, TrialgraphError
from trialgraph.base.settings import Settings
from trialgraph.http.request_log import RequestRecord, recorded, this_entry
from trialgraph.http.server.access_log import AccessLog
from trialgraph.http.site import Site, site
from trialgraph.query.admission import as_client
from trialgraph.query.guard import Checked
from trialgraph.query.pool import Pool

__all__ = ["blueprint", "close", "register"]

blueprint = Blueprint("operation", __name__)

OPERATION: Final = "trialgraph.operation"
#: Volatile, so that no cached answer hides a dead worker.
PROBE: Final = Checked("ASK {}", "ASK", volatile=True)
#: How long a server without any worker counts as live, in seconds: time enough to start new ones.
EMPTY: Final = 30.0
#: How long the last result of a health check is valid, in seconds.
FRESH: Final = 1.0
GAUGES: Final = frozenset(
    {"running", "waiting", "workers", "cache_answers", "cache_bytes", "kept_responses", "kept_bytes"}
)
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Readiness:
    """Whether a worker answers, checked at most once a second and by one request at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: Pool | None = None
        self._checked = 0.0
        self._state, self.reason = "starting", ""

    def state(self, pool: Pool) -> str:
        """``ok``, ``busy`` (no worker came free in time) or ``failing``; ``starting`` before the first result.

        Why an external store cannot be used is in :attr:`reason`.
        """
        if not self._fresh(pool) and self._lock.acquire(blocking=self._pool is not pool):
            try:
                if not self._fresh(pool):
                    self._state, self.reason = _probed(pool)
                    self._pool, self._checked = pool, time.monotonic()
            finally:
                self._lock.release()
        return self._state

    def _fresh(self, pool: Pool) -> bool:
        return self._pool is pool and time.monotonic() < self._checked + FRESH


def _probed(pool: Pool) -> tuple[str, str]:
    """The state, and why an external store cannot be used."""
    try:
        with (
            as_client(""),
            pool.run(PROBE, format="json", seconds=pool.settings.health_seconds) as answer,
        ):
            return ("ok" if b"true" in b"".join(answer) else "failing"), ""
    except Overloaded:
        return "busy", ""
    except StoreFailed as error:
        return "failing", error.line()
    except TrialgraphError:
        return "failing", ""


class PoolCollector(Collector):
    """Metrics of the worker pool of the release in service; counts restart with each release."""

    def collect(self) -> Iterator[Metric]:
        """The metrics; called within a request."""
        here = site()
        kept = here.responses
        counted = {"kept_responses": len(kept), "kept_bytes": kept.held, "kept_hits": kept.hits}
        for name, value in (here.pool.stats() | counted).items():
            label = name.replace("_", " ")
            if name in GAUGES:
                yield GaugeMetricFamily(f"trialgraph_pool_{name}", f"Pool: {label} now", value=value)
            else:
                yield CounterMetricFamily(
                    f"trialgraph_pool_{name}", f"Pool: {label}, this release", value=value
                )
        release = GaugeMetricFamily(
            "trialgraph_release_info", "The release that is served", labels=("hash", "version")
        )
        release.add_metric([here.release.hash, str(here.release.manifest.get("version", ""))], 1)
        yield release
        counts = here.release.manifest.get("counts", {})
        found = GaugeMetricFamily("trialgraph_release_things", "What the release holds", labels=("kind",))
        for kind in ("trials", "reports", "triples", "conflicts", "violations"):
            if isinstance(counts.get(kind), int):
                found.add_metric([kind], counts[kind])
        yield found


class Operation:
    """The metrics and the log of one application.

    :param settings: where the log goes, and what it says of clients
    """

    def __init__(self, settings: Settings) -> None:
        # no time beside each figure; of the process, as the library has it
        disable_created_metrics()  # type: ignore[no-untyped-call] # the library types it not
        self.registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self.registry)
        names = ("route", "method", "status")
        self.requests = Counter("trialgraph_requests", "Requests", names, registry=self.registry)
        self.sent = Counter(
            "trialgraph_response_bytes", "Bytes of bodies", ("route",), registry=self.registry
        )
        self.cut = Counter(
            "trialgraph_responses_cut", "Answers that were not taken whole", registry=self.registry
        )
        self.seconds = Histogram(
            "trialgraph_request_seconds",
            "From the first line of a request to the last byte of its answer",
            ("route",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.registry.register(PoolCollector())
        self.log = AccessLog(settings.access_log, settings.access_log_lines)
        self.readiness = Readiness()
        dropped = Gauge(
            "trialgraph_log_lines_dropped", "Lines of the access log that were lost", registry=self.registry
        )
        dropped.set_function(lambda: self.log.dropped)
        #: The figures under their labels, of which there are few: looking them up takes longer than counting.
        self._of = lru_cache(maxsize=4_096)(self._labelled)

    def done(self, entry: RequestRecord) -> None:
        """Count a request and log it."""
        route = entry.route or "none"
        requests, seconds, sent = self._of(route, entry.method, str(entry.status))
        requests.inc()
        seconds.observe(entry.seconds())
        sent.inc(entry.bytes)
        if not entry.whole:
            self.cut.inc()
        self.log.write(entry.line())

    def _labelled(self, route: str, method: str, status: str) -> tuple[Counter, Histogram, Counter]:
        return (
            self.requests.labels(route, method, status),
            self.seconds.labels(route),
            self.sent.labels(route),
        )


def register(app: Flask, settings: Settings) -> None:
    """Count and log every request of an application. Wraps it, so call it after all others that do.

    :raises InputError: the access log cannot be opened
    """
    here = Operation(settings)
    app.extensions[OPERATION] = here
    app.register_blueprint(blueprint)
    counted = recorded(app.wsgi_app, here.done, settings.log_client)
    app.wsgi_app = counted  # type: ignore[assignment,method-assign] # as Flask says

    @app.after_request
    def describe(response: Response) -> Response:
        if entry := this_entry():
            entry.route = request.url_rule.rule if request.url_rule else ""
            entry.release = site().release.hash
        return response


def close(app: Flask) -> None:
    """Write what the log still holds."""
    cast(Operation, app.extensions[OPERATION]).log.close()


@blueprint.get("/health")
def health() -> Response:
    """Whether queries are answered: 200 only when a worker has just answered one, else 503."""
    here = site()
    readiness = cast(Operation, current_app.extensions[OPERATION]).readiness
    state = readiness.state(here.pool)
    if here.pool.store.damaged:
        state = "damaged"
    return _status(here, state, 200 if state == "ok" else 503, readiness.reason)


@blueprint.get("/health/live")
def alive() -> Response:
    """Liveness: whether the server itself answers; 503 once there has been no worker for :data:`EMPTY` seconds."""
    here = site()
    since = here.pool.empty_since
    dead = since is not None and time.monotonic() - since > EMPTY
    return _status(here, "no workers" if dead else "live", 503 if dead else 200)


def _status(here: Site, state: str, status: int, reason: str = "") -> Response:
    response = jsonify(
        **({"reason": reason} if reason else {}),
        status=state,
        release=here.release.hash,
        workers=len(here.pool.processes()),
        confined_by=here.pool.confined,
        store=here.pool.store.words,
    )
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if status != 200:
        response.headers["Retry-After"] = "1"
    return response


@blueprint.get("/metrics")
def metrics() -> Response:
    """Metrics for Prometheus: requests, times, workers, release, process."""
    if site().settings.metrics == "off":
        raise NotFound("metrics are switched off on this server")
    response = make_response(generate_latest(cast(Operation, current_app.extensions[OPERATION]).registry))
    response.content_type = CONTENT_TYPE_PLAIN_0_0_4
    response.headers["Cache-Control"] = "no-store"
    return response
