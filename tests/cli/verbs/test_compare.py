"""`trialgraph compare`: the same lines in each format, differences as data, and one source that says what is missing."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.cli.command import SHORT, altered, bad, run
from trialgraph.cli.verbs.comparing import COMPARE_COLUMNS


def two(folder: Path) -> tuple[Path, Path]:
    """The first three rows, and the same with another number of patients of the second trial."""
    first, second = folder / "first", folder / "second"
    first.mkdir()
    second.mkdir()
    one = altered(first, SHORT)
    other = altered(second, SHORT.replace("244 (211/78)", "289 (211/78)"))
    return one.rename(first / "left.txt"), other.rename(second / "right.txt")


def test_differences_are_data_and_each_format_has_the_same(tmp_path: Path) -> None:
    sources = two(tmp_path)
    done = run("compare", *sources, "-f", "csv")
    assert done.returncode == 0
    lines = list(csv.DictReader(io.StringIO(done.stdout)))
    assert tuple(lines[0]) == COMPARE_COLUMNS
    records = [json.loads(line) for line in run("compare", *sources, "-f", "jsonl").stdout.splitlines()]
    assert [{name: record[name] or "" for name in COMPARE_COLUMNS} for record in records] == lines
    assert {(record["left_row"], record["right_row"]) for record in records} == {(2, 2)}
    (differs,) = [line for line in lines if line["verdict"] == "differs"]
    assert differs == {
        "trial": "NCT01741857", "field": "n_total", "verdict": "differs", "severity": "major",
        "left_source": "left", "left_value": "244", "left_as_of": "",
        "right_source": "right", "right_value": "289", "right_as_of": "", "note": differs["note"],
    }  # fmt: skip
    only = run("compare", *reversed(sources), "--only", "differs")
    assert [line.split()[:7] for line in only.stdout.splitlines()] == [
        list(COMPARE_COLUMNS[:7]),
        ["NCT01741857", "n_total", "differs", "major", "left", "244", "right"],
    ]
    assert "1 comparisons of 2 sources; 2 more pairs of reports may be of one trial" in only.stderr


def test_one_source_says_that_a_second_is_needed(tmp_path: Path) -> None:
    done = run("compare", altered(tmp_path, SHORT), "-f", "csv")
    assert (done.returncode, done.stdout) == (0, ",".join(COMPARE_COLUMNS) + "\n")
    assert "one source is read: a comparison needs a second one" in done.stderr


def test_an_unknown_verdict_is_refused(tmp_path: Path) -> None:
    assert "differs" in bad("compare", altered(tmp_path, SHORT), "--only", "different")
