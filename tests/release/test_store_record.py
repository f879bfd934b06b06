"""What was compared once is not read again; what was changed since is, before anything is answered."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.small_graph import write_release
from trialgraph.query import worker_process
from trialgraph.query.pool import Pool
from trialgraph.query.worker_process import Ended, WorkerProcess
from trialgraph.release import store_record
from trialgraph.release.open import Release, open_release
from trialgraph.release.store import verified
from trialgraph.release.store_check import RECORD, STORE, checksums, stamp
from trialgraph.release.store_record import Standing, compare, remember, standing


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release whose manifest has the checksums of its store."""
    release = write_release(tmp_path_factory.mktemp("built") / "r")
    manifest = dict(release.manifest) | {STORE: checksums(release.path / STORE)}
    (release.path / "manifest.json").write_text(json.dumps(manifest))
    return open_release(release.path)


@pytest.fixture
def folder(built: Release, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built.path, tmp_path / "r"))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose stores were compared as a whole."""
    found: list[Path] = []

    def counted(folder: Path) -> str:
        found.append(folder)
        return verified(folder)

    monkeypatch.setattr(store_record, "verified", counted)
    return found


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every store is one that takes long to compare."""
    monkeypatch.setattr(store_record, "AT_ONCE_BYTES", 0)
    monkeypatch.setattr(store_record, "SMALL_BYTES", 0)


def changed(path: Path, *, same_time: bool) -> None:
    about, data = path.stat(), path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 0x5A]))
    if same_time:
        os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))


def test_a_store_that_was_compared_is_not_read_again(folder: Path, reads: list[Path]) -> None:
    first = standing(folder)
    assert (first.compared, bool(first.known), len(reads)) == (True, True, 1)
    assert standing(folder) == first
    assert len(reads) == 1
    assert stamp(folder / STORE) == first.known, "the record is no file of the graph"


@pytest.mark.usefixtures("large")
def test_a_large_store_without_a_record_is_to_be_compared_while_it_answers(
    folder: Path, reads: list[Path]
) -> None:
    before = standing(folder)
    assert (before.compared, before.known, before.words, reads) == (
        False,
        stamp(folder / STORE),
        "being compared",
        [],
    )
    assert compare(folder) == before.known
    assert standing(folder).words == "as built"
    assert len(reads) == 1


@pytest.mark.usefixtures("large")
def test_the_lists_of_the_engine_are_compared_at_once(folder: Path, reads: list[Path]) -> None:
    (path,) = (folder / STORE).glob("MANIFEST*")
    changed(path, same_time=True)
    found = standing(folder)
    assert (found.known, found.compared, found.words, reads) == ("", True, "not used", [])


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("kind", ["changed", "shorter", "missing", "too many"])
def test_what_was_changed_since_is_compared_before_anything_is_answered(
    folder: Path, reads: list[Path], kind: str
) -> None:
    remember(folder)
    path = max((folder / STORE).glob("*.sst"), key=lambda path: path.stat().st_size)
    if kind == "changed":
        changed(path, same_time=False)
    elif kind == "shorter":
        path.write_bytes(path.read_bytes()[:-1])
    elif kind == "missing":
        path.unlink()
    else:
        (folder / STORE / "999999.sst").write_bytes(b"")
    found = standing(folder)
    assert (found.known, found.compared, len(reads)) == ("", True, 1)


@pytest.mark.usefixtures("large")
def test_a_change_that_keeps_size_and_time_is_not_taken_for_what_was_compared(folder: Path) -> None:
    remember(folder)
    changed(max((folder / STORE).glob("*.sst"), key=lambda path: path.stat().st_size), same_time=True)
    assert not standing(folder).compared, "the inode tells: it is compared beside the answers"
    assert compare(folder) == ""


@pytest.mark.usefixtures("large")
def test_a_copy_is_compared_beside_the_answers(folder: Path, reads: list[Path], tmp_path: Path) -> None:
    remember(folder)
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    assert not standing(copy).compared
    assert reads == []


@pytest.mark.parametrize(
    "record", ["", "[]", "{", '{"manifest": "x", "files": {}}', '{"files": 3}', "\udcff"]
)
def test_a_record_that_is_none_counts_for_nothing(folder: Path, reads: list[Path], record: str) -> None:
    (folder / STORE / RECORD).write_bytes(record.encode("utf-8", "surrogateescape"))
    assert standing(folder).compared
    assert len(reads) == 1


def test_a_folder_that_cannot_be_written_has_no_record(
    folder: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store_record, "replacing", full)
    assert standing(folder).known
    assert standing(folder).known
    assert len(reads) == 2
    assert not (folder / STORE / RECORD).exists()


def test_a_release_without_a_store_is_read_from_its_master(folder: Path) -> None:
    shutil.rmtree(folder / STORE)
    assert standing(folder) == Standing("", compared=True)


@pytest.mark.usefixtures("large")
def test_where_no_worker_starts_the_store_is_compared_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (folder / STORE).glob("*.sst"):
        data = bytearray(path.read_bytes())
        data[len(data) // 3] ^= 0x5A
        path.write_bytes(bytes(data))
    fails = iter([True])
    greet = WorkerProcess.greet

    def ended(worker: WorkerProcess, *look: Any) -> Any:
        if next(fails, False):  # a block that the engine cannot read ends the process, in some stores
            raise Ended
        return greet(worker, *look)

    monkeypatch.setattr(WorkerProcess, "greet", ended)
    with (
        Pool(open_release(folder), size=2) as pool,
        pool.run("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") as answer,
    ):
        monkeypatch.undo()
        assert b'"184"' in b"".join(answer)
        assert pool.store == Standing("", compared=True)
    worker_process._warn.cache_clear()  # other tests await the line of their release
