"""Lines of canonical N-Quads: in the order of their quads, and taken apart as the engine does it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from trialgraph.rdf.lines import by_subject, datatype, in_line, iri, sorted_lines, split
from trialgraph.rdf.vocabulary import RDFS, XSD

A, B, G = (NamedNode(f"https://example.org/{name}") for name in ("a", "a/b", "graph"))
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")) | st.sampled_from(
    ['" <x> "', "a <https://example.org/g> .", "\u2028\x85\x0c\x1e", '\\" .\n', "^^", "@en"]
)
LITERALS = st.one_of(
    WORDS.map(Literal),
    WORDS.map(lambda words: Literal(words, language="en")),
    WORDS.map(lambda words: Literal(words, datatype=XSD.date)),
)
QUADS = st.sets(
    st.builds(
        Quad, st.sampled_from([A, B]), st.just(RDFS.comment), LITERALS | st.just(B), st.sampled_from([A, G])
    ),
    max_size=8,
)


@given(QUADS)
@settings(max_examples=80)
def test_lines_are_those_of_the_quads_in_their_order_and_come_apart(quads: set[Quad]) -> None:
    lines = sorted_lines(quads)
    assert [line.decode() for line in lines] == sorted(f"{quad} .\n" for quad in quads)
    assert {split(line) for line in lines} == {
        tuple(str(term).encode() for term in (q.subject, q.predicate, q.object, q.graph_name)) for q in quads
    }
    for quad in quads:
        if isinstance(quad.object, Literal):
            assert datatype(str(quad.object).encode()) == in_line(quad.object.datatype)
    found = dict(by_subject(lines))
    assert {iri(subject) for subject in found} == {
        q.subject.value for q in quads if isinstance(q.subject, NamedNode)
    }
    assert sum(map(len, found.values())) == len(quads)
