"""`trialgraph diff`: counts, facts, changed values and a patch of two releases, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.cli.command import bad, good, run
from trialgraph.cli.verbs.differing import COUNT_COLUMNS, FACT_COLUMNS, VALUE_COLUMNS
from trialgraph.release.open import Release


def test_each_list_has_its_columns_and_differences_are_data(release: Release, all_seeds: Release) -> None:
    old, new = str(release.path), str(all_seeds.path)
    for options, columns in (
        ((), COUNT_COLUMNS),
        (("--facts",), FACT_COLUMNS),
        (("--trials",), VALUE_COLUMNS),
    ):
        lines = list(csv.reader(io.StringIO(good("diff", old, new, *options, "-f", "csv"))))
        assert tuple(lines[0]) == columns
        assert len(lines) > 10
    counts = csv.DictReader(io.StringIO(good("diff", old, new, "-f", "csv")))
    by_graph = {(line["graph"], line["property"]): line for line in counts}
    added = by_graph["worksheet-allogeneic-msc", "tg:enrolledTotal"]
    assert (added["added"], added["removed"], added["reason"]) == ("10", "0", "source added")
    (first, *_) = good("diff", old, new, "--trials", "-f", "jsonl").splitlines()
    assert json.loads(first)["reason"] == "source added"


def test_the_patch_is_written_to_a_file(release: Release, all_seeds: Release, tmp_path: Path) -> None:
    file = tmp_path / "changes.rdfp"
    assert good("diff", str(release.path), str(all_seeds.path), "-f", "nquads", "-o", str(file)) == ""
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[:3] == [
        f"H prev <urn:sha256:{release.hash}> .",
        f"H id <urn:sha256:{all_seeds.hash}> .",
        "TX .",
    ]
    assert {line[:2] for line in lines[3:-1]} <= {"A ", "D "}


def test_a_release_with_itself_has_no_difference_and_says_so(release: Release) -> None:
    done = run("diff", str(release.path), str(release.path), "-f", "csv")
    assert (done.returncode, done.stdout.decode()) == (0, ",".join(COUNT_COLUMNS) + "\n")
    assert done.stderr.decode() == "both are the same release\n"


def test_what_is_no_release_and_a_patch_of_values_are_refused(release: Release, tmp_path: Path) -> None:
    assert "no release here" in bad("diff", str(tmp_path), str(release.path))
    assert "--trials has no patch" in bad(
        "diff", str(release.path), str(release.path), "--trials", "-f", "nquads"
    )
