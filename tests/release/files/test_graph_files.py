"""Named graphs as parts of ``trialgraph.trig``, the merge as a file."""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from trialgraph.rdf.formats import GRAPH_FORMATS
from trialgraph.release.files.graph_files import graph_blocks, merge_file
from trialgraph.release.open import Release, open_release


def test_each_named_graph_is_a_block(two_sources: Release) -> None:
    held: dict[str, set[Triple]] = defaultdict(set)
    for quad in parse(path=str(two_sources.path / "trialgraph.nq"), format=RdfFormat.N_QUADS):
        assert isinstance(quad.graph_name, NamedNode)
        held[quad.graph_name.value].add(quad.triple)
    blocks = graph_blocks(two_sources)
    assert blocks.keys() == held.keys()
    for iri, stored in blocks.items():
        with stored.opened() as file:
            content = b"".join(iter(lambda: file.read(1 << 16), b""))
        assert len(content) == stored.size
        assert {q.triple for q in parse(content, RdfFormat.TURTLE)} == held[iri]
    assert len({stored.digest for stored in blocks.values()}) == len(blocks)


def copied(release: Release, folder: Path) -> Release:
    folder.mkdir()
    for name in ("manifest.json", "trialgraph.trig", "trialgraph.ttl"):
        shutil.copy(release.path / name, folder)
    return open_release(folder)


def test_a_file_that_is_written_otherwise_has_no_blocks(two_sources: Release, tmp_path: Path) -> None:
    release = copied(two_sources, tmp_path / "release")
    assert graph_blocks(release)
    path = release.path / "trialgraph.trig"
    text = path.read_bytes()
    for wrong in (text.replace(b"\n}\n", b"\n}\n\n"), text[:-2], text.partition(b"\n}\n")[0] + b"\n}\n", b""):
        path.write_bytes(wrong)
        assert graph_blocks(release) == {}
    path.unlink()
    assert graph_blocks(release) == {}


def test_the_merge_is_a_file_in_each_format(two_sources: Release, tmp_path: Path) -> None:
    assert all(merge_file(two_sources, name) for name in GRAPH_FORMATS)
    release = copied(two_sources, tmp_path / "release")
    assert {name for name in GRAPH_FORMATS if merge_file(release, name)} == {"turtle", "trig", "n3"}
    lossy = Release(
        two_sources.path,
        two_sources.hash,
        {
            **two_sources.manifest,
            "findings": [{"message": "x holds a character that RDF/XML cannot: U+FFFD there"}],
        },
    )
    assert merge_file(lossy, "rdfxml") is None
    assert merge_file(lossy, "turtle") is not None
