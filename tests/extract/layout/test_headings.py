"""Headings: what a column is about, whatever its heading says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.extract.columns import columns
from trialgraph.extract.layout.headings import field_of, fields_named


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
        ("Inclusion_agemin", None),
        ("Age min", "age"),
        ("Blinding", "masking"),
        ("Masking", "masking"),
        ("Randomization", "allocation"),
        ("Allocation", "allocation"),
        ("Study title", "title"),
        ("Acronym", "title"),
        ("Sponsor/Collaborators", "sponsor"),
        ("Start date", "start date"),
        ("Primary completion date", None),
        ("Completion date", "completion date"),
        ("End date", "completion date"),
        ("Gender", "sex"),
        ("Dosing frequency", "dose frequency"),
        ("Number of doses", "administration"),
        ("No. of injections", "administration"),
        ("Control group", "comparator"),
        ("Comparator", "comparator"),
        ("CAR-T product", "product"),
        ("Vector", "product"),
        ("Target antigen", "target"),
        ("Nature of study", "phase"),
        ("Total number of participants", "patients"),
        ("No. randomised", "patients"),
        ("Number randomized", "patients"),
        ("Donor", "cell source"),
        ("Type of cells", "cell source"),
        ("Length of follow-up", "follow-up"),
        ("First author", "reference"),
        ("Trial registry number", "registration"),
    ],
)
def test_known_headings(heading: str, field: str | None) -> None:
    assert field_of(heading) == field


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "()",
        "-",
        "Review",
        "Age at onset",
        "Mean age",
        "Stage",
        "Country of sponsor",
        "Study year",
        "Type of study drug",
        "Number of centers",
        "Lost to follow-up",
        "Disease duration",
        "Treatment duration",
        "Adverse events",
        "Cell viability",
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


@pytest.mark.parametrize(
    ("heading", "fields"),
    [
        ("study_id", ("registration",)),
        ("n_intervention", ("patients",)),
        ("fu_months", ("follow-up",)),
        ("followup_weeks", ("follow-up",)),
        ("trial_reg_no", ("registration",)),
        ("dose_cells_per_kg", ("administration",)),
        ("TargetAntigen", ("target",)),
        ("RegistrationNumber", ("registration",)),
        ("No. of pts", ("patients",)),
        ("Patients, n", ("patients",)),
        ("Control (n)", ("patients",)),
        ("Groups (T/C)", ("patients",)),
        ("Disease of the patients", ("disease",)),
        ("outcome_primary", ("outcomes",)),
        ("Phase/status", ("phase", "status")),
        ("Author, year, country", ("reference", "countries")),
        ("Dose and route", ("administration",)),
        ("1. Disease", ("disease",)),
    ],
)
def test_headings_that_are_read_as_others(heading: str, fields: tuple[str, ...]) -> None:
    named = fields_named(heading)
    assert named
    assert named.fields == fields
    assert 0.9 <= named.confidence <= 1


@pytest.mark.parametrize(
    "heading", ["", "pub_year", "notes", "K-L grade", "BMI", "Country of sponsor", "x" * 1000]
)
def test_headings_that_nobody_knows(heading: str) -> None:
    assert fields_named(heading) is None
