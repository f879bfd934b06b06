"""The module made anew over the network: from a server on this machine that serves real extracts."""

from __future__ import annotations

import contextlib
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.paths import TESTS
from trialgraph.base.errors import InputError, TrialgraphError, UsageError
from trialgraph.base.package_data import resource
from trialgraph.base.settings import Settings
from trialgraph.graph.term_checks import known_terms, term_findings
from trialgraph.rdf import iris
from trialgraph.terminology.fetch import fetch
from trialgraph.terminology.lexicon import lexicon

EXTRACTS = TESTS / "ontology" / "releases"
MODULE = resource("ontology") / "module.ttl"
Answer = Callable[[BaseHTTPRequestHandler], None]


class Mirror:
    """A server on 127.0.0.1: its files, or what a test makes of a path."""

    def __init__(self) -> None:
        self.files = {path.name: path.read_bytes() for path in EXTRACTS.glob("*.o*")}
        self.answers: dict[str, Answer] = {}
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.strip("/")
                if name in mirror.answers:
                    mirror.answers[name](self)
                elif name in mirror.files:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(mirror.files[name])))
                    self.end_headers()
                    self.wfile.write(mirror.files[name])
                else:
                    self.send_error(404)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's word
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    made = Mirror()
    yield made
    made.close()


def triples(path: Path) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)}


def of(found: set[ox.Triple], *words: str) -> set[ox.Triple]:
    """The triples about those ontologies."""
    return {t for t in found if any(word in str(t.subject) for word in words)}


def test_what_is_fetched_replaces_its_ontology_and_nothing_else(mirror: Mirror, tmp_path: Path) -> None:
    target = tmp_path / "module.ttl"
    assert fetch(["MAXO", "ICO"], mirror=mirror.url, target=target) == {
        "MAXO": "2024-07-29",
        "ICO": "2026-02-28",
    }
    new, old = triples(target), triples(MODULE)
    assert of(old - new, "MAXO", "maxo") <= of(old, "MAXO", "maxo")
    mine = ("MAXO", "maxo", "ICO", "ico.owl")
    assert (new ^ old) - of(new ^ old, *mine) == set()
    text = target.read_text(encoding="utf-8")
    # The extract has more of the two terms in use than the module: their synonyms and all that is above them.
    assert "MAXO:0000016 a owl:Class" in text
    assert len(of(new, "MAXO_")) > len(of(old, "MAXO_"))
    quads = {ox.Quad(t.subject, t.predicate, t.object, iris.graph("module")) for t in new}
    assert term_findings(lexicon(), quads) == ()


def test_the_same_releases_give_the_same_bytes(mirror: Mirror, tmp_path: Path) -> None:
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    for target in (one, two):
        fetch(["MAXO"], mirror=mirror.url, target=target)
    assert one.read_bytes() == two.read_bytes()


def test_a_term_that_became_obsolete_and_one_that_was_renamed_are_found(
    mirror: Mirror, tmp_path: Path
) -> None:
    text = mirror.files["maxo.obo"].decode()
    text = text.replace(
        "id: MAXO:0000016\nname: cellular therapy\n",
        "id: MAXO:0000016\nname: obsolete cellular therapy\nis_obsolete: true\nreplaced_by: MAXO:0000001\n",
    )
    mirror.files["maxo.obo"] = text.encode()
    mirror.files["ico.owl"] = mirror.files["ico.owl"].replace(b">clinical trial<", b">trial of patients<")
    target = tmp_path / "module.ttl"
    fetch(["MAXO", "ICO"], mirror=mirror.url, target=target)
    quads = {ox.Quad(t.subject, t.predicate, t.object, iris.graph("module")) for t in triples(target)}
    assert known_terms(quads)["MAXO:0000016"].replaced_by == "MAXO:0000001"
    said = {(f.severity, f.message) for f in term_findings(lexicon(), quads)}
    assert ("violation", "MAXO:0000016 is obsolete; use MAXO:0000001") in said
    assert ("warning", "ICO:0000065 is called 'trial of patients', here 'clinical trial'") in said
    assert len(said) == 2


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b"format-version: 1.2\n[Term]\nid: MAXO:0000016\nname: cellular therapy\n")


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"! nothing\n" * 1000)
    except OSError:
        pass


