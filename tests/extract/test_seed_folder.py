"""A new source's folder: a copy, a checksum, lines to complete."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.paths import ROOT
from trialgraph.base.errors import InputError
from trialgraph.extract.seed_folder import add_source
from trialgraph.extract.sources import read_source
from trialgraph.pipeline import read_all

SEED = ROOT / "seeds" / "wjsc-107202-table1"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "A Review (Table 3).txt"
    path.write_bytes((SEED / "source.txt").read_bytes().replace(b"\nRef.\n", b"\nZorblax\n"))
    return path


def test_the_folder_holds_the_bytes_as_received_and_their_checksum(table: Path, tmp_path: Path) -> None:
    folder = add_source(table, tmp_path / "seeds")
    assert folder == tmp_path / "seeds" / "a-review-table-3"
    assert (folder / "source.txt").read_bytes() == table.read_bytes()
    meta = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))
    assert meta["kind"] == "run-together"
    assert meta["sha256"] == read_source(table).sha256
    assert {meta[key] for key in ("title", "doi", "licence", "rights")} == {""}


def test_the_folder_is_a_source_at_once(table: Path, tmp_path: Path) -> None:
    folder = add_source(table, tmp_path / "seeds")
    (read,) = read_all([folder])
    assert (read.source.slug, len(read.reports)) == ("a-review-table-3", 21)


def test_the_columns_as_read_stand_in_comments(table: Path, tmp_path: Path) -> None:
    said = (add_source(table, tmp_path / "seeds") / "source.toml").read_text(encoding="utf-8")
    assert "# Columns as read (21 rows, 0 not read):" in said
    assert "#   Disease -> disease\n" in said
    assert "#   Zorblax -> unknown: kept as text\n" in said


def test_a_folder_that_is_there_is_left_alone(table: Path, tmp_path: Path) -> None:
    folder = add_source(table, tmp_path / "seeds")
    (folder / "source.toml").write_text("mine")
    with pytest.raises(InputError, match="is there already"):
        add_source(table, tmp_path / "seeds")
    assert (folder / "source.toml").read_text() == "mine"


def test_a_name_without_letters_makes_no_folder(table: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="makes no slug"):
        add_source(table.rename(tmp_path / "!!!.txt"), tmp_path / "seeds")
    assert not (tmp_path / "seeds").exists()


def test_what_is_no_table_makes_no_folder(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("just words\n")
    with pytest.raises(InputError, match="no lines name columns"):
        add_source(tmp_path / "words.txt", tmp_path / "seeds")
    assert not (tmp_path / "seeds").exists()


def test_a_place_that_cannot_be_written(table: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        add_source(table, table / "seeds")
