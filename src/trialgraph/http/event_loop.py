"""The HTTP server (waitress) on a listener: sized to its limits, run, ended.

It is a module of its own because importing it, with the application and its pages, takes longer than all else at a
start: :mod:`trialgraph.http.server.serve` starts the workers before.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, Final, TextIO, cast

from flask import Flask, request
from waitress.server import create_server

from trialgraph.base.errors import TrialgraphError
from trialgraph.base.settings import Settings
from trialgraph.http.pages.figures import draw_all
from trialgraph.http.poll_loop import PollLoop
from trialgraph.http.protocol import exports
from trialgraph.http.server import monitoring as operation
from trialgraph.http.server.app import create_app
from trialgraph.http.server.channel import Channel, hang_up
from trialgraph.http.server.connections import Connections
from trialgraph.http.server.descriptors import Descriptors
from trialgraph.http.server.listener import UNIX, Listener
from trialgraph.http.server.live import Live
from trialgraph.http.server.proxies import TrustedProxies, behind_proxies
from trialgraph.http.server.reload import Renewal
from trialgraph.http.server.supervisor import Supervisor
from trialgraph.http.server.turns import Dispatcher
from trialgraph.http.site import LIVE, site
from trialgraph.query.pool import Pool

__all__ = ["run"]

#: Longer than any connection lasts, in seconds.
NEVER: Final = 10**9
#: The templates of the pages that are asked for first; each takes longer to read than to fill in.
FIRST_PAGES: Final = ("home.html", "trials.html", "query.html", "trial.html", "search.html", "figure.html")
#: How long a thread may run while others wait. At Python's 5 ms, each of the few steps of a lookup waits that long for
#: every page that is being made.
SWITCH_SECONDS: Final = 0.0005


def run(
    listener: Listener,
    pool: Pool,
    descriptors: Descriptors,
    out: TextIO,
    *,
    home: Path | None = None,
    queries: Path | None = None,
) -> list[int]:
    """Serve the release of a pool on a listener until a signal comes, which is returned.

    :param out: where the address is printed when it answers
    :param home: the folder of releases whose ``current`` is to be followed; None: only this release
    :param queries: folder of saved queries; None: the packaged ones
    """
    app = create_app(pool.release, pool, queries=queries, settings=pool.settings)
    live = cast(Live, app.extensions[LIVE])
    renewal = Renewal(live, home or pool.release.path, queries, lambda: _draw_ahead(app))
    return _run(listener, app, renewal, descriptors, out)


def _handled_elsewhere(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the supervisor reads the signal's number from its pipe."""


def _run(
    listener: Listener, app: Flask, renewal: Renewal, descriptors: Descriptors, out: TextIO
) -> list[int]:
    """The server's loop; ends by a signal, which is returned."""
    live = cast(Live, app.extensions[LIVE])
    settings = live.site.settings
    _refuse_downloads_while_scarce(app, descriptors)
    server = _server(listener, app, settings, descriptors)
    signals, wake = os.pipe()
    os.set_blocking(wake, False)
    supervisor = Supervisor(server, live, renewal, signals)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _handled_elsewhere)
    supervisor.start()
    threading.Thread(target=_announce, args=(listener, out, renewal, app), daemon=True).start()
    try:
        server.run()
    finally:
        signal.set_wakeup_fd(-1)
        live.close()
        server.task_dispatcher.shutdown()
        operation.close(app)
    return [] if supervisor.ended_by is None else [supervisor.ended_by]


def _server(listener: Listener, app: Flask, settings: Settings, descriptors: Descriptors) -> Any:
    """Waitress's server (it has no types) on the listener."""
    sys.setswitchinterval(SWITCH_SECONDS)
    dispatcher = Dispatcher()
    dispatcher.set_thread_count(settings.server_threads)
    server = create_server(
        behind_proxies(app, settings),
        _dispatcher=dispatcher,
        sockets=[listener.socket],
        threads=settings.server_threads,
        # Flask refuses what is too long with a problem details answer; this is a second line of defence.
        max_request_body_size=2 * settings.body_bytes,
        # lets a waiting request see that its client has gone
        channel_request_lookahead=1,
        # idle and half-sent requests are held by no thread, so there may be many; select() ends at 1,024
        connection_limit=settings.connections,
        asyncore_use_poll=True,
        # each part costs a round of the loop, which looks at all connections
        recv_bytes=65_536,
        # Connections closes what is idle, by a clock that does not jump
        channel_timeout=NEVER,
        outbuf_high_watermark=settings.reader_bytes,
        ident="trialgraph",
        # Also where a proxy strips the prefix: URLs in answers need it.
        url_prefix=settings.url_prefix,
        # behind_proxies does both
        clear_untrusted_proxy_headers=False,
    )
    if listener.url.startswith(UNIX):
        server.effective_port = 80  # type: ignore[union-attr] # waitress takes the path for a port, and so would URLs
    server.asyncore = loop = PollLoop(server)  # type: ignore[assignment] # one socket is one server
    server.pull_trigger = loop.wake  # type: ignore[union-attr,method-assign]
    server.channel_class = Channel  # type: ignore[union-attr]
    server.descriptors = descriptors  # type: ignore[union-attr]
    server.connections = Connections(  # type: ignore[union-attr]
        settings,
        hang_up,  # type: ignore[arg-type] # what it closes are channels
        descriptors.scarce,
        TrustedProxies(settings.trusted_proxy).__contains__,
    )
    return server


def _refuse_downloads_while_scarce(app: Flask, descriptors: Descriptors) -> None:
    """Keep descriptors for starting workers and for other requests, which open a file for a moment if at all."""

    @app.before_request
    def refuse() -> None:
        if request.blueprint == exports.blueprint.name:
            descriptors.check()


def _announce(listener: Listener, out: TextIO, renewal: Renewal, app: Flask) -> None:
    """Print the address once a request is answered; then do what the first answer need not wait for."""
    if listener.answers():
        print(listener.url, file=out, flush=True)
        live = cast(Live, app.extensions[LIVE])
        settings = live.site.settings
        renewal.compare_store()
        len(live.site.queries)  # reads them
        for template in FIRST_PAGES:
            app.jinja_env.get_template(template)
        with app.app_context(), suppress(TrialgraphError):
            len(site().lists().columns)
        gc.freeze()  # the application stays: no collection while requests are answered needs to look at it
        if settings.draw_ahead == "yes":
            with app.app_context(), suppress(TrialgraphError):
                site().parameter_values()
        _draw_ahead(app)


def _draw_ahead(app: Flask) -> None:
    """Draw the figures of the release in service. Pages of it may show them when it was replaced."""
    settings = cast(Live, app.extensions[LIVE]).site.settings
    if settings.draw_ahead == "yes":
        draw_all(app)
