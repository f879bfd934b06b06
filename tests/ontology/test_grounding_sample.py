"""The sample that measures entity linking is complete, and its terms are current."""

from __future__ import annotations

import csv
import json
import os
import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.paths import ROOT

SAMPLE = Path(__file__).with_name("grounding_sample.tsv")
COLUMNS = ["kind", "type", "name", "category", "exact", "broader", "term_exists", "note"]
CATEGORIES = {
    "disease",
    "cancer",
    "symptom or finding",
    "procedure",
    "drug",
    "biologic",
    "cell product",
    "device",
    "standard care or placebo",
    "behavioural",
    "person or state",
    "other",
}
TYPES = {
    "BEHAVIORAL",
    "BIOLOGICAL",
    "COMBINATION_PRODUCT",
    "DEVICE",
    "DIAGNOSTIC_TEST",
    "DIETARY_SUPPLEMENT",
    "DRUG",
    "GENETIC",
    "OTHER",
    "PROCEDURE",
    "RADIATION",
}
CURIE = {
    "CHEBI": r"\d+",
    "CL": r"\d{7}",
    "DOID": r"\d+",
    "EFO": r"\d{7}",
    "HP": r"\d{7}",
    "MAXO": r"\d{7}",
    "MESH": r"[CD]\d+",
    "MONDO": r"\d{7}",
    "NCIT": r"C\d+",
    "UNII": r"[0-9A-Z]{10}",
    "OBI": r"\d{7}",
    "UBERON": r"\d{7}",
}
#: Those of which the whole release is at hand.
WHOLE = ("MONDO", "CL", "UBERON", "EFO", "CHEBI")


@cache
def sample() -> list[dict[str, str]]:
    lines = [line for line in SAMPLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def things(cell: str) -> list[list[str]]:
    """Per thing, the terms that mean it."""
    return [thing.split("=") for thing in cell.split("|")] if cell else []


def terms(cell: str) -> list[str]:
    return [term for thing in things(cell) for term in thing]


def test_each_kind_has_two_hundred_names() -> None:
    assert list(sample()[0]) == COLUMNS
    assert [row["name"] for row in sample() if None in row.values() or None in row] == []
    assert Counter(row["kind"] for row in sample()) == {"condition": 200, "intervention": 200}
    assert len({(row["kind"], row["name"]) for row in sample()}) == len(sample())
    assert all(row["name"] and row["name"] == row["name"].strip() for row in sample())


def test_the_values_are_those_that_the_header_lists() -> None:
    assert {row["category"] for row in sample()} == CATEGORIES
    assert {row["term_exists"] for row in sample()} == {"yes", "no"}
    assert {row["type"] for row in sample() if row["kind"] == "condition"} == {""}
    assert {kind for row in sample() for kind in row["type"].split("|") if kind} <= TYPES


@pytest.mark.parametrize("column", ["exact", "broader"])
def test_terms_are_identifiers(column: str) -> None:
    for row in sample():
        listed = terms(row[column])
        assert len(set(listed)) == len(listed), row["name"]
        for term in listed:
            prefix, _, local = term.partition(":")
            assert re.fullmatch(CURIE[prefix], local), (row["name"], term)


def test_the_columns_agree() -> None:
    for row in sample():
        assert not set(terms(row["exact"])) & set(terms(row["broader"])), row["name"]
        if row["term_exists"] == "yes" or row["note"].startswith("ambiguous"):
            assert bool(row["exact"]) == (row["term_exists"] == "yes"), row["name"]


def test_namesakes_mean_one_thing_throughout() -> None:
    """A term of one thing stands beside the same other terms wherever it is exact."""
    beside: dict[str, set[tuple[str, ...]]] = {}
    for row in sample():
        for thing in things(row["exact"]):
            for term in thing:
                beside.setdefault(term, set()).add(tuple(sorted(thing)))
    assert {term: groups for term, groups in beside.items() if len(groups) > 1} == {}


def _release(name: str) -> str:
    settings = tomllib.loads((ROOT / "ontology" / "module.toml").read_text(encoding="utf-8"))
    packed = files("cellxgene_ontology_guide") / "data" / settings["ontology"][name]["guide"]
    return zstandard.ZstdDecompressor().stream_reader(packed.read_bytes()).read().decode("utf-8")


def _record(release: str, term: str) -> dict[str, Any] | None:
    """What the release says of the term, without parsing the rest of it."""
    key = f'"{term}":{{'
    at = release.find(key)
    found: dict[str, Any] | None = (
        json.JSONDecoder().raw_decode(release, at + len(key) - 1)[0] if at >= 0 else None
    )
    return found


@pytest.mark.skipif(
    find_spec("cellxgene_ontology_guide") is None and not os.environ.get("CI"),
    reason="the pinned releases are in the dependency group `module` (make .venv/.dev)",
)
@pytest.mark.parametrize("name", WHOLE)
def test_terms_are_in_their_release_and_current(name: str) -> None:
    listed = {term for row in sample() for term in terms(row["exact"]) + terms(row["broader"])}
    listed = {term for term in listed if term.startswith(f"{name}:")}
    release = _release(name)
    assert listed
    records = {term: _record(release, term) for term in listed}
    assert sorted(term for term, record in records.items() if record is None) == []
    assert sorted(term for term, record in records.items() if record and record["deprecated"]) == []


def test_a_term_of_a_whole_release_exists() -> None:
    for row in sample():
        if any(term.startswith(WHOLE) for term in terms(row["exact"])):
            assert row["term_exists"] == "yes", row["name"]
