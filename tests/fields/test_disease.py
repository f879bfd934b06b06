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
        # turned round, as indexes print it
        ("Multiple sclerosis, relapsing-remitting", "relapsing-remitting multiple sclerosis", []),
        ("Lupus Erythematosus, Systemic", SLE, []),
        ("GVHD, acute", "acute graft versus host disease", []),
        # several names, one condition
        ("COVID-19 ARDS", "acute respiratory distress syndrome", []),
        (
            "Moderate to severe ARDS associated with COVID-19",
            "acute respiratory distress syndrome",
            ["moderate to severe"],
        ),
        ("COVID-19-associated ARDS", "acute respiratory distress syndrome", []),
        ("Perianal fistula due to Crohn's disease", "perianal fistula", []),
        ("Crohn's perianal fistula", "perianal fistula", []),
        ("Patients with RA", RA, []),
        ("Use of stem cells in RA", RA, []),
        # the disease is the setting of something else
        ("Neutropenia in patients with aplastic anemia", None, []),
        ("Digital ulcers, in systemic sclerosis", None, []),
        ("Post-stroke depression", None, []),
        ("Cystic fibrosis-related diabetes", None, []),
        ("Dysarthria as late effect of stroke", None, []),
        ("Rheumatoid arthritis and other arthropathies", None, []),
        ("Cytokine release syndrome of COVID-19", None, []),
        ("Insomnia, chronic diseases, COVID-19", None, []),
        # what is mild is the anxiety
        ("COVID-19 with mild to moderate anxiety", "COVID-19", []),
        ("SLE with active disease", SLE, ["active"]),
        ("RA with moderate to severe disease", RA, ["moderate to severe"]),
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
