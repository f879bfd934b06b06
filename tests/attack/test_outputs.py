"""Hostile terms through every format: read back as they are, never run as anything else."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
import rdflib
from defusedxml.ElementTree import fromstring

from tests.hostile_terms import CONSTRUCT, IRIS, SELECT, TERMS
from tests.small_graph import Server

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
QUADS = {"trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS, "jsonld": ox.RdfFormat.JSON_LD}


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
