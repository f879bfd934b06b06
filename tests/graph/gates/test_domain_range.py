"""A pass over the quads finds what the queries find that it replaces: on sound graphs, and on every defect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import Quad, QuerySolutions, RdfFormat, Store, parse

from tests.graph.batches import batches, record_of
from tests.graph.mutations import broken
from trialgraph.graph.gates.declared import undeclared
from trialgraph.graph.gates.domain_range import misplaced
from trialgraph.rdf.merged_store import merged_store
from trialgraph.rdf.statements import statements_of
from trialgraph.release.open import Release

QUERIES: Final = [
    Path(__file__).with_name(name).read_text(encoding="utf-8") for name in ("domain_range.rq", "declared.rq")
]
MADE: Final = """
@prefix ex: <http://example.org/> . @prefix tg: <https://w3id.org/trialgraph/ontology/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
tg:A a owl:Class . tg:B a owl:Class ; rdfs:subClassOf tg:A . ex:C a owl:Class ; rdfs:subClassOf tg:B , tg:A .
tg:A rdfs:subClassOf tg:B .
tg:p rdfs:domain tg:A ; rdfs:range tg:B . ex:q rdfs:domain ex:C , [ a owl:Class ] ; rdfs:range ex:C .
tg:r rdfs:domain tg:B ; rdfs:range tg:Undeclared .
ex:one a ex:C ; tg:p ex:two , "text" ; ex:q ex:three ; tg:r ex:one .
ex:two a tg:A ; tg:p ex:one , ex:three ; ex:q ex:two . ex:three tg:p ex:three ; tg:r "x" . [] tg:p ex:one .
"""
NAMELESS: Final = """
@prefix ex: <http://example.org/> . @prefix tg: <https://w3id.org/trialgraph/ontology/> .
ex:data { ex:one a tg:Odd ; tg:odd _:b . _:b ex:p "x" . }
<http://example.org/graph/ontology> { _:c ex:p ex:q . }
"""


def by_query(store: Store) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for query in QUERIES:
        answers = store.query(query)
        assert isinstance(answers, QuerySolutions)
        found |= {(getattr(a["focus"], "value", str(a["focus"])), a["message"].value) for a in answers}
    return found


def in_one_pass(quads: Iterable[Quad]) -> set[tuple[str, str]]:
    stated = statements_of(quads)
    return {(one.focus.removeprefix("_:"), one.message) for one in (*misplaced(stated), *undeclared(stated))}


@pytest.mark.parametrize("batch", batches(record_of("mutations")), ids=lambda batch: batch[0])
def test_they_agree_on_defects(batch: Sequence[str]) -> None:
    graph = broken(batch)
    assert in_one_pass(graph) == by_query(merged_store(graph))


def test_they_agree_on_a_seed(sample: Release) -> None:
    quads = list(parse(path=str(sample.file("dataset.nq")), format=RdfFormat.N_QUADS))
    assert in_one_pass(quads) == by_query(merged_store(quads)) == set()


def test_they_agree_on_classes_below_each_other_and_foreign_ones() -> None:
    quads = list(parse(MADE, format=RdfFormat.TURTLE))
    found = in_one_pass(quads)
    assert found == by_query(merged_store(quads))
    assert len(found) >= 6
    assert ("http://example.org/two", "tg:p leads to Bs only") in found


def test_they_agree_on_nodes_without_a_name_and_undeclared_words() -> None:
    quads = list(parse(NAMELESS, format=RdfFormat.TRIG))
    found = in_one_pass(quads)
    assert found == by_query(merged_store(quads))
    assert {message for _, message in found} == {
        "a class that the ontology does not declare",
        "a property that the ontology does not declare",
        "there are no blank nodes in the data",
    }
