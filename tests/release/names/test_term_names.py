"""Names and ids of terms: every spelling of one is the same, and none is another's."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode

from trialgraph.rdf.vocabulary import expand
from trialgraph.release.names.term_names import TermNames, id_key, name_key, value_of

LUPUS = expand("MONDO:0007915").value


@pytest.mark.parametrize(
    "text",
    [
        "MONDO:0007915",
        "mondo:0007915",
        "MONDO_0007915",
        " Mondo: 0007915 ",
        "MONDO 0007915",
        "MONDO-0007915",
        "\ufeffMONDO\u200b:0007915",
        "ＭＯＮＤＯ：０００７９１５",
        "http://purl.obolibrary.org/obo/MONDO_0007915",
        "<https://purl.obolibrary.org/obo/MONDO_0007915>",
        "https://identifiers.org/MONDO:0007915",
        "http://identifiers.org/mondo/MONDO:0007915",
        "https://bioregistry.io/mondo:0007915",
    ],
)
def test_spellings_of_an_id_are_one(text: str) -> None:
    assert id_key(text) == "mondo:0007915"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("MSH:D008180", "mesh:d008180"),
        ("https://meshb.nlm.nih.gov/record/ui?ui=D008180", "mesh:d008180"),
        ("NCI:C3201", "ncit:c3201"),
        ("bioregistry:icd10:M32", "bioregistry:icd10:m32"),
        ("https://bioregistry.io/icd10:M32", "icd10:m32"),
        ("TGC:Phase-2", "tgc:phase-2"),
        ("https://elsewhere.example/MONDO_0007915", ""),
        ("phase 2", ""),
        ("systemic lupus erythematosus", ""),
        ("2", ""),
        ("", ""),
    ],
)
def test_an_id_is_of_its_vocabulary(text: str, key: str) -> None:
    assert id_key(text) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Systemic Lupus Erythematosus", "systemic lupus  erythematosus"),
        ("graft-versus-host disease", "graft versus host disease"),
        ("Sjögren syndrome", "SJOGREN SYNDROME"),
        ("Sjögren", "Sjo\u0308gren"),
        ("Crohn’s disease", "Crohn's disease"),
        ("IFN‑γ", "IFN-γ"),
        ("umbilical\u00a0cord", "umbilical cord"),
    ],
)
def test_spellings_of_a_name_are_one(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_other_names_stay_others() -> None:
    assert len({name_key(name) for name in ("phase 1", "phase 1a", "phase 1/2", "phase 2", "1", "1/2")}) == 6


def test_a_concept_is_asked_for_by_its_term() -> None:
    assert value_of(expand("DOID:9074").value) == LUPUS
    assert value_of(expand("tgc:systemic-lupus-erythematosus").value) == LUPUS
    assert value_of("https://example.org/a") == "https://example.org/a"


def test_a_better_name_of_a_term_goes_before_a_looser_one() -> None:
    term = expand("MONDO:0007915")
    rows: list[tuple[NamedNode | Literal, ...]] = [
        (term, Literal("rdfs:label"), Literal("systemic lupus erythematosus")),
        (term, Literal("skos:altLabel"), Literal("SLE")),
        (term, Literal("oboInOwl:hasExactSynonym"), Literal("SLE")),
        (term, Literal("same"), NamedNode("https://bioregistry.io/icd10:M32")),
        (term, Literal("scope"), NamedNode("https://w3id.org/trialgraph/scopes/x")),
    ]
    names = TermNames.of(lambda _: rows)
    assert names.named[name_key("sle")] == {LUPUS: 1}
    assert names.ids["icd10:m32"] == {LUPUS}
    assert names.ids["mondo:0007915"] == {LUPUS}
    assert names.scoped == {LUPUS}
    assert names.label(LUPUS) == "systemic lupus erythematosus (MONDO:0007915)"
