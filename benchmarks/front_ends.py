"""Front ends behind nginx, one killed and a release swapped under load: ``python -m benchmarks.front_ends ONE TWO``.

ONE and TWO are two releases (folders with a manifest). Three front ends have a folder of releases each, as on machines
of their own; nginx runs deploy/nginx.conf with deploy/nginx-front-ends.conf, without TLS and limits for each client.
While clients ask, ``current`` of one front end after the other is led to TWO, one front end is killed (SIGKILL), and
``current`` of the others is led back. Nothing may fail, and nothing may be of two releases:

- each response has status 200, and the bytes that its release gives for its address: a release that answers an address
  in two ways, or two releases in the same way, is counted as mixed;
- a page and the picture that it shows are of the release that the page names;
- a download that is cut is resumed (``Range`` with ``If-Range``); the client then has one file of one release.

A streamed response that was under way when its front end died can only be cut, visibly; it is counted, and asked again.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from benchmarks.bench.processes import cpu_seconds, end_tree
from benchmarks.bench.proxy import ROOT, configuration
from trialgraph.base.replace_file import replacing

__all__ = ["Load", "Result", "behind_nginx", "run"]

FRONT_ENDS: Final = 3
RELEASE: Final = "X-Trialgraph-Release"
NUMBERS: Final = itertools.count()
#: Each has another answer in each release; the comment makes each query another one, so that no cache answers it.
COUNT: Final = "SELECT (COUNT(*) AS ?n) { ?s a ?type }"
STREAM: Final = "SELECT * { ?s ?p ?o } LIMIT 15000"
PAGE: Final = "/queries/doses-side-by-side"
DOWNLOAD: Final = "/export/trialgraph.nt"
SETTINGS: Final = {
    "TRIALGRAPH_TRUSTED_PROXY": "127.0.0.1",
    "TRIALGRAPH_WATCH_SECONDS": "0.2",
    "TRIALGRAPH_WORKERS": "2",
    # A busy machine is no fault of a front end: nothing may be refused for it.
    "TRIALGRAPH_QUERY_SECONDS": "50",
    "TRIALGRAPH_QUEUE": "1000",
    "TRIALGRAPH_CLIENT_QUERIES": "1000",
    "TRIALGRAPH_PAGE_SECONDS": "50",
}
LOG: Final = "log_format tried '$upstream_addr|$status|$upstream_cache_status'"


@dataclass
class FrontEnd:
    """A server on a folder of releases of its own."""

    home: Path
    process: subprocess.Popen[str]
    port: int

    def end(self) -> None:
        """End it and its workers."""
        end_tree(self.process.pid)
        self.process.communicate()

    def lead(self, name: str) -> None:
        """Let ``current`` lead to another release, as a build does."""
        with replacing(self.home / "current") as link:
            link.symlink_to(name)


@dataclass
class Behind:
    """nginx and what is behind it."""

    port: int
    front_ends: list[FrontEnd]
    process: subprocess.Popen[bytes]
    log: Path

    def cpu(self) -> dict[str, float]:
        """Processor seconds of nginx and of the front ends, all of which must run, so far."""
        front_ends = sum(cpu_seconds(one.process.pid) for one in self.front_ends)
        return {"nginx": cpu_seconds(self.process.pid), "front ends": front_ends}


def started(home: Path, draw_ahead: bool) -> FrontEnd:
    """A front end that answers."""
    words = ["serve", "--port", "0", "--release", str(home), "--access-log", "none"]
    process = subprocess.Popen(
        [sys.executable, "-m", "trialgraph", *words],
        env=os.environ
        | {"PYTHONPATH": str(ROOT / "src"), "TRIALGRAPH_DRAW_AHEAD": "yes" if draw_ahead else "no"}
        | SETTINGS,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url, "a front end does not start"
    return FrontEnd(home, process, int(url.rstrip("/").rpartition(":")[2]))


@contextmanager
def behind_nginx(folder: Path, one: Path, two: Path, *, draw_ahead: bool = True) -> Iterator[Behind]:
    """Front ends that serve a release and have another, behind nginx with the shipped configuration.

    :param folder: an empty one, for all that they write
    :param draw_ahead: let them draw all pictures at start and after a swap, as they do by default
    """
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    assert nginx, "nginx is not installed"
    with ExitStack() as stack:
        front_ends = []
        for number in range(FRONT_ENDS):
            home = folder / f"releases-{number}"
            home.mkdir()
            for name, release in (("one", one), ("two", two)):
                (home / name).symlink_to(release.resolve())
            (home / "current").symlink_to("one")
            front_ends.append(started(home, draw_ahead))
            stack.callback(front_ends[-1].end)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        conf = folder / "nginx.conf"
        conf.write_text(_configuration(folder, port, [front_end.port for front_end in front_ends]))
        tested = subprocess.run([nginx, "-t", "-c", str(conf)], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stderr
        process = subprocess.Popen([nginx, "-c", str(conf)], stderr=subprocess.DEVNULL)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        _wait_for(lambda: _listens(port))
        yield Behind(port, front_ends, process, folder / "tried.log")


def _configuration(folder: Path, port: int, ports: list[int]) -> str:
    """Both shipped files, for this machine."""
    deploy = ROOT / "deploy"
    text = configuration((deploy / "nginx.conf").read_text(encoding="utf-8"), folder, port, ports[0])
    upstream = (deploy / "nginx-front-ends.conf").read_text(encoding="utf-8")
    for number, here in enumerate(ports, 8001):
        assert upstream.count(f"server 127.0.0.1:{number} ") == 1
        upstream = upstream.replace(f"server 127.0.0.1:{number} ", f"server 127.0.0.1:{here} ")
    text, blocks = re.subn(r"^upstream trialgraph \{.*?^\}", lambda _: upstream, text, flags=re.M | re.S)
    assert blocks == 1
    return text.replace("access_log off;", f"{LOG};\naccess_log {folder}/tried.log tried;")


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _wait_for(done: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.02)


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


def run(behind: Behind, requests: int, clients: int, *, back: bool = True) -> Result:
    """Load, swap and kill, each after a part of the responses.

    :param requests: so many responses, a few more
    :param back: swap back, too
    """
    result = Result()
    began = behind.cpu()
    threads = [Load(behind.port, requests, result) for _ in range(clients)]
    for thread in threads:
        thread.start()

    def after(part: float) -> None:
        _wait_for(lambda: result.kinds.total() >= part * requests, 3_600)

    after(0.25)
    for front_end in behind.front_ends:
        front_end.lead("two")
        time.sleep(0.3)  # machines are never swapped at the same time
    after(0.5)
    until = result.kinds.total()
    result.cpu = {name: 1000 * (spent - began[name]) / until for name, spent in behind.cpu().items()}
    behind.front_ends[-1].process.send_signal(signal.SIGKILL)
    after(0.75)
    for front_end in behind.front_ends[:-1] if back else ():
        front_end.lead("one")
        time.sleep(0.3)
    for thread in threads:
        thread.join()
    return result


def report(result: Result, behind: Behind, seconds: float) -> list[str]:
    """Lines of a table in Markdown."""
    tried = [line.split("|") for line in behind.log.read_text().splitlines()]
    again = sum("," in upstream for upstream, _, _ in tried)
    cached = sum(cache == "HIT" for _, _, cache in tried)
    mixed = result.mixed()
    facts = {
        "responses": f"{result.kinds.total():,} in {seconds:.0f} s",
        "of them": ", ".join(f"{number:,} {kind}" for kind, number in sorted(result.kinds.items())),
        "failed": str(len(result.wrong)),
        "mixed": str(len(mixed)),
        "of each release": " and ".join(f"{number:,}" for number in sorted(result.releases.values())),
        "pages compared with their picture": f"{result.pairs:,}",
        "asked of another front end": f"{again:,}",
        "from the cache of nginx": f"{cached:,}",
        "streams cut by the kill, and asked again": str(result.cut),
        "downloads cut by the kill, and resumed": str(result.resumed),
        "CPU ms a response": ", ".join(f"{name} {spent:.2f}" for name, spent in result.cpu.items()),
    }
    lines = ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())]
    return [*lines, *result.wrong[:10], *mixed[:10]]


def main() -> None:
    """Run, print, and end with 1 if anything failed or was mixed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.front_ends")
    parser.add_argument("one", type=Path)
    parser.add_argument("two", type=Path)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=8)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, behind_nginx(Path(folder), given.one, given.two) as behind:
        began = time.monotonic()
        result = run(behind, given.requests, given.clients)
        print(*report(result, behind, time.monotonic() - began), sep="\n")
    sys.exit(bool(result.wrong or result.mixed()))


if __name__ == "__main__":
    main()
