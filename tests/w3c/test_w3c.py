"""The harness tells right from wrong; and, where a checkout is named, the suites themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_graph import write_queries
from tests.w3c.answers import csv_answer, same
from tests.w3c.misses import MISSES
from tests.w3c.protocol import Exchange, ProtocolCase, judged
from tests.w3c.run import run, run_queries
from tests.w3c.server import Endpoint
from tests.w3c.suite import cases_of

MANIFEST = """
@prefix mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> .
@prefix qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#> .
@prefix : <#> .
<> a mf:Manifest ; mf:entries ( :right :wrong :nodes :csv :sound :unsound :malformed :mistaken ) .
:right a mf:QueryEvaluationTest ; mf:name "right" ; mf:action _:asked ; mf:result <two.srj> .
:wrong a mf:QueryEvaluationTest ; mf:name "wrong" ; mf:action _:asked ; mf:result <three.srj> .
_:asked qt:query <all.rq> ; qt:data <data.ttl> ; qt:graphData <more.ttl> .
:nodes a mf:QueryEvaluationTest ; mf:name "nodes" ;
  mf:action [ qt:query <nodes.rq> ; qt:data <data.ttl> ] ; mf:result <nodes.ttl> .
:csv a mf:CSVResultFormatTest ; mf:name "csv" ;
  mf:action [ qt:query <all.rq> ; qt:data <data.ttl> ] ; mf:result <one.csv> .
:sound a mf:PositiveSyntaxTest11 ; mf:name "sound" ; mf:action <all.rq> .
:unsound a mf:PositiveSyntaxTest11 ; mf:name "unsound" ; mf:action <broken.rq> .
:malformed a mf:NegativeSyntaxTest11 ; mf:name "malformed" ; mf:action <broken.rq> .
:mistaken a mf:NegativeSyntaxTest11 ; mf:name "mistaken" ; mf:action <all.rq> .
"""
ROW = '{{"x":{{"type":"literal","value":"{}"}}}}'
FILES = {
    "manifest.ttl": MANIFEST,
    "data.ttl": '<a> <p> "1" , _:b . _:b <q> _:c .',
    "more.ttl": '<a> <p> "2" .',
    "all.rq": "SELECT ?x { { ?s <p> ?x } UNION { GRAPH <more.ttl> { ?s <p> ?x } } FILTER(isLITERAL(?x)) }",
    "nodes.rq": "CONSTRUCT { ?x <r> ?y } { ?x <q> ?y }",
    "nodes.ttl": "_:one <r> _:other .",
    "broken.rq": "SELECT ?x {",
    "two.srj": f'{{"head":{{"vars":["x"]}},"results":{{"bindings":[{ROW.format(2)},{ROW.format(1)}]}}}}',
    "three.srj": f'{{"head":{{"vars":["x"]}},"results":{{"bindings":[{ROW.format(1)},{ROW.format(3)}]}}}}',
    "one.csv": "x\r\n1\r\n",
}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    folder = tmp_path_factory.mktemp("w3c")
    with Endpoint(folder, write_queries(folder / "queries")) as made:
        yield made


def test_the_harness_tells_right_from_wrong(endpoint: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    for name, text in FILES.items():
        (tmp_path / "mine" / name).write_text(text)
    outcomes = {o.id: o for o in run_queries(endpoint, cases_of(tmp_path, "mine"), lambda _: None)}
    assert len(outcomes) == 8
    right = {name for name, o in outcomes.items() if not o.wrong}
    assert right == {"right", "nodes", "csv", "sound", "malformed"}
    assert {name for name, o in outcomes.items() if not o.engine} == right


def test_the_harness_tells_a_wrong_protocol_answer(endpoint: Endpoint) -> None:
    def case(path: str, statuses: set[int], truth: bool | None, form: str) -> ProtocolCase:
        return ProtocolCase(
            "x", "x", (), (Exchange("GET", path, None, {}, frozenset(statuses), truth, form),)
        )

    asked = "/sparql?query=ASK%20%7B%7D"
    with endpoint.holding([]):
        assert judged(endpoint, case(asked, {2}, True, "boolean")) == ""
        assert judged(endpoint, case(asked, {2}, False, "boolean")) == "the answer is True"
        assert judged(endpoint, case(asked, {4}, None, "")) == "status 200"
        assert "no tabular" in judged(endpoint, case(asked, {2}, None, "tabular"))
        assert "is no RDF" in judged(endpoint, case(asked, {2}, None, "RDF"))
        assert judged(endpoint, case("/sparql?query=ASK", {4}, None, "")) == ""


def test_tables_are_compared_by_what_they_say() -> None:
    assert same(csv_answer(b"a,b\r\n1,_:x\r\n2,\r\n"), csv_answer(b"b,a\r\n,2\r\n_:y,1\r\n"))
    assert not same(csv_answer(b"a,b\r\n1,2\r\n"), csv_answer(b"a,b\r\n2,1\r\n"))
    assert not same([{}], [{}, {}])
    assert not same(True, [])


@pytest.mark.skipif(not os.environ.get("RDF_TESTS"), reason="RDF_TESTS names no checkout of w3c/rdf-tests")
def test_the_suites_are_passed_but_for_the_misses_that_are_explained() -> None:
    outcomes = run(Path(os.environ["RDF_TESTS"]))
    assert len(outcomes) > 370
    assert {(o.suite, o.id) for o in outcomes if o.wrong} == set(MISSES)
