"""Reports of records made of parts of ClinicalTrials.gov's JSON, and their comparison with rows."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.extract.comparisons.rows import report
from trialgraph.extract.comparisons.pairs import SourceFacts
from trialgraph.extract.record_comparisons.record_comparisons import compare_reports
from trialgraph.extract.record_comparisons.rules import RECORD_FIELDS
from trialgraph.extract.registries.formats.registry_file import RawRecord
from trialgraph.extract.registries.study import read_record
from trialgraph.model.comparison import Comparison
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Report, TrialReport

NUMBER: Final = "NCT01741857"


def record(
    part: str | dict[str, Any], number: str = NUMBER, date: str = "2022-10-10", source: str = "ctgov"
) -> RecordReport:
    """The report of a record that has these modules, with its words.

    :param date: of its data; empty: it says none
    """
    section: dict[str, Any] = json.loads(part) if isinstance(part, str) else part
    section.setdefault("identificationModule", {})["nctId"] = number
    study = {"protocolSection": section}
    if date:
        study["derivedSection"] = {"miscInfoModule": {"versionHolder": date}}
    # Two states of a record differ in their bytes.
    checksum = f"{hash(json.dumps(study)):x}".strip("-")
    raw = RawRecord(f"{source}.json", 1, "", "clinicaltrials_gov", study, checksum, number, date)
    return read_record(source, raw, ("core", "words"))[0]


def row(field: str, text: str, number: str = NUMBER, source: str = "review") -> Report:
    """A row of a review with one cell of that field of :data:`RECORD_FIELDS` beside its number."""
    name = RECORD_FIELDS[field].column.replace("-", "__").replace(" ", "_")
    return report(source, 1, **{name: text, "registration": number})


def compared(left: TrialReport, right: TrialReport, field: str, date: str = "") -> Comparison:
    """One field of two reports.

    :param date: of the review
    """
    found = compare_reports(left, right, {"review": SourceFacts(date)})
    return next(one for one in found if one.field == field)


def verdict(one: Comparison) -> str:
    """As the examples of the rules have it."""
    return f"{one.verdict}, {one.severity}" if one.severity else one.verdict
