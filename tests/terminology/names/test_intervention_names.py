"""What is given, in the names that registries print of interventions."""

from __future__ import annotations

import pytest

from trialgraph.terminology.names.grounding import ground
from trialgraph.terminology.names.intervention_names import rewritten

CARE, PLACEBO, CELLS = "MESH:D059039", "NCIT:C753", "CL:0000134"


def linked(text: str) -> list[tuple[str, str]]:
    return [(link.curie, link.relation) for link in ground(text, "intervention").links]


@pytest.mark.parametrize(
    "text",
    [
        "Standard treatment", "Usual care", "Conventional therapy", "Routine Management", "Treatment as Usual (TAU)",
        "standardized treatment", "Standard treatment of Covid-19", "Standard care in diabetic foot ulcer",
    ],
)  # fmt: skip
def test_the_care_of_a_control_group_has_many_names(text: str) -> None:
    assert linked(text) == [(CARE, "exact")]


@pytest.mark.parametrize(
    "text",
    [
        "Enhanced usual care",
        "Standard implementation",
        "Conventional surgery",
        "Usual face to face consultation",
    ],
)
def test_other_standards_are_no_standard_of_care(text: str) -> None:
    assert CARE not in {curie for curie, _ in linked(text)}


@pytest.mark.parametrize(
    "text",
    [
        "Placebo comparator", "Placebo-Control", "Matching placebo", "Placebo for Atogepant", "Ibuprofen placebo",
        "Placebo (NaCl)", "Placebo of Mycophenolate Mofetil",
    ],
)  # fmt: skip
def test_what_stands_for_a_drug_is_a_placebo_and_not_the_drug(text: str) -> None:
    assert [curie for curie, _ in linked(text)] == [PLACEBO]


def test_a_placebo_beside_a_drug_is_a_list() -> None:
    assert {curie for curie, _ in linked("Ibuprofen and placebo")} >= {PLACEBO}
    assert len(linked("Ibuprofen and placebo")) == 2
    assert linked("Placebo acupuncture device") == []


@pytest.mark.parametrize(
    ("text", "curie", "relation"),
    [
        ("Group 2: Dasatinib", "MESH:D000069439", "exact"), ("zolmitriptan by oral", "CHEBI:10124", "exact"),
        ("Epidural hyaluronidase injection", "CHEBI:231673", "exact"),
        ("Humira (adalimumab)", "MESH:D000068879", "exact"),
        ("Metformin Hcl 1000Mg Tab", "CHEBI:6802", "exact"), ("50 x 10^6 MSCs", CELLS, "exact"),
        ("UC-MSC infusion via intrathecal route", "CL:0002569", "exact"),
        ("MSC Treatment group 2 (high dose)", CELLS, "broader"),
        ("Selumetinib (AZD6244) 25mg/m2", "CHEBI:90227", "exact"), ("Blood sample collection", "MESH:D001800", "exact"),
        ("NurOwn (MSC-NTF cells)", "UNII:GPC34QP6X6", "exact"), ("Surgery (TVT)", "MAXO:0000004", "broader"),
        ("Sildenafil (Phosphodiesterase inhibitors)", "CHEBI:9139", "broader"),
        ("platelet rich plasma injection in post burn facial scar", "MESH:D053657", "broader"),
        ("TREATMENT OF ORAL MUCOSITIS USING PLATELET-RICH-FIBRIN (PRF)", "MESH:D000073183", "exact"),
        ("hormone replacement treatment", "MESH:D020249", "exact"), ("Lumbar discectomy", "MESH:D017586", "broader"),
        ("cord blood transplantation", "MAXO:0010033", "exact"),
    ],
)  # fmt: skip
def test_what_is_given_is_read_without_group_dose_purpose_and_bracket(
    text: str, curie: str, relation: str
) -> None:
    assert linked(text) == [(curie, relation)]


@pytest.mark.parametrize(
    ("text", "curie", "relation"),
    [
        ("Infusion of mesenchymal stem cells from adipose tissue", "CL:0002570", "exact"),
        ("Mesenchymal Stem Cells derived from Wharton Jelly of Umbilical cords", "CL:0002568", "exact"),
        ("Allogeneic adipose derived stem/stromal cells", "CL:0002570", "broader"),
        ("Allogeneic Umbilical Cord Tissue-Derived Mesenchymal Stromal Cells", "CL:0002569", "broader"),
        ("Allogeneic Bone Marrow-Derived Human Mesenchymal Stem Cells", "CL:0002540", "broader"),
        ("HUC-MSCs Transplantation", "CL:0002569", "exact"), ("MSC transplantation", "MESH:D045164", "exact"),
        ("Autologous MSCs transplantation", "MESH:D045164", "broader"),
        ("Stem Cells Transplantation", "MESH:D033581", "exact"),
        ("Exosomes derived from mesenchymal stromal cells (MSCs)", "MESH:D055354", "broader"),
        ("MSC-derived exosomes", "MESH:D055354", "broader"), ("Allogeneic HSCT", "MESH:D018380", "broader"),
    ],
)  # fmt: skip
def test_cells_and_what_they_give_off_are_read_in_every_order(text: str, curie: str, relation: str) -> None:
    assert linked(text) == [(curie, relation)]


@pytest.mark.parametrize(
    "text",
    [
        # An organ or a cell is not what surgery gives; an app is no phone; what is left says nothing or another thing.
        "Cell surgery", "Open heart", "Wearable smartphone application", "Cell injection", "Maintenance therapy",
        "Lumbar Decompression Surgery", "control group", "sham transplantation of mesenchymal stem cells", "CD34+cells",
        "Placebo comparator: methotrexate", "Sham comparator: lidocaine injection", "Placebo arm: prednisone",
        "Sham acupuncture", "Education for acupuncture", "Melanoma-derived exosomes", "Culture medium for MSC growth",
    ],
)  # fmt: skip
def test_what_is_not_given_is_not_linked(text: str) -> None:
    assert linked(text) == []


def test_two_things_joined_by_a_plus_are_two_links() -> None:
    assert {curie for curie, _ in linked("AK104+anlotinib")} == {"UNII:6FYG1DS4NW", "UNII:GKF8S4C432"}
    assert {curie for curie, _ in linked("total knee / hip replacement")} == {"MAXO:0009046", "MAXO:0009047"}


def test_what_is_done_for_something_is_a_kind_of_its_own() -> None:
    (one,) = [plain for plain in rewritten("acupuncture for pain") if plain.modifiers]
    assert (one.name, one.modifiers, one.only) == ("acupuncture", ("for pain",), True)
