"""The merge of sorted runs is that of their quads, whatever is in which run; each format is that of the whole."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from trialgraph.rdf.formats import EXPORT_FORMATS, N_QUADS, N_TRIPLES
from trialgraph.rdf.lines import sorted_lines
from trialgraph.rdf.serialise import serialised
from trialgraph.rdf.vocabulary import RDFS, TG
from trialgraph.release.sorted.exports import other_formats, quads_of, triples_of, write_triples
from trialgraph.release.sorted.master import parts_of, write_master, write_whole
from trialgraph.release.sorted.output import HashedFile
from trialgraph.release.sorted.runs import LineFile, merged_lines, write_run

NODES = [NamedNode(f"https://example.org/{name}") for name in ("a", "a/b", "é", "graph/ontology")]
TEXTS = [Literal("x"), Literal("x", language="en"), Literal("a\r\nb \x07 \u2028 👍"), Literal("1")]


def some(choose: random.Random, number: int) -> set[Quad]:
    values: list[NamedNode | Literal] = [*NODES, *TEXTS]

    def quad() -> Quad:
        predicate = choose.choice([RDFS.label, TG.verbatim])
        return Quad(choose.choice(NODES), predicate, choose.choice(values), choose.choice(NODES))

    return {quad() for _ in range(number)}


def runs(folder: Path, *parts: set[Quad]) -> list[Path]:
    made = [folder / f"{n}.run" for n in range(len(parts))]
    for path, quads in zip(made, parts, strict=True):
        write_run(sorted_lines(quads), path)
    return made


@pytest.mark.parametrize("number", [1, 2, 7])
def test_the_files_are_those_of_all_quads_together(number: int, tmp_path: Path) -> None:
    choose = random.Random(number)  # noqa: S311 - to be repeated
    parts = [some(choose, 60) for _ in range(number)]
    whole: set[Quad] = set().union(*parts)
    master = write_master(merged_lines(runs(tmp_path, *parts)), tmp_path / "dataset.nq")
    expected = serialised(whole, N_QUADS)
    assert (tmp_path / "dataset.nq").read_bytes() == expected
    assert master.digest == hashlib.sha256(expected).hexdigest()
    assert master.triples == len({quad.triple for quad in whole})
    assert sum(master.graphs.values()) == len(whole)
    (tmp_path / "parts").mkdir()
    part = parts_of(tmp_path / "parts")
    with HashedFile(tmp_path / "all.nq") as quads, HashedFile(tmp_path / "all.nt") as triples:
        written = write_whole(LineFile(tmp_path / "dataset.nq"), quads, triples, part)
    assert (quads.digest, quads.size) == (master.digest, len(expected))
    assert triples.path.read_bytes() == serialised(whole, N_TRIPLES)
    assert (written.triples, set(written.graphs)) == (master.triples, set(master.graphs))
    for form in other_formats():
        stated = quads_of(map(part, written.graphs)) if form.dataset else triples_of(triples.path)
        made = write_triples(stated, tmp_path / form.suffix, form, written.prefixes)
        assert made.path.read_bytes() == serialised(whole, form), form.name
        assert made.digest == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert {form.name for form in other_formats()} == EXPORT_FORMATS.keys() - {"nquads", "ntriples"}


def test_pieces_of_xml_may_end_within_a_character(tmp_path: Path) -> None:
    words = "é👍\r\x07" * 40_000
    quad = Quad(NODES[0], RDFS.label, Literal(words), NODES[0])
    form = EXPORT_FORMATS["rdfxml"]
    made = write_triples([quad.triple], tmp_path / "long.rdf", form, {})
    (found,) = parse(path=str(made.path), format=RdfFormat.RDF_XML)
    assert isinstance(found.object, Literal)
    assert found.object.value == words.replace("\x07", "\ufffd")


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    with pytest.raises(FileExistsError):
        HashedFile(tmp_path / "file")
