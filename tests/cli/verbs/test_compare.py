"""`trialgraph compare`: the same lines in each format, differences as data, and what it says of one source."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

from tests.cli.command import SEED, SHORT, SLUG, altered, bad, run
from tests.paths import TESTS
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
    changes = ("--list", "changes", "--only", "differs")
    assert "only comparisons have a verdict" in bad("compare", altered(tmp_path, SHORT), *changes)


RECORDS = TESTS / "extract" / "record_comparisons" / "data" / "labelled_records.jsonl.gz"
VERSIONS = TESTS / "extract" / "history" / "data" / "versions.jsonl.gz"


def lines(*arguments: str | Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(told(*arguments, "-f", "csv")[0])))


def test_records_of_a_registry_stand_at_the_right_of_a_review_in_whatever_order_they_are_given() -> None:
    found = lines(RECORDS, SEED, "--only", "differs")
    assert found == lines(SEED, RECORDS, "--only", "differs")
    told_of = {(line["trial"], line["field"], line["severity"]) for line in found}
    assert told_of == {
        ("NCT01873625", "n_total", "major"),
        ("NCT01873625", "phase", "major"),
        ("NCT03778333", "follow_up_months", "minor"),
        ("NCT02034188", "results_status", "major"),
    }
    (size,) = [line for line in found if (line["trial"], line["field"]) == ("NCT01873625", "n_total")]
    assert size == {
        "trial": "NCT01873625", "field": "n_total", "verdict": "differs", "severity": "major",
        "left_source": SLUG, "left_value": "30", "left_as_of": "2025-07-26", "right_source": "labelled_records",
        "right_value": "60 (actual)", "right_as_of": "2022-10-10",
        "note": "the review says 30 patients, the registry enrolled 60",
    }  # fmt: skip


def test_jsonl_names_the_record_and_only_records_of_trials_that_are_named_are_read() -> None:
    records = [json.loads(line) for line in told(SEED, RECORDS, "-f", "jsonl")[0].splitlines()]
    assert {(one["left_row"], one["right_row"], one["right_record"]) for one in records} == {
        (7, None, "NCT01873625"), (14, None, "NCT01663116"), (19, None, "NCT03778333"), (21, None, "NCT02034188"),
    }  # fmt: skip


def test_a_file_of_versions_alone_is_compared_and_its_changes_are_listed() -> None:
    found = lines(VERSIONS)
    assert {(line["left_source"], line["right_source"]) for line in found} == {("versions", "versions")}
    assert all(line["left_as_of"] < line["right_as_of"] for line in found)
    changes = lines(VERSIONS, "--list", "changes")
    assert {"n_total", "n_primary_outcomes", "status"} <= {line["field"] for line in changes}
    assert {line["start"] for line in changes} >= {"before", "after"}


def test_the_sheet_for_inspect_sr_has_facts_with_their_places_and_no_judgement() -> None:
    sheet = lines(SEED, RECORDS, VERSIONS, "--list", "inspect-sr")
    assert {line["check"] for line in sheet} == {"2.1", "2.2", "2.3"}
    assert {(line["judgement"], line["reason"]) for line in sheet} == {("", "")}
    facts = {line["fact"]: line for line in sheet if line["trial"] == "NCT01873625"}
    assert facts["registered, before or after the start"]["value"] == "after"
    place = facts["date of registration"]["location"]
    assert place.endswith("#/protocolSection/statusModule/studyFirstSubmitDate")
    assert (
        facts["contradiction: masking-against-title"]["value"]
        == "the title says 'Triple Blind', the field none"
    )
    assert "the review differs in n_total, major" in facts


def test_contradictions_are_listed_with_their_places() -> None:
    found = lines(SEED, RECORDS, "--list", "contradictions")
    (one,) = [line for line in found if line["trial"] == "NCT01873625"]
    assert one["kind"] == "masking-against-title"
    assert "#/protocolSection/designModule/designInfo/maskingInfo/masking" in one["locations"]


def test_records_that_nothing_else_names_and_broken_records_are_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_bytes(gzip.decompress(RECORDS.read_bytes()) + b'{"protocolSection": {}}\n')
    done = run("compare", SEED, broken, "-f", "csv")
    assert done.returncode == 1
    assert b"broken.jsonl:" in done.stderr
    assert len(done.stdout.splitlines()) > 10
    alone = run("compare", RECORDS, "-f", "csv")
    assert (alone.returncode, alone.stdout.decode().splitlines()) == (0, [",".join(COMPARE_COLUMNS)])
