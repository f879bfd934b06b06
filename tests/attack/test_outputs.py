"""Hostile terms through every format: read back as they are, never run as anything else."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
import rdflib
from defusedxml.ElementTree import fromstring

from tests.hostile_terms import CONSTRUCT, IRIS, SELECT, TERMS
from tests.small_graph import Server, children, wait_until
from trialgraph.release.open import Release

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
QUADS = {"trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS, "jsonld": ox.RdfFormat.JSON_LD}


#: Each row is the text 2**17 times.
DOUBLED = " ".join(f"BIND(CONCAT(?x{n},?x{n}) AS ?x{n + 1})" for n in range(17))
LONG_ROWS = f"SELECT ?x17 {{ ?s ?p ?o . ?s2 ?p2 ?o2 BIND('0123456789' AS ?x0) {DOUBLED} }} LIMIT 500"
LONG_TRIPLES = LONG_ROWS.replace("SELECT ?x17", "CONSTRUCT { ?s ?p ?x17 }")
#: One cell of 16 MB, more than the parser of answers takes.
LONG_CELL = f"SELECT ?y {{ BIND('{'0123456789abcdef' * 8}' AS ?x0) {DOUBLED} BIND(?x17 AS ?y) }}"


def values(text: str) -> list[str]:
    return [row[1] for row in csv.reader(io.StringIO(text, newline=""))][1:]


def test_json_and_xml_give_every_term_back(server: Server) -> None:
    said = json.loads(server.ask(query=SELECT, format="json").body)["results"]["bindings"]
    assert [row["x"]["value"] for row in said] == [term.value for term in TERMS]
    xml = fromstring(server.ask(query=SELECT, format="xml").body)
    space = "{http://www.w3.org/2005/sparql-results#}"
    found = [b[0].text for b in xml.iter(f"{space}binding") if b.get("name") == "x"]
    assert found == [term.value for term in TERMS]


def test_tsv_gives_every_term_back(server: Server) -> None:
    reply = server.ask(query=SELECT, format="tsv")
    assert reply.headers["X-Trialgraph-Cells"] == "exact"
    found = ox.parse_query_results(reply.body, ox.QueryResultsFormat.TSV)
    assert isinstance(found, ox.QuerySolutions)
    assert [row["x"] for row in found] == TERMS


@pytest.mark.parametrize("form", ["turtle", "ntriples", "rdfxml", "jsonld", "trig", "nquads"])
def test_graphs_give_every_term_back(server: Server, form: str) -> None:
    reply = server.ask(query=CONSTRUCT, format=form)
    names = {"ntriples": "nt", "rdfxml": "xml"}
    if form in QUADS:  # rdflib reads these with deprecated parts of itself
        assert {quad.object for quad in ox.parse(reply.body, format=QUADS[form])} == set(TERMS)
        return
    graph = rdflib.Graph().parse(data=reply.body, format=names.get(form, form))
    assert {str(found) for found in graph.objects()} == {term.value for term in TERMS}


def test_csv_is_exact_for_programs_and_safe_for_spreadsheets(server: Server) -> None:
    exact = server.ask(query=SELECT, headers={"Accept": "text/csv"})
    assert exact.headers["X-Trialgraph-Cells"] == "exact"
    assert exact.headers["Content-Disposition"] is None
    assert values(exact.text) == [term.value for term in TERMS]
    assert server.ask(query=SELECT, format="csv").body == exact.body
    assert server.ask(query=SELECT, format="csv", cells="exact", headers=HTML).body == exact.body
    tags = {exact.headers["ETag"]}
    for chosen, headers in (({"cells": "safe"}, {}), ({}, HTML)):
        reply = server.ask(query=SELECT, format="csv", headers=headers, **chosen)
        assert reply.headers["X-Trialgraph-Cells"] == "safe"
        assert reply.headers["Content-Disposition"] == "attachment; filename=answer.csv"
        assert reply.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
        safe = values(reply.text)
        assert safe[:8] == [f"'{term.value}" for term in TERMS[:8]]
        assert safe[8:] == [term.value for term in TERMS[8:]]
        tags.add(reply.headers["ETag"])
    assert len(tags) == 2
    assert server.ask(query=SELECT, format="csv", cells="perhaps").status == 400


def test_tsv_for_spreadsheets_holds_no_formula_either(server: Server) -> None:
    reply = server.ask(query=SELECT, format="tsv", cells="safe")
    cells = [line.split("\t")[1] for line in reply.text.splitlines()[1:]]
    assert [cell[:3] for cell in cells[:5]] == ["\"'=", "\"'=", "\"'+", "\"'-", "\"'@"]


def test_a_saved_question_is_safe_by_suffix_and_exact_when_asked_so(server: Server) -> None:
    asked = {"label": "trial 3, größer"}
    path = f"/queries/largest-trials.csv?{urlencode({'least': '55'})}"
    safe, exact = server.ask(path), server.ask(f"{path}&cells=exact")
    assert safe.headers["X-Trialgraph-Cells"] == "safe"
    assert safe.headers["Content-Disposition"] == "attachment; filename=largest-trials.csv"
    assert exact.headers["X-Trialgraph-Cells"] == "exact"
    assert safe.body == exact.body, "nothing in it is a formula"
    assert (
        server.ask("/queries/largest-trials", headers={"Accept": "text/csv"}).headers["X-Trialgraph-Cells"]
        == "exact"
    )
    assert server.ask(f"{path}&cells=x").status == 400
    assert server.ask(f"/queries/one-trial.ttl?{urlencode(asked)}").headers["X-Trialgraph-Cells"] is None


def test_a_file_of_the_release_is_exact_unless_it_is_for_a_spreadsheet(
    server: Server, small_release: Any
) -> None:
    exact = server.ask("/export/trials.csv")
    assert exact.body == small_release.file("trials.csv").read_bytes()
    safe = server.ask("/export/trials.csv", cells="safe")
    assert (safe.status, safe.body) == (200, exact.body)
    assert safe.headers["Content-Disposition"] == "attachment; filename=trials.csv"
    assert safe.headers["ETag"] != exact.headers["ETag"]
    again = server.ask("/export/trials.csv", cells="safe", headers={"If-None-Match": safe.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert server.ask("/export/none.csv", cells="safe").status == 404


def test_no_page_links_to_anything_but_the_web_and_itself(server: Server) -> None:
    text = server.ask(query=SELECT, headers=HTML).text
    for iri in IRIS:
        if not iri.startswith("http"):
            assert f'href="{iri}' not in text
    assert "<script>alert" not in text
    assert "onerror=alert(1)>" not in text
    assert "'onclick='" not in text.replace("&#39;", "")


def memory(pid: int, what: str) -> int:
    """Of a process in kilobytes; ``VmHWM`` is the most that it ever had."""
    try:
        return int(Path(f"/proc/{pid}/status").read_text().partition(f"{what}:")[2].split()[0])
    except (OSError, IndexError):  # it has just ended
        return 0


def of_tree(server: Server) -> int:
    pid = server.process.pid
    return sum(memory(one, "VmRSS") for one in (pid, *children(pid)))


def test_a_page_of_long_rows_takes_few_megabytes(small_release: Release, small_queries: Path) -> None:
    """In pages, graphs, workbooks, and all at once; the worker is stopped at the budget, and none is lost."""
    with Server(small_release.path, small_queries, {"TRIALGRAPH_WORKERS": "2"}) as server:
        for query in ("SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"):
            server.ask(query=query, headers=HTML)
        server.ask(query="SELECT * { ?s ?p ?o }", format="xlsx")
        most, tree = memory(server.process.pid, "VmHWM"), of_tree(server)
        for query in (LONG_ROWS, LONG_TRIPLES, LONG_CELL):
            page = server.ask(query=query, headers=HTML)
            assert (page.status, page.type) == (200, "text/html")
            assert len(page.body) < 100_000
            said = re.findall("<caption>(.*?)</caption>", page.text)
            assert said
            assert "larger than 4 MB; a download has all" in said[0]
            book = server.ask(query=query.replace("LIMIT 500", "LIMIT 501"), format="xlsx")
            assert book.status in (400, 413), "a graph has no workbook"
        with ThreadPoolExecutor(8) as threads:
            asked = [f"{LONG_ROWS} # {n}" for n in range(8)]
            assert {r.status for r in threads.map(lambda q: server.ask(query=q, headers=HTML), asked)} == {
                200
            }
        assert memory(server.process.pid, "VmHWM") - most < 100_000
        wait_until(lambda: of_tree(server) < tree + 100_000)
        assert server.ask(query="ASK {}").status == 200


def test_long_cells_are_cut_in_sight_and_whole_as_a_download(server: Server) -> None:
    query = f"SELECT ?x9 {{ BIND('0123456789' AS ?x0) {DOUBLED} }}"
    page = server.ask(query=query, headers=HTML)
    assert "0123456789 … (5,120 characters in all)" in page.text
    assert "Long values are cut; a download has them whole" in page.text
    assert len(server.ask(query=query, format="csv").text) > 5_120


MCP = """
import sys
from pathlib import Path
from trialgraph.cli.mcp_server import _Tools
from trialgraph.query.pool import Pool
from trialgraph.release.open import open_release

def most():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])

release = open_release(Path(sys.argv[1]))
with Pool(release, size=1) as pool:
    tools = _Tools(release, pool, {})
    tools.answer("SELECT * { ?s ?p ?o }")
    before = most()
    for query in sys.argv[2:]:
        said = tools.answer(query)
        assert not said["whole"] and "larger than 4 MB" in said["note"], said["note"]
        assert len(str(said)) < 1_000_000
    print(most() - before)
"""


def test_over_mcp_long_rows_take_few_megabytes(small_release: Release) -> None:
    queries = (LONG_ROWS, LONG_TRIPLES, LONG_CELL)
    command = [sys.executable, "-c", MCP, str(small_release.path), *queries]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 60_000
