"""Values of parameters in any spelling, on the release of the first source."""

from __future__ import annotations

import re

import pytest

from trialgraph.base.errors import UsageError
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf.vocabulary import compact
from trialgraph.release.names.parameter_values import Bound, ParameterValues, nearest
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

QUERIES = load_queries()


@pytest.fixture(scope="module")
def values(release: Release) -> ParameterValues:
    return ParameterValues.of_store(open_store(release))


def bind(values: ParameterValues, slug: str, **given: str) -> tuple[str, Bound]:
    """The CURIE or text that one parameter was bound to, and all of it."""
    bound = values.bind(QUERIES[slug], given)
    (name,) = given
    found = re.search(rf"VALUES \(\?{name}\) {{ \((?:<(.*?)>|\"(.*?)\")\) }}", bound.text)
    assert found
    return compact(found[1]) if found[1] else found[2], bound


@pytest.mark.parametrize(
    ("slug", "name", "value", "term"),
    [
        *[
            ("trials-by-disease", "disease", text, "MONDO:0007915")
            for text in (
                "mondo:0007915",
                "MONDO_0007915",
                "http://purl.obolibrary.org/obo/MONDO_0007915",
                "DOID:9074",
                "doid:9074",
                "MESH:D008180",
                "icd10:M32",
                "NCIT:C3201",
                "tgc:systemic-lupus-erythematosus",
                "Systemic lupus erythematosus",
                "SLE",
                "sle",
                " SLE\u200b",
            )
        ],
        *[("find-trials", "phase", text, "tgc:phase-2") for text in ("2", "II", "ii", "Phase II", "phase-2")],
        *[("find-trials", "phase", text, "tgc:phase-1-2") for text in ("1/2", "I/II", "Phase 1/2")],
        # a word of two fields is the one of the parameter's
        ("find-trials", "route", "IV", "tgc:intravenous"),
        ("find-trials", "phase", "IV", "tgc:phase-4"),
        ("find-trials", "tissue", "umbilical cord", "UBERON:0002331"),
        ("find-trials", "donor", "ALLOGENEIC", "tgc:allogeneic"),
        ("doses-side-by-side", "basis", "TGC:per-kilogram", "tgc:per-kilogram"),
        ("doses-side-by-side", "basis", "Cells per kilogram", "tgc:per-kilogram"),
        ("where-a-value-came-from", "about", "nct 01741857", "NCT01741857"),
        ("where-a-value-came-from", "about", "any words", "any words"),
    ],
)
def test_a_value_is_known_by_each_of_its_names(
    values: ParameterValues, slug: str, name: str, value: str, term: str
) -> None:
    assert bind(values, slug, **{name: value})[0] == term


@pytest.mark.parametrize("value", ["MONDO:9999999", "rheumatod arthritis", "phase 2", "https://e.example/x"])
def test_what_is_not_known_names_values_that_are(values: ParameterValues, value: str) -> None:
    with pytest.raises(UsageError) as caught:
        values.bind(QUERIES["trials-by-disease"], {"disease": value})
    assert caught.value.where == "parameter disease"
    assert "MONDO:00" in caught.value.hint
    if value.startswith("rheumatod"):
        assert "did you mean MONDO:0008383 (rheumatoid arthritis)" in caught.value.hint


def test_a_name_of_several_terms_lists_them(values: ParameterValues) -> None:
    with pytest.raises(UsageError, match="several meanings") as caught:
        values.bind(QUERIES["trials-by-disease"], {"disease": "lupus"})
    assert "systemic lupus erythematosus (MONDO:0007915)" in caught.value.hint
    assert "lupus erythematosus (MONDO:0004670)" in caught.value.hint


@pytest.mark.parametrize(
    ("slug", "name", "value", "words"),
    [
        ("find-trials", "phase", "4", "Phase 4 (tgc:phase-4) is known, but no trial of this release has it"),
        ("find-trials", "phase", "2", ""),
    ],
)
def test_a_known_term_without_trials_is_said_to_be_one(
    values: ParameterValues, slug: str, name: str, value: str, words: str
) -> None:
    assert bind(values, slug, **{name: value})[1].notes == ((words,) if words else ())


def test_a_term_that_only_a_whole_ontology_has_is_known(values: ParameterValues) -> None:
    pytest.importorskip("gilda")
    for value in ("MONDO:0005148", "DOID:9352", "type 2 diabetes mellitus"):
        term, bound = bind(values, "trials-by-disease", disease=value)
        assert term == "MONDO:0005148"
        assert bound.notes == (
            "type 2 diabetes mellitus (MONDO:0005148) is known, but no trial of this release has it",
        )


def test_every_choice_of_every_question_is_taken_by_its_value_and_its_label(values: ParameterValues) -> None:
    """Except a label that several choices share."""
    for saved in QUERIES.values():
        for parameter in saved.parameters:
            if parameter.type != "iri":
                continue
            choices = dict(values._asked(parameter))
            labels = [label.casefold() for label in choices.values()]
            others = {p.name: p.default or "x" for p in saved.parameters if p.required and p is not parameter}
            for value, label in choices.items():
                terms = [value] if labels.count(label.casefold()) > 1 else [value, label]
                bound = {values.bind(saved, others | {parameter.name: one}).text for one in terms}
                assert len(bound) == 1, (saved.slug, value, label)


def test_nearest_is_bounded_and_says_when_nothing_is_near() -> None:
    offered = {f"tgc:{n}": f"value {n}" for n in range(5_000)}
    assert "there are 5000 values" in nearest("x" * 100_000, offered)
    assert "did you mean tgc:7 (value 7)" in nearest("valeu 7", offered)
    assert nearest("a", {}) == ""
    assert nearest("zzz", {"one": "one"}) == "the only value is one"
