"""Updates by every door leave the data as they are."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.small_graph import Server
from trialgraph.release.open import Release

UPDATES = [
    "INSERT DATA { <a:a> <a:b> <a:c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE { ?s ?p ?o } INSERT { <a:a> <a:b> <a:c> } WHERE { ?s ?p ?o }",
    "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    "DROP DEFAULT",
    "CREATE GRAPH <a:g>",
    "COPY DEFAULT TO <a:g>",
    "MOVE DEFAULT TO <a:g>",
    "ADD DEFAULT TO <a:g>",
    "LOAD <file:///etc/hostname>",
    "# SELECT * {}\nDELETE WHERE { ?s ?p ?o }",
    "PREFIX a: <a:> BASE <a:b> INSERT DATA { a:a a:b a:c }",
    "ASK {} ; DELETE WHERE { ?s ?p ?o }",
    "ASK {}\nDELETE WHERE { ?s ?p ?o }",
    "SELECT * { ?s ?p ?o } ; DROP ALL",
]
FORM, DIRECT, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
ALL = "CONSTRUCT { ?s ?p ?o } { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


def state(server: Server, release: Release) -> tuple[int, str]:
    lines = server.ask(query=ALL, format="ntriples").body.splitlines()
    digest = hashlib.sha256()
    for path in sorted(Path(release.path).rglob("*")):
        # the engine's own diary and lock are no data
        if path.is_file() and path.name not in ("LOG", "LOCK") and not path.name.startswith("LOG.old"):
            digest.update(path.name.encode() + path.read_bytes())
    return len(set(lines)), digest.hexdigest()


@pytest.mark.parametrize("update", UPDATES)
def test_no_door_lets_an_update_in(server: Server, small_release: Release, update: str) -> None:
    before = state(server, small_release)
    doors = [
        server.ask(query=update),
        server.ask(update=update),
        server.ask(query="ASK {}", update=update),
        server.ask(method="POST", body=urlencode({"query": update}), headers={"Content-Type": FORM}),
        server.ask(method="POST", body=urlencode({"update": update}), headers={"Content-Type": FORM}),
        server.ask(method="POST", body=update, headers={"Content-Type": DIRECT}),
        server.ask(method="POST", body=update, headers={"Content-Type": UPDATE}),
        server.ask(method="POST", body=update, headers={"Content-Type": "text/plain"}),
        server.ask("/sparql?update=x", method="POST", body=update, headers={"Content-Type": DIRECT}),
        server.ask("/update", method="POST", body=update, headers={"Content-Type": UPDATE}),
        server.ask(method="PUT", body="<a:a> <a:b> <a:c> .", headers={"Content-Type": "text/turtle"}),
        server.ask(method="PATCH", body=update, headers={"Content-Type": UPDATE}),
        server.ask(method="DELETE"),
    ]
    assert [reply.status for reply in doors if not 400 <= reply.status < 500] == []
    assert doors[1].status == doors[4].status == doors[6].status == 403
    assert b"read-only" in doors[6].body
    assert state(server, small_release) == before
