"""`trialgraph add`: a seed folder made of a file."""

from __future__ import annotations

import os
import pty
import subprocess
import tomllib
from pathlib import Path

from tests.cli.command import (
    COMMAND,
    ENVIRONMENT,
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
    assert "no file is given" in bad("add", cwd=tmp_path)


def test_title_and_licence_are_written(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(SHEET)
    good("-q", "add", "a.csv", "--title", 'A "title"', "--licence", "CC0-1.0", cwd=tmp_path)
    good("trials", cwd=tmp_path)
    assert 'licence = "CC0-1.0"' in (tmp_path / "seeds" / "a" / "source.toml").read_text()


def test_on_a_terminal_it_asks_what_a_column_is(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(SHEET.replace("Condition;n", "Condition;Pateints"))
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "add", "a.csv"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=tmp_path, env=ENVIRONMENT
    ) as process:
        os.close(theirs)
        told = b""
        for answer in (b"nonsense\n", b"patients\n"):
            while not told.rstrip().endswith(b"]:"):
                told += os.read(ours, 4096)
            os.write(ours, answer)
            told += b"\n"
        assert process.wait(timeout=60) == 0
        os.close(ours)
    assert b"proposed is patients (0.75: the heading is nearly 'patients')" in told
    written = tomllib.loads((tmp_path / "seeds" / "a" / "source.toml").read_text())["columns"]
    assert written == {"Pateints": "patients"}


def test_elsewhere_what_is_not_sure_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(SHEET.replace("Condition;n", "Condition;Pateints"))
    done = run("add", "a.csv", cwd=tmp_path)
    assert done.returncode == 0
    assert "not sure: Pateints; decide in the lines with ?" in done.stderr.decode()
    assert "nobody has decided what the column 'Pateints' is" in bad("build", cwd=tmp_path)
    done = run("add", "a.csv", "--yes", "--seeds", "s", cwd=tmp_path)
    assert "not sure" not in done.stderr.decode()
    assert len(run("trials", "s/a", "-f", "jsonl", cwd=tmp_path).stdout.splitlines()) == 2


def test_a_sheet_whose_headings_nobody_knows_gets_a_folder_to_decide_in(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Zzz,Erkrankung,Pateints\nx,MS (2 Jahre),12\ny,SLE mit Nephritis,20\nz,lupus nephritis,7\n"
    )
    done = run("add", "a.csv", cwd=tmp_path)
    assert done.returncode == 0
    assert "not sure: Erkrankung, Pateints;" in done.stderr.decode()
    toml = tmp_path / "seeds" / "a" / "source.toml"
    assert tomllib.loads(toml.read_text())["columns"] == {"Erkrankung": "? disease", "Pateints": "? patients"}
    assert "nobody has decided" in bad("build", cwd=tmp_path)
    toml.write_text(toml.read_text().replace("? ", ""))
    found = run("trials", "-f", "csv", "--columns", "disease_label,n_total", cwd=tmp_path).stdout.decode()
    assert found.splitlines() == [
        "disease_label,n_total",
        "MS (2 Jahre),12",
        "SLE mit Nephritis,20",
        "lupus nephritis,7",
    ]


def test_a_column_of_names_of_diseases_is_told_by_its_cells_and_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Zzz,Erkrankung,N\nx,multiple sclerosis,12\ny,lupus nephritis,20\n")
    done = run("add", "a.csv", cwd=tmp_path)
    assert done.returncode == 0
    assert "not sure" not in done.stderr.decode()
    toml = (tmp_path / "seeds" / "a" / "source.toml").read_text()
    told = toml[toml.index("# Erkrankung -> disease") :].splitlines()[1]
    assert told.endswith("most of its cells are names of diseases")


def test_a_sheet_of_which_nothing_is_known_is_refused_once_built(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Zzz,Yyy\nx,foo\ny,bar\n")
    assert run("add", "a.csv", cwd=tmp_path).returncode == 0
    assert "assign the columns in source.toml" in bad("build", cwd=tmp_path)
