"""``SERVICE``: what the operator lists is asked, and nothing else, whatever a query, a name or an endpoint does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.attack.elsewhere import ANSWERS, HTTP, HTTPS, NAMES, PUBLIC, TRIAL, WRONG_NAME
from tests.paths import ROOT
from trialgraph.release.open import Release

BASE: Final = f"http://public.test:{HTTP}"
INWARD: Final = ("inward.test", "inward6.test", "mapped.test", "mixed.test", "localhost")
UNREACHED: Final = ("private.test", "metadata.test")
PATHS: Final = (*ANSWERS, "page", "packed", "short", "redirect", "slow", "huge", "hang", "broken", "busy")
ALLOWED: Final = [
    *(f"{BASE}/{name}" for name in PATHS),
    f"http://{PUBLIC}:{HTTP}/good",
    f"http://six.test:{HTTP}/good",
    f"https://public.test:{HTTPS}/good",
    f"https://public.test:{WRONG_NAME}/good",
    f"http://public.test:{HTTP + 1}/good",
    *(f"http://{name}:PORT/" for name in (*INWARD, *UNREACHED)),
    "http://nowhere.test/",
]


class World:
    """The driver in the namespace."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.port = self._read()["port"]

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.process.communicate()[1])
        return dict(json.loads(line))

    def ask(self, query: str, **more: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        print(json.dumps({"query": query, **more}), file=self.process.stdin, flush=True)
        return self._read()

    def one(self, query: str, **more: Any) -> tuple[int, Any, list[Any]]:
        """Status and body of one request, and what the endpoints were asked meanwhile."""
        said = self.ask(query, **more)
        assert said["hits"] == 0, "something knocked at an inner address"
        reply = said["replies"][0]
        return reply["status"], json.loads(reply["body"]), said["asked"]


def unshare() -> list[str]:
    """The command that makes a namespace here; skips where the kernel gives none."""
    options = ["--net", "--mount"] if os.getuid() == 0 else ["--net", "--mount", "--map-root-user"]
    missing = [name for name in ("unshare", "ip", "openssl") if shutil.which(name) is None]
    reason = f"needs {', '.join(missing)}" if missing else ""
    if not reason:
        command = ["unshare", *options, "ip", "link", "set", "lo", "up"]
        tried = subprocess.run(command, check=False, capture_output=True)
        reason = "this kernel lets nobody make a network namespace here" if tried.returncode else ""
    if reason and os.environ.get("CI"):
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    return ["unshare", *options]


def certificates(folder: Path) -> None:
    for name in ("public.test", "other.test"):
        command = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ]
        command += ["-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
        made = folder / f"{name}.crt"
        subprocess.run([*command, "-keyout", folder / "key", "-out", made], check=True, capture_output=True)
        (folder / f"{name}.pem").write_bytes((folder / "key").read_bytes() + made.read_bytes())
    both = [(folder / f"{name}.crt").read_bytes() for name in ("public.test", "other.test")]
    (folder / "all.pem").write_bytes(b"".join(both))


@pytest.fixture(scope="module")
def world(
    small_release: Release, small_queries: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    command = unshare()
    folder = tmp_path_factory.mktemp("elsewhere")
    certificates(folder)
    (folder / "hosts").write_text(NAMES)
    (folder / "allowed.json").write_text(json.dumps(ALLOWED))
    process = subprocess.Popen(
        [*command, sys.executable, "-m", "tests.attack.elsewhere", folder, small_release.path, small_queries],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        yield World(process)
    finally:
        process.communicate(timeout=60)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/sparql", "file:///etc/passwd", "https://[::ffff:127.0.0.1]/"]
)
def test_what_may_never_be_asked_cannot_be_allowed(small_release: Release, url: str) -> None:
    command = [
        sys.executable,
        "-m",
        "trialgraph",
        "serve",
        "--port",
        "0",
        "--release",
        str(small_release.path),
    ]
    done = subprocess.run([*command, "--allow-service", url], capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stderr.splitlines()), done.stdout) == (2, 1, "")
    assert "SERVICE takes" in done.stderr


def service(name: str, *, silent: str = "", body: str = "{ ?s ?p ?o }") -> str:
    return f"SELECT ?s ?o {{ SERVICE {silent} <{BASE}/{name}> {body} }}"


LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"


def test_the_rows_of_an_allowed_endpoint_join_ours(world: World) -> None:
    query = (
        f"PREFIX p: <{BASE}/> PREFIX t: <a:> # SERVICE\n"
        f"SELECT ?s ?label ?o {{ SERVICE p:good {{ ?s t:says ?o FILTER(?o != '}}') }}\n"
        f"  ?s {LABEL} ?label . FILTER(?s != <{TRIAL}00000003>) }} ORDER BY ?s"
    )
    status, body, asked = world.one(query)
    assert status == 200
    found = [{name: term["value"] for name, term in row.items()} for row in body["results"]["bindings"]]
    assert found == [
        {"s": f"{TRIAL}00000001", "label": "trial 1, größer", "o": 'one "quoted" \\ } SERVICE <http://x/> {'},
        {"s": f"{TRIAL}00000002", "label": "trial 2, größer", "o": "zwei\nZeilen"},
    ]
    (sent,) = asked
    assert sent["host"] == f"public.test:{HTTP}"
    assert sent["accept"] == "application/sparql-results+json"
    assert sent["query"] == [
        f"PREFIX p: <{BASE}/> PREFIX t: <a:> # SERVICE\nSELECT * {{ ?s t:says ?o FILTER(?o != '}}') }}"
    ]


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT ?s {{ OPTIONAL {{ SERVICE <{BASE}/good> {{ ?s ?p ?o }} }} }}",
        f"SELECT ?s {{ {{ SERVICE <{BASE}/good> {{ ?s ?p ?o }} }} UNION {{ SERVICE <{BASE}/empty> {{ ?s ?p ?o }} }} }}",
        f"SELECT ?s {{ {{ SELECT ?s {{ SERVICE SILENT <{BASE}/good> {{ SELECT ?s ?o {{ ?s ?p ?o }} }} }} }} }}",
        f"SELECT ?s {{ SERVICE <http://{PUBLIC}:{HTTP}/good> {{ ?s ?p ?o }} }}",
        f"SELECT ?s {{ SERVICE <http://six.test:{HTTP}/good> {{ ?s ?p ?o }} }}",
        f"SELECT ?s {{ SERVICE <https://public.test:{HTTPS}/good> {{ ?s ?p ?o }} }}",
        f"SELECT ?s {{ SERVICE <{BASE}/good> {{ ?s ?p ?o }} SERVICE <{BASE}/good> {{ ?s ?p ?o }} }}",
    ],
)
def test_services_stand_where_groups_may(world: World, query: str) -> None:
    status, body, asked = world.one(query)
    rows = [row["s"]["value"] for row in body["results"]["bindings"]]
    assert status == 200
    assert set(rows) == {f"{TRIAL}0000000{n}" for n in (1, 2, 3)}
    assert len({json.dumps(sent) for sent in asked}) == len(asked), "the same was asked twice"


