"""The questions of docs/ontology.md, each with the count that stands beside it."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Literal, QuerySolutions, Store

from tests.paths import ROOT
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

TEXT = (ROOT / "docs" / "ontology.md").read_text(encoding="utf-8")
PATTERNS = re.findall(r"^\| [^|]*\? \| `(.*)` \| (\d+) \|$", TEXT, re.MULTILINE)
COMMANDS = re.findall(r"^\| `trialgraph query (\S+) -p (\w+)=(\S+)` \| (\d+) \|$", TEXT, re.MULTILINE)


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return open_store(release)


def test_the_page_has_them() -> None:
    asked = " ".join(pattern for pattern, _ in PATTERNS)
    for word in (
        "hasPhasePart",
        '"IL-6"',
        "MONDO:0007179",
        "MONDO:0002562",
        "Perinatal",
        "DOID:",
        "MESH:",
        "NCIT:",
    ):
        assert word in asked
    assert len(PATTERNS) >= 19
    assert len(COMMANDS) >= 7


@pytest.mark.parametrize(("pattern", "trials"), PATTERNS)
def test_a_pattern_finds_as_many_trials(store: Store, pattern: str, trials: str) -> None:
    query = f"SELECT (COUNT(DISTINCT ?trial) AS ?n) {{ {pattern.replace(chr(92) + '|', '|')} }}"
    found = store.query(query, prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)
    (row,) = found
    assert row["n"] == Literal(int(trials))


@pytest.mark.parametrize(("slug", "name", "value", "count"), COMMANDS)
def test_a_question_finds_as_many_trials(store: Store, slug: str, name: str, value: str, count: str) -> None:
    found = store.query(load_queries()[slug].bind({name: value}))
    assert isinstance(found, QuerySolutions)
    assert len({row["trial"] for row in found}) == int(count)
