"""Opening a release's store, from its cache and from its master."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pyoxigraph import Store

from tests.small_graph import DEMO, SUMMARY, write_release
from trialgraph.base.errors import ReleaseError
from trialgraph.release.open import Release
from trialgraph.release.store import merged, open_store


def canonical(store: Store) -> set[str]:
    return {str(quad) for quad in store}


def test_the_default_graph_is_the_merge_of_the_named_graphs(small_release: Release) -> None:
    store = open_store(small_release)
    default: set[tuple[str, str, str]] = set()
    named: set[tuple[str, str, str]] = set()
    for quad in store:
        triple = (str(quad.subject), str(quad.predicate), str(quad.object))
        (default if str(quad.graph_name) == "DEFAULT" else named).add(triple)
    assert default == named
    assert len(default) == 184


def test_the_store_cannot_be_written_to(small_release: Release) -> None:
    with pytest.raises((OSError, RuntimeError)):
        open_store(small_release).update("INSERT DATA { <a:a> <a:b> <a:c> }")


@pytest.mark.parametrize("damage", ["missing", "broken"])
def test_without_its_cache_the_store_comes_from_the_master(tmp_path: Path, damage: str) -> None:
    release = write_release(tmp_path / "r")
    whole = canonical(open_store(release))
    shutil.rmtree(release.path / "store")
    if damage == "broken":
        (release.path / "store").mkdir()
        (release.path / "store" / "CURRENT").write_text("nonsense\n")
    assert canonical(open_store(release)) == whole


def test_a_release_without_cache_and_master_is_one_clear_error(tmp_path: Path) -> None:
    release = write_release(tmp_path / "r")
    shutil.rmtree(release.path / "store")
    (release.path / "meta.nq").unlink()
    with pytest.raises(ReleaseError, match=r"meta\.nq cannot be read; make the release again"):
        open_store(release)


def test_merged_graphs_hold_a_shared_triple_once(small_release: Release) -> None:
    store = open_store(small_release)
    both = merged(store, (DEMO, SUMMARY), (SUMMARY,))
    graphs = [str(quad.graph_name) for quad in both]
    assert graphs.count("DEFAULT") == 183
    assert graphs.count(f"<{SUMMARY}>") == 60
    assert len(graphs) == 243
