"""Nothing is fetched and no file is read, whatever a query says."""

from __future__ import annotations

import contextlib
import json
import socket
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.attack.listener import Listener
from tests.small_graph import Server
from trialgraph.base.errors import TrialgraphError
from trialgraph.query.guard import Checked, Kind
from trialgraph.query.pool import Pool

BODY = "{ ?s ?p ?o }"
SERVICES = [
    "SELECT * { SERVICE <URL> BODY }",
    "SELECT * { SERVICE SILENT <URL> BODY }",
    "SELECT * { service\tsilent\n<URL> BODY }",
    "SELECT * { SERVICE#comment\n<URL> BODY }",
    "SELECT * { SERVICE# <\n SILENT #>\n<URL>BODY }",
    "SELECT * { VALUES ?u { <URL> } SERVICE ?u BODY }",
    "SELECT * { BIND(IRI('URL') AS ?u) SERVICE SILENT ?u BODY }",
    "PREFIX x: <URL> SELECT * { SERVICE x: BODY }",
    "PREFIX ex: <URL> PREFIX SERVICEex: <a:b> SELECT * { SERVICEex:x BODY }",
    "BASE <URL> SELECT * { SERVICE <> BODY }",
    "SELECT * { SERVICESILENT<URL>BODY }",
    "SELECT * { { SELECT * { { SERVICE <URL> BODY } } } }",
    "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <URL> BODY } }",
    "SELECT * { ?s ?p ?o FILTER NOT EXISTS { SERVICE <URL> BODY } }",
    "SELECT * { ?s ?p ?o MINUS { SERVICE <URL> BODY } }",
    "SELECT * { OPTIONAL { SERVICE <URL> BODY } }",
    "SELECT * { { ?s ?p ?o } UNION { SERVICE <URL> BODY } }",
    "SELECT * { GRAPH ?g { SERVICE <URL> BODY } }",
    "SELECT (EXISTS { SERVICE <URL> BODY } AS ?x) {}",
    "ASK { SERVICE <URL> BODY }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <URL> BODY }",
    "DESCRIBE ?s { SERVICE <URL> BODY }",
    "SELECT * { ?s ?p '''\n''' SERVICE <URL> BODY }",
    'SELECT * { ?s ?p "\\"" . SERVICE <URL> BODY }',
    "SELECT * { FILTER(1<2)SERVICE#>\n<URL>BODY }",
    "SELECT * { FILTER('a'<'>')SERVICE <URL> BODY FILTER('a'='b') }",
    "SELECT * { FILTER EXISTS{}SERVICE <URL> BODY }",
    "SELECT * { S\\u0045RVICE <URL> BODY }",
    "SELECT * { \\U00000053ERVICE <URL> BODY }",
    # what SPARQL 1.2 adds, before and around it
    "VERSION '1.2' SELECT * { << ?a ?b ?c >> ?p ?o {| <a:p> 'SERVICE' |} SERVICE <URL> BODY }",
    "SELECT * { ?s ?p <<( ?a ?b '}' )>> ~ <a:r> . SERVICE <URL> BODY }",
    "SELECT * { ?s ?p 'x'@ar--rtl . SERVICE <URL> BODY }",
    # lists are no expressions, calls are
    "BASE <a:> SELECT * { ?s ?p (<#a> <#b>) FILTER <a:f>(?a<?b#>\n)SERVICE <URL>BODY }",
    "BASE <a:> SELECT * { ?s ?p (<#a> <#b>) . SERVICE <URL>BODY }",
]
FROMS = [
    "SELECT * FROM <URL> BODY",
    "SELECT * FROM NAMED <URL> { GRAPH ?g BODY }",
    "SELECT * FROM <file:///etc/hostname> BODY",
    "SELECT * FROM NAMED <file:///etc/hostname> { GRAPH ?g BODY }",
    "SELECT * FROM <file:/etc/hostname> FROM <URL> BODY",
    "SELECT * FROM </etc/hostname> BODY",
    "BASE <file:///etc/> SELECT * FROM <hostname> BODY",
    "PREFIX f: <file:///etc/> SELECT * FROM f:hostname BODY",
    "SELECT * FROM <data:text/turtle,%3Ca:b%3E> BODY",
    "ASK FROM <URL> BODY",
    "CONSTRUCT { ?s ?p ?o } FROM <URL> BODY",
    "DESCRIBE ?s FROM <URL> BODY",
    "SELECT * FROM <\\u0066ile:///etc/hostname> BODY",
]
HOSTNAME = (
    Path("/etc/hostname").read_text().strip() if Path("/etc/hostname").exists() else socket.gethostname()
)


@pytest.mark.parametrize("query", SERVICES + FROMS)
def test_a_query_does_not_reach_out(server: Server, query: str) -> None:
    with Listener() as listener:
        text = query.replace("URL", listener.url).replace("BODY", BODY)
        reply = server.ask(query=text)
        posted = server.ask(
            method="POST", body=text.encode(), headers={"Content-Type": "application/sparql-query"}
        )
    assert listener.hits == 0
    for answer in (reply, posted):
        problem = json.loads(answer.body)
        assert answer.status in (400, 403)
        assert problem["detail"]
        assert f'"{HOSTNAME}"' not in answer.text


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("iri", ["file:///etc/hostname", "", "a b", "data:,x", "/etc/hostname", "http://[x/"])
def test_nor_does_a_dataset_beside_it(server: Server, name: str, iri: str) -> None:
    reply = server.ask(f"/sparql?{urlencode({'query': 'SELECT * { ?s ?p ?o }', name: iri})}")
    assert reply.status == 403
    assert json.loads(reply.body)["detail"]


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_graph_that_nobody_has_is_empty_and_not_fetched(server: Server, name: str) -> None:
    """As the tests of the SPARQL 1.1 Protocol have it; the answer names it, so that a typo shows."""
    with Listener() as listener:
        pairs = urlencode(
            {"query": "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", name: listener.url}
        )
        reply = server.ask(f"/sparql?{pairs}")
    assert (reply.status, listener.hits) == (200, 0)
    assert json.loads(reply.body)["results"]["bindings"] == []
    assert reply.headers["X-Trialgraph-Unknown-Graph"] == listener.url


@pytest.mark.parametrize("query", SERVICES)
def test_the_kernel_holds_where_the_guard_would_not(pool: Pool, query: str) -> None:
    """The same queries handed to a worker past the guard: the process has no network."""
    assert pool.confined in ("seccomp", "unshare"), "this kernel offers neither way; /health says so"
    with Listener() as listener:
        text = query.replace("URL", listener.url).replace("BODY", BODY)
        kind: Kind = "CONSTRUCT" if text.startswith(("CONSTRUCT", "DESCRIBE")) else "SELECT"
        with contextlib.suppress(TrialgraphError), pool.run(Checked(text, kind)) as answer:
            b"".join(answer)
    assert listener.hits == 0
    pool.run("ASK {}").close()
