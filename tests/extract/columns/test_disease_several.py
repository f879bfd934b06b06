"""A cell of several diseases: a condition for each where each is certain, else one as printed."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell, row
from trialgraph.extract.columns.disease import read_conditions
from trialgraph.extract.reports import read_report
from trialgraph.extract.trials_table import flat


def labels(text: str) -> list[str | None]:
    return [c.disease.label if c.disease else None for c in read_conditions(cell("disease", text))]


@pytest.mark.parametrize(
    ("text", "diseases"),
    [
        ("RA and SLE", ["rheumatoid arthritis", "systemic lupus erythematosus"]),
        ("SLE; lupus nephritis", ["systemic lupus erythematosus", "lupus nephritis"]),
        ("Crohn's disease or ulcerative colitis", ["Crohn disease", "ulcerative colitis"]),
        ("SLE, RA, and MS", ["systemic lupus erythematosus", "rheumatoid arthritis", "multiple sclerosis"]),
        ("Multiple sclerosis & neuromyelitis optica", ["multiple sclerosis", "neuromyelitis optica"]),
        (
            "Hidradenitis suppurativa and pyoderma gangrenosum",
            ["hidradenitis suppurativa", "pyoderma gangrenosum"],
        ),
        ("Refractory RA; SLE", ["rheumatoid arthritis", "systemic lupus erythematosus"]),
    ],
)
def test_each_certain_disease_is_a_condition(text: str, diseases: list[str]) -> None:
    assert labels(text) == diseases


@pytest.mark.parametrize(
    "text",
    [
        "Refractory RA and SLE", "RA, SLE", "RA with SLE", "RA versus SLE", "RA and not SLE", "Not RA and SLE",
        "AD and DM", "RA and other arthropathies", "Rheumatoid and psoriatic arthritis", "RA and healthy volunteers",
        "RA; morbus ignotus",
    ],
)  # fmt: skip
def test_what_is_not_certain_stays_one_reading_without_a_link(text: str) -> None:
    assert labels(text) == [None]


@pytest.mark.parametrize(
    ("text", "disease"),
    [
        ("Nephritis, lupus", "lupus nephritis"), ("MDS/MPN", "myelodysplastic/myeloproliferative neoplasm"),
        ("RA or rheumatoid arthritis", "rheumatoid arthritis"), ("SLE;", "systemic lupus erythematosus"),
    ],
)  # fmt: skip
def test_one_disease_is_not_taken_apart(text: str, disease: str) -> None:
    assert labels(text) == [disease]


def test_each_condition_has_its_own_words_and_qualifiers() -> None:
    first, second = read_conditions(cell("disease", "Refractory RA; SLE"))
    assert (first.as_reported, first.reading.verbatim) == ("Refractory RA", "RA")
    assert [reading.verbatim for reading in first.beside] == ["Refractory"]
    assert (second.as_reported, second.qualifiers, second.beside) == ("SLE", (), ())
    assert second.reading.cell.text == "Refractory RA; SLE"
    assert second.reading.start - second.reading.cell.start == 15


def test_the_table_lists_them_and_nothing_is_left() -> None:
    report = read_report(row(disease="Refractory RA; SLE"))
    record = flat(report, ("disease", "disease_label", "qualifiers", "diseases"))
    assert record == {
        "disease": ["MONDO:0008383", "MONDO:0007915"],
        "disease_label": ["rheumatoid arthritis", "systemic lupus erythematosus"],
        "qualifiers": ["rheumatoid arthritis: refractory"],
        "diseases": ["MONDO:0008383", "MONDO:0007915"],
    }
    assert report.leftovers == ()
    assert flat(read_report(row(disease="RA")), ("disease", "diseases")) == {
        "disease": "MONDO:0008383",
        "diseases": ["MONDO:0008383"],
    }
