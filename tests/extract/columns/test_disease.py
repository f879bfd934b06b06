"""Disease, qualifiers and site apart."""

from __future__ import annotations

import pytest

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.disease import read_condition

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
        ("Lupus nephritis (class III or IV)", "lupus nephritis", []),
        ("Lupus nephritis, class IV", "lupus nephritis", []),
        ("Heart failure, NYHA class II-III", "heart failure", []),
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
        ("Cystic fibrosis-related diabetes", "cystic fibrosis-related diabetes", []),
        ("Dysarthria as late effect of stroke", None, []),
        ("Rheumatoid arthritis and other arthropathies", None, []),
        ("Cytokine release syndrome of COVID-19", None, []),
        ("Insomnia, chronic diseases, COVID-19", None, []),
        # what is mild is the anxiety
        ("COVID-19 with mild to moderate anxiety", "COVID-19", []),
        ("SLE with active disease", SLE, ["active"]),
        ("RA with moderate to severe disease", RA, ["moderate to severe"]),
        # a part of another name: behind it, glued to it, before it
        ("Crohn's fistula", None, []),
        ("COVID-19 Vaccination", None, []),
        ("Stroke Rehabilitation", None, []),
        ("Retinal dystrophy-obesity syndrome", None, []),
        ("GVHD-free survival", None, []),
        ("Heat stroke", None, []),
        ("Prevention of GVHD", None, []),
        (
            "Hermansky-Pudlak syndrome with pulmonary fibrosis",
            "Hermansky-Pudlak syndrome with pulmonary fibrosis",
            [],
        ),
        ("Respiratory failure of COVID-19 patients", None, []),
        ("Adult patients with SLE", SLE, []),
        # too short to be sure of, beside words that we do not know
        ("Chilblain lupus", "chilblain lupus", []),
        ("Lupus, refractory", SLE, ["refractory"]),
        ("AD hypocalcemia", "autosomal dominant hypocalcemia", []),
        ("Coeliac artery compression", None, []),
        ("AIDS", "AIDS", []),
        # the abbreviation is that of the words before it
        ("Aortic Stenosis (AS)", "aortic valve stenosis", []),
        ("Diabetes mellitus (DM)", "diabetes mellitus", []),
        ("Idiopathic Pulmonory Fibrosis (IPF)", "idiopathic pulmonary fibrosis", []),
        # joined to what we do not know
        ("Overweight or obesity", None, []),
        ("COPD and chronic bronchitis", None, []),
        ("Moderate and severe COPD", "chronic obstructive pulmonary disease", ["moderate", "severe"]),
        ("Juvenile rheumatoid arthritis", "juvenile idiopathic arthritis", []),
        # what is early is the onset, what is advanced the cancer
        ("Early-onset obesity", "obesity disorder", []),
        ("Advanced cancer in patients who have SARS-CoV-2 infection", None, []),
        ("Patients with advanced cancer who have SARS-CoV-2 infection", None, []),
        ("NSCLC locally advanced", "non-small cell lung carcinoma", []),
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


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Thoracic spinal stenosis", "disease.broader"),
        ("Osteogenesis Imperfecta Type III", "disease.indexed"),
        ("Crohn's disease of the vulva", "disease.broader"),
        ("COVID-19 infection", "disease.broader"),
        ("Patients with severe SLE", "disease.qualified"),
        ("Non-active MS", "disease.qualified"),
        ("RA with knee involvement", "disease.qualified"),
        ("Peripheral Arterial Disease - PAD", "disease.qualified"),
        ("SLE", "disease.named"),
    ],
)
def test_a_name_that_says_more_than_the_concept_is_read_as_that(text: str, rule: str) -> None:
    condition, _ = read_condition(cell("disease", text))
    assert condition is not None
    assert condition.disease is not None
    assert condition.reading.rule == rule


def test_the_site_is_apart_from_the_disease() -> None:
    condition, _ = read_condition(cell("disease", "RA with knee involvement"))
    assert condition is not None
    assert condition.site is not None
    assert condition.site.label == "knee joint"


def test_an_empty_cell_names_no_condition() -> None:
    assert read_condition(cell("disease", " ")) == (None, ())
