"""Stores that are started for one run: Oxigraph's server and Virtuoso on free ports, and a release loaded into them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.bench.servers import HOST, Peer, Server, free_port
from benchmarks.bench.virtuoso import virtuoso_client, virtuoso_command, virtuoso_program
from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.release.open import Release
from trialgraph.remote.address import store_address
from trialgraph.remote.client import StoreClient
from trialgraph.remote.endpoint import Endpoint
from trialgraph.remote.engines import graph_store_address
from trialgraph.remote.load import Loaded, load

__all__ = ["RunningStore", "fill", "oxigraph", "virtuoso"]

#: Pages of 8 kB that Virtuoso has in memory: tests run side by side.
BUFFERS: Final = 10_000


class RunningStore:
    """A store in a folder, which can be stopped and started again on the same port.

    :param path: of its query endpoint
    :param user: with its password of the same name, who may write; empty: anybody
    """

    def __init__(
        self, name: str, command: Callable[[int, Path], list[str]], path: str, folder: Path, user: str
    ) -> None:
        self.name, self.path = name, path
        self.settings: Settings = replace(DEFAULTS, store_user=user, store_password=user)
        self._clients: list[StoreClient] = []
        self.server = Server(Peer(name, "", path, command), folder, fixed=free_port())
        self.server.start()

    @property
    def url(self) -> str:
        """Its query endpoint."""
        return f"http://{HOST}:{self.server.fixed}{self.path}"

    def serving(self, **changes: object) -> Settings:
        """The settings of a front end before it."""
        return replace(self.settings, store=self.url, **changes)  # type: ignore[arg-type]

    def start(self) -> None:
        """Start it again, with its data."""
        self.server.start()

    def stop(self) -> None:
        """End it."""
        for client in self._clients:
            client.close()
        self.server.stop()

    def endpoint(self) -> Endpoint:
        """A client of its endpoint."""
        self._clients.append(StoreClient(store_address(self.url, self.settings), 60))
        return Endpoint(self._clients[-1], "auto")


def oxigraph(folder: Path) -> RunningStore:
    """Oxigraph's own server, of the development environment."""

    def command(port: int, home: Path) -> list[str]:
        program = str(Path(sys.executable).parent / "oxigraph")
        return [program, "serve", "--location", str(home / "store"), "--bind", f"{HOST}:{port}"]

    return RunningStore("Oxigraph", command, "/query", folder, "")


def virtuoso(folder: Path) -> RunningStore:
    """Virtuoso as Debian has it.

    :raises Missing: it is not installed
    """
    virtuoso_program(), virtuoso_client()

    def command(port: int, home: Path) -> list[str]:
        return virtuoso_command(port, home, BUFFERS)

    return RunningStore("Virtuoso", command, "/sparql", folder, "dba")


def fill(store: RunningStore, release: Release, *, replacing: bool = False, **changes: object) -> Loaded:
    """Load a release, as the verb does."""
    settings = replace(store.settings, **changes)  # type: ignore[arg-type]
    endpoint = store.endpoint()
    address = endpoint.client.address
    return load(
        release,
        endpoint,
        lambda: graph_store_address(address, endpoint.kind),
        settings,
        replacing=replacing,
    )
