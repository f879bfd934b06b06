"""Short names are names of their concepts, and of one each."""

from __future__ import annotations

from collections import Counter

import pytest

from trialgraph.base.package_data import resource
from trialgraph.rdf.vocabulary import expand
from trialgraph.terminology.lexicon import lexicon, read_table
from trialgraph.terminology.short_names import FILE, short_label, short_name_of, short_names

ROWS = read_table(resource("ontology") / "concepts" / FILE)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["concept"])
def test_short_and_long_name_are_names_of_the_concept(row: dict[str, str]) -> None:
    concept = lexicon().concepts[row["concept"]]
    names = {concept.label} | {
        line.subject
        for line in lexicon().lines[concept.field]
        if line.literal and line.object == concept.id and line.predicate == "skos:exactMatch"
    }
    found = short_names()[row["concept"]]
    assert {found.short, found.long} <= names
    assert len(found.short) < len(found.long)


def test_a_short_name_means_one_thing_in_its_field_and_a_concept_has_one() -> None:
    ids = [row["concept"] for row in ROWS]
    assert ids == sorted(set(ids))
    fields = Counter((lexicon().concepts[row["concept"]].field, row["short"]) for row in ROWS)
    assert max(fields.values()) == 1


@pytest.mark.parametrize(
    ("curie", "short", "long"),
    [
        ("MONDO:0008383", "RA", "rheumatoid arthritis"),
        ("tgc:rheumatoid-arthritis", "RA", "rheumatoid arthritis"),
        ("tgc:intrathecal", "IT", "intrathecal"),
        ("tgc:edss", "EDSS", "Expanded Disability Status Scale"),
        ("tgc:umbilical-cord-mesenchymal-stem-cell", "UC-MSC", "umbilical cord mesenchymal stem cell"),
    ],
)
def test_what_stands_in_the_data_has_its_short_name(curie: str, short: str, long: str) -> None:
    found = short_name_of(expand(curie).value)
    assert found
    assert (found.short, found.long) == (short, long)


def test_what_has_no_short_name_keeps_its_label() -> None:
    nephritis = lexicon().lookup("disease", "lupus nephritis")
    assert nephritis
    assert short_name_of(expand(nephritis.concept.curie).value) is None
    assert short_label(nephritis.concept) == "lupus nephritis"
    assert short_name_of("http://example.org/unknown") is None
