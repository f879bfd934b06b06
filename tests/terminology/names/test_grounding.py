"""Grounding printed names by the curated list and the packaged index."""

from __future__ import annotations

import time
from unittest import mock

import pytest

from trialgraph.terminology.names import grounding
from trialgraph.terminology.names.grounding import Field, TermLink, ground, mention_of

DISEASE: Field = "disease"
GIVEN: Field = "intervention"


def linked(text: str, field: Field = DISEASE, **legend: str) -> list[tuple[str, str, str]]:
    """The terms with step and relation."""
    return [(link.curie, link.step, link.relation) for link in ground(text, field, legend).links]


def only(text: str, field: Field = DISEASE) -> TermLink:
    (link,) = ground(text, field).links
    return link


@pytest.mark.parametrize(
    ("text", "curie", "step"),
    [
        ("Rheumatoid arthritis", "MONDO:0008383", "curated"),
        ("Hidradenitis suppurativa", "MONDO:0006559", "label"),
        ("Premature menopause", "MONDO:0001119", "label"),
        ("Tibial fracture", "HP:0041143", "exact synonym"),
        ("Migraine disorder", "MONDO:0005277", "curated"),
        ("Malignant neoplasm of urinary bladder", "MONDO:0001187", "unscoped synonym unique"),
    ],
)
def test_every_link_says_by_which_step_it_was_made(text: str, curie: str, step: str) -> None:
    link = only(text)
    assert (link.curie, link.step, link.relation) == (curie, step, "exact")
    assert link.name.casefold()
    assert link.release or link.step == "curated"


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("Arthritis, Rheumatoid", "MONDO:0008383"),
        ("Multiple Sclerosis (MS)", "MONDO:0005301"),
        ("MS (multiple sclerosis)", "MONDO:0005301"),
        ("ALS - Amyotrophic Lateral Sclerosis", "MONDO:0004976"),
        ("Breast; cancer", "MONDO:0007254"),
        ("Cancer of the breast", "MONDO:0007254"),
        ("Cancer, Breast", "MONDO:0007254"),
        ("Parkinson’s disease", "MONDO:0005180"),
        ("Hypoxic ischemic encephalopathy", "MONDO:0006663"),
        ("Haemophilia A", "MONDO:0010602"),
        ("Spinocerebellar ataxia type2", "MONDO:0008458"),
    ],
)
def test_a_name_may_be_written_in_other_ways(text: str, curie: str) -> None:
    assert [(found, relation) for found, _, relation in linked(text)] == [(curie, "exact")]


@pytest.mark.parametrize(
    ("text", "curie", "modifiers"),
    [
        ("Severe active rheumatoid arthritis", "MONDO:0008383", ("Severe", "active")),
        ("Chronic Obstructive Pulmonary Disease Moderate", "MONDO:0005002", ("Moderate",)),
        ("Stage III melanoma", "MONDO:0005105", ("Stage III",)),
        ("Stage III or IV melanoma", "MONDO:0005105", ("Stage III or IV",)),
        ("NYHA class II-III heart failure", "MONDO:0005252", ("NYHA class II-III",)),
        ("Lupus nephritis class III ± V", "MONDO:0005556", ("class III ± V",)),
        ("Recurrent gliosarcoma", "MONDO:0016681", ("Recurrent",)),
        ("Crohn's disease without fistula", "MONDO:0005011", ("without fistula",)),
    ],
)
def test_words_that_make_no_other_disease_may_be_left_out(
    text: str, curie: str, modifiers: tuple[str, ...]
) -> None:
    link = only(text)
    assert (link.curie, link.relation, link.modifiers) == (curie, "broader", modifiers)


@pytest.mark.parametrize(
    "text",
    [
        "Vascular Parkinson disease", "Pseudo-melanoma", "Melanoma-like lesion", "Radiation-induced gliosarcoma",
        "Risk of melanoma", "Gliosarcoma mimics", "Anemia secondary to gliosarcoma", "Melanoma vaccine",
        "Cluster headache, hypnic", "Melanoma; mouse",
    ],
)  # fmt: skip
def test_words_that_are_not_known_to_be_safe_leave_no_link(text: str) -> None:
    assert linked(text) == []


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("Not rheumatoid arthritis", ["Not rheumatoid arthritis"]),
        ("No melanoma", ["No melanoma"]),
        ("Non-melanoma", ["Non-melanoma"]),
        ("Without gliosarcoma", ["Without gliosarcoma"]),
        ("Healthy volunteers", ["Healthy volunteers"]),
        ("Crohn disease excluding gliosarcoma", ["excluding gliosarcoma"]),
    ],
)
def test_what_a_name_denies_is_recorded_and_not_linked(text: str, negated: list[str]) -> None:
    found = ground(text, DISEASE)
    assert list(found.negated) == negated
    assert not {"MONDO:0016681", "MONDO:0005105", "MONDO:0008383"} & {link.curie for link in found.links}


