"""The tests of the SPARQL 1.1 Protocol: requests in a manifest, sent as they stand, and what must come back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
)

from tests.small_graph import Reply
from tests.w3c.answers import table_answer
from tests.w3c.server import Endpoint

__all__ = ["Exchange", "ProtocolCase", "judged", "read_protocol"]

PREFIXES: Final = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
PREFIX ht: <http://www.w3.org/2011/http#>
PREFIX cnt: <http://www.w3.org/2011/content#>
PREFIX ut: <http://www.w3.org/2009/sparql/tests/test-update#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
CASES: Final = (
    f"{PREFIXES} SELECT ?test ?name {{ ?m mf:entries/rdf:rest*/rdf:first ?test . ?test mf:name ?name }}"
)
REQUESTS: Final = f"""{PREFIXES}
SELECT ?test ?request ?method ?path ?text ?charset ?truth ?form {{
  ?test mf:action/ht:requests/rdf:rest*/rdf:first ?request .
  ?request ht:methodName ?method ; ht:absolutePath ?path ; ht:resp ?response .
  OPTIONAL {{ ?request ht:body [ cnt:chars ?text ; cnt:characterEncoding ?charset ] }}
  OPTIONAL {{ ?response mf:expectedBoolean ?truth }}
  OPTIONAL {{ ?response mf:expectedFormat ?form }}
}}"""
HEADERS: Final = f"""{PREFIXES}
SELECT ?request ?name ?value {{
  ?request ht:headers/rdf:rest*/rdf:first [ ht:fieldName ?name ; ht:fieldValue ?value ]
}}"""
STATUSES: Final = f"{PREFIXES} SELECT ?request ?status {{ ?request ht:resp/mf:expectedStatus ?status }}"
GRAPHS: Final = (
    f"{PREFIXES} SELECT ?test ?iri ?file {{ ?test ut:graphData [ ut:graph ?file ; rdfs:label ?iri ] }}"
)

Node = NamedNode | BlankNode | Literal | Triple
TABLES: Final = {
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}


@dataclass(frozen=True)
class Exchange:
    """A request and what must come back.

    :param statuses: first digits of the status
    :param truth: of an ASK; None where nothing is said
    :param form: ``boolean``, ``tabular`` or ``RDF``; empty where nothing is said
    """

    method: str
    path: str
    body: bytes | None
    headers: dict[str, str]
    statuses: frozenset[int]
    truth: bool | None
    form: str


@dataclass(frozen=True)
class ProtocolCase:
    """One test. One with an update is passed by refusing every update, since nothing here can be written."""

    id: str
    name: str
    graphs: tuple[tuple[str, Path], ...]
    exchanges: tuple[Exchange, ...]

    @property
    def updates(self) -> bool:
        """Whether it is about updates that are to succeed."""
        return self.id.startswith("update_")


def read_protocol(root: Path) -> list[ProtocolCase]:
    """The tests.

    :param root: the checkout
    """
    home = root / "sparql" / "sparql11" / "protocol"
    store = Store()
    base = "http://example.org/protocol/"
    store.load(path=str(home / "manifest.ttl"), format=RdfFormat.TURTLE, base_iri=f"{base}manifest.ttl")
    return [
        ProtocolCase(
            id=row["test"].value.partition("#")[2],
            name=row["name"].value,
            graphs=tuple(
                (found["iri"].value, home / found["file"].value.removeprefix(base))
                for found in _rows(store, GRAPHS, "test", row["test"])
            ),
            exchanges=tuple(_exchanges(store, row["test"])),
        )
        for row in _rows(store, CASES)
    ]


def _rows(store: Store, query: str, name: str = "", node: Node | None = None) -> list[Any]:
    """The rows of a query, where it is about a node."""
    found: Any = store.query(query, substitutions={Variable(name): node} if node else None)
    return list(found)


def _exchanges(store: Store, test: NamedNode) -> Iterator[Exchange]:
    for row in _rows(store, REQUESTS, "test", test):
        headers = {
            h["name"].value: h["value"].value for h in _rows(store, HEADERS, "request", row["request"])
        }
        statuses = _rows(store, STATUSES, "request", row["request"])
        charset = headers.get("content-type", "").partition("charset=")[2] or "UTF-8"
        yield Exchange(
            method=row["method"].value,
            path=row["path"].value.replace("/sparql/", "/sparql", 1),
            body=row["text"].value.encode(charset) if row["text"] else None,
            headers=headers,
            statuses=frozenset(int(s["status"].value[-3]) for s in statuses),
            truth=row["truth"].value == "true" if row["truth"] else None,
            form=row["form"].value if row["form"] else "",
        )


def judged(endpoint: Endpoint, case: ProtocolCase) -> str:
    """What is wrong with the answers; empty where nothing is. The endpoint holds the data of the case."""
    if case.updates:
        written = [e for e in case.exchanges if e.form == ""]
        statuses = [endpoint.ask(e.method, e.path, *_sent(e)).status for e in written]
        return "" if statuses and all(400 <= s < 500 for s in statuses) else f"an update got {statuses}"
    for exchange in case.exchanges:
        reply = endpoint.ask(exchange.method, exchange.path, *_sent(exchange))
        if wrong := _wrong(exchange, reply):
            return wrong
    return ""


def _sent(exchange: Exchange) -> tuple[bytes | None, dict[str, str]]:
    return exchange.body, exchange.headers


def _wrong(exchange: Exchange, reply: Reply) -> str:
    if reply.status // 100 not in exchange.statuses:
        return f"status {reply.status}"
    if exchange.form in ("boolean", "tabular"):
        if reply.type not in TABLES:
            return f"{reply.type} is no result"
        found = table_answer(reply.body, TABLES[reply.type])
        if isinstance(found, bool) != (exchange.form == "boolean"):
            return f"no {exchange.form} result"
        if exchange.truth is not None and found is not exchange.truth:
            return f"the answer is {found}"
    elif exchange.form == "RDF":
        form = RdfFormat.from_media_type(reply.type)
        if form is None:
            return f"{reply.type} is no RDF"
        list(parse(reply.body, form))
    return ""
