"""Other words and another order for one name."""

from __future__ import annotations

import pytest

from trialgraph.terminology.names.grounding import Field, ground
from trialgraph.terminology.names.name_forms import variants


def linked(text: str, field: Field = "disease") -> list[tuple[str, str]]:
    return [(link.curie, link.relation) for link in ground(text, field).links]


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("Sexual Dysfunction Female", "HP:0030014"), ("Acute Mixed-Phenotype Leukemia", "MONDO:0020743"),
        ("Spinal Lumbar Stenosis", "MONDO:0044753"), ("Dermatologic Disorders", "MONDO:0005093"),
        ("Cutaneous Ulcer", "HP:0200042"), ("Cerebral Aneurysm", "MONDO:0005291"), ("Atrophic Scar", "HP:0001075"),
        ("Gastro Intestinal Stromal Tumor", "MONDO:0011719"), ("Corona Virus Disease 2019", "MONDO:0100096"),
        ("Fistula Vagina", "HP:0004320"), ("Osteomyelitis - Foot", "HP:0001886"),
        ("Charcot-Marie-Tooth Disease, Type IA", "MONDO:0007309"), ("Osteoarthritis (knee)", "MONDO:0005416"),
        # The label of a term turned back, or in the other number, decides against the synonyms of others.
        ("Left Ventricular Dysfunction", "MESH:D018487"), ("Infection", "MESH:D007239"),
        # MONDO and DOID agree, MeSH alone does not.
        ("Coronary Heart Disease", "MONDO:0005010"),
    ],
)  # fmt: skip
def test_a_disease_may_be_said_in_other_words_or_another_order(text: str, curie: str) -> None:
    assert linked(text) == [(curie, "exact")]


@pytest.mark.parametrize(
    "text",
    [
        # What links two words says how they belong together; what stands for a word needs its own name.
        "Leukemia due to melanoma", "Melanoma sham", "Lymphoid Malignancies", "Disorder of Immune Reconstitution",
        "Kidney-like disorder", "Melanoma-like syndrome", "Melanoma (mouse model)", "Critical Limb Ischemia (CLI)",
        "Burn infection", "Gliosarcoma infection",
    ],
)  # fmt: skip
def test_other_words_that_make_another_thing_leave_no_link(text: str) -> None:
    assert linked(text) == []


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("Moderate to Severe Hypoxic-ischemic Encephalopathy", "MONDO:0006663"),
        ("Relapse Multiple Myeloma", "MONDO:0009693"),
        ("Stage IV Pancreatic Cancer AJCC v8", "MONDO:0009831"), ("COVID-19 Infection", "MONDO:0100096"),
        ("Frailty Syndrome", "HP:0033675"), ("Degenerative Scoliosis", "MONDO:0005392"),
    ],
)  # fmt: skip
def test_words_that_narrow_a_disease_leave_a_broader_link(text: str, curie: str) -> None:
    assert linked(text) == [(curie, "broader")]


@pytest.mark.parametrize(
    ("text", "curies"),
    [
        ("Hip and knee osteoarthritis", {"MONDO:0006629", "MONDO:0005416"}),
        ("Breast and ovarian cancer", {"MONDO:0007254", "MONDO:0008170"}),
        ("Melanoma and gliosarcoma", {"MONDO:0005105", "MONDO:0016681"}),
    ],
)
def test_two_diseases_may_share_their_end(text: str, curies: set[str]) -> None:
    assert {curie for curie, _ in linked(text)} == curies


def test_a_long_name_has_no_variants() -> None:
    assert list(variants("renal disease " * 10)) == []
    assert all(one.name != "renal disease" for one in variants("renal disease"))
