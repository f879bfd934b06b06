"""Generated and spoilt queries over HTTP: ``python -m tools.soak.hostile 100000``.

Half of them follow the grammar, half are spoilt. Each must be answered or refused with a reason and within its time;
the server must live, reach nothing outside, keep its data, and say the same the second time.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

from tests.attack.listener import Listener
from tests.small_graph import DEMO, Server, write_queries, write_release
from tools.soak.grammar import Grammar
from tools.soak.report import Report, finish
from tools.soak.spoil import render, spoil

__all__ = ["main", "requests"]

SECONDS: Final = 1.0
#: What an answer may take beyond the limit: the kill, the refusal, and a client that waits for its turn.
SLACK: Final = 0.5
THREADS: Final = 3
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
ACCEPTS: Final = (
    *("*/*", "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/turtle"),
    *("text/tab-separated-values", "application/n-triples", "application/rdf+xml", "application/ld+json"),
    *("text/html", "application/trig;q=0.3, text/csv;q=0.1", "nonsense", "image/png", "*/*;q=0"),
)
#: Statuses that are an answer or a refusal; 500 is one only with the reason that the engine broke on the query.
FINE: Final = frozenset((200, 400, 403, 406, 413, 414, 415, 429, 503))


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request with a query."""

    method: str
    path: str
    body: bytes | None
    headers: dict[str, str]
    query: str


@dataclass
class Tally:
    """What the threads count together."""

    report: Report
    slack: float
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    verdicts: dict[int, int] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    slowest: float = 0.0
    cut: int = 0
    changed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def requests(seed: int, count: int, url: str) -> Iterator[Request]:
    """Requests by a seed: half of them grammatical.

    :param url: where nobody may knock; it stands in SERVICE, LOAD and FROM of the spoilt ones
    """
    grammar = Grammar(seed, [DEMO])
    choose = random.Random(seed + 1)  # noqa: S311 - to be repeated
    before = grammar.query()
    for number in range(count):
        tokens = grammar.query()
        query = render(tokens, choose) if number % 2 else spoil(tokens, choose, before, url)
        before = tokens
        yield _request(query, choose)


def _request(query: str, choose: random.Random) -> Request:
    """One of the ways to send it."""
    raw = query.encode("utf-8", "surrogatepass")
    if choose.random() < 0.01:
        at = choose.randrange(len(raw) + 1)
        raw = raw[:at] + bytes([choose.randrange(256)]) + raw[at:]
    headers = {"Accept": choose.choice(ACCEPTS) if choose.random() < 0.25 else "*/*"}
    way = choose.randrange(3)
    if way == 0 and len(raw) < 20_000:
        return Request("GET", f"/sparql?{urlencode({'query': raw})}", None, headers, query)
    if way == 1:
        body = urlencode({"query": raw}).encode()
        return Request("POST", "/sparql", body, headers | {"Content-Type": FORM}, query)
    return Request("POST", "/sparql", raw, headers | {"Content-Type": DIRECT}, query)


class Client:
    """A connection that is opened anew when the server closes it."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self.host, self.port = str(where.hostname), where.port
        self.connection: http.client.HTTPConnection | None = None

    def send(self, request: Request) -> tuple[int, str, bytes, bool]:
        """Status, content type, body, and whether the body is whole."""
        for again in (True, False):
            fresh = self.connection is None
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
                self.connection.request(request.method, request.path, request.body, request.headers)
                response = self.connection.getresponse()
                break
            except (ConnectionError, http.client.BadStatusLine):
                self.close()
                if fresh or not again:
                    raise
        try:
            body, whole = response.read(), True
        except (http.client.IncompleteRead, ConnectionError) as error:
            body, whole = getattr(error, "partial", b""), False
        if not whole or response.will_close:
            self.close()
        return response.status, response.headers.get_content_type(), body, whole

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def state(release: Path) -> str:
    """A digest of the release's files, but for the diary and the lock of the engine."""
    digest = hashlib.sha256()
    for path in sorted(release.rglob("*")):
        if path.is_file() and not path.name.startswith("LO"):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _judge(tally: Tally, request: Request, said: tuple[int, str, bytes, bool], took: float) -> None:
    """Count one answer, and what is wrong with it."""
    status, kind, body, whole = said
    shown = f"{status} {took:.2f} s {request.method} {request.query[:300]!r}"
    tally.statuses[str(status)] += 1
    tally.slowest = max(tally.slowest, took)
    tally.cut += not whole
    if took > SECONDS + tally.slack:
        tally.report.fault("late", shown)
    if status == 200:
        return
    reason, detail = _reason(kind, body)
    tally.reasons[f"{status} {reason}"] += 1
    if status == 500:
        tally.broken.setdefault(request.query, detail)
    if not detail:
        tally.report.fault("refused without words", shown)
    elif status == 500 and reason not in ("worker-failed", "told on a page"):
        tally.report.fault("500 without a reason", f"{shown} {detail}")
    elif status != 500 and status not in FINE:
        tally.report.fault(f"status {status}", f"{shown} {detail}")


