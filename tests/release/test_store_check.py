"""A damaged store gives the right graph, from the master, or none: never an empty or a thinner one."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_graph import write_release
from trialgraph.base.errors import ReleaseError
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release, open_release
from trialgraph.release.store import open_store, opened, verified
from trialgraph.release.store_check import STORE, checksums, count_fault, file_fault

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
#: The engine's list of files is cut at each of so many places.
CUTS = 12


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release whose manifest has the checksums of its store, as a build writes them."""
    release = write_release(tmp_path_factory.mktemp("sound") / "r")
    manifest = dict(release.manifest) | {STORE: checksums(release.path / STORE)}
    (release.path / "manifest.json").write_text(json.dumps(manifest))
    return open_release(release.path)


@pytest.fixture(scope="module")
def graph(sound: Release) -> set[str]:
    return {str(quad) for quad in open_store(sound)}


def damages(store: Path) -> Iterator[tuple[str, int | None, int | None]]:
    """File, place of a changed byte, and length after a cut; with neither the file is missing."""
    for path in sorted(store.iterdir()):
        size = path.stat().st_size
        if path.name.startswith("MANIFEST"):
            yield from ((path.name, None, size * cut // CUTS) for cut in range(CUTS))
        if path.suffix == ".sst" or path.name.startswith(("MANIFEST", "CURRENT")):
            yield from ((path.name, size * (2 * part + 1) // 6, None) for part in range(3))
            yield path.name, None, size // 2
            yield path.name, None, None


def copied(sound: Release, folder: Path) -> Release:
    shutil.copytree(sound.path, folder)
    return open_release(folder)


def damage(store: Path, name: str, flip: int | None, cut: int | None) -> None:
    data = (store / name).read_bytes()
    if flip is not None:
        data = data[:flip] + bytes([data[flip] ^ 0x5A]) + data[flip + 1 :]
    if flip is None and cut is None:
        (store / name).unlink()
    else:
        (store / name).write_bytes(data[:cut])


def test_the_store_of_a_build_is_used(sound: Release) -> None:
    known = verified(sound.path)
    assert known
    for store, fault in (opened(sound.path), opened(sound.path, known)):
        assert fault == ""
        assert len(store) > 0


def test_whatever_is_damaged_the_graph_is_right(sound: Release, graph: set[str], tmp_path: Path) -> None:
    found = list(damages(sound.path / STORE))
    assert len(found) > 2 * CUTS
    for number, (name, flip, cut) in enumerate(found):
        release = copied(sound, tmp_path / str(number))
        known = verified(release.path)
        damage(release.path / STORE, name, flip, cut)
        # as the first worker of a server opens it, or one that starts after the damage
        store, fault = opened(release.path, known if number % 2 else "")
        assert fault, (name, flip, cut)
        assert {str(quad) for quad in store} == graph
        shutil.rmtree(release.path)


def test_without_checksums_the_counts_tell(small_release: Release, graph: set[str], tmp_path: Path) -> None:
    """A release of an earlier version."""
    (name,) = (path.name for path in (small_release.path / STORE).glob("MANIFEST*"))
    size = (small_release.path / STORE / name).stat().st_size
    for cut in range(CUTS):
        release = copied(small_release, tmp_path / str(cut))
        damage(release.path / STORE, name, None, size * cut // CUTS)
        store, _ = opened(release.path)
        assert {str(quad) for quad in store} == graph


def test_counts_of_each_graph_are_compared(small_release: Release) -> None:
    store = open_store(small_release)
    assert count_fault(store, {}) == ""
    assert count_fault(store, {"counts": {"graphs": {"demo": 183, "summary": 60, "meta": 1}}}) == ""
    assert "demo" in count_fault(store, {"counts": {"graphs": {"demo": 182, "summary": 60, "meta": 1}}})
    assert "meta" in count_fault(store, {"counts": {"graphs": {"demo": 183, "summary": 60}}})


def test_a_file_too_many_is_noticed(sound: Release, tmp_path: Path) -> None:
    release = copied(sound, tmp_path / "r")
    (release.path / STORE / "999999.log").write_bytes(b"")
    assert "999999.log" in file_fault(release.path / STORE, release.manifest)


def test_a_pool_answers_from_the_master_and_says_so_once(
    sound: Release, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    release = copied(sound, tmp_path / "r")
    (name,) = (path.name for path in (release.path / STORE).glob("MANIFEST*"))
    damage(release.path / STORE, name, None, (release.path / STORE / name).stat().st_size // 3)
    with caplog.at_level(logging.WARNING), Pool(release, size=2) as pool, pool.run(COUNT) as answer:
        assert b'"184"' in b"".join(answer)
    (line,) = (record.getMessage() for record in caplog.records if "store" in record.getMessage())
    assert "not from its store" in line


def test_a_release_with_neither_is_refused(sound: Release, tmp_path: Path) -> None:
    release = copied(sound, tmp_path / "r")
    (release.path / STORE / "CURRENT").unlink()
    master = release.path / "dataset.nq"
    master.write_bytes(master.read_bytes()[:-200].rpartition(b"\n")[0] + b"\n")
    with pytest.raises(ReleaseError, match=r"dataset\.nq cannot be read"):
        opened(release.path)
    with pytest.raises(ReleaseError), Pool(release, size=1):
        pass
