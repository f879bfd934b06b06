"""The runs of a build hold the same quads, and its checks find the same, whatever the number of shards."""

from __future__ import annotations

from pathlib import Path

from tests.paths import FIRST
from trialgraph.base.settings import Settings
from trialgraph.build.reference import reference_quads
from trialgraph.build.runs import run_shards
from trialgraph.build.shard_quads import StatedShard
from trialgraph.build.shards import shards_of
from trialgraph.build.shared_nodes import shared_node_findings
from trialgraph.extract.comparisons.side_by_side import SideBySide
from trialgraph.pipeline import read_all
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.release.open import Release
from trialgraph.release.sorted.runs import merged_lines, write_run


def test_the_quads_of_several_shards_are_those_of_one(release: Release, tmp_path: Path) -> None:
    """And so are the findings: none."""
    (read,) = read_all([FIRST])
    shards = shards_of(read.reports, [read.source], [read.table], SideBySide(), 11)
    told: list[str] = []
    runs, findings, lines = run_shards(
        shards, reference_quads(read.reports), tmp_path, Settings(jobs=1), told.append
    )
    assert (len(runs), findings, lines) == (3, (), [])
    assert b"".join(merged_lines(runs)) == release.file("dataset.nq").read_bytes()
    assert told[0] == "checking"
    assert [words.partition(", ")[0] for words in told[1:]] == [
        f"checking: {n} of 21 reports" for n in (11, 21)
    ]


def test_what_shards_say_of_a_shared_node_is_checked_together(tmp_path: Path) -> None:
    product, graph = iris.product("Cx611").value, iris.graph("one").value
    tg, tgc = PREFIXES["tg"], PREFIXES["tgc"]

    def shard(number: int, donor: str) -> StatedShard:
        held = sorted(
            f"<{product}> <{predicate}> {value} <{graph}> .\n".encode()
            for predicate, value in (
                (PREFIXES["rdf"] + "type", f"<{tg}CellProduct>"),
                (PREFIXES["rdfs"] + "label", '"Cx611"'),
                (tg + "donorType", f"<{tgc}{donor}>"),
            )
        )
        run = tmp_path / f"{number}-{donor}.run"
        write_run(held, run)
        return StatedShard(number, run, (), (), b"", {f"<{product}>".encode(): donor.encode()})

    assert list(shared_node_findings([shard(0, "allogeneic"), shard(1, "allogeneic")], frozenset())) == []
    found = list(shared_node_findings([shard(2, "allogeneic"), shard(3, "autologous")], frozenset()))
    assert {one.focus for one in found} == {product}
    assert "tg:donorType: a product has one donor type, autologous or allogeneic" in {
        one.message for one in found
    }