def test_a_group_without_variables_is_a_question(world: World) -> None:
    for name, count in (("nothing", 1), ("empty", 0)):
        _, body, _ = world.one(f"SELECT * {{ SERVICE <{BASE}/{name}> {{ <a:a> <a:b> <a:c> . ?s ?p ?o }} }}")
        assert len(body["results"]["bindings"]) == count


def test_such_an_answer_is_not_kept(world: World) -> None:
    reply = world.ask(service("good"))["replies"][0]
    assert "ETag" not in reply["headers"]
    assert reply["headers"]["Cache-Control"] == "no-store"
    page = world.ask(service("good"), accept="text/html")["replies"][0]
    assert (page["status"], "VALUES" in page["body"], "SERVICE" in page["body"]) == (200, False, True)


FAILURES = {
    "blank": (502, "blank node"),
    "columns": (502, "unexpected columns"),
    "twice": (502, "malformed"),
    "yes": (502, "yes or no"),
    "prose": (502, "malformed"),
    "cut": (502, "malformed"),
    "injected": (502, "malformed"),
    "deep": (502, "nested too deep"),
    "many": (502, "more than 100 rows"),
    "page": (502, "JSON format"),
    "packed": (502, "JSON format"),
    "short": (502, "broke off"),
    "redirect": (502, "not followed"),
    "huge": (502, "more than 1000000 bytes"),
    "slow": (504, "in time"),
    "hang": (504, "in time"),
    "broken": (502, "status 500"),
    "busy": (502, "status 503"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_an_endpoint_that_fails_is_told_or_silent(world: World, name: str) -> None:
    said = world.ask(service(name))
    reply = said["replies"][0]
    status, words = FAILURES[name]
    problem = json.loads(reply["body"])
    assert (reply["status"], said["hits"], len(said["asked"])) == (status, 0, 1)
    assert words in problem["detail"]
    assert reply["seconds"] < 1.5  # the limit is 1 s
    status, body, _ = world.one(service(name, silent="SILENT"))
    assert (status, body["results"]["bindings"]) == (200, [{}])


def test_rows_are_looked_at_like_what_a_client_sends(world: World) -> None:
    """Two brackets more than the group had: what the guard would refuse from a client it refuses from an endpoint."""
    query = f"SELECT * {'{' * 63} SERVICE <{BASE}/good> {{ ?s ?p ?o }} {'}' * 63}"
    status, problem, _ = world.one(query)
    assert status == 502
    assert "nested deeper than 64" in problem["detail"]


@pytest.mark.parametrize("silent", ["", "SILENT"])
@pytest.mark.parametrize("host", [*INWARD, *UNREACHED])
def test_a_name_that_leads_inward_is_refused_silent_or_not(world: World, host: str, silent: str) -> None:
    status, problem, asked = world.one(
        f"SELECT * {{ SERVICE {silent} <http://{host}:{world.port}/> {{ ?s ?p ?o }} }}"
    )
    assert (status, asked) == (403, [])
    assert "not public" in problem["detail"]


@pytest.mark.parametrize(
    ("iri", "words"),
    [
        (f"https://public.test:{WRONG_NAME}/good", "certificate"),
        (f"http://public.test:{HTTP + 1}/good", "cannot be reached"),
        ("http://nowhere.test/", "no address"),
    ],
)
def test_an_endpoint_that_is_not_there_is_told(world: World, iri: str, words: str) -> None:
    status, problem, asked = world.one(f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}")
    assert (status, asked) == (502, [])
    assert words in problem["detail"]
    assert PUBLIC not in problem["detail"]


REFUSED = [
    (f"SERVICE <{BASE}/good/> {{ ?s ?p ?o }}", "not one of them"),
    (f"SERVICE <{BASE}/Good> {{ ?s ?p ?o }}", "not one of them"),
    (f"SERVICE <http://PUBLIC.test:{HTTP}/good> {{ ?s ?p ?o }}", "not one of them"),
    (f"SERVICE <{BASE}/x/../good?x> {{ ?s ?p ?o }}", "not one of them"),
    (f"SERVICE SILENT <{BASE}/other> {{ ?s ?p ?o }}", "not one of them"),
    (f"SERVICE <https://public.test:{HTTP}/good> {{ ?s ?p ?o }}", "not one of them"),
    (f"VALUES ?u {{ <{BASE}/good> }} SERVICE ?u {{ ?s ?p ?o }}", "variable"),
    (f"BIND(<{BASE}/good> AS ?u) SERVICE SILENT ?u {{ ?s ?p ?o }}", "variable"),
    (f"SERVICE <{BASE}/good> {{ SERVICE <{BASE}/good> {{ ?s ?p ?o }} }}", "inside"),
    (f"SERVICE <{BASE}/good> {{ ?s ?p ?o FILTER EXISTS {{ SERVICE ?x {{ ?s ?p ?o }} }} }}", "inside"),
    (f"SERVICE <{BASE}/good> {{ ?s <rel> ?o }}", "relative"),
    (f"SERVICESILENT <{BASE}/good> {{ ?s ?p ?o }}", "white space"),
    (f"SERVICE <{BASE}/good> ?s", "needs a group"),
    (f"SERVICE <{BASE}/good> {{ ?s ?p ?o ", "not closed"),
    (f"SERVICE <{BASE}/good> {{ {{ {{ ?s ?p ?o ", "not closed"),
    ("SERVICE SILENT 'x' {}", "needs an IRI"),
    (" ".join(f"SERVICE <{BASE}/good> {{ ?s ?p {n} }}" for n in range(5)), "more than 4"),
    (f"SERVICE <{BASE}/good> {{ ?s ?p ?o }} INSERT {{ ?s ?p ?o }}", "update"),
]


@pytest.mark.parametrize(("body", "words"), REFUSED, ids=[r[0][:40] for r in REFUSED])
def test_what_is_not_listed_is_not_asked(world: World, body: str, words: str) -> None:
    status, problem, asked = world.one(f"SELECT * {{ {body} }}")
    assert (status in (400, 403, 413), asked) == (True, [])
    assert words in problem["detail"]


def test_few_requests_to_others_run_at_a_time(world: World) -> None:
    said = world.ask(service("hang"), times=6)
    statuses = sorted(reply["status"] for reply in said["replies"])
    assert (statuses, len(said["asked"])) == ([503] * 4 + [504] * 2, 2)
    assert all("Retry-After" in r["headers"] for r in said["replies"] if r["status"] == 503)
    assert world.one(service("good"))[0] == 200


def test_the_time_of_the_query_holds_for_its_services(world: World) -> None:
    said = world.ask(service("hang", silent="SILENT"), timeout="0.3")
    reply = said["replies"][0]
    assert reply["status"] == 503
    assert "stopped after 0.3 seconds" in json.loads(reply["body"])["detail"]


def test_a_fault_behind_a_service_is_on_its_line(world: World) -> None:
    query = f"SELECT * {{\n  SERVICE <{BASE}/good> {{\n  ?s ?p ?o\n}}  ?s ?p }}"
    status, problem, _ = world.one(query)
    assert (status, problem["line"], problem["column"]) == (400, 4, 10)