def _reason(kind: str, body: bytes) -> tuple[str, str]:
    """The word and the sentence of a refusal."""
    if kind != "application/problem+json":
        text = body.decode("utf-8", "replace").strip()
        # the words of a page for what the server did not foresee (endpoint/errors.py)
        return "unforeseen" if "its log says" in text else "told on a page", text
    problem = json.loads(body)
    return str(problem.get("reason", "")), str(problem.get("detail", ""))


def _work(server: Server, work: Iterator[tuple[int, Request]], lock: threading.Lock, tally: Tally) -> None:
    """Ask until there is nothing left to ask."""
    client = Client(server.url)
    while True:
        with lock:
            number, request = next(work, (-1, None))
        if request is None:
            return client.close()
        began = time.monotonic()
        try:
            said = client.send(request)
        except (OSError, http.client.HTTPException) as error:
            with tally.lock:
                tally.report.fault("no answer", f"{error!r} {request.query[:300]!r}")
            if server.process.poll() is not None:
                return client.close()
            continue
        with tally.lock:
            _judge(tally, request, said, time.monotonic() - began)
            first = tally.verdicts.setdefault(number, said[0])
            # a time limit is no verdict on the query: on a busy machine it may come the one time and not the other
            if first != said[0] and not {first, said[0]} & {503, 429, 500}:
                tally.report.fault("another verdict", f"{first} then {said[0]}: {request.query[:300]!r}")
            tally.changed += first != said[0]


def _ask_all(server: Server, count: int, seed: int, url: str, tally: Tally) -> None:
    work, lock = enumerate(requests(seed, count, url)), threading.Lock()
    threads = [threading.Thread(target=_work, args=(server, work, lock, tally)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main(count: int, seed: int = 1, again: int | None = None, *, slack: float = SLACK) -> Report:
    """Ask ``count`` queries, and ``again`` of them once more (None: all).

    :param slack: seconds beyond the limit that an answer may take
    """
    report = Report("hostile queries over HTTP, limit 1 s")
    tally = Tally(report, slack)
    began = time.monotonic()
    second = count if again is None else again
    with tempfile.TemporaryDirectory() as folder, Listener() as listener:
        release = write_release(Path(folder) / "release")
        before = state(release.path)
        settings = {"TRIALGRAPH_QUERY_SECONDS": str(SECONDS), "TRIALGRAPH_ACCESS_LOG": "none"}
        with Server(release.path, write_queries(Path(folder) / "queries"), settings) as server:
            _ask_all(server, count, seed, listener.url, tally)
            statuses = dict(sorted(tally.statuses.items()))
            _ask_all(server, second, seed, listener.url, tally)
            if server.process.poll() is not None:
                report.fault("the server process ended", str(server.process.returncode))
            elif server.ask(query="ASK { ?s ?p ?o }").body != b'{"head":{},"boolean":true}':
                report.fault("no good answer at the end")
        if state(release.path) != before:
            report.fault("the data changed")
    if listener.hits:
        report.fault(f"{listener.hits} outgoing connections")
    # not |=, which drops what is zero
    report.counts.update(
        {
            "queries, half of them by the grammar, half spoilt": count,
            "asked a second time": second,
            **{f"status {status} the first time": n for status, n in statuses.items()},
            "stopped at the limit, both times": tally.reasons["503 query-timeout"],
            "broken in its worker and told as 500 with the reason, both times": tally.reasons[
                "500 worker-failed"
            ],
            "cut after the first bytes, both times": tally.cut,
            "another status the second time, one of the two 500 or 503": tally.changed,
            "outgoing connections": listener.hits,
        }
    )
    report.peak("slowest answer, seconds", tally.slowest)
    report.counts["seconds of the run"] = round(time.monotonic() - began)
    report.notes = [f"500 {detail}: {query[:2000]!r}" for query, detail in tally.broken.items()]
    return report


if __name__ == "__main__":
    finish(main(int(sys.argv[1]), *(map(int, sys.argv[2:]))))
