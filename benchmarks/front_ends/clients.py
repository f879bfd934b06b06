"""Clients that ask in turns, and what they saw: what failed, and what was of two releases."""

from __future__ import annotations

import hashlib
import http.client
import itertools
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from benchmarks.front_ends.behind import FRONT_ENDS

__all__ = ["DOWNLOAD", "PAGE", "RELEASE", "Load", "Result"]

RELEASE: Final = "X-Trialgraph-Release"
NUMBERS: Final = itertools.count()
#: Each has another answer in each release; the comment makes each query another one, so that no cache answers it.
COUNT: Final = "SELECT (COUNT(*) AS ?n) { ?s a ?type }"
STREAM: Final = "SELECT * { ?s ?p ?o } LIMIT 15000"
PAGE: Final = "/queries/doses-side-by-side"
DOWNLOAD: Final = "/export/trialgraph.nt"


@dataclass
class Result:
    """What clients saw.

    :param kinds: responses by kind of request
    :param wrong: what failed or was mixed, in words
    :param cut: streamed responses that were cut, visibly
    :param resumed: downloads that were cut and went on
    :param seen: address -> release -> digests of the responses
    :param pairs: pages of which the picture was asked for
    :param releases: responses of each release
    :param cpu: processor milliseconds for each response until a front end was killed
    """

    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    cut: int = 0
    resumed: int = 0
    pairs: int = 0
    seen: dict[str, dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    releases: Counter[str] = field(default_factory=Counter)
    cpu: dict[str, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, address: str, release: str, body: bytes) -> None:
        """A whole response."""
        with self.lock:
            self.kinds[kind] += 1
            self.releases[release] += 1
            self.seen[address][release].add(hashlib.sha256(body).hexdigest())

    def mixed(self) -> list[str]:
        """Addresses that a release answered in several ways, or two releases in the same way."""
        found = []
        for address, by_release in self.seen.items():
            if any(len(digests) > 1 for digests in by_release.values()):
                found.append(f"{address}: a release gave {by_release}")
            if len(by_release) > 1 and set.intersection(*by_release.values()):
                found.append(f"{address}: two releases gave {by_release}")
        return found


class Load(threading.Thread):
    """A client that asks in turns until so many responses have come to all clients.

    :param most: of all clients
    """

    def __init__(self, port: int, most: int, result: Result) -> None:
        super().__init__(daemon=True)
        self._port, self._most, self._result = port, most, result
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """Ask."""
        turns: list[Callable[[], None]] = [
            *(self._query, self._query, self._post, self._saved) * 4,
            *(self._page, self._home, self._stream),
            *(self._query, self._post, self._saved) * 4,
            self._download,
        ]
        for turn in itertools.cycle(turns):
            if self._result.kinds.total() >= self._most:
                self._close()
                return
            try:
                turn()
            except Exception as error:  # a connection that breaks is a request that failed
                self._result.wrong.append(f"{turn.__name__}: {error!r}")
                self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: str | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes, bool]:
        """Status, headers, body, and whether it was cut."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        self._connection.request(method, path, body=body, headers={"Accept": "*/*"} | (headers or {}))
        response = self._connection.getresponse()
        try:
            data, cut = response.read(), False
        except http.client.IncompleteRead as error:
            data, cut = error.partial, True
            self._close()
        return response.status, response.headers, data, cut

    def _whole(
        self,
        kind: str,
        address: str,
        path: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: str | None = None,
    ) -> tuple[str, bytes]:
        """The release and the body of a response that may not fail.

        Pages leave out labels while workers are busy, so of those only the release that they name is compared.
        """
        status, told, data, cut = self._ask(method, path, headers, body)
        assert status == 200, f"{path} {status} {data[:200]!r}"
        assert not cut, f"{path} was cut"
        release = str(told[RELEASE])
        self._result.note(kind, address, release, release.encode() if kind == "page" else data)
        return release, data

    def _query(self) -> None:
        path = f"/sparql?format=csv&query={quote(f'{COUNT} # {next(NUMBERS)}')}"
        self._whole("query", "/sparql COUNT", path)

    def _post(self) -> None:
        query = f"{COUNT} # {next(NUMBERS)}"
        headers = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
        self._whole("query by POST", "/sparql COUNT", "/sparql", method="POST", headers=headers, body=query)

    def _saved(self) -> None:
        self._whole("prepared answer", f"{PAGE}.csv", f"{PAGE}.csv")

    def _home(self) -> None:
        release, page = self._whole("page", "/", "/", headers={"Accept": "text/html"})
        assert release[:12].encode() in page, f"the home page of {release[:12]} names another release"

    def _page(self) -> None:
        """A page, and the picture that it shows."""
        release, page = self._whole("page", PAGE, PAGE, headers={"Accept": "text/html"})
        picture = re.search(rb'<img src="(/figures/[^"]+)"', page)
        assert picture, "the page shows no picture"
        address = picture[1].decode().replace("&amp;", "&")
        assert address.endswith(f"release={release[:12]}"), f"{address} on a page of {release[:12]}"
        of, _ = self._whole("picture", address.partition("?")[0], address)
        assert of == release, f"a page of {release[:12]} with the picture of {of[:12]}"
        with self._result.lock:
            self._result.pairs += 1

    def _stream(self) -> None:
        """A response in chunks. One that is cut is asked for again."""
        for _ in range(FRONT_ENDS):
            path = f"/sparql?format=csv&query={quote(f'{STREAM} # {next(NUMBERS)}')}"
            status, told, data, cut = self._ask("GET", path)
            assert status == 200, f"stream {status} {data[:200]!r}"
            if not cut:
                self._result.note("stream", "/sparql STREAM", str(told[RELEASE]), data)
                return
            with self._result.lock:
                self._result.cut += 1
        raise AssertionError("each front end cut a stream")

    def _download(self) -> None:
        """A file, resumed from where it was cut if it is still the same."""
        status, told, data, cut = self._ask("GET", DOWNLOAD)
        while cut:
            with self._result.lock:
                self._result.resumed += 1
            headers = {"Range": f"bytes={len(data)}-", "If-Range": str(told["ETag"])}
            status, told, more, cut = self._ask("GET", DOWNLOAD, headers)
            assert status in (200, 206), f"resumed: {status}"
            data = data + more if status == 206 else more
        assert status in (200, 206), f"download {status}"
        self._result.note("download", DOWNLOAD, str(told[RELEASE]), data)
