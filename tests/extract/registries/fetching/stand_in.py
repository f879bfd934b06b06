"""A stand-in for the registry's API on 127.0.0.1: pages of real records, and the faults of real servers."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.extract.registries.records import Study, number_of, studies

Fault = Callable[[BaseHTTPRequestHandler], None]
VERSION: Final = "2026-11-27T09:00:05"


class StandIn:
    """The API: ``/studies`` page by page, and ``/version``.

    :ivar faults: by number of the request for a page, from 1, what is answered instead
    :ivar asked: the query and headers of each request for a page
    :ivar size: studies of a page, whatever is asked for
    :ivar validators: whether pages have an ETag
    """

    def __init__(self) -> None:
        self.records: list[Study] = studies()
        self.faults: dict[int, Fault] = {}
        self.always: Fault | None = None
        self.asked: list[tuple[dict[str, str], dict[str, str]]] = []
        self.size = 5
        self.version = VERSION
        self.validators = True
        self.total: int | None = None
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path.endswith("/version"):
                    api.send(self, {"apiVersion": "2.0.5", "dataTimestamp": api.version}, validators=False)
                elif parts.path.endswith("/studies"):
                    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                    api.asked.append((query, dict(self.headers)))
                    fault = api.always or api.faults.get(len(api.asked))
                    if fault:
                        fault(self)
                    else:
                        api.page(self, query)
                else:
                    self.send_error(404)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/api/v2"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        """Stop it."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def page(self, handler: BaseHTTPRequestHandler, query: dict[str, str]) -> None:
        """A page as the registry answers it: its token tells where the next one begins."""
        start = int(query.get("pageToken", "t0")[1:])
        found = self.records
        if ids := query.get("filter.ids"):
            found = [
                one
                for one in found
                if number_of(one) in ids.split(",") or _aliases(one) & set(ids.split(","))
            ]
        elif words := query.get("query.term"):
            found = [one for one in found if words.lower() in json.dumps(one).lower()]
        made: dict[str, Any] = {"totalCount": len(found) if self.total is None else self.total}
        if "countTotal" not in query or start:
            made = {}
        made["studies"] = found[start : start + self.size]
        if start + self.size < len(found):
            made["nextPageToken"] = f"t{start + self.size}"
        self.send(handler, made, validators=self.validators)

    def send(self, handler: BaseHTTPRequestHandler, value: object, *, validators: bool) -> None:
        """Send a value; only its head where the validator that is asked with holds."""
        body = json.dumps(value).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if validators and handler.headers.get("If-None-Match") == etag:
            handler.send_response(304)
            handler.send_header("ETag", etag)
            handler.end_headers()
            return
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        if validators:
            handler.send_header("ETag", etag)
        handler.end_headers()
        handler.wfile.write(body)


def _aliases(one: Study) -> set[str]:
    return set(one["protocolSection"]["identificationModule"].get("nctIdAliases", ()))


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """One that is stopped at the end."""
    made = StandIn()
    try:
        yield made
    finally:
        made.close()


def status(code: int, body: str = "", **headers: str) -> Fault:
    """An answer of that status."""

    def fault(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body.encode())))
        handler.end_headers()
        handler.wfile.write(body.encode())

    return fault


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    """The connection ends in the middle of an answer whose length was said."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b'{"studies": [')
    handler.close_connection = True


def cut_in_a_chunk(handler: BaseHTTPRequestHandler) -> None:
    """The same of an answer in chunks."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b'ff\r\n{"studies": [')
    handler.close_connection = True


def cut_without_a_length(handler: BaseHTTPRequestHandler) -> None:
    """The same of an answer that ends with the connection."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(b'{"studies": [{"protocolSection"')
    handler.close_connection = True


def no_answer(handler: BaseHTTPRequestHandler) -> None:
    """The connection ends before any answer."""
    handler.close_connection = True


def says(value: object) -> Fault:
    """An answer of that JSON."""
    return status(200, json.dumps(value), Content_Type="application/json")
