"""What is below what, by ``rdfs:subClassOf*`` on a built release; and what abbreviations in a column mean."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, Store

from tests.extract.columns.cells import cell
from trialgraph.extract.columns.disease import read_condition
from trialgraph.rdf.vocabulary import PREFIXES, RDFS, expand
from trialgraph.release.open import Release
from trialgraph.release.store import open_store
from trialgraph.terminology.lexicon import lexicon

HERE = Path(__file__).parent


def table(name: str) -> list[dict[str, str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines[1:], delimiter="\t", quoting=csv.QUOTE_NONE))


EXPECTATIONS = table("hierarchy_expectations.tsv")
FORMS = table("ambiguous_surface_forms.tsv")


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return open_store(release)


def asked(store: Store, pattern: str) -> bool:
    prefixes = f"PREFIX rdfs: <{PREFIXES['rdfs']}> PREFIX BFO: <{PREFIXES['BFO']}> "
    answer = store.query(f"{prefixes} ASK {{ {pattern} }}")
    assert isinstance(answer, QueryBoolean)
    return bool(answer)


def test_all_expectations_are_here() -> None:
    assert len(EXPECTATIONS) == 53
    assert {row["is_descendant"] for row in EXPECTATIONS} == {"True", "False"}


@pytest.mark.parametrize("row", EXPECTATIONS, ids=lambda r: f"{r['descendant']}-{r['ancestor']}")
def test_the_trees_are_those_of_the_releases(row: dict[str, str], store: Store) -> None:
    below, above = (expand(row[name]) for name in ("descendant", "ancestor"))
    assert asked(store, f"{below} rdfs:subClassOf* {above}") is (row["is_descendant"] == "True")
    for name, node in (("descendant", below), ("ancestor", above)):
        # Held to the release, so that an absence below is not the absence of the term.
        assert asked(store, f'{node} rdfs:label "{row[f"{name}_label"]}"')


def test_every_value_of_the_data_that_is_a_class_has_a_way_to_the_root(store: Store) -> None:
    for shortcut, root in (("trialDisease", "MONDO:0000001"), ("trialCellType", "CL:0000000")):
        stray = (
            f"?trial {expand('tg:' + shortcut)} ?v FILTER NOT EXISTS {{ ?v rdfs:subClassOf* {expand(root)} }}"
        )
        assert not asked(store, stray)


def test_parts_are_no_kinds(store: Store) -> None:
    # The guide mixes is-a and part-of here: the knee joint is part of the knee, it is no knee.
    joint, knee = expand("UBERON:0001485"), expand("UBERON:0001465")
    assert asked(store, f"{joint} BFO:0000050 {knee}")
    assert not asked(store, f"{joint} rdfs:subClassOf* {knee}")


def test_the_hierarchy_has_no_circle(store: Store) -> None:
    assert not asked(store, f"?term {RDFS.subClassOf}+ ?term")


def meant(surface: str) -> str | None:
    """The disease that a cell of that text is read as."""
    condition, _ = read_condition(cell("disease", surface))
    return condition.disease.curie if condition and condition.disease else None


@pytest.mark.parametrize("row", FORMS, ids=lambda r: r["surface"])
def test_an_abbreviation_means_what_the_column_means_by_it(row: dict[str, str]) -> None:
    intended = row["intended_curie"] or None
    # "SS" is systemic sclerosis to some, "AD" Alzheimer disease: recorded as ambiguous, linked to neither.
    several = {c.curie for c in lexicon().candidates("disease", row["surface"])}
    assert intended is None or not several or intended in several
    assert meant(row["surface"]) == (None if several else intended)


def test_letters_that_mondo_uses_for_something_else_are_most_of_them() -> None:
    """The forms are worth testing: a search by letters would go wrong or astray with most."""
    astray = [
        row
        for row in FORMS
        if row["intended_among_hits"] == "False" or "; " in row["mondo_string_hits (cxg 2026-05-05)"]
    ]
    assert len(astray) > len(FORMS) / 2
