"""The socket that the server listens on: an address with a port, or the path of a Unix socket."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import stat
import time
from pathlib import Path
from typing import Final

from trialgraph.base.errors import InputError

__all__ = ["UNIX", "Listener", "bind"]

#: What stands before the path of a Unix socket, and for the address of its clients, which have none.
UNIX: Final = "unix"
#: Connections that may wait to be accepted.
BACKLOG: Final = 1_024
#: Who may connect to a Unix socket: its owner and group, for a reverse proxy that is in the group.
MODE: Final = 0o660
#: How long the first answer is waited for, in seconds.
FIRST_ANSWER_SECONDS: Final = 60.0


class Listener:
    """A listening socket and what it is called. A Unix socket's file is removed when it is closed.

    :param url: its address as it is announced: a URL, or ``unix:PATH``
    """

    def __init__(self, sock: socket.socket, url: str, path: str = "") -> None:
        self.socket, self.url, self._path = sock, url, path

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
        if self._path:
            with contextlib.suppress(OSError):
                os.unlink(self._path)

    def answers(self) -> bool:
        """Whether a request to the server is answered, waiting for the first answer."""
        until = time.monotonic() + FIRST_ANSWER_SECONDS
        while time.monotonic() < until:
            connection = self._connection()
            try:
                connection.request("GET", "/health")
                if connection.getresponse().status == http.client.OK:
                    return True
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
            finally:
                connection.close()
        return False

    def _connection(self) -> http.client.HTTPConnection:
        if self._path:
            return _UnixConnection(self._path)
        host, port = self.socket.getsockname()[:2]
        reach = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
        return http.client.HTTPConnection(reach, port, timeout=5)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=5)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket's path."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def bind(host: str, port: int) -> Listener:
    """A listening socket.

    :param host: an address or name, an IPv6 address with or without brackets, or ``unix:PATH``
    :param port: 0: a free one; of no meaning for a Unix socket
    :raises InputError: the port is in use or not allowed, there is no such host, or the path cannot be had
    """
    if host.startswith(f"{UNIX}:"):
        return _bind_unix(host.removeprefix(f"{UNIX}:"))
    if not 0 <= port <= 65_535:
        raise InputError("there is no such port", where=f"{host}:{port}", hint="give one from 0 to 65535")
    name = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise InputError(
            f"cannot listen here: {error}", where=f"{host}:{port}", hint="check --host"
        ) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise InputError(
            f"cannot listen here: {error.strerror}", where=f"{host}:{port}", hint="choose another --port"
        ) from error
    bound, port = listener.getsockname()[:2]
    return Listener(listener, f"http://[{bound}]:{port}/" if ":" in bound else f"http://{bound}:{port}/")


def _bind_unix(path: str) -> Listener:
    where = f"{UNIX}:{path}"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if _left_behind(path):
            os.unlink(path)
        listener.bind(path)
        os.chmod(path, MODE)
        listener.listen(BACKLOG)
    except (OSError, ValueError) as error:  # ValueError: NUL in the path
        listener.close()
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"cannot listen here: {why}", where=where, hint="give unix: and a path in a folder that is yours"
        ) from error
    return Listener(listener, where, str(Path(path).absolute()))


def _left_behind(path: str) -> bool:
    """Whether the path is a socket that nobody listens on any more."""
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            return False
    except FileNotFoundError:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return True
    return False
