"""Values of facets in any spelling, in the address of the table of trials."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient


def rows(client: FlaskClient, **chosen: str) -> tuple[int, int, str]:
    """Status, number of reports, and what is said."""
    reply = client.get(f"/trials.json?{urlencode(chosen)}")
    made: Any = reply.json
    if reply.status_code != 200:
        return reply.status_code, 0, made["detail"]
    return 200, len(made), reply.headers.get("X-Trialgraph-Note", "")


@pytest.mark.parametrize(
    ("facet", "spellings"),
    [
        ("phase", ("phase-2", "2", "II", "Phase II", "tgc:phase-2", "TGC:phase-2")),
        ("disease", ("MONDO:0007915", "mondo:0007915", "MONDO_0007915", "SLE", "DOID:9074")),
        ("tissue", ("UBERON:0002331", "umbilical cord")),
        ("route", ("intravenous", "IV", "i.v.")),
        ("registry", ("clinicaltrials.gov", "ClinicalTrials.gov", "clinicaltrials", "NCT")),
        ("basis", ("cells/kg", "Cells/KG")),
    ],
)
def test_each_spelling_gives_the_same_reports(
    two_client: FlaskClient, facet: str, spellings: tuple[str, ...]
) -> None:
    found = {rows(two_client, **{facet: text})[:2] for text in spellings}
    assert len(found) == 1
    status, number = found.pop()
    assert status == 200
    assert number > 0


@pytest.mark.parametrize(
    ("facet", "value", "words"),
    [
        ("disease", "MONDO:9999999", "nothing that this release knows; did you mean MONDO:"),
        ("disease", "lupus", "several meanings; give one of "),
        ("phase", "99", "there are "),
        ("registry", "nowhere", "ClinicalTrials.gov"),
        ("basis", "bananas", "cells/kg"),
        ("source", "nope", "nothing that this release knows"),
        ("year", "19x9", "nothing that this release knows"),
        ("disease", "x" * 5_000, "nothing that this release knows"),
    ],
)
def test_what_is_not_known_is_an_error_with_values_that_are(
    two_client: FlaskClient, facet: str, value: str, words: str
) -> None:
    status, _, said = rows(two_client, **{facet: value})
    assert status == 400
    assert said.startswith(f"{facet}: ")
    assert words in said


@pytest.mark.parametrize(
    ("facet", "value", "words"),
    [
        ("phase", "4", "Phase 4 (tgc:phase-4) is known, but no trial of this release has it"),
        ("registry", "isrctn", "ISRCTN is known, but no trial"),
        ("year", "1901", "no trial of this release has the start year 1901"),
    ],
)
def test_a_known_value_without_trials_gives_none_and_says_so(
    two_client: FlaskClient, facet: str, value: str, words: str
) -> None:
    status, number, said = rows(two_client, **{facet: value})
    assert (status, number) == (200, 0)
    assert words in said
    page = two_client.get(f"/trials?{urlencode({facet: value})}", headers={"Accept": "text/html"})
    assert f"{words[0].upper()}{words[1:]}" in page.text
