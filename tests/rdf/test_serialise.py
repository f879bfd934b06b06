"""Quads to bytes: the same set gives the same bytes, and no character is lost."""

from __future__ import annotations

import random
from collections.abc import Iterable

import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, parse

from trialgraph.base.xml_characters import NOT_IN_XML
from trialgraph.rdf.formats import EXPORT_FORMATS, N_QUADS, N_TRIPLES, RDF_XML, TURTLE
from trialgraph.rdf.serialise import canonical, serialised
from trialgraph.rdf.vocabulary import RDFS, TG, XSD

A, B = NamedNode("https://example.org/a"), NamedNode("https://example.org/b")
G, H = NamedNode("https://example.org/g"), NamedNode("https://example.org/h")
# All that a decoded source can hold, NUL aside (sources refuse it): no surrogates.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
QUADS = st.sets(
    st.builds(
        Quad,
        st.sampled_from([A, B]),
        st.sampled_from([RDFS.comment, TG.verbatim]),
        WORDS.map(Literal) | st.integers().map(lambda n: Literal(str(n), datatype=XSD.integer)) | st.just(B),
        st.sampled_from([G, H]),
    ),
    max_size=8,
)


def every_format(quads: Iterable[Quad]) -> dict[str, bytes]:
    quads = list(quads)
    return {form.name: serialised(quads, form) for form in EXPORT_FORMATS.values()}


def not_xml(quads: Iterable[Quad]) -> list[Quad]:
    return [quad for quad in quads if NOT_IN_XML.search(getattr(quad.object, "value", ""))]


@given(QUADS, st.randoms())
def test_the_order_of_the_quads_does_not_matter(quads: set[Quad], dice: random.Random) -> None:
    shuffled = sorted(quads, key=lambda _: dice.random())
    assert every_format(shuffled) == every_format(quads)


@given(QUADS)
@settings(max_examples=60)
def test_what_was_written_is_read_back(quads: set[Quad]) -> None:
    merge = {quad.triple for quad in quads}
    for name, text in every_format(quads).items():
        form = EXPORT_FORMATS[name]
        if form.name == "rdfxml" and not_xml(quads):
            continue
        found = set(parse(text, format=form.engine))
        assert found == quads if form.dataset else {quad.triple for quad in found} == merge, name


@given(QUADS)
@settings(max_examples=30)
def test_rdflib_reads_turtle_and_xml_to_the_letter(quads: set[Quad]) -> None:
    fit = quads - set(not_xml(quads))
    merge = {(str(q.subject), str(q.predicate), getattr(q.object, "value", "")) for q in fit}
    for form, reader in ((TURTLE, "turtle"), (RDF_XML, "xml")):
        found = rdflib.Graph().parse(data=serialised(fit, form), format=reader)
        assert {(s.n3(), p.n3(), str(o)) for s, p, o in found} == merge, form.name


def test_a_triple_of_two_graphs_is_one_triple_of_the_merge() -> None:
    quads = [Quad(A, RDFS.comment, B, G), Quad(A, RDFS.comment, B, H)]
    assert serialised(quads, N_TRIPLES).count(b"\n") == 1
    assert serialised(quads, N_QUADS).count(b"\n") == 2


def test_lines_are_sorted_by_code_point() -> None:
    quads = [Quad(A, RDFS.comment, Literal(words), G) for words in ("é", "Z", "a", "\U0001f44d")]
    assert [line.split('"')[1] for line in serialised(quads, N_QUADS).decode().splitlines()] == [
        "Z",
        "a",
        "é",
        "\U0001f44d",
    ]


def test_blank_nodes_are_named_over_all_graphs_at_once() -> None:
    def quads(one: str, other: str) -> set[Quad]:
        first, second = BlankNode(one), BlankNode(other)
        return {
            Quad(first, RDFS.seeAlso, second, G),
            Quad(second, RDFS.label, Literal("_: end"), G),
            Quad(first, RDFS.label, Literal("start"), H),
            Quad(A, RDFS.label, Literal("no blank node"), H),
        }

    assert canonical(quads("a", "b")) == canonical(quads("b", "a")) == canonical(canonical(quads("x", "y")))
    assert {str(quad.subject) for quad in canonical(quads("a", "b"))} == {"_:c14n0", "_:c14n1", str(A)}


def test_what_xml_cannot_hold_is_replaced() -> None:
    bell = Quad(A, RDFS.comment, Literal("bell \x07"), G)
    found = rdflib.Graph().parse(data=serialised([bell], RDF_XML), format="xml")
    assert [str(o) for o in found.objects()] == ["bell \ufffd"]
