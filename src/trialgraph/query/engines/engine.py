"""The engines that workers can run: the embedded one on the files of a release, or an external store.

A worker is a process either way, so that a query is ended by ending its worker: the embedded engine has no other way,
and a store sees its connection close. The pool, its cache and its limits know nothing of the difference.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

from trialgraph.base.settings import Settings
from trialgraph.rdf.iris import base
from trialgraph.release.open import Release
from trialgraph.release.store_record import EXTERNAL, Standing, standing
from trialgraph.remote.address import StoreAddress, store_address
from trialgraph.remote.client import StoreClient
from trialgraph.remote.endpoint import Endpoint
from trialgraph.remote.load_record import check_count, check_record, read_record
from trialgraph.remote.parts import graphs_of

__all__ = ["EmbeddedEngine", "Engine", "ExternalStore", "engine_of"]


class Engine(Protocol):
    """What workers answer from; they and their pool speak the frames of :mod:`trialgraph.query.worker`."""

    @property
    def release(self) -> Release:
        """The release that is answered from."""

    @property
    def remote(self) -> bool:
        """Whether queries are evaluated elsewhere: then a worker waits, and its processor time says nothing."""

    @property
    def module(self) -> str:
        """The module that a worker process runs."""

    def standing(self) -> Standing:
        """What is known of the store.

        :raises StoreFailed: it does not hold the release
        """

    def arguments(self, memory: int, known: str) -> Sequence[str]:
        """The arguments of the module. Others on this machine can read them.

        :param memory: bytes of address space
        :param known: of :attr:`Standing.known`
        """

    def secret(self) -> bytes:
        """What a worker is told by its pipe when it starts; empty: nothing."""


@dataclass(frozen=True, slots=True)
class EmbeddedEngine:
    """The engine inside the workers, on the store of a release."""

    release: Release
    remote: bool = False
    module: str = "trialgraph.query.worker"

    def standing(self) -> Standing:
        """What is known of the files of the store."""
        return standing(self.release.path)

    def arguments(self, memory: int, known: str) -> Sequence[str]:
        """Folder, memory, base and what is known of the store."""
        return (str(self.release.path), str(memory), base(), known)

    def secret(self) -> bytes:
        """Nothing."""
        return b""


@dataclass(frozen=True, slots=True)
class ExternalStore:
    """A SPARQL 1.1 server that holds the release.

    :param address: where it answers
    """

    release: Release
    address: StoreAddress
    settings: Settings
    remote: bool = True
    module: str = "trialgraph.query.engines.store_worker"

    def standing(self) -> Standing:
        """Ask the store which release it holds, and count its statements, as a bulk loader may have stopped.

        :raises StoreFailed: it cannot be asked, or it is not this one, whole
        """
        seconds = self.settings.start_seconds
        client = StoreClient(self.address, seconds)
        try:
            endpoint = Endpoint(client, self.settings.store_kind)
            check_record(read_record(endpoint, seconds), self.release, self.address.words)
            check_count(endpoint, self.release, seconds)
        finally:
            client.close()
        return Standing(EXTERNAL, compared=True)

    def arguments(self, memory: int, known: str) -> Sequence[str]:  # noqa: ARG002 - as the protocol has it
        """Memory and base alone: an address may hold a key."""
        return (str(memory), base())

    def secret(self) -> bytes:
        """Address, credentials and release."""
        told = {
            "address": asdict(self.address),
            "hash": self.release.hash,
            "graphs": graphs_of(self.release),
            "kind": self.settings.store_kind,
            "check_seconds": self.settings.store_check_seconds,
        }
        return json.dumps(told).encode()


def engine_of(release: Release, settings: Settings) -> Engine:
    """The engine that a server is to use: the external store of the setting ``store``, if there is one.

    :raises UsageError: the setting is no address, or the netrc file cannot be read
    """
    if not settings.store:
        return EmbeddedEngine(release)
    return ExternalStore(release, store_address(settings.store, settings), settings)
