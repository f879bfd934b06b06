"""A review beside states of records: a sound graph of their comparisons, changes and contradictions, for tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

from pyoxigraph import Quad

from tests.extract.comparisons.rows import a_source, report
from tests.extract.record_comparisons.made import NUMBER, record
from trialgraph.build.records import ReadRecord
from trialgraph.build.shard_records import ShardRecords, shard_records
from trialgraph.build.shards import Shard
from trialgraph.extract.comparisons.side_by_side import SideBySide
from trialgraph.extract.decisions import settle
from trialgraph.extract.registries.formats.registry_file import RawRecord
from trialgraph.extract.sources import Source
from trialgraph.graph.comparisons import record_comparison_quads
from trialgraph.graph.quads import nodes_of, quads
from trialgraph.graph.records.changes import change_quads, later_quads
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Curation, Report
from trialgraph.release.graphs import indexed_quads, ontology_quads
from trialgraph.terminology.lexicon import lexicon

__all__ = ["ENTERED", "LINKED", "NUMBER", "beside", "rows", "sound", "sources", "stated", "states"]

ENTERED: Final = "NCT01873625"
#: The number of a row, and that of the record that names it.
LINKED: Final = ("ChiCTR-INR-17012462", "NCT02034188")


def _state(
    source: str, date: str, title: str, count: int, kind: str, outcomes: list[dict[str, str]]
) -> RecordReport:
    part: dict[str, Any] = {
        "identificationModule": {"officialTitle": title},
        "statusModule": {
            "overallStatus": "COMPLETED" if kind == "ACTUAL" else "RECRUITING", "startDateStruct": {"date": "2013-12"},
        },
        "designModule": {
            "phases": ["PHASE2", "PHASE3"], "enrollmentInfo": {"count": count, "type": kind},
            "designInfo": {"maskingInfo": {"masking": "NONE"}},
        },
        "outcomesModule": {"primaryOutcomes": outcomes},
        "conditionsModule": {"conditions": ["Multiple Sclerosis"]},
    }  # fmt: skip
    return _with_checksum(record(part, date=date, source=source))


def _with_checksum(one: RecordReport) -> RecordReport:
    digest = hashlib.sha256(f"{one.record.identifier} {one.record.data_version} {one.facts}".encode())
    return replace(one, record=replace(one.record, sha256=digest.hexdigest()))


@cache
def states() -> tuple[RecordReport, ...]:
    """Three states of one record, of which the last contradicts itself, and two records of other trials."""
    survival, quality = (
        {"measure": "Overall survival", "timeFrame": "5 years"},
        {"measure": "Quality of life"},
    )
    size = '{"designModule": {"enrollmentInfo": {"count": %d, "type": "ACTUAL"}}%s}'
    named = json.dumps({"secondaryIdInfos": [{"id": LINKED[0], "type": "REGISTRY"}]})
    linking = f', "identificationModule": {named}'
    return (
        _state("first", "2013-07-01", "Triple Blind Trial", 30, "ESTIMATED", [survival]),
        _state("second", "2014-01-01", "Triple Blind Trial", 40, "ESTIMATED", [survival, quality]),
        _state("third", "2016-01-01", "Triple Blind Trial", 244, "ACTUAL", [quality]),
        _with_checksum(record(size % (60, ""), number=ENTERED, source="third")),
        _with_checksum(record(size % (20, linking), number=LINKED[1], source="third")),
    )


@cache
def rows() -> tuple[Report, ...]:
    """Rows of a review: in conflict with itself, corrected by a reviewer, with another registry's number."""
    line = Curation(2, "n_total", "value 60", "me", "2026-11-29", "so", evidence=ENTERED, line=2)
    read = (
        report("review", 1, registration=NUMBER, phase="Phase I/II", patients="244 (211/78)", disease="MS"),
        report("review", 2, patients="54 (392/15)", registration=ENTERED),
        report("review", 3, patients="22 (22/0)", registration=LINKED[0]),
    )
    return settle(read, [line], "curation.tsv")


@cache
def sources() -> tuple[Source, ...]:
    """The review and three files of the registry."""
    of_records = [replace(a_source(slug), text="", kind="registry") for slug in ("first", "second", "third")]
    return (replace(a_source("review", issued="2025-07-26"), text=""), *of_records)


def beside(
    some_rows: Sequence[Report], records: Sequence[RecordReport], apart: frozenset[str] = frozenset()
) -> ShardRecords:
    """What a shard of these reports makes of its records."""
    shard = Shard(0, tuple(some_rows), {}, frozenset(), sources(), (), SideBySide(), apart=apart)
    raw = RawRecord("ctgov.json", 1, "", "clinicaltrials_gov", {}, "", NUMBER, "")
    return shard_records(shard, [ReadRecord((0, n), one, raw, ()) for n, one in enumerate(records)])


def stated(found: ShardRecords, some_rows: Sequence[Report]) -> frozenset[Quad]:
    """All that is stated of the reports and of what is between them, without the ontology."""
    reports = (*some_rows, *(one.report for one in found.records))
    nodes, later = nodes_of(reports), later_quads(found.later)
    made = quads(reports, sources(), lexicon()) | later | change_quads(found.changes)
    return frozenset(made | record_comparison_quads(found.comparisons, nodes))


@cache
def sound() -> frozenset[Quad]:
    """All of :func:`rows` and :func:`states`, with the ontology."""
    made = stated(beside(rows(), states()), rows()) | ontology_quads()
    return frozenset(made | indexed_quads(made))
