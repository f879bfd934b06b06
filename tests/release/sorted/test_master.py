"""The merge of sorted runs is that of their quads, whatever is in which run; each format is that of the whole."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from trialgraph.rdf.formats import EXPORT_FORMATS, N_QUADS, N_TRIPLES
from trialgraph.rdf.lines import sorted_lines
from trialgraph.rdf.serialise import serialised
from trialgraph.rdf.vocabulary import PREFIXES, RDFS, TG
from trialgraph.release.sorted import exports
from trialgraph.release.sorted.exports import (
    dataset_formats,
    graph_formats,
    quads_of,
    write_dataset,
    write_graph,
)
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
    graphs = [(form, tmp_path / form.suffix) for form in graph_formats()]
    files = dict(zip(graph_formats(), write_graph(triples.path, graphs, written.prefixes), strict=True))
    for form in dataset_formats():
        stated = quads_of(map(part, written.graphs))
        files[form] = write_dataset(stated, tmp_path / form.suffix, form, written.prefixes)
    for form, made in files.items():
        assert made.path.read_bytes() == serialised(whole, form), form.name
        assert made.digest == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert {form.name for form in files} == EXPORT_FORMATS.keys() - {"nquads", "ntriples"}


@pytest.mark.parametrize("at_once", [1, 300, 1 << 20])
def test_a_graph_in_pieces_is_that_in_one(
    at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_AT_ONCE", at_once)
    choose = random.Random(at_once)  # noqa: S311 - to be repeated
    stated = {Quad(q.subject, q.predicate, q.object) for q in some(choose, 60)}
    stated |= {Quad(BlankNode("b"), RDFS.label, text) for text in TEXTS}
    path = tmp_path / "some.nt"
    path.write_bytes(serialised(stated, N_TRIPLES))
    prefixes = {"rdfs": PREFIXES["rdfs"], "tg": PREFIXES["tg"]}
    for form in graph_formats():
        (made,) = write_graph(path, [(form, tmp_path / form.suffix)], prefixes)
        assert made.path.read_bytes() == serialised(stated, form), form.name


def test_an_empty_graph_is_a_document(tmp_path: Path) -> None:
    (tmp_path / "some.nt").touch()
    paths = [(form, tmp_path / form.suffix) for form in graph_formats()]
    for (form, _), made in zip(paths, write_graph(tmp_path / "some.nt", paths, {}), strict=True):
        assert made.path.read_bytes() == serialised([], form)


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    with pytest.raises(FileExistsError):
        HashedFile(tmp_path / "file")
