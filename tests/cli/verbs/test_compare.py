"""`trialgraph compare`: the same lines in each format, differences as data, and what it says of one source."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.cli.command import SHORT, altered, bad, run
from trialgraph.cli.verbs.comparing import COMPARE_COLUMNS


def two(folder: Path) -> tuple[Path, Path]:
    """The first three rows, and the same with another number of patients of the second trial."""
    changed = SHORT.replace("244 (211/78)", "289 (211/78)")
    return altered(folder, SHORT, "left.txt"), altered(folder, changed, "right.txt")


def told(*arguments: str | Path) -> tuple[str, str]:
    """Standard output and error of a comparison that ends with 0."""
    done = run("compare", *arguments)
    assert done.returncode == 0
    return done.stdout.decode(), done.stderr.decode()


def test_differences_are_data_and_each_format_has_the_same(tmp_path: Path) -> None:
    sources = two(tmp_path)
    lines = list(csv.DictReader(io.StringIO(told(*sources, "-f", "csv")[0])))
    assert tuple(lines[0]) == COMPARE_COLUMNS
    records = [json.loads(line) for line in told(*sources, "-f", "jsonl")[0].splitlines()]
    assert [{name: record[name] or "" for name in COMPARE_COLUMNS} for record in records] == lines
    assert {(record["left_row"], record["right_row"]) for record in records} == {(2, 2)}
    (differs,) = [line for line in lines if line["verdict"] == "differs"]
    assert differs == {
        "trial": "NCT01741857", "field": "n_total", "verdict": "differs", "severity": "major",
        "left_source": "left", "left_value": "244", "left_as_of": "",
        "right_source": "right", "right_value": "289", "right_as_of": "", "note": differs["note"],
    }  # fmt: skip
    table, message = told(*reversed(sources), "--only", "differs")
    assert [line.split()[:7] for line in table.splitlines()] == [
        list(COMPARE_COLUMNS[:7]),
        ["NCT01741857", "n_total", "differs", "major", "left", "244", "right"],
    ]
    assert "1 comparisons of 2 sources; 2 more pairs of reports may be of one trial" in message


def test_one_source_says_that_a_second_is_needed(tmp_path: Path) -> None:
    assert told(altered(tmp_path, SHORT), "-f", "csv") == (
        ",".join(COMPARE_COLUMNS) + "\n",
        "one source is read: a comparison needs a second one\n",
    )


def test_an_unknown_verdict_is_refused(tmp_path: Path) -> None:
    assert "differs" in bad("compare", altered(tmp_path, SHORT), "--only", "different")