def test_a_disease_whose_name_begins_with_non_is_not_denied() -> None:
    assert linked("Non-Hodgkin lymphoma") == [("MONDO:0018908", "label", "exact")]


@pytest.mark.parametrize(
    "text",
    [
        "Melanoma; gliosarcoma", "Melanoma and gliosarcoma", "Melanoma/gliosarcoma", "Melanoma with gliosarcoma",
        "Melanoma, gliosarcoma",
    ],
)  # fmt: skip
def test_several_diseases_are_several_links(text: str) -> None:
    assert {curie for curie, _, _ in linked(text)} == {"MONDO:0005105", "MONDO:0016681"}


def test_a_part_that_may_only_narrow_another_stops_both() -> None:
    assert linked("Diabetes Mellitus, Type 2 and Obesity") == [
        ("MONDO:0005148", "curated", "exact"),
        ("MONDO:0011122", "curated", "exact"),
    ]
    assert linked("Melanoma, unheard-of type") == []


@pytest.mark.parametrize("text", ["AD", "DM", "CLL", "AML"])
def test_an_abbreviation_alone_is_flagged_with_what_it_may_mean(text: str) -> None:
    found = ground(text, DISEASE)
    assert not found.links
    assert found.ambiguous[0].words == text
    assert found.ambiguous[0].candidates


def test_the_legend_says_what_an_abbreviation_means() -> None:
    assert linked("CLL", CLL="chronic lymphocytic leukemia")[0][0] == "MONDO:0004948"
    assert linked("MS", MS="mitral stenosis") != linked("MS")


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("Methotrexate", "CHEBI:44185"), ("MTX", "CHEBI:44185"), ("Tocilizumab 8 mg/kg", "MESH:C502936"),
        ("Humira", "MESH:D000068879"), ("Remestemcel-L", "MESH:C000711674"), ("Afatinib 40 MG", "CHEBI:61390"),
        ("Aspirin Tablet", "MESH:D001241"), ("Colonoscopy", "MESH:D003113"), ("Physical therapy", "MAXO:0000011"),
        ("Standard of care", "MESH:D059039"), ("UC-MSC injection", "CL:0002569"), ("Normal saline", "MESH:D000077330"),
        ("Radiation therapy", "MAXO:0000014"), ("Docetaxel", "MESH:D000077143"), ("Dental implant", "MESH:D015921"),
    ],
)  # fmt: skip
def test_what_is_given_or_done_is_linked(text: str, curie: str) -> None:
    assert [(found, relation) for found, _, relation in linked(text, GIVEN)] == [(curie, "exact")]


def test_placebo_is_linked_by_the_curated_list() -> None:
    assert only("Placebo", GIVEN).step == "curated"


def test_a_route_makes_one_kind_of_what_is_done() -> None:
    assert only("Intrathecal injection", GIVEN).relation == "broader"
    assert only("Methotrexate injection", GIVEN).relation == "exact"


def test_an_end_that_two_parts_may_share_stops_the_first() -> None:
    assert linked("Blood and tumor sample collection", GIVEN) == []


def test_nothing_is_matched_by_similarity() -> None:
    for text in ("Hidradenitis suppurativ", "Rheumatiod arthritis", "Glioosarcoma", "aids", "cat"):
        assert linked(text) == []


def test_without_the_library_the_curated_list_still_links() -> None:
    with mock.patch.object(grounding, "ontology_index", return_value=None):
        assert grounding._ground("Rheumatoid arthritis", DISEASE, {}).links
        assert not grounding._ground("Hidradenitis suppurativa", DISEASE, {}).links


def test_a_link_by_the_index_has_a_mapping_line_that_justifies_it() -> None:
    mention = mention_of(only("Hidradenitis Suppurativa"), DISEASE)
    line = mention.mapping
    assert (mention.concept.curie, mention.concept.field) == ("MONDO:0006559", "disease")
    assert (line.justification, line.predicate) == ("semapv:LexicalMatching", "skos:exactMatch")
    assert (line.subject, line.match_field) == ("Hidradenitis Suppurativa", "rdfs:label")
    assert line.match_string == "hidradenitis suppurativa"
    assert line.release == "2026-05-05"


def test_a_term_that_a_curated_concept_is_leads_to_that_concept() -> None:
    link = only("Acute renal failure")
    assert link.step != "curated"
    assert mention_of(link, DISEASE).concept.id.startswith("tgc:")


@pytest.mark.parametrize(
    "text", ["a " * 3000, "severe " * 30 + "melanoma", "(" * 4000, "x, " * 60, "1 mg " * 40, "without " * 30]
)
def test_a_name_without_end_is_looked_up_in_no_time(text: str) -> None:
    started = time.process_time()
    ground(text, DISEASE)
    ground(text, GIVEN)
    assert time.process_time() - started < 2
