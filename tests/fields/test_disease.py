"""Disease, qualifiers and site apart."""

from __future__ import annotations

import pytest

from tests.fields.cells import cell
from trialgraph.fields.disease import read_condition

SLE, RA, MS, LN = (
    "systemic lupus erythematosus",
    "rheumatoid arthritis",
    "multiple sclerosis",
    "lupus nephritis",
)


@pytest.mark.parametrize(
    ("text", "disease", "qualifiers"),
    [
        ("SLE", SLE, []),
        ("Persistently active SLE", SLE, ["persistently active"]),
        ("Refractory lupus nephritis", LN, ["refractory"]),
        ("Lupus nephritis", LN, []),
        ("RA with knee involvement", RA, ["knee involvement"]),
        ("DMARD-resistant RA", RA, ["DMARD-resistant"]),
        ("Refractory RA", RA, ["refractory"]),
        ("SPMS", "secondary progressive multiple sclerosis", []),
        ("MS", MS, []),
        # other ways of saying it
        ("SLE, refractory", SLE, ["refractory"]),
        ("RA refractory to DMARDs", RA, ["DMARD-resistant"]),
        ("Primary progressive MS", "primary progressive multiple sclerosis", []),
        ("Rheumatoid arthritis (RA)", RA, []),
        ("MS (SPMS)", "secondary progressive multiple sclerosis", []),
        ("Crohn's disease with perianal fistula", "Crohn disease", []),
        ("Non-active MS", MS, []),
        # nobody's concept, or more than one
        ("Morbus nondum descriptus", None, []),
        ("Type 2 diabetes", None, []),
        ("RA and SLE", None, []),
        ("MS or NMOSD", None, []),
    ],
)
def test_the_disease_and_what_qualifies_it(text: str, disease: str | None, qualifiers: list[str]) -> None:
    condition, _ = read_condition(cell("disease", text))
    assert condition is not None
    assert (condition.disease.label if condition.disease else None) == disease
    assert [q.label for q in condition.qualifiers] == qualifiers
    assert condition.as_reported == text


def test_the_site_is_apart_from_the_disease() -> None:
    condition, _ = read_condition(cell("disease", "RA with knee involvement"))
    assert condition is not None
    assert condition.site is not None
    assert condition.site.label == "knee joint"


def test_an_empty_cell_names_no_condition() -> None:
    assert read_condition(cell("disease", " ")) == (None, ())
