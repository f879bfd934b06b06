"""Exports of the WHO's portal, in files made here: its records may not be passed on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.extract.registries.records import read, written
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.registries.formats.registry_file import is_registry_file
from trialgraph.extract.registries.formats.who_dates import iso_date
from trialgraph.extract.registries.reading import registry_source
from trialgraph.extract.registries.record_columns import flat_of

NEW = """<?xml version='1.0' encoding='UTF-8'?>
<Trials_downloaded_from_ICTRP>
  <Trial><Internal_Number>1
    </Internal_Number><TrialID>NCT01999999
    </TrialID><Last_Refreshed_on>24 August 2026
    </Last_Refreshed_on><Public_title>A trial of cells&#x0D;
for knees</Public_title><Scientific_title>The same&lt;br&gt;at length          </Scientific_title>
    <Primary_sponsor>A University</Primary_sponsor><Date_registration3>20260805</Date_registration3>
    <Date_registration>05/08/2026</Date_registration><Source_Register>ClinicalTrials.gov</Source_Register>
    <Recruitment_Status>Not Recruiting</Recruitment_Status><other_records>No</other_records>
    <Inclusion_agemin>18 Years</Inclusion_agemin><Inclusion_agemax>N/A</Inclusion_agemax>
    <Inclusion_gender>All</Inclusion_gender><Date_enrollement>August 15, 2026</Date_enrollement>
    <Target_size>60</Target_size><Study_type>Interventional</Study_type>
    <Study_design>Allocation: Randomized. Intervention model: Parallel Assignment. Primary purpose: Treatment. Masking:
    Double (Participant, Investigator). </Study_design><Phase>Phase 1/Phase 2</Phase>
    <Countries>Korea, Republic of;France;France</Countries><Condition>Osteoarthritis, Knee;Stroke</Condition>
    <Intervention>Biological: MSC;Drug: Placebo, 2 ml</Intervention><Primary_outcome>Pain;Function</Primary_outcome>
    <Secondary_outcome>Safety</Secondary_outcome><Secondary_ID>ABC-12;ISRCTN12345678;ISRCTN96912679</Secondary_ID>
    <Secondary_Sponsor>Somebody Ltd</Secondary_Sponsor><Contact_Lastname>Known</Contact_Lastname>
    <results_date_posted/></Trial>
  <Trial><TrialID>ChiCTR2000029953</TrialID><Source_Register>ChiCTR</Source_Register><Phase>0</Phase>
    <Target_size>Experimental group:32;control group:31;</Target_size><Inclusion_gender>Both</Inclusion_gender>
    <Intervention>Experimental group:MSC infusion;control group:saline;</Intervention>
    <Date_enrollement>2020-02-01</Date_enrollement><Study_type>Interventional study</Study_type></Trial>
  <Trial><TrialID>EUCTR2020-000890-25-FR</TrialID><Source_Register>EU Clinical Trials Register</Source_Register>
    <Phase>Human pharmacology (Phase I): no&#10;Therapeutic exploratory (Phase II): yes&#10;Therapeutic confirmatory -
    (Phase III): yes&#10;Therapeutic use (Phase IV): no</Phase>
    <Inclusion_gender>&lt;br&gt;Female: yes&lt;br&gt;Male: no&lt;br&gt;</Inclusion_gender></Trial>
  <Trial><TrialID>EUCTR2020-000890-25-DE</TrialID><Source_Register>EU Clinical Trials Register</Source_Register></Trial>
  <Trial><TrialID>no number</TrialID></Trial>
