"""How many trials are compared, and how many comparisons agree and differ."""

from __future__ import annotations

from pyoxigraph import NamedNode, Quad, Store

from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDF, TG, concept
from trialgraph.release.lists.overview import AgreementCounts, count_agreement
from trialgraph.release.lists.queries import select_from


def test_nothing_is_counted_where_nothing_is_compared() -> None:
    assert count_agreement(select_from(Store())) == AgreementCounts(0, 0, 0)


def test_comparisons_are_counted_by_verdict_and_trials_once() -> None:
    store = Store()
    verdicts = ["agrees", "agrees", "differs", "only-left", "not-comparable"]
    for n, verdict in enumerate(verdicts):
        node = NamedNode(f"{iris.base()}comparison/{n}")
        store.add(Quad(node, RDF.type, TG.Comparison))
        store.add(Quad(node, TG.verdict, concept(f"verdict-{verdict}")))
        store.add(Quad(node, TG.comparesTrial, iris.trial(f"NCT0000000{n % 2}")))
    assert count_agreement(select_from(store)) == AgreementCounts(trials=2, agree=2, differ=1)
