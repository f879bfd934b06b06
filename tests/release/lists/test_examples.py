"""Examples of the values of properties: the commonest ones, none that is long, of no graph that is left out."""

from __future__ import annotations

from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDF, RDFS, TG, VOID
from trialgraph.release.lists.examples import EXAMPLE_CHARS, EXAMPLES, NO_EXAMPLES, found_examples
from trialgraph.release.lists.queries import select_from

HERE, META = NamedNode("http://x.org/graph"), iris.graph("meta")
ONE, TWO = NamedNode("http://x.org/1"), NamedNode("http://x.org/2")


def examples(*stated: tuple[NamedNode, NamedNode, Any], graph: NamedNode = HERE) -> list[dict[str, Any]]:
    """Of a property in a store that holds those statements in a graph."""
    store = Store()
    for name, one in enumerate((TG.phase, RDF.type)):
        store.add(Quad(NamedNode(f"http://x.org/part/{name}"), VOID.property, one, META))
    for subject, predicate, value in stated:
        for place in (graph, DefaultGraph()):  # which is the merge of all, as in a release
            store.add(Quad(subject, predicate, value, place))
    found = found_examples(select_from(store))
    assert set(found) <= {"tg:phase"}
    return found.get("tg:phase", [])


def test_the_commonest_come_first_with_their_labels() -> None:
    value = NamedNode("http://x.org/value")
    found = examples(
        (ONE, TG.phase, value),
        (TWO, TG.phase, value),
        (ONE, TG.phase, Literal("b")),
        (ONE, TG.phase, Literal("a")),
        (value, RDFS.label, Literal("value", language="en")),
        (value, RDFS.label, Literal("a value")),
        (value, RDFS.label, Literal("Wert", language="de")),
        (ONE, RDF.type, value),
    )
    assert found[0] == {"value": value.value, "label": "a value", "count": 2}
    assert [one["value"] for one in found[1:]] == ["a", "b"]
    assert all("label" not in one for one in found[1:])


def test_there_are_a_few_and_none_is_long() -> None:
    long, most = Literal("x" * (EXAMPLE_CHARS + 1)), Literal("y" * EXAMPLE_CHARS)
    several = [(ONE, TG.phase, Literal(str(n))) for n in range(EXAMPLES + 3)]
    twice = [(node, TG.phase, value) for node in (ONE, TWO) for value in (long, most)]
    found = examples(*several, *twice)
    assert [one["value"] for one in found][:2] == [most.value, "0"]
    assert len(found) == EXAMPLES


def test_of_nodes_without_a_name_and_of_long_iris_none_is_shown() -> None:
    far = NamedNode("http://x.org/" + "z" * EXAMPLE_CHARS)
    found = examples((ONE, TG.phase, BlankNode("b")), (ONE, TG.phase, far), (TWO, TG.phase, Literal("a")))
    assert [one["value"] for one in found] == ["a"]


def test_graphs_with_words_of_sources_are_left_out() -> None:
    for name in NO_EXAMPLES:
        assert examples((ONE, TG.phase, Literal("verbatim")), graph=iris.graph(name)) == []
