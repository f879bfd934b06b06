"""The store of a release is filled a part at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Store

from trialgraph.release.sorted import filled_store as module
from trialgraph.release.sorted.filled_store import filled_store
from trialgraph.release.store_check import STORE

TRIPLES = [
    '<x:a> <x:p> "one"',
    '<x:a> <x:p> "two"',
    "<x:b> <x:q> _:c",
    "<x:d> <x:q> _:c",
    '_:c <x:p> "three"',
]


@pytest.mark.parametrize("at_once", [1, 2, 5, 100])
def test_no_quad_is_lost_and_blank_nodes_stay_one(
    at_once: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", at_once)
    (tmp_path / "trialgraph.nq").write_text("".join(f"{one} <x:g> .\n" for one in TRIPLES), encoding="utf-8")
    (tmp_path / "trialgraph.nt").write_text("".join(f"{one} .\n" for one in TRIPLES), encoding="utf-8")
    said: list[str] = []
    filled_store(tmp_path, len(TRIPLES), len(TRIPLES), said.append)
    store = Store.read_only(str(tmp_path / STORE))
    named = {q.triple for q in store.quads_for_pattern(None, None, None, NamedNode("x:g"))}
    merged = {q.triple for q in store.quads_for_pattern(None, None, None, DefaultGraph())}
    assert named == merged
    assert len(store) == 2 * len(TRIPLES)
    assert len({triple.object for triple in merged if triple.predicate == NamedNode("x:q")}) == 1
    assert said[-1].startswith("filling the store: 10 of 10 quads, ")
