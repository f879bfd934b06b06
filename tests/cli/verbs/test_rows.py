"""`trialgraph rows`: cells at their offsets, and rows that cannot be read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.cli.command import (
    FIRST_ROW,
    LINES,
    SEED,
    SHORT,
    SLUG,
    TEXT,
    altered,
    bad,
    good,
    run,
)


def test_what_is_not_seen_in_a_file_is_told_and_is_no_finding(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('Disease,Patients\nSLE,"12\nlupus nephritis,20\n')
    done = run("rows", tmp_path / "a.csv", "-f", "jsonl")
    assert done.returncode == 0
    (note,) = done.stderr.decode().splitlines()
    assert note.startswith(f"note: {tmp_path / 'a.csv'}: ")
    assert "quot" in note


GRID = """<table><caption>UC-MSC trials in COVID-19</caption><tr><th>Trial<th>Phase/status<th>Patients
<tr><td rowspan=2>NCT01741857<td rowspan=2>1/2, completed<td>12<tr><td>20<tr><td>NCT00395200<td>2<td>30</table>"""


def test_a_cell_of_the_source_is_one_whatever_it_holds(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(GRID)
    done = run("rows", tmp_path / "a.html", "-f", "jsonl")
    first, second = (json.loads(line)["cells"] for line in done.stdout.splitlines())
    told = [(c["field"], c["text"], c["address"].rpartition("tr")[2]) for c in first]
    assert told == [
        ("registration", "NCT01741857", "[2]/td[1]"),
        ("phase|status", "1/2, completed", "[2]/td[2]"),
        ("patients", "12", "[2]/td[3]"),
        ("patients", "20", "[3]/td"),
    ]
    assert [c["text"] for c in second] == ["NCT00395200", "2", "30"]
    done = run("rows", tmp_path / "a.html")
    assert [line.split()[:-1] for line in done.stdout.decode().splitlines()] == [
        ["row", "line", "Trial", "Phase/status", "Patients"],
        ["1", "2", "NCT01741857", "1/2,", "completed", "12", "20"],
        ["2", "2", "NCT00395200", "2", "30"],
    ]


KEYS = ["header", "field", "text", "start", "end", "address", "marks"]


def test_rows_are_eleven_cells_whose_characters_stand_at_their_offsets() -> None:
    rows = [json.loads(line) for line in good("rows", SEED, "-f", "jsonl").splitlines()]
    assert [r["row"] for r in rows] == list(range(1, 22))
    for row in rows:
        assert list(row)[:5] == ["source", "row", "line", "cells", "confidence"]
        assert row["source"] == SLUG
        assert [list(c) for c in row["cells"]] == [KEYS] * 11
        for cell in row["cells"]:
            assert (cell["address"], cell["marks"]) == (None, [])
            assert TEXT[cell["start"] : cell["end"]] == (cell["text"] or "")
            assert (cell["text"] is None) == (cell["start"] == cell["end"])
        assert "".join(c["text"] or "" for c in row["cells"]) == LINES[row["line"] - 1]
        assert 0 <= row["confidence"] <= 1


def test_rows_over_stdin_are_those_of_the_file_but_for_the_name(tmp_path: Path) -> None:
    from_stdin = good("rows", "-", "-f", "jsonl", stdin=SHORT.encode())
    from_file = good("rows", altered(tmp_path, SHORT), "-f", "jsonl")
    assert from_stdin.replace('"source": "-"', '"source": "table"') == from_file


def test_offsets_count_characters_of_the_text_with_its_own_line_ends() -> None:
    text = SHORT.replace("\n", "\r\n")
    rows = [json.loads(line) for line in good("rows", "-", "-f", "jsonl", stdin=text.encode()).splitlines()]
    assert len(rows) == 3
    assert all(text[c["start"] : c["end"]] == (c["text"] or "") for row in rows for c in row["cells"])


def test_a_bare_file_is_called_by_its_stem(tmp_path: Path) -> None:
    path = altered(tmp_path, SHORT, "my-table.txt")
    assert json.loads(good("rows", path, "-f", "jsonl").splitlines()[0])["source"] == "my-table"


def test_rows_as_a_table_have_their_headings(tmp_path: Path) -> None:
    lines = good("rows", altered(tmp_path, SHORT)).splitlines()
    assert len(lines) == 4
    assert lines[0].split()[:4] == ["row", "line", "Study", "type"]


def test_the_place_of_a_bad_byte_is_told_by_line_and_column(tmp_path: Path) -> None:
    number = FIRST_ROW + 1
    column = LINES[FIRST_ROW].index("Selena") + 1
    data = TEXT.replace("Selena", "\0elena", 1).encode()
    at = len(LINES[FIRST_ROW][: column - 1].encode()) + 1
    assert f"table.txt:{number}:{at}: a NUL byte" in bad("rows", altered(tmp_path, data))


def test_settings_that_are_no_toml_and_a_kind_without_a_reader(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEED, tmp_path / SLUG))
    settings = (folder / "source.toml").read_text(encoding="utf-8")
    altered(folder, settings.replace("run-together", "hologram"), "source.toml")
    assert "kind 'hologram' has no reader" in bad("rows", folder)
    altered(folder, "kind = ", "source.toml")
    assert "not valid TOML" in bad("rows", folder)


def test_a_heading_that_nobody_knows_keeps_its_cells_as_text(tmp_path: Path) -> None:
    path = altered(tmp_path, SHORT.replace("\nRef.\n", "\nZorblax\n"))
    done = run("rows", path, "-f", "jsonl")
    assert done.returncode == 1
    assert "unknown heading 'Zorblax'" in done.stderr.decode()
    rows = [json.loads(text) for text in done.stdout.splitlines()]
    assert len(rows) == 3
    assert {(r["cells"][10]["header"], r["cells"][10]["field"]) for r in rows} == {("Zorblax", None)}
