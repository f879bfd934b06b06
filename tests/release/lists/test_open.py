"""Opening the lists of a release: what is missing, damaged or stale is made again, or refused by name."""

from __future__ import annotations

import json
import logging
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from trialgraph.base.errors import ReleaseError
from trialgraph.base.settings import Settings
from trialgraph.release.lists.lists import Lists
from trialgraph.release.lists.lists_file import LISTS_FILE
from trialgraph.release.lists.open import lists_fault, open_lists, read_table
from trialgraph.release.lists.queries import Select, select_from
from trialgraph.release.open import Release, open_release, sha256_of
from trialgraph.release.store import open_store

Spoil = Callable[[Path], None]


@pytest.fixture(scope="module")
def select(sample: Release) -> Select:
    return select_from(open_store(sample))


@pytest.fixture
def copied(sample: Release, tmp_path: Path) -> Path:
    shutil.copytree(sample.path, tmp_path / "release", ignore=shutil.ignore_patterns("store"))
    return tmp_path / "release"


def held(lists: Lists) -> list[object]:
    """All that a page may ask for."""
    return [
        list(lists.rows()),
        lists.index.labels,
        [dict(of.bits) for of in lists.index.values.values()],
        lists.overview,
        list(lists.conflicts(99)),
        lists.whole,
        lists.examples,
    ]


def listed(folder: Path, digest: str) -> None:
    """Let the manifest state another checksum of the file; none: no such file."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"].pop(LISTS_FILE)
    if digest:
        manifest["files"][LISTS_FILE] = digest
    (folder / "manifest.json").write_text(json.dumps(manifest))


def missing(folder: Path) -> None:
    (folder / LISTS_FILE).unlink()


def cut_short(folder: Path) -> None:
    data = (folder / LISTS_FILE).read_bytes()
    (folder / LISTS_FILE).write_bytes(data[: len(data) // 2])


def damaged(folder: Path) -> None:
    data = bytearray((folder / LISTS_FILE).read_bytes())
    data[len(data) // 2] ^= 255
    (folder / LISTS_FILE).write_bytes(data)


def unknown(folder: Path) -> None:
    (folder / LISTS_FILE).unlink()
    listed(folder, "")


def of_another_version(folder: Path) -> None:
    path = folder / LISTS_FILE
    with closing(sqlite3.connect(path)) as base:
        base.execute("UPDATE fact SET held = '\"1\"' WHERE name = 'made for'")
        base.commit()
    listed(folder, sha256_of(path))


def no_database(folder: Path) -> None:
    path = folder / LISTS_FILE
    path.write_bytes(b"x" * 5_000)
    listed(folder, sha256_of(path))


SPOILT = (missing, cut_short, damaged, unknown, of_another_version, no_database)


def test_the_file_of_a_build_is_opened_as_it_is(
    sample: Release, select: Select, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(open_lists(sample, select, Settings.load())) as lists:
        assert len(list(lists.rows())) == len(read_table(sample).splitlines()) - 1 > 0
    assert not lists_fault(sample)
    assert not caplog.records


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_is_not_as_it_was_written_is_made_again_and_told(
    sample: Release, select: Select, copied: Path, spoil: Spoil, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(copied)
    before = sorted((p.name, p.stat().st_mtime_ns) for p in copied.iterdir())
    release = open_release(copied)
    with (
        caplog.at_level(logging.WARNING),
        closing(open_lists(release, select, Settings.load())) as made,
        closing(open_lists(sample, select, Settings.load())) as whole,
    ):
        assert held(made) == held(whole)
    (record,) = caplog.records
    assert LISTS_FILE in record.getMessage()
    assert sorted((p.name, p.stat().st_mtime_ns) for p in copied.iterdir()) == before


def test_what_cannot_be_made_again_is_refused_by_name(
    select: Select, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing(copied)
    release = open_release(copied)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("trialgraph.release.lists.open.write_lists", full)
    with pytest.raises(ReleaseError, match=r"lists\.db cannot be made again: .*No space left"):
        open_lists(release, select, Settings.load())
    monkeypatch.undo()
    (copied / "trials-all.csv").unlink()
    with pytest.raises(ReleaseError, match=r"trials-all\.csv: cannot be read"):
        open_lists(release, select, Settings.load())


def test_a_file_that_is_damaged_while_it_is_open_is_an_error_that_names_it(
    sample: Release, tmp_path: Path
) -> None:
    path = tmp_path / LISTS_FILE
    shutil.copy(sample.path / LISTS_FILE, path)
    with closing(Lists(path)) as lists:
        size = path.stat().st_size
        path.write_bytes(b"\xff" * size)
        with pytest.raises(ReleaseError, match=r"lists\.db cannot be read"):
            list(lists.rows())
