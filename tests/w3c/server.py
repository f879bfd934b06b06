"""One HTTP server, and behind it an endpoint for each dataset of the suites, made as ``serve`` makes it.

A release is a folder with a store in it. Here the store holds the data of a test instead of a build: default
graph and named graphs as the test has them. Everything from the socket to the worker is the product's.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store
from waitress.server import create_server

from tests.small_graph import Reply
from trialgraph.http.server.app import create_app
from trialgraph.query.pool import Pool
from trialgraph.release.open import open_release

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["Endpoint", "Files"]

#: Graphs by IRI, none for the default graph, each with the file that is read into it or none.
Files = Iterable[tuple[str | None, Path | None, str]]


class Endpoint:
    """The server. Its data are those of the innermost ``holding``.

    :param folder: where to put the stores
    :param queries: folder of saved queries
    """

    def __init__(self, folder: Path, queries: Path) -> None:
        self.folder, self.queries = folder, queries
        self.app: WSGIApplication | None = None
        self.release: Path | None = None
        self._server = create_server(self._call, host="127.0.0.1", port=0, threads=4)
        self._loop = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._loop.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self._loop.join(10)

    def _call(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        assert self.app is not None, "asked outside of holding"
        return self.app(environ, start_response)

    @contextmanager
    def holding(self, files: Files) -> Iterator[Store]:
        """The endpoint on these data; gives their store, to ask the engine alone."""
        self.release = self.folder / "release"
        shutil.rmtree(self.release, ignore_errors=True)
        self.release.mkdir(parents=True)
        store = Store(str(self.release / "store"))
        for name, file, base in files:
            graph = NamedNode(name) if name else DefaultGraph()
            if isinstance(graph, NamedNode):
                store.add_graph(graph)
            if file is not None:
                form = RdfFormat.from_extension(file.suffix[1:])
                store.load(path=str(file), format=form, base_iri=base, to_graph=graph)
        store.flush()
        del store
        digest = hashlib.sha256(self.release.name.encode()).hexdigest()
        (self.release / "manifest.json").write_text(json.dumps({"hash": digest, "files": {}, "counts": {}}))
        with Pool(open_release(self.release), size=1) as pool:
            self.app = create_app(
                pool.release, pool, queries=self.queries, settings=replace(pool.settings, access_log="none")
            )
            try:
                yield Store.read_only(str(self.release / "store"))
            finally:
                self.app = None

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One request."""
        where: Any = self._server
        connection = http.client.HTTPConnection("127.0.0.1", int(where.effective_port), timeout=60)
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()
