"""Headings: what a column is about, whatever its heading says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.extract.columns import columns
from trialgraph.extract.layout.headings import field_of


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        # the seed's
        ("Study type", "phase"),
        ("MSC source", "cell source"),
        ("Disease", "disease"),
        ("Patients (treatment/control)", "patients"),
        ("Administration", "administration"),
        ("Follow-up (months)", "follow-up"),
        ("Mechanism of action", "mechanism"),
        ("Outcome measures", "outcomes"),
        ("Conclusion", "conclusion"),
        ("Trial registration number", "registration"),
        ("Ref.", "reference"),
        # other tables'
        ("Phase", "phase"),
        ("Trial phase", "phase"),
        ("Study design", "phase"),
        ("Cell type", "cell source"),
        ("Cell source", "cell source"),
        ("Source of MSCs", "cell source"),
        ("Stem cell source", "cell source"),
        ("Condition", "disease"),
        ("Indication", "disease"),
        ("No. of patients", "patients"),
        ("Number of participants", "patients"),
        ("Sample size", "patients"),
        ("N", "patients"),
        ("Dose", "administration"),
        ("Dose and route", "administration"),
        ("Route of administration", "administration"),
        ("Follow up", "follow-up"),
        ("Follow‐up period", "follow-up"),
        ("FOLLOW-UP DURATION", "follow-up"),
        ("Mechanisms", "mechanism"),
        ("Outcomes", "outcomes"),
        ("Primary outcome", "outcomes"),
        ("Primary endpoints", "outcomes"),
        ("End points", "outcomes"),
        ("Main findings", "conclusion"),
        ("Results", "conclusion"),
        ("NCT number", "registration"),
        ("Trial ID", "registration"),
        ("ClinicalTrials.gov identifier", "registration"),
        ("References", "reference"),
        ("Reference [No.]", "reference"),
        ("Author, year", "reference"),
        ("  Disease:  ", "disease"),
        ("Disease*", "disease"),
        ("Country", "countries"),
        ("Countries/regions", "countries"),
        ("Location", "countries"),
        ("Study location", "countries"),
        ("Status", "status"),
        ("Recruitment status", "status"),
        ("Overall recruitment status", "status"),
        ("Status of the trial", "status"),
        ("Age", "age"),
        ("Age (years)", "age"),
        ("Eligible age range", "age"),
        ("Ages eligible for study", "age"),
    ],
)
def test_known_headings(heading: str, field: str) -> None:
    assert field_of(heading) == field


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "()",
        "-",
        "Review",
        "Funding",
        "Colour of the eyes",
        "Disease activity decreased in all patients",
        "Copyright ©The Author(s) 2025.",
        "Table 1 Clinical trials",
        "Phase I/IIUC-MSCsRA30 (15/15)",
    ],
)
def test_what_is_no_heading(heading: str) -> None:
    assert field_of(heading) is None


@given(
    st.sampled_from(["Disease", "Follow-up", "Outcome measures", "Ref."]),
    st.text(st.characters(exclude_characters="()"), max_size=20),
)
def test_words_in_parentheses_do_not_count(heading: str, aside: str) -> None:
    assert field_of(f"{heading} ({aside})") == field_of(heading)


@given(st.text(max_size=100))
def test_any_text_is_a_heading_or_not(text: str) -> None:
    assert field_of(text) in {None, *(column.field for column in columns())}
