"""A build of a table and of registry files: one trial with two reports, the table's facts as they were."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store, parse

from tests.extract.registries.records import study
from tests.paths import FIRST
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.build.shards import Wanted
from trialgraph.extract.registries.selection import Selection
from trialgraph.graph.check_result import CheckResult
from trialgraph.pipeline import build, build_parts
from trialgraph.rdf import iris, record_iris
from trialgraph.rdf.vocabulary import TG
from trialgraph.release.open import Release

#: A trial of the first source.
SHARED = "NCT01741857"


def renumbered(one: Any, number: str) -> Any:
    one["protocolSection"]["identificationModule"]["nctId"] = number
    return one


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, tuple[CheckResult, ...]]:
    folder = tmp_path_factory.mktemp("records")
    lines = [
        json.dumps(renumbered(study("NCT00000410"), SHARED)),
        '{"protocolSection": {"identificationModule": {"nctId": "NCT1234567"}}}',
        json.dumps(study("NCT02300909")),
        json.dumps(study("NCT01738087")),
    ]
    file = folder / "studies.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    wanted = Wanted(("words",), Selection(numbers=frozenset({SHARED, "NCT02300909"})))
    return build([FIRST, file], releases=folder / "releases", settings=DEFAULTS, wanted=wanted)


def lines_of(release: Release, graph: str) -> set[bytes]:
    ends = f" {iris.graph(graph)} .\n".encode()
    with release.file("dataset.nq").open("rb") as lines:
        return {line for line in lines if line.endswith(ends)}


def test_a_trial_has_the_report_of_the_review_and_that_of_the_record(
    built: tuple[Release, tuple[CheckResult, ...]],
) -> None:
    release, _ = built
    assert release.manifest["counts"]["reports"] == 23
    assert release.manifest["counts"]["trials"] == 22
    store = Store()
    store.bulk_extend(parse(path=str(release.file("dataset.nq")), format=RdfFormat.N_QUADS))
    reports = {q.object for q in store.quads_for_pattern(iris.trial(SHARED), TG.hasReport, None)}
    of_record = iris.report("studies", SHARED)
    assert of_record in reports
    assert len(reports) == 2
    (found,) = (q.object for q in store.quads_for_pattern(of_record, TG.fromRecord, None))
    assert found == record_iris.record("studies", SHARED)


def test_the_facts_of_the_table_are_the_same(
    built: tuple[Release, tuple[CheckResult, ...]], release: Release
) -> None:
    made, _ = built
    slug = FIRST.name
    assert lines_of(made, slug) == lines_of(release, slug)
    for graph in ("provenance", "quality", "inferred", "summary"):
        missing = lines_of(release, graph) - lines_of(made, graph)
        assert missing == set(), graph


def test_what_cannot_be_read_is_a_finding_and_only_what_is_wanted_is_built(
    built: tuple[Release, tuple[CheckResult, ...]],
) -> None:
    release, findings = built
    (told,) = (f for f in findings if f.file.startswith("studies.jsonl:"))
    assert told.severity == "warning"
    assert told.file == "studies.jsonl:2"
    assert "NCT1234567" in told.line()
    assert b"NCT01738087" not in release.file("dataset.nq").read_bytes()


def test_the_layer_that_was_asked_for_is_stated(built: tuple[Release, tuple[CheckResult, ...]]) -> None:
    release, _ = built
    assert any(b"/ontology/briefSummary>" in line for line in lines_of(release, "studies"))


def test_the_tables_of_reports_have_the_records_last(
    built: tuple[Release, tuple[CheckResult, ...]],
) -> None:
    release, _ = built
    with release.file("trials-all.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["record"] for row in rows[-2:]] == [SHARED, "NCT02300909"]
    assert [row["row"] for row in rows[-2:]] == ["", ""]
    assert rows[-1]["title"] == study("NCT02300909")["protocolSection"]["identificationModule"]["briefTitle"]
    assert [row["row"] for row in rows[:-2]] == [str(n) for n in range(1, 22)]
    with release.file("trials.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 23


def test_a_build_takes_standard_input_and_files_without_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = gzip.compress(json.dumps({"studies": [study("NCT00000410")]}).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    empty = tmp_path / "empty.json"
    empty.write_text('{"protocolSection": {}}', encoding="utf-8")
    made, findings = build_parts(["-", empty], tmp_path / "parts", settings=Settings(jobs=1))
    stated = b"".join((tmp_path / "parts" / part.file).read_bytes() for part in made.parts)
    assert iris.report("-", "NCT00000410").value.encode() in stated
    assert [f.file for f in findings if "it has no nctId" in f.message] == ["empty.json:1"]
    with pytest.raises(InputError, match=r"empty\.json:1: no record in it can be read"):
        build_parts([empty], tmp_path / "none", settings=Settings(jobs=1))
