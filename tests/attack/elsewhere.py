"""A little internet in a network namespace: endpoints at public addresses, names, and our server among them.

Run as ``unshare --net --mount python -m tests.attack.elsewhere FOLDER RELEASE QUERIES``. Reads a request per line
(JSON: ``query`` and what else goes into the address), writes a line per answer: status, headers, body, seconds, and
who was asked what meanwhile.
"""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.attack.listener import Listener
from tests.small_graph import Server

#: Addresses that all can reach, and that exist only in the namespace.
PUBLIC: Final = "93.184.216.34"
PUBLIC6: Final = "2606:4700:4700::1111"
HTTP, HTTPS, WRONG_NAME = 8080, 8443, 8444
NAMES: Final = f"""\
127.0.0.1 localhost
{PUBLIC} public.test
{PUBLIC6} six.test
127.0.0.1 inward.test
10.1.2.3 private.test
169.254.169.254 metadata.test
::1 inward6.test
::ffff:127.0.0.1 mapped.test
{PUBLIC} mixed.test
127.0.0.1 mixed.test
{PUBLIC} silent.test
"""
RESULTS: Final = "application/sparql-results+json"


def rows(*bindings: dict[str, Any], names: tuple[str, ...] = ("s", "o")) -> bytes:
    return json.dumps({"head": {"vars": names}, "results": {"bindings": bindings}}).encode()


def iri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def text(value: str, **more: str) -> dict[str, str]:
    return {"type": "literal", "value": value, **more}


TRIAL: Final = "https://w3id.org/trialgraph/trial/NCT"
ANSWERS: Final[dict[str, bytes]] = {
    "good": rows(
        {"s": iri(f"{TRIAL}00000001"), "o": text('one "quoted" \\ } SERVICE <http://x/> {')},
        {"s": iri(f"{TRIAL}00000002"), "o": text("zwei\nZeilen", **{"xml:lang": "de"})},
        {"s": iri(f"{TRIAL}00000003")},
    ),
    "empty": rows(),
    "nothing": rows({}, names=()),
    "blank": rows({"s": {"type": "bnode", "value": "b0"}}),
    "columns": rows({"s": iri("a:a"), "x": iri("a:a")}, names=("s", "x")),
    "twice": rows(names=("s", "s")),
    "yes": b'{"head":{},"boolean":true}',
    "prose": b"<html>",
    "cut": rows()[:-2],
    "injected": rows({"s": iri("a:a> } INSERT DATA { <a:b")}),
    "deep": b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":' + b'{"a":' * 20_000,
    "many": rows(*[{"s": iri(f"a:{n}")} for n in range(101)]),
}


class Endpoint(BaseHTTPRequestHandler):
    """Answers by the last part of its path, well or badly."""

    seen: Final[list[dict[str, Any]]] = []
    inside = ""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.seen.append({"method": "GET", "path": self.path})
        self.send_error(405)

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.seen.append(
            {"path": self.path, "host": self.headers["Host"], "accept": self.headers["Accept"], **sent}
        )
        name = urlsplit(self.path).path.rpartition("/")[2]
        if name in ("broken", "busy"):
            self.send_error(500 if name == "broken" else 503)
        elif name == "redirect":
            self.send_response(307)
            self.send_header("Location", self.inside)
            self.end_headers()
        elif name == "hang":
            time.sleep(20)
        else:
            self._answer(name)

    def _answer(self, name: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if name == "page" else RESULTS)
        if name == "packed":
            self.send_header("Content-Encoding", "gzip")
        if name == "short":
            self.send_header("Content-Length", "100000")
        self.end_headers()
        if name in ("slow", "huge"):
            part, pause = (b" ", 0.1) if name == "slow" else (b" " * 65_536, 0)
            for _ in range(200):
                self.wfile.write(part)
                time.sleep(pause)
        self.wfile.write(ANSWERS.get(name, rows()))


class Six(ThreadingHTTPServer):
    address_family = socket.AF_INET6


def start(folder: Path) -> None:
    """Addresses, names, certificates and endpoints."""
    for command in (
        ["ip", "link", "set", "lo", "up"],
        ["ip", "address", "add", f"{PUBLIC}/32", "dev", "lo"],
        ["ip", "-6", "address", "add", f"{PUBLIC6}/128", "dev", "lo"],
        ["mount", "--bind", str(folder / "hosts"), "/etc/hosts"],
    ):
        subprocess.run(command, check=True)
    servers: list[ThreadingHTTPServer] = [
        ThreadingHTTPServer((PUBLIC, HTTP), Endpoint),
        Six((PUBLIC6, HTTP), Endpoint),
    ]
    for port, name in ((HTTPS, "public.test"), (WRONG_NAME, "other.test")):
        secure = ThreadingHTTPServer((PUBLIC, port), Endpoint)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / f"{name}.pem")
        secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
        servers.append(secure)
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()


def main(folder: Path, release: Path, queries: Path) -> None:
    """Answer lines until the end of the input."""
    with Listener() as listener:
        port = urlsplit(listener.url).port
        allowed = json.loads((folder / "allowed.json").read_text().replace("PORT", str(port)))
        Endpoint.inside = listener.url
        start(folder)
        settings = {
            "TRIALGRAPH_ALLOW_SERVICE": " ".join(allowed),
            "TRIALGRAPH_SERVICE_SECONDS": "1",
            "TRIALGRAPH_SERVICE_ROWS": "100",
            "TRIALGRAPH_SERVICE_CALLS": "2",
            "SSL_CERT_FILE": str(folder / "all.pem"),
        }
        with Server(release, queries, os.environ | settings) as server:
            print(json.dumps({"port": port}), flush=True)
            for line in sys.stdin:
                asked = json.loads(line)
                times = asked.pop("times", 1)
                replies: list[dict[str, Any]] = []
                threads = [threading.Thread(target=_ask, args=(server, asked, replies)) for _ in range(times)]
                Endpoint.seen.clear()
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                print(
                    json.dumps({"replies": replies, "asked": Endpoint.seen, "hits": listener.hits}),
                    flush=True,
                )


def _ask(server: Server, asked: dict[str, str], replies: list[dict[str, Any]]) -> None:
    accept = asked.get("accept", "*/*")
    began = time.monotonic()
    reply = server.ask(
        headers={"Accept": accept}, **{name: value for name, value in asked.items() if name != "accept"}
    )
    replies.append(
        {
            "status": reply.status,
            "headers": dict(reply.headers),
            "body": reply.text,
            "seconds": time.monotonic() - began,
        }
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
