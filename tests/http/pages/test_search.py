"""The search over HTTP, on the seed release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.small_graph import Server
from trialgraph.base.package_data import resource
from trialgraph.release.open import Release

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def seeds(release: Release) -> Iterator[Server]:
    with Server(release.path, resource("queries")) as made:
        yield made


def hits(server: Server, words: str) -> list[dict[str, Any]]:
    answer = server.ask("/search", q=words, headers={"Accept": "application/json"})
    assert answer.status == 200
    found: list[dict[str, Any]] = json.loads(answer.body)["hits"]
    return found


def test_a_broader_term_leads_to_the_trials_of_narrower_ones(seeds: Server) -> None:
    (broad,) = [hit for hit in hits(seeds, "demyelinating") if hit["label"] == "demyelinating disease"]
    assert broad["count"] >= 5
    listed = seeds.ask(broad["trials"].replace("/trials?", "/trials.csv?")).text.splitlines()
    assert len(listed) - 1 == broad["count"]
    assert "multiple sclerosis" in listed[1]


@pytest.mark.parametrize(
    ("words", "kind", "label"),
    [
        ("SLE", "Disease", "systemic lupus erythematosus"),
        ("umbilical", "Tissue source", "umbilical cord"),
        ("das28", "Planned outcome", "DAS28"),
        ("NCT01741857", "Trial", "NCT01741857"),
        ("rheumatoid umbilical", "Trial", "ChiCTR-ONC-16008770"),
        ("phase 1/2", "Phase", "Phase 1/2"),
    ],
)
def test_a_name_or_a_synonym_finds_it(seeds: Server, words: str, kind: str, label: str) -> None:
    assert (kind, label) in {(hit["kind"], hit["label"]) for hit in hits(seeds, words)}


def test_a_page_groups_what_it_finds(seeds: Server) -> None:
    page = seeds.ask("/search", q="lupus", headers=HTML)
    assert page.text.index("<h2>Disease</h2>") < page.text.index("<h2>Trial</h2>")
    for hit in hits(seeds, "lupus")[:6]:
        assert seeds.ask(hit["trials"] or hit["about"], headers=HTML).status == 200
        assert seeds.ask(hit["about"], headers=HTML).status == 200


def test_nothing_found_says_what_is_near_and_what_is_searched(seeds: Server) -> None:
    text = seeds.ask("/search", q="lupsu", headers=HTML).text
    assert 'href="/search?q=lupus"' in text
    assert "by name and synonym: disease, tissue source" in text


def test_what_is_typed_is_shown_and_not_run(seeds: Server) -> None:
    text = seeds.ask("/search", q='"><script>alert(1)</script>', headers=HTML).text
    assert "<script>" not in text
    assert seeds.ask("/search", q="x" * 201, headers=HTML).status == 400
    assert seeds.ask("/search", headers=HTML).status == 200
