"""Recruitment status: whole cells that are a status, and nothing else."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.status import COLUMN
from trialgraph.terminology.lexicon import Concept


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Recruiting", "recruiting"),
        ("not yet recruiting", "not yet recruiting"),
        ("Active, not recruiting", "active, not recruiting"),
        (" Completed ", "completed"),
        ("Terminated early", "terminated"),
        ("Withdrawn", "withdrawn"),
        ("Suspended", "suspended"),
        ("On-going", "ongoing"),
    ],
)
def test_a_status_is_a_concept(text: str, label: str) -> None:
    ((value,),) = COLUMN.read([cell("status", text)]).values.values()
    assert isinstance(value.value, Concept)
    assert value.value.label == label
    assert value.reading.verbatim == text.strip()


@pytest.mark.parametrize(
    "text", ["Recruiting since 2019", "2019", "Completed (NCT01741857)", "not recruiting", "yes"]
)
def test_other_words_are_no_status(text: str) -> None:
    assert not COLUMN.read([cell("status", text)]).values
