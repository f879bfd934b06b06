"""Where a value came from: characters, rule, mapping."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from tests.paths import ROOT
from trialgraph.base.errors import UsageError
from trialgraph.rdf import iris
from trialgraph.release.open import Release
from trialgraph.release.store import open_store
from trialgraph.views.explain import explain, find_subject

SLUG = "wjsc-107202-table1"
TEXT = (ROOT / "seeds" / SLUG / "source.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return open_store(release)


@pytest.mark.parametrize(
    "name",
    [
        "NCT04170426",
        "trial/NCT04170426",
        iris.trial("NCT04170426").value,
        f"report/{SLUG}/9",
        f"cell/{SLUG}/9/patients",
        f"conflict/{SLUG}/9/arms-do-not-add-up",
        f"intervention/{SLUG}/9",
        f"condition/{SLUG}/9",
        f"dose/{SLUG}/9/1",
        f"row/{SLUG}/9",
        "clinicaltrials:NCT04170426",
        "https://clinicaltrials.gov/study/NCT04170426",
        "nct 04170426",
        "NCT-04170426",
        "nct04170426",
        "NCT\u201304170426",
        "trial/nct04170426",
    ],
)
def test_every_name_of_a_thing_leads_to_its_characters(store: Store, name: str) -> None:
    found = explain(store, name)
    assert found.readings
    for reading in found.readings:
        start, end = reading.offsets
        assert TEXT[start:end] == reading.verbatim
        assert reading.before + reading.verbatim + reading.after == TEXT.split("\n")[reading.line - 1]
        assert (reading.source, reading.row) == (SLUG, 9)
        assert reading.rule
        assert reading.says.endswith(".")


def test_a_conflict_shows_both_readings_of_the_same_characters(store: Store) -> None:
    found = explain(store, f"conflict/{SLUG}/9/arms-do-not-add-up")
    both = {(i.verbatim, i.value, i.rule) for i in found.readings if i.verbatim == "392"}
    assert both == {
        ("392", "39", "patients.footnote-mark"),
        ("392", "392", "patients.treatment-slash-control"),
    }


def test_a_concept_comes_with_its_mapping_in_words(store: Store) -> None:
    found = explain(store, f"condition/{SLUG}/17")
    (reading,) = (i for i in found.readings if i.reads == "disease")
    assert reading.concept == "http://purl.obolibrary.org/obo/MONDO_0000450"
    assert reading.mapping.startswith("'SPMS' is secondary progressive multiple sclerosis (")


def test_a_trial_without_a_registry_number_has_its_row_for_a_name(store: Store) -> None:
    assert find_subject(store, f"trial/{SLUG}/3") == iris.trial(SLUG, "3")
    assert {i.row for i in explain(store, f"trial/{SLUG}/3").readings} == {3}


@pytest.mark.parametrize(
    "name", ["", "NCT00000000", "nonsense", "http://example.org/x", "a b", "../..", "tg:Nosuch", "☃:☃", "x" * 500]
)  # fmt: skip
def test_what_the_graph_does_not_know_is_one_line(store: Store, name: str) -> None:
    with pytest.raises(UsageError) as error:
        explain(store, name)
    assert "\n" not in error.value.line()
    assert len(error.value.line()) < 400


def test_a_class_rests_on_no_reading(store: Store) -> None:
    with pytest.raises(UsageError, match="is not based on any reading"):
        explain(store, "tg:Trial")


def test_a_term_is_known_by_its_names(store: Store) -> None:
    assert (
        find_subject(store, "SLE") == find_subject(store, "doid:9074") == find_subject(store, "MONDO:0007915")
    )
    with pytest.raises(UsageError, match=r"several meanings; give one of .*MONDO:0007915"):
        find_subject(store, "lupus")


def test_of_many_readings_some_can_be_shown(store: Store) -> None:
    whole = explain(store, "SLE")
    part = explain(store, "SLE", 2)
    assert whole.left_out == 0
    assert (len(part.readings), part.left_out) == (2, len(whole.readings) - 2)
