"""Streams of sorted lines are written to the very bytes that the whole graph in memory is written to."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from trialgraph.rdf.formats import EXPORT_FORMATS
from trialgraph.rdf.serialise import serialised
from trialgraph.rdf.vocabulary import RDFS, TG
from trialgraph.release.exports.lines import as_line, written

NODES = tuple(NamedNode(f"https://example.org/{name}") for name in ("a", "a/b", "b"))
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4)
QUADS = st.sets(
    st.builds(
        Quad,
        st.sampled_from(NODES),
        st.sampled_from((RDFS.label, TG.verbatim, TG.disease)),
        WORDS.map(Literal) | WORDS.map(lambda text: Literal(text, language="en")) | st.sampled_from(NODES),
        st.sampled_from(NODES),
    ),
    max_size=8,
)


@pytest.mark.parametrize("name", EXPORT_FORMATS)
def test_bytes_are_those_of_the_graph_in_memory(name: str) -> None:
    form = EXPORT_FORMATS[name]

    @given(QUADS)
    @settings(max_examples=15)
    def same(quads: set[Quad]) -> None:
        lines = sorted(map(as_line, quads))
        assert b"".join(written(lines, form, named=True)) == serialised(quads, form)
        merged = {Quad(q.subject, q.predicate, q.object) for q in quads}
        assert b"".join(written(sorted(map(as_line, merged)), form, named=False)) == serialised(merged, form)

    same()