def elsewhere(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://mirror.invalid/maxo.obo")
    handler.end_headers()


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Says nothing until the client has gone: a thread that outlives its server closes its socket at any time."""
    handler.connection.settimeout(10)
    with contextlib.suppress(OSError):
        handler.connection.recv(1)
    handler.close_connection = True


def says(text: bytes) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(text)

    return answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (cut_short, "cut short"),
        (endless, "it is larger than 100000 bytes"),
        (elsewhere, "http://mirror.invalid/maxo.obo: only https is fetched"),
        (silent, "it cannot be fetched (timed out)"),
        (lambda handler: handler.send_error(500), "it cannot be fetched (Internal Server Error)"),
        (says(b"<html>Sign in to this network</html>"), "there is no term of MAXO in it"),
        (says(b"\xff\xfe\x00"), "cannot be read as OBO"),
    ],
)
def test_what_is_no_ontology_changes_nothing(
    answer: Answer, words: str, mirror: Mirror, tmp_path: Path
) -> None:
    settings = Settings(fetch_bytes=100_000, fetch_seconds=0.3)
    mirror.answers["maxo.obo"] = answer
    target = tmp_path / "module.ttl"
    target.write_text("as it was", encoding="utf-8")
    before = open_answers()  # of other tests in this process
    with pytest.raises(InputError) as caught:
        fetch(["MAXO"], mirror=mirror.url, target=target, settings=settings)
    assert words in caught.value.line()
    assert target.read_text(encoding="utf-8") == "as it was"
    assert list(tmp_path.iterdir()) == [target]
    # The error holds what was open when it was raised, and what is closed only on collection fails another test.
    assert [one for one in open_answers() if all(one is not other for other in before)] == []


def open_answers() -> list[HTTPResponse]:
    """The answers of servers that this process has and has not closed."""
    return [one for one in gc.get_objects() if isinstance(one, HTTPResponse) and not one.isclosed()]


@pytest.mark.parametrize(
    ("names", "mirror_", "words"),
    [
        (["MESH"], None, "no ontology 'MESH' to fetch; choose from MONDO CL"),
        (["maxo"], None, "no ontology 'maxo' to fetch"),
        (["MAXO"], "http://mirror.invalid", "http://mirror.invalid/maxo.obo: only https is fetched"),
        (["MAXO"], "file:///tmp", "file:///tmp/maxo.obo: only https is fetched"),
    ],
)
def test_only_known_ontologies_and_only_https(names: list[str], mirror_: str | None, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        fetch(names, mirror=mirror_)
    assert words in caught.value.line()


def test_a_module_that_cannot_be_written_is_one_line(mirror: Mirror, tmp_path: Path) -> None:
    with pytest.raises(TrialgraphError, match=r"cannot be written .*; choose another file with -o"):
        fetch(["MAXO"], mirror=mirror.url, target=tmp_path / "no" / "folder" / "module.ttl")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return subprocess.run(
        [sys.executable, "-m", "trialgraph", *words], capture_output=True, text=True, check=False, env=env
    )


def test_the_verb_says_the_releases_and_without_a_network_one_line(mirror: Mirror, tmp_path: Path) -> None:
    target = tmp_path / "module.ttl"
    done = run("fetch", "MAXO", "--mirror", mirror.url, "-o", str(target))
    assert (done.returncode, done.stdout) == (0, "MAXO\t2024-07-29\n")
    assert target.is_file()
    closed = Mirror()
    closed.close()
    done = run("fetch", "MAXO", "--mirror", closed.url, "-o", str(target))
    assert (done.returncode, done.stdout) == (2, "")
    lines = [line for line in done.stderr.splitlines() if line.startswith("trialgraph: ")]
    assert lines == [done.stderr.splitlines()[-1]]
    assert lines[0].startswith(f"trialgraph: {closed.url}/maxo.obo: it cannot be fetched (")
    assert lines[0].endswith("nothing was changed; try again with a network")
