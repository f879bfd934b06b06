"""A new source's folder: a copy, a checksum, lines to complete."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from tests.paths import FIRST
from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.extract import seed_folder
from trialgraph.extract.proposal import Proposal, propose
from trialgraph.extract.seed_folder import add_source, slug_of, write_folder
from trialgraph.extract.sources import read_source
from trialgraph.pipeline import read_all

SEED = FIRST


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
    assert {meta[key] for key in ("title", "licence", "rights")} == {""}
    assert meta["doi"] == "10.4252/wjsc.v17.i7.107202", "the text prints it"


def test_the_folder_is_a_source_at_once(table: Path, tmp_path: Path) -> None:
    folder = add_source(table, tmp_path / "seeds")
    (read,) = read_all([folder])
    assert (read.source.slug, len(read.reports)) == ("a-review-table-3", 21)


def test_the_columns_as_read_stand_in_comments(table: Path, tmp_path: Path) -> None:
    said = (add_source(table, tmp_path / "seeds") / "source.toml").read_text(encoding="utf-8")
    assert "# Columns as read (21 rows, 0 not read):" in said
    assert "# Disease -> disease, for example: " in said
    assert "# Zorblax -> unknown: kept as text, not read, for example: " in said


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


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Table 1 – señal.csv", "table-1-senal"), ("ÅNGSTRÖM_2.xlsx", "angstrom-2"), ("a--b.HTML", "a-b")],
)
def test_a_slug_has_plain_letters(name: str, slug: str) -> None:
    assert slug_of(Path(name)) == slug


def test_what_is_not_sure_is_a_line_that_a_build_refuses(tmp_path: Path) -> None:
    folder = write_folder(unsure(tmp_path), tmp_path / "sheet.csv", tmp_path / "seeds")
    meta = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))
    assert meta["columns"] == {"Group": "? comparator"}
    with pytest.raises(InputError, match="nobody has decided what the column 'Group' is") as told:
        read_all([folder])
    where = str(told.value).partition(": ")[0]
    number = int(where.rpartition(":")[2])
    lines = (folder / "source.toml").read_text(encoding="utf-8").splitlines()
    assert lines[number - 1] == 'Group = "? comparator"'


@pytest.mark.parametrize(
    ("fields", "written"),
    [(("comparator",), "comparator"), ((), "ignore"), (("phase", "status"), ["phase", "status"])],
)
def test_what_was_decided_is_assigned(tmp_path: Path, fields: tuple[str, ...], written: object) -> None:
    proposal = unsure(tmp_path).decided({"Group": fields})
    folder = write_folder(proposal, tmp_path / "sheet.csv", tmp_path / "seeds")
    assert tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))["columns"] == {
        "Group": written
    }
    (read,) = read_all([folder])
    found = tuple(c.field for c in read.table.columns if c.header == "Group" and c.field)
    assert found == fields


def test_headings_that_repeat_are_named_by_their_position(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("Disease,Patients,Note,Note\nmultiple sclerosis,12,a,b\nlupus nephritis,3,c,d\n")
    proposal = propose(read_source(path), Settings())
    assert [column.key for column in proposal.columns] == ["Disease", "Patients", "#3", "#4"]


def unsure(tmp_path: Path) -> Proposal:
    """A sheet with a column that may be something."""
    path = tmp_path / "sheet.csv"
    path.write_text("Disease,Group,Patients\nmultiple sclerosis,placebo,12\nlupus nephritis,sham,20\n")
    proposal = propose(read_source(path), Settings())
    columns = (
        replace(c, fields=("comparator",), confidence=0.6) if c.header == "Group" else c
        for c in proposal.columns
    )
    return replace(proposal, columns=tuple(columns))


def test_what_is_no_table_makes_no_folder(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("just words\n")
    with pytest.raises(InputError, match="no lines name columns"):
        add_source(tmp_path / "words.txt", tmp_path / "seeds")
    assert not (tmp_path / "seeds").exists()


def test_what_fails_half_way_leaves_no_folder(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(seed_folder, "_settings", full)
    with pytest.raises(InputError, match="cannot be written \\(No space left on device\\)"):
        add_source(table, tmp_path / "seeds")
    assert list((tmp_path / "seeds").iterdir()) == []


def test_a_place_that_cannot_be_written(table: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        add_source(table, table / "seeds")
