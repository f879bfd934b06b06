"""A copy of a record in the WHO's portal: its reduced words are no difference, nor is that it is of another date."""

from __future__ import annotations

from pathlib import Path

from tests.extract.record_comparisons.made import record, row
from tests.extract.registries.records import read, written
from trialgraph.extract.record_comparisons.record_comparisons import record_comparisons
from trialgraph.model.comparison import Comparison

# A trial of ClinicalTrials.gov as the portal has it: a reduced status, the target size, measures without times.
COPY = """<Trials_downloaded_from_ICTRP><Trial><TrialID>NCT01741857</TrialID>
<Last_Refreshed_on>{date}</Last_Refreshed_on><Source_Register>ClinicalTrials.gov</Source_Register>
<Recruitment_Status>{status}</Recruitment_Status><Target_size>40</Target_size><Phase>Phase 1/Phase 2</Phase>
<Primary_outcome>Adverse events</Primary_outcome></Trial></Trials_downloaded_from_ICTRP>"""
RECORD = (
    '{"statusModule": {"overallStatus": "%s"}, "designModule": {"phases": ["PHASE1", "PHASE2"], "enrollmentInfo":'
    ' {"count": %d, "type": "%s"}}, "outcomesModule": {"primaryOutcomes": [{"measure": "Adverse events", "timeFrame":'
    ' "12 months"}]}}'
)


def compared(tmp_path: Path, status: str, date: str, original: str) -> dict[str, Comparison]:
    reports, problems = read(written(tmp_path / "portal.xml", COPY.format(status=status, date=date)))
    assert problems == []
    found = record_comparisons([record(original, date="2022-10-10"), *reports], {})
    return {one.field: one for one in found.comparisons}


def test_reduced_wording_is_no_difference(tmp_path: Path) -> None:
    for status in ("COMPLETED", "TERMINATED", "WITHDRAWN", "UNKNOWN", "ACTIVE_NOT_RECRUITING", "SUSPENDED"):
        found = compared(tmp_path, "Not Recruiting", "10 October 2022", RECORD % (status, 40, "ESTIMATED"))
        assert {one.verdict for one in found.values()} <= {"agrees", "only left", "only right"}
        assert (found["status"].verdict, found["primary_outcomes"].verdict) == ("agrees", "agrees")
        assert "no second opinion" in found["status"].note


def test_an_older_copy_is_no_difference_and_says_of_when_it_is(tmp_path: Path) -> None:
    found = compared(tmp_path, "Recruiting", "16 March 2020", RECORD % ("COMPLETED", 60, "ACTUAL"))
    assert {one.verdict for one in found.values()} <= {"agrees", "not comparable", "only left", "only right"}
    assert found["n_total"].note.startswith("the record is of 2022-10-10, the copy of 2020-03-16")


def test_a_copy_of_the_same_day_that_differs_does(tmp_path: Path) -> None:
    found = compared(tmp_path, "Recruiting", "10 October 2022", RECORD % ("RECRUITING", 60, "ESTIMATED"))
    assert (found["n_total"].verdict, found["n_total"].severity) == ("differs", "major")


COUNTRIES = """<Trials_downloaded_from_ICTRP>
<Trial><TrialID>EUCTR2010-018451-24-ES</TrialID><Target_size>30</Target_size></Trial>
<Trial><TrialID>EUCTR2010-018451-24-DE</TrialID><Target_size>12</Target_size></Trial></Trials_downloaded_from_ICTRP>"""


def test_records_of_countries_are_not_compared_with_each_other_and_their_sizes_are_of_one_country(
    tmp_path: Path,
) -> None:
    reports, _ = read(written(tmp_path / "portal.xml", COUNTRIES))
    assert record_comparisons(reports, {}).comparisons == ()
    review = row("n_total", "42 (42/0)", number="EudraCT 2010-018451-24")
    found = [one for one in record_comparisons([review, *reports], {}).comparisons if one.field == "n_total"]
    assert [(one.verdict, one.note.partition(";")[0]) for one in found] == [
        ("not comparable", "EUCTR2010-018451-24-DE is the record of one country"),
        ("not comparable", "EUCTR2010-018451-24-ES is the record of one country"),
    ]
