"""What a record says against itself, by kind; and what looks like it and is none."""

from __future__ import annotations

import pytest

from tests.extract.record_comparisons.made import record
from tests.extract.registries.records import DATA, read
from trialgraph.extract.history.contradictions import CONTRADICTION_KINDS, contradictions
from trialgraph.model.place import GridAddress

TITLE = (
    '{"identificationModule": {"officialTitle": "%s"},'
    ' "designModule": {"phases": [%s], "designInfo": {"maskingInfo": {"masking": "%s"}}}}'
)
COUNT = '{"statusModule": {"overallStatus": "%s"}, "designModule": {"enrollmentInfo": {"count": %d, "type": "%s"}}}'
DATES = '{"statusModule": {"startDateStruct": {"date": "%s"}, "completionDateStruct": {"date": "%s"}}}'
TEXT = '{"descriptionModule": {"briefSummary": "%s"}, "designModule": {"enrollmentInfo": {"count": 15, "type": "%s"}}}'
DOSES = (
    '{"armsInterventionsModule": {"interventions": [{"name": "Mesenchymal stem cells", "description": "%s"}]},'
    ' "descriptionModule": {"detailedDescription": "%s"}}'
)
ARMS = (
    '{"designModule": {"enrollmentInfo": {"count": %d}}, "armsInterventionsModule": {"armGroups": ['
    '{"label": "MSC", "description": "30 subjects receive stem cells"}, {"label": "Control",'
    ' "description": "25 subjects receive saline"}], "interventions": [{"name": "Mesenchymal stem cells"}]}}'
)


def kinds(part: str) -> list[str]:
    return [one.kind for one in contradictions(record(part))]


@pytest.mark.parametrize(
    ("kind", "there", "absent"),
    [
        (
            "masking-against-title",
            TITLE % ("Randomized Triple Blind Clinical Trial", "", "NONE"),
            [
                TITLE % ("A Double-blind Trial", "", "QUADRUPLE"),
                TITLE % ("A Double-blind Trial With an Open-label Extension", "", "NONE"),
                TITLE % ("A Trial in the Blind", "", "NONE"),
            ],
        ),
        (
            "phase-against-title",
            TITLE % ("Phase 1 Study of Microvesicles", '"PHASE2", "PHASE3"', ""),
            [
                TITLE % ("Phase II/III Trial", '"PHASE2", "PHASE3"', ""),
                TITLE % ("A Phase IIa Trial", '"PHASE1", "PHASE2"', ""),
                TITLE % ("Phase 0 Trial", '"EARLY_PHASE1"', ""),
                TITLE % ("A Trial in the Luteal Phase", '"PHASE2"', ""),
            ],
        ),
        (
            "completed-with-planned-count",
            COUNT % ("COMPLETED", 20, "ESTIMATED"),
            [COUNT % ("COMPLETED", 20, "ACTUAL"), COUNT % ("RECRUITING", 20, "ESTIMATED")],
        ),
        (
            "withdrawn-with-patients",
            COUNT % ("WITHDRAWN", 3, "ACTUAL"),
            [COUNT % ("WITHDRAWN", 0, "ACTUAL"), COUNT % ("WITHDRAWN", 30, "ESTIMATED")],
        ),
        (
            "dates-out-of-order",
            DATES % ("2015-02", "2014-12-31"),
            [DATES % ("2015-02", "2015-02-01"), DATES % ("2015", "2015-02-01"), DATES % ("2014-12", "2015")],
        ),
        (
            "text-against-enrolment",
            TEXT % ("Ten patients have been enrolled. They received cells.", "ACTUAL"),
            [
                TEXT % ("Fifteen patients have been enrolled.", "ACTUAL"),
                TEXT % ("10 patients were enrolled in each group.", "ACTUAL"),
                TEXT % ("10 patients will be enrolled.", "ACTUAL"),
                TEXT % ("10 patients were enrolled so far.", "ACTUAL"),
                TEXT % ("10 patients have been enrolled.", "ESTIMATED"),
            ],
        ),
        (
            "doses-of-two-texts",
            DOSES % ("1 million cells/kg IV", "Patients receive 10 million mesenchymal stem cells/kg."),
            [
                DOSES % ("1 million cells/kg IV", "Patients receive 1x10^6 mesenchymal stem cells/kg."),
                DOSES % ("1 million cells/kg IV", "Patients receive 70 million mesenchymal stem cells."),
                DOSES % ("1-2 million cells/kg IV", "Patients receive 1 million mesenchymal stem cells/kg."),
            ],
        ),
        ("arms-against-enrolment", ARMS % 60, [ARMS % 55, ARMS % 500]),
    ],
)  # fmt: skip
def test_each_kind(kind: str, there: str, absent: list[str]) -> None:
    (found,) = contradictions(record(there))
    assert (found.kind, found.status, found.preferred) == (kind, "open", None)
    assert len(found.competing) >= 2
    for reading in found.competing:
        assert isinstance(reading.cell.address, GridAddress)
        assert reading.verbatim
    assert [part for part in absent if kind in kinds(part)] == []


def test_patients_at_baseline_are_compared_as_a_total_and_never_added() -> None:
    from tests.extract.registries.records import studies
    from trialgraph.extract.registries.formats.registry_file import RawRecord
    from trialgraph.extract.registries.study import read_record

    def found(change: int) -> list[str]:
        made = []
        for study in studies():
            groups = study.get("resultsSection", {}).get("baselineCharacteristicsModule", {})
            if not groups:
                continue
            totals = [g["id"] for g in groups["groups"] if g["title"] == "Total"]
            for denom in groups["denoms"]:
                for one in denom["counts"]:
                    if one["groupId"] in totals:
                        one["value"] = str(
                            study["protocolSection"]["designModule"]["enrollmentInfo"]["count"] + change
                        )
            raw = RawRecord(
                "a.json", 1, "", "clinicaltrials_gov", study, "0" * 64, "NCT00000410", "2022-10-10"
            )
            report = read_record("a", raw)[0]
            made += [one.kind for one in contradictions(report) if one.kind == "baseline-against-enrolment"]
        return made

    assert found(1)
    assert found(0) == found(-5) == []


def test_every_kind_is_described_and_real_records_have_few() -> None:
    assert all(text.endswith(".") for text in CONTRADICTION_KINDS.values())
    reports, _ = read(DATA / "studies.jsonl.gz")
    found = [one for report in reports for one in contradictions(report)]
    assert {one.kind for one in found} <= CONTRADICTION_KINDS.keys()
    assert len(found) < len(reports)
