"""What is looked up in a sorted file is what stands in it, wherever its pieces begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from trialgraph.rdf.formats import N_TRIPLES
from trialgraph.rdf.lines import in_line, lines_with, term
from trialgraph.rdf.serialise import serialised
from trialgraph.rdf.vocabulary import RDF, RDFS, TG
from trialgraph.release.sorted import lookup
from trialgraph.release.sorted.lookup import SortedTriples

NODES = [NamedNode(f"http://e/{name}") for name in ("a", "a/b", "a/b/c", "ab", "é", "z")]
TEXTS = [Literal(text) for text in ("x", 'a "quoted"\n text', f" {RDF.type} ", "é 👍")]


@pytest.mark.parametrize("piece", [1, 50, 200, 1 << 15])
def test_each_node_has_its_statements(piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_PIECE", piece)
    stated = [Quad(node, RDFS.label, text) for node in NODES[:-1] for text in TEXTS]
    stated += [Quad(node, RDF.type, TG.Trial) for node in NODES[1:4]]
    path = tmp_path / "some.nt"
    path.write_bytes(serialised(stated, N_TRIPLES))
    with SortedTriples(path) as triples:
        for node in (*NODES, NamedNode("http://e/"), NamedNode("http://zz/")):
            found = [(term(p), term(o)) for p, o, _ in triples.about(in_line(node))]
            expected = {(quad.predicate, quad.object) for quad in stated if quad.subject == node}
            assert set(found) == expected
            assert len(found) == len(expected)
            for predicate in (RDF.type, RDFS.label):
                objects = [str(o) for p, o in found if p == predicate]
                assert objects == sorted(objects)
        assert {*triples.subjects(in_line(RDF.type))} == {*map(in_line, NODES[1:4])}
        assert {*triples.subjects(in_line(RDF.type), in_line(TG.Trial))} == {*map(in_line, NODES[1:4])}
        assert not {*triples.subjects(in_line(RDF.type), in_line(TG.Report))}


def test_an_empty_file_has_nothing(tmp_path: Path) -> None:
    (tmp_path / "some.nt").touch()
    with SortedTriples(tmp_path / "some.nt") as triples:
        assert not [*triples.about(b"<http://e/a>"), *triples.subjects(b"<http://e/p>")]


def test_lines_with_a_mark_come_once_and_in_order() -> None:
    lines = [b"%d a b\n" % n if n % 3 else b"%d b\n" % n for n in range(20_000)]
    assert [*lines_with(lines, (b" a ", b" b"))] == lines
    assert [*lines_with(lines, (b" a ",))] == [line for line in lines if b" a " in line]
