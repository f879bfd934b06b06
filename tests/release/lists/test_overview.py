"""How many trials are compared, and how many comparisons agree and differ."""

from __future__ import annotations

from pyoxigraph import NamedNode, Quad, Store

from trialgraph.rdf import iris, record_iris
from trialgraph.rdf.vocabulary import RDF, TG, concept
from trialgraph.release.lists.overview import AgreementCounts, count_agreement
from trialgraph.release.lists.queries import select_from


def test_nothing_is_counted_where_nothing_is_compared() -> None:
    assert count_agreement(select_from(Store())) == AgreementCounts()


def test_comparisons_are_counted_by_verdict_and_trials_once() -> None:
    store = Store()
    verdicts = ["agrees", "agrees", "differs", "only-left", "not-comparable"]
    for n, verdict in enumerate(verdicts):
        node = NamedNode(f"{iris.base()}comparison/{n}")
        store.add(Quad(node, RDF.type, TG.Comparison))
        store.add(Quad(node, TG.verdict, concept(f"verdict-{verdict}")))
        store.add(Quad(node, TG.comparesTrial, iris.trial(f"NCT0000000{n % 2}")))
    assert count_agreement(select_from(store)) == AgreementCounts(trials=2, agree=2, differ=1)


def test_differences_are_counted_by_what_the_sides_are() -> None:
    store = Store()
    row, record = iris.report("review", 1), iris.report("records", "NCT00000001")
    store.add(Quad(row, TG.fromRow, iris.row("review", 1)))
    store.add(Quad(record, TG.fromRecord, record_iris.record("records", "NCT00000001")))
    for n, (left, right) in enumerate([(row, row), (row, record), (row, record), (record, record)]):
        node = NamedNode(f"{iris.base()}comparison/{n}")
        store.add(Quad(node, TG.verdict, concept("verdict-differs")))
        store.add(Quad(node, TG.leftReport, left))
        store.add(Quad(node, TG.rightReport, right))
    made = count_agreement(select_from(store))
    assert (made.differ, made.of_reviews, made.of_registries) == (4, 1, 2)
