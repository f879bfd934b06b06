"""The HTTP server (waitress) around the application, directly or behind a reverse proxy."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import logging
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any, TextIO, cast

from flask import Flask
from waitress.server import create_server

from trialgraph.base.errors import InputError, TrialgraphError
from trialgraph.base.settings import Settings
from trialgraph.http.server import monitoring as operation
from trialgraph.http.server.app import create_app
from trialgraph.http.server.channel import Channel, hang_up
from trialgraph.http.server.connections import Connections
from trialgraph.http.server.live import Live
from trialgraph.http.server.reload import Renewal
from trialgraph.http.server.supervisor import Supervisor
from trialgraph.http.site import LIVE
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release

__all__ = ["bind", "serve"]


def bind(host: str, port: int) -> socket.socket:
    """A listening socket.

    :raises InputError: the port is in use or not allowed, or there is no such host
    """
    if not 0 <= port <= 65_535:
        raise InputError("there is no such port", where=f"{host}:{port}", hint="give one from 0 to 65535")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise InputError(
            f"cannot listen here: {error}", where=f"{host}:{port}", hint="check --host"
        ) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise InputError(
            f"cannot listen here: {error.strerror}", where=f"{host}:{port}", hint="choose another --port"
        ) from error
    return listener


class _OneLine(logging.Filter):
    """Logs a truncated answer in one line; the traceback adds nothing."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], TrialgraphError):
            # without the address that waitress names: it is a client's
            record.msg = f"an answer was cut: {record.exc_info[1]}"
            record.args, record.exc_info, record.exc_text = None, None, None
        return True


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

    :param port: 0 picks a free one
    :param home: the folder of releases whose ``current`` is to be followed; None: only this release
    :param queries: folder of saved queries; None: the packaged ones
    :param out: None: standard output
    :param settings: None: those of the environment
    :raises InputError: the port is in use
    :raises ReleaseError: the release does not open
    """
    settings = settings or Settings.load()
    _share_memory()
    listener = bind(host, port)
    stopped: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)
        raise SystemExit(0)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, _handled_elsewhere)
    try:
        with listener, Pool(release, settings=settings) as pool:
            app = create_app(release, pool, queries=queries, settings=settings)
            renewal = Renewal(cast(Live, app.extensions[LIVE]), home or release.path, queries)
            stopped += _run(listener, app, renewal, out or sys.stdout)
    except SystemExit:
        pass  # stopped before the loop began
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if signal.SIGINT in stopped:
        raise KeyboardInterrupt


def _handled_elsewhere(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the supervisor reads the signal's number from its pipe."""


def _share_memory() -> None:
    """Let the threads share two heaps: with one each, glibc keeps 100 MB after long queries (measured)."""
    with contextlib.suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX


def _run(listener: socket.socket, app: Flask, renewal: Renewal, out: TextIO) -> list[int]:
    """The server's loop; ends by a signal, which is returned."""
    logging.getLogger("waitress").addFilter(_OneLine())
    live = cast(Live, app.extensions[LIVE])
    settings = live.site.settings
    server = create_server(
        app,
        sockets=[listener],
        threads=settings.server_threads,
        # Flask refuses what is too long with a problem details answer; this is a second line of defence.
        max_request_body_size=2 * settings.body_bytes,
        # lets a waiting request see that its client has gone
        channel_request_lookahead=1,
        # idle and half-sent requests are held by no thread, so there may be many; select() ends at 1,024
        connection_limit=settings.connections,
        asyncore_use_poll=True,
        outbuf_high_watermark=settings.reader_bytes,
        ident="trialgraph",
        clear_untrusted_proxy_headers=True,
        **_proxy(settings),
    )
    server.channel_class = Channel  # type: ignore[union-attr] # one socket is one server
    server.connections = Connections(settings, hang_up)  # type: ignore[union-attr, arg-type] # what it closes are channels
    host, port = listener.getsockname()[:2]
    url_host = f"[{host}]" if ":" in host else host
    url = f"http://{url_host}:{port}/"
    signals, wake = os.pipe()
    os.set_blocking(wake, False)
    supervisor = Supervisor(server, live, renewal, signals)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _handled_elsewhere)
    supervisor.start()
    threading.Thread(target=_announce, args=(host, port, url, out), daemon=True).start()
    try:
        server.run()
    finally:
        signal.set_wakeup_fd(-1)
        live.close()
        server.task_dispatcher.shutdown()
        operation.close(app)
    return [] if supervisor.ended_by is None else [supervisor.ended_by]


def _proxy(settings: Settings) -> dict[str, Any]:
    """Options for a reverse proxy: its prefix, and whether its X-Forwarded-… headers are trusted."""
    # Also where the proxy strips the prefix: URLs in answers need it.
    options: dict[str, Any] = {"url_prefix": settings.url_prefix}
    proxy = settings.trusted_proxy
    if not proxy:
        return options
    trusted = {"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"}
    return options | {"trusted_proxy": proxy, "trusted_proxy_headers": trusted}


def _announce(host: str, port: int, url: str, out: TextIO) -> None:
    """Print the address once a request is answered."""
    reach = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    until = time.monotonic() + 60
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(reach, port, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == http.client.OK:
                print(url, file=out, flush=True)
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
