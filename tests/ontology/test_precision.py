"""The concept readers on names that registries print: a random sample of their links, checked by hand."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.fields.cells import cell
from trialgraph.concepts import lexicon
from trialgraph.fields.cell_source import read_products
from trialgraph.fields.combination import read_combination
from trialgraph.fields.disease import read_condition

SAMPLE = Path(__file__).with_name("precision_sample.tsv")


def sample() -> list[dict[str, str]]:
    lines = [line for line in SAMPLE.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def links(name: str, text: str) -> set[tuple[str, str]]:
    """Field and concept of every link in a condition's or an intervention's name."""
    made: set[tuple[str, str]] = set()
    if name == "condition":
        condition, _ = read_condition(cell("disease", text))
        if condition:
            made |= {("disease", condition.disease.id)} if condition.disease else set()
            made |= {("site", condition.site.id)} if condition.site else set()
            made |= {("qualifier", qualifier.id) for qualifier in condition.qualifiers}
        return made
    for product in read_products(cell("cell source", text))[0]:
        made |= {("cell_type", product.cell_type.id)} if product.cell_type else set()
        made |= {("tissue", product.tissue.id)} if product.tissue else set()
        donor = lexicon().lookup("donor", product.donor) if product.donor else None
        made |= {("donor", donor.concept.id)} if donor else set()
    drugs = (drug for drug, _ in read_combination(cell("administration", text)))
    return made | {("product", drug.id) for drug in drugs if drug}


def test_the_sample_is_large_and_judged() -> None:
    rows = sample()
    assert len(rows) >= 200
    assert len({(row["text"], row["field"], row["concept"]) for row in rows}) == len(rows)
    assert {row["verdict"] for row in rows} == {"right", "wrong"}
    assert all(row["why"] for row in rows if row["verdict"] == "wrong")
    assert all(lexicon().concepts[row["concept"]].label == row["label"] for row in rows)
    assert min(Counter(row["name"] for row in rows).values()) >= 50


@pytest.mark.parametrize("row", sample(), ids=lambda row: f"{row['text'][:40]}-{row['field']}")
def test_the_readers_still_make_the_link_that_was_judged(row: dict[str, str]) -> None:
    assert (row["field"], row["concept"]) in links(row["name"], row["text"]), "judge what they make of it now"


def test_of_a_hundred_links_ninety_eight_are_right() -> None:
    rows = sample()
    assert sum(row["verdict"] == "right" for row in rows) / len(rows) >= 0.98
