"""The HTTP server (waitress) around the application: started, sized to its limits, ended."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any, Final, TextIO, cast

from flask import Flask, request
from waitress.server import create_server

from trialgraph.base.errors import TrialgraphError
from trialgraph.base.settings import Settings
from trialgraph.http.pages.figures import draw_all
from trialgraph.http.protocol import exports
from trialgraph.http.server import monitoring as operation
from trialgraph.http.server.app import create_app
from trialgraph.http.server.channel import Channel, hang_up
from trialgraph.http.server.connections import Connections
from trialgraph.http.server.descriptors import Descriptors, fit
from trialgraph.http.server.error_log import error_log
from trialgraph.http.server.listener import UNIX, Listener, bind
from trialgraph.http.server.live import Live
from trialgraph.http.server.proxies import TrustedProxies, behind_proxies
from trialgraph.http.server.reload import Renewal
from trialgraph.http.server.supervisor import Supervisor
from trialgraph.http.server.turns import Dispatcher
from trialgraph.http.site import LIVE, site
from trialgraph.query.pool import Pool
from trialgraph.query.worker_process import sized
from trialgraph.release.open import Release

__all__ = ["serve"]

#: Longer than any connection lasts, in seconds.
NEVER: Final = 10**9
#: How long a thread may run while others wait. At Python's 5 ms, each of the few steps of a lookup waits that long for
#: every page that is being made.
SWITCH_SECONDS: Final = 0.0005


def serve(
    release: Release,
    host: str = "127.0.0.1",
    port: int = 8000,
    *,
    home: Path | None = None,
    queries: Path | None = None,
    out: TextIO | None = None,
    settings: Settings | None = None,
) -> None:
    """Serve a release until SIGTERM (returns) or SIGINT (raises KeyboardInterrupt). Main thread only.

    Binds before anything else, and prints the address on ``out`` when it answers. On SIGHUP the release is
    reloaded; on SIGTERM and SIGINT, requests in flight are finished first (setting ``stop_seconds``).

    :param host: an address or name, or ``unix:PATH``
    :param port: 0 picks a free one
    :param home: the folder of releases whose ``current`` is to be followed; None: only this release
    :param queries: folder of saved queries; None: the packaged ones
    :param out: None: standard output
    :param settings: None: those of the environment
    :raises InputError: the port is in use, or a setting does not fit the limit of open files
    :raises ReleaseError: the release does not open
    """
    settings, descriptors = _fitted(settings or Settings.load())
    _share_memory()
    listener = bind(host, port)
    stopped: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)
        raise SystemExit(0)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, _handled_elsewhere)
    try:
        with error_log(), listener, Pool(release, settings=settings) as pool:
            app = create_app(release, pool, queries=queries, settings=settings)
            renewal = Renewal(cast(Live, app.extensions[LIVE]), home or release.path, queries)
            stopped += _run(listener, app, renewal, descriptors, out or sys.stdout)
    except SystemExit:
        pass  # stopped before the loop began
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if signal.SIGINT in stopped:
        raise KeyboardInterrupt


def _fitted(settings: Settings) -> tuple[Settings, Descriptors]:
    """The settings sized to this process's limits.

    :raises InputError: one does not fit, or names no proxy
    """
    TrustedProxies(settings.trusted_proxy)
    return fit(settings, sized(settings)[0])


def _handled_elsewhere(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the supervisor reads the signal's number from its pipe."""


def _share_memory() -> None:
    """Let the threads share two heaps: with one each, glibc keeps 100 MB after long queries (measured)."""
    with contextlib.suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX


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
    threading.Thread(target=_announce, args=(listener, out, app, settings), daemon=True).start()
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
    server.channel_class = Channel  # type: ignore[union-attr] # one socket is one server
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


def _announce(listener: Listener, out: TextIO, app: Flask, settings: Settings) -> None:
    """Print the address once a request is answered; then prepare what no build has: names of terms, figures."""
    if listener.answers():
        print(listener.url, file=out, flush=True)
        if settings.draw_ahead == "yes":
            with app.app_context(), contextlib.suppress(TrialgraphError):
                site().parameter_values()
            draw_all(app, settings.url_prefix)
