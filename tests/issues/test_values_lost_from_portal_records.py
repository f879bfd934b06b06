"""A value of the WHO's portal that is not understood is told: it was passed over, as if the record stated none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.extract.registries.records import read, written
from trialgraph.extract.registries.record_columns import flat_of

TRIAL = """<Trials_downloaded_from_ICTRP>
<Trial><TrialID>ChiCTR2000030541</TrialID><{0}>{1}</{0}></Trial>
</Trials_downloaded_from_ICTRP>"""


def values(tmp_path: Path, element: str, text: str, column: str) -> tuple[Any, list[str]]:
    """What one element states, and what is told of it."""
    (report,), problems = read(written(tmp_path / "a.xml", TRIAL.format(element, text)))
    return flat_of(report, [column])[column], [problem.line() for problem in problems]


@pytest.mark.parametrize(
    ("element", "text", "column"),
    [
        ("Target_size", "Students; Others:1300;", "n_total"),
        ("Target_size", "about 60", "n_total"),
        ("Target_size", "-5", "n_total"),
        ("results_actual_enrolment", "ten", "n_total"),
    ],
)
def test_a_value_that_is_not_understood_is_told(tmp_path: Path, element: str, text: str, column: str) -> None:
    value, (problem,) = values(tmp_path, element, text, column)
    assert value is None
    assert problem.startswith(f"a.xml:2: ChiCTR2000030541: {element}: ")
    assert problem.endswith("; no value is taken from it")


@pytest.mark.parametrize(
    ("element", "text", "column"),
    [
        ("Target_size", "N/A", "n_total"),
        ("Target_size", "-", "n_total"),
        ("Target_size", "not applicable", "n_total"),
        ("Inclusion_agemax", "No limit", "maximum_age"),
        ("Inclusion_agemax", "no maximum age", "maximum_age"),
        ("Inclusion_agemin", "null", "minimum_age"),
        ("Inclusion_gender", "-", "sex"),
        ("results_actual_enrolment", "NA", "n_total"),
    ],
)
def test_filler_states_nothing_and_is_no_problem(
    tmp_path: Path, element: str, text: str, column: str
) -> None:
    assert values(tmp_path, element, text, column) == (None, [])


@pytest.mark.parametrize("text", ["&gt;= 18age old", "1years-old", "18 - 75 years", "Adult"])
def test_an_age_is_kept_as_it_is_written(tmp_path: Path, text: str) -> None:
    value, problems = values(tmp_path, "Inclusion_agemin", text, "minimum_age")
    assert value == text.replace("&gt;", ">")
    assert not problems


def test_a_sex_in_other_words_is_told(tmp_path: Path) -> None:
    # As a value it broke the shape of the property, and a build of all records was refused.
    value, (problem,) = values(tmp_path, "Inclusion_gender", "intersex persons", "sex")
    assert value is None
    assert (
        "Inclusion_gender: 'intersex persons' is no sex that is known; no value is taken from it" in problem
    )