</Trials_downloaded_from_ICTRP>
"""
WHO = """<?xml version="1.0" encoding="UTF-8"?>
<trials><trial><main><trial_id>IRCT20200329046892N1</trial_id><utrn/><reg_name>IRCT</reg_name>
<date_registration>29/03/2020</date_registration><primary_sponsor>A University</primary_sponsor>
<public_title>Cells for lungs</public_title><date_enrolment>05/04/2020</date_enrolment><target_size>11</target_size>
<recruitment_status>Complete</recruitment_status><phase>2-3</phase><hc_freetext>COVID-19</hc_freetext>
<i_freetext>MSC</i_freetext><results_actual_enrolment>10</results_actual_enrolment></main>
<contacts><contact><lastname>Known</lastname></contact></contacts>
<countries><country2>Iran</country2></countries><criteria><agemin>18 years</agemin><gender>Both</gender></criteria>
<secondary_ids><secondary_id><sec_id>NCT04366063</sec_id></secondary_id></secondary_ids></trial></trials>
"""


def test_a_trial_of_the_portal(tmp_path: Path) -> None:
    reports, problems = read(written(tmp_path / "a.xml", NEW))
    assert [report.record.identifier for report in reports] == [
        "NCT01999999", "ChiCTR2000029953", "EUCTR2020-000890-25-FR", "EUCTR2020-000890-25-DE",
    ]  # fmt: skip
    (problem,) = problems
    assert (problem.reason, problem.identifier) == ("no registration number", "no number")
    wanted = {
        "registry": "ClinicalTrials.gov", "registration_id": "NCT01999999", "phase": "1/2", "n_total": 60,
        "title": "A trial of cells for knees", "status": "not recruiting", "start_date": "2026-08-15",
        "data_version": "2026-08-24", "allocation": "randomized", "intervention_model": "parallel",
        "masking": "double", "who_masked": ["participant", "investigator"], "primary_purpose": "treatment",
        "conditions": ["Osteoarthritis, Knee", "Stroke"], "interventions": ["MSC", "Placebo, 2 ml"],
        "intervention_types": ["biological", "drug"], "countries": ["Korea, Republic of", "France"], "sex": "all",
        "minimum_age": "18 Years", "maximum_age": None, "collaborators": ["Somebody Ltd"],
        "primary_outcomes": ["Pain", "Function"], "n_secondary_outcomes": 1, "n_sites": None,
        "sponsor": "A University", "secondary_ids": ["ISRCTN96912679", "ABC-12", "ISRCTN12345678"],
    }  # fmt: skip
    assert flat_of(reports[0], wanted) == wanted
    assert not any("Known" in str(fact.value) for report in reports for fact in report.facts)


def test_a_copy_is_marked_and_numbers_are_told_from_words(tmp_path: Path) -> None:
    report = read(written(tmp_path / "a.xml", NEW))[0][0]
    assert (report.record.registry, report.record.copy_of) == ("ICTRP", "ClinicalTrials.gov")
    assert [(link.kind, link.other, link.registry) for link in report.links] == [
        ("secondary id", "ISRCTN96912679", "ISRCTN")
    ]
    assert [fact.value for fact in report.of("study", "secondaryIdAsReported")] == [
        "ABC-12",
        "ISRCTN12345678",
    ]
    (fact,) = report.of("study", "studyTitle")
    assert str(report.record.place(fact)) == "/Trials_downloaded_from_ICTRP/Trial[1]/Public_title"


def test_sizes_by_arm_and_phases_by_register(tmp_path: Path) -> None:
    chinese, french, german = read(written(tmp_path / "a.xml", NEW))[0][1:]
    wanted = {
        "n_total": 63, "n_treatment": 32, "n_control": 31, "arms": ["Experimental group", "control group"],
        "arm_interventions": ["Experimental group => MSC infusion", "control group => saline"], "sex": "all",
        "phase": "0", "start_date": "2020-02-01",
    }  # fmt: skip
    assert flat_of(chinese, wanted) == wanted
    assert flat_of(french, ["phase", "sex"]) == {"phase": "2/3", "sex": "female"}
    # One trial, a report for each country.
    assert french.trial_key == german.trial_key == "2020-000890-25"
    assert french.key != german.key


def test_the_format_for_registries(tmp_path: Path) -> None:
    path = written(tmp_path / "irct.xml", WHO)
    assert is_registry_file(path)
    (report,), _ = read(path)
    wanted = {
        "registry": "IRCT", "registration_id": "IRCT20200329046892N1", "title": "Cells for lungs", "phase": "2/3",
        "n_total": 11, "start_date": "2020-04-05", "countries": ["Iran"], "conditions": ["COVID-19"],
        "interventions": ["MSC"], "minimum_age": "18 years", "sex": "all",
    }  # fmt: skip
    assert flat_of(report, wanted) == wanted
    assert [link.other for link in report.links] == ["NCT04366063"]
    (fact,) = report.of("study", "studyTitle")
    assert str(report.record.place(fact)) == "/trials/trial[1]/main/public_title"


def test_the_csv_of_the_portal_gives_the_same(tmp_path: Path) -> None:
    text = (
        "TrialID,Last Refreshed on,Public title,Scientific title,Source Register,Recruitment Status,Target size,Phase,"
        "Date enrollement,Contact Lastname,Inclusion gender,Bridging flag truefalse\n"
        'NCT01999999,24 August 2026,A trial of cells,x,ClinicalTrials.gov,Recruiting,"60",N/A,"August 15, 2026",Known,'
        "All,True \n"
    )
    path = written(tmp_path / "a.csv", text)
    assert is_registry_file(path)
    (report,), problems = read(path)
    assert not problems
    wanted = {"registration_id": "NCT01999999", "n_total": 60, "phase": None, "phase_status": "not applicable",
              "start_date": "2026-08-15", "status": "recruiting", "sex": "all"}  # fmt: skip
    assert flat_of(report, wanted) == wanted
    assert [fact.value for fact in report.of("study", "isBridged")] == [True]
    (fact,) = report.of("study", "enrolledTotal")
    assert str(report.record.place(fact)) == "cell=2,7"


@pytest.mark.parametrize(
    ("written_as", "date"),
    [
        ("2020-02-01", "2020-02-01"), ("20200127", "2020-01-27"), ("27/01/2020", "2020-01-27"),
        ("05/04/2020", "2020-04-05"), ("04/27/2020", "2020-04-27"), ("3 February 2020", "2020-02-03"),
        ("January 25, 2020", "2020-01-25"), ("April 2020", "2020-04"), ("2020", "2020"), ("soon", "soon"),
    ],
)  # fmt: skip
def test_dates_by_register(written_as: str, date: str) -> None:
    assert iso_date(written_as) == date


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><Trials_downloaded_from_ICTRP><Trial><TrialID>&a;</TrialID></Trial>'
        "</Trials_downloaded_from_ICTRP>",
        '<!DOCTYPE trials SYSTEM "http://example.org/x.dtd"><trials><trial/></trials>',
        "<Trials_downloaded_from_ICTRP></Trials_downloaded_from_ICTRP>",
        "<trials>" + "<a>" * 100_000,
    ],
)
def test_hostile_xml_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    path = written(tmp_path / "a.xml", content)
    assert is_registry_file(path)
    with pytest.raises(InputError):
        registry_source(path, DEFAULTS)


def test_broken_xml_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    text = NEW[: NEW.index("<TrialID>EUCTR2020-000890-25-DE")]
    reports, problems = read(written(tmp_path / "a.xml", text))
    assert len(reports) == 3
    assert [problem.reason for problem in problems] == ["no valid XML"]


def portal(*fields: str) -> str:
    body = "".join(fields)
    return (
        "<Trials_downloaded_from_ICTRP><Trial><TrialID>NCT01999999</TrialID>"
        f"{body}</Trial></Trials_downloaded_from_ICTRP>"
    )


@pytest.mark.parametrize(
    ("name", "texts", "column"),
    [
        ("Public_title", ("One", "Two"), "title"),
        ("Target_size", ("60", "80"), "n_total"),
        ("Phase", ("Phase 1", "Phase 2"), "phase"),
        ("Date_enrollement", ("2020-02-01", "2021-02-01"), "start_date"),
        ("Inclusion_agemin", ("18 Years", "21 Years"), "minimum_age"),
        ("Recruitment_Status", ("Recruiting", "Completed"), "status"),
    ],
)
def test_a_field_that_says_two_things_is_told_and_states_nothing(
    tmp_path: Path, name: str, texts: tuple[str, str], column: str
) -> None:
    twice = [f"<{name}>{text}</{name}>" for text in texts]
    (report,), (problem,) = read(written(tmp_path / "a.xml", portal(*twice)))
    assert flat_of(report, [column]) == {column: None}
    assert problem.line() == (
        f"a.xml:1: NCT01999999: {name}: it stands 2 times in the record, with different texts; "
        "no value is taken from it"
    )
    # Said twice it is one statement; in another spelling of its name it is the same field.
    (report,), problems = read(
        written(tmp_path / "b.xml", portal(twice[0], twice[0].replace(name, name.lower())))
    )
    assert flat_of(report, [column])[column] is not None
    assert problems == []


def test_a_record_of_two_numbers_is_left_out(tmp_path: Path) -> None:
    other = portal("<TrialID>NCT01999998</TrialID>").replace("<Trials_downloaded_from_ICTRP>", "")
    text = portal().replace("</Trials_downloaded_from_ICTRP>", other).replace("01999999", "01111111", 1)
    reports, (problem,) = read(written(tmp_path / "a.xml", text))
    assert [report.record.identifier for report in reports] == ["NCT01111111"]
    assert problem.reason == "several registration numbers"


def test_a_list_may_be_repeated(tmp_path: Path) -> None:
    repeated = portal(
        "<Condition>A</Condition><Condition>B;C</Condition><Intervention>D</Intervention>"
        "<Intervention>Drug: E</Intervention>"
    )
    (report,), problems = read(written(tmp_path / "a.xml", repeated))
    assert problems == []
    assert flat_of(report, ["conditions", "interventions"]) == {
        "conditions": ["A", "B", "C"], "interventions": ["D", "E"],
    }  # fmt: skip


def test_markup_within_a_field_is_part_of_its_text(tmp_path: Path) -> None:
    title = "<Public_title>CD34<sup>+</sup> cells <i>in <b>vivo</b></i> today</Public_title>"
    (report,), problems = read(written(tmp_path / "a.xml", portal(title)))
    assert problems == []
    assert flat_of(report, ["title"]) == {"title": "CD34+ cells in vivo today"}


def test_two_columns_of_one_field_in_other_spellings(tmp_path: Path) -> None:
    head = "TrialID,Public title,Source Register,Recruitment Status,Target size,Target_size\n"
    path = written(
        tmp_path / "a.csv", head + "NCT01999999,T,x,Recruiting,60,80\nNCT01999998,T,x,Recruiting,60,60\n"
    )
    (one, other), (problem,) = read(path)
    assert (one.n_total, other.n_total) == (None, 60)
    assert problem.identifier == "NCT01999999"
    assert "Target_size: it stands 2 times" in problem.what


def test_phases_that_no_concept_covers_are_words_of_their_field(tmp_path: Path) -> None:
    said = "Therapeutic confirmatory - (Phase III): yes Therapeutic use (Phase IV): yes"
    (report,), problems = read(written(tmp_path / "a.xml", portal(f"<Phase>{said}</Phase>")))
    assert problems == []
    # A status "stated" without a concept is a violation, for which a build of all records was refused.
    assert flat_of(report, ["phase", "phase_status"]) == {"phase": None, "phase_status": "unread"}
    assert [fact.value for fact in report.of("study", "registeredPhase")] == ["3", "4"]
