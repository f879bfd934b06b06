"""`trialgraph add`: a seed folder made of a file."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import (
    TEXT,
    altered,
    bad,
    good,
    run,
)


def test_add_makes_a_folder_that_builds(tmp_path: Path) -> None:
    path = altered(tmp_path, TEXT, "My Review, Table 2.txt")
    done = run("add", path, cwd=tmp_path)
    assert (done.returncode, done.stdout.decode()) == (0, "seeds/my-review-table-2\n")
    assert done.stderr.decode() == (
        "run-together: 21 rows, 11 columns\n"
        "now complete title and licence in seeds/my-review-table-2/source.toml, then: trialgraph build\n"
    )
    assert (tmp_path / "seeds" / "my-review-table-2" / "source.txt").read_bytes() == path.read_bytes()
    done = run("trials", "-f", "jsonl", cwd=tmp_path)
    assert len(done.stdout.splitlines()) == 21
    toml = "seeds/my-review-table-2/source.toml"
    assert done.stderr.decode().splitlines() == [
        f"warning: {toml}: licence is empty: fill it in",
        f"warning: {toml}: title is empty: fill it in",
    ]
    assert done.returncode == 1
    assert "the folder is there already" in bad("add", path, cwd=tmp_path)


SHEET = "Registration number;Condition;n\nNCT01741857;Multiple sclerosis;12\nNCT00395200;Lupus nephritis;20\n"


def test_several_files_are_added_and_what_fails_is_told(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "a.csv").write_text(SHEET)
    (tmp_path / "tables" / "b.pdf").write_bytes(b"%PDF-1.4\n")
    (tmp_path / "tables" / ".hidden").write_text("x")
    done = run("-q", "add", "--folder", "tables", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, b"seeds/a\n")
    (told,) = done.stderr.decode().splitlines()
    assert told.startswith("error: tables/b.pdf: this is a PDF")


def test_no_file_is_one_line(tmp_path: Path) -> None:
    assert "no file is named" in bad("add", cwd=tmp_path)


def test_title_and_licence_are_written(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(SHEET)
    good("-q", "add", "a.csv", "--title", 'A "title"', "--licence", "CC0-1.0", cwd=tmp_path)
    good("trials", cwd=tmp_path)
    assert 'licence = "CC0-1.0"' in (tmp_path / "seeds" / "a" / "source.toml").read_text()
