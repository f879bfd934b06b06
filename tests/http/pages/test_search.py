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
    assert len([hit for hit in hits(seeds, "demyelinating") if hit["kind"] == "Trial"]) >= 5


@pytest.mark.parametrize(
    ("words", "kind", "label"),
    [
        ("SLE", "Disease", "systemic lupus erythematosus"),
        ("umbilical", "Tissue source", "umbilical cord"),
        ("das28", "Planned outcome", "DAS28"),
        ("nct 0174 1857", "Trial", "NCT01741857"),
        ("rheumatoid umbilical", "Trial", "ChiCTR-ONC-16008770"),
        ("phase 1/2", "Phase", "Phase 1/2"),
        ("IFN-gamma", "Planned outcome", "interferon gamma level"),
        ("IL 6", "Planned outcome", "interleukin 6 level"),
        ("refractory", "Disease qualifier", "refractory"),
        ("infusion", "Delivery", "infusion"),
        ("BX-U001", "Trial", "NCT03828344"),
        ("intrathecal", "Route", "intrathecal"),
    ],
)
def test_a_name_or_a_synonym_finds_it(seeds: Server, words: str, kind: str, label: str) -> None:
    assert (kind, label) in {(hit["kind"], hit["label"]) for hit in hits(seeds, words)}


@pytest.mark.parametrize("words", ["6", "106", "1 × 10⁶", "2"])
def test_a_number_alone_finds_no_cytokine(seeds: Server, words: str) -> None:
    assert hits(seeds, words) == []
    assert "A number on its own is not searched" in seeds.ask("/search", q=words, headers=HTML).text


def test_a_hit_has_what_a_reviewer_looks_at_and_why_it_matched(seeds: Server) -> None:
    (trial,) = [
        hit for hit in hits(seeds, "UC-MSC lupus erythematosus allogeneic") if hit["label"] == "NCT01741857"
    ]
    assert trial["disease"] == ["systemic lupus erythematosus"]
    assert trial["phase"] == ["Phase 1/2"]
    assert trial["patients"] == [244]
    assert {why["field"] for why in trial["why"]} >= {"Disease"}
    text = seeds.ask("/search", q="lupus", headers=HTML).text
    row = next(line for line in text.split("<tr") if "NCT01741857" in line)
    assert "<mark>lupus</mark>" in row
    assert 'class="st error"' in row
    assert ">244<" in row


@pytest.mark.parametrize("spelled", ["nct 0417 0426", "NCT04170426", "NCT-0417-0426", "ｎｃｔ04170426"])
def test_a_registry_id_goes_straight_to_its_trial(seeds: Server, spelled: str) -> None:
    answer = seeds.ask("/search", q=spelled, headers=HTML)
    assert answer.status == 302
    assert answer.headers["Location"] == "/trial/NCT04170426"


def test_a_registry_id_that_no_trial_has_is_told(seeds: Server) -> None:
    text = seeds.ask("/search", q="NCT00000101", headers=HTML).text
    assert "No trial in this release has the registry id NCT00000101" in text
    assert 'href="https://bioregistry.io/clinicaltrials:NCT00000101"' in text


def test_a_page_shows_values_trials_and_questions(seeds: Server) -> None:
    page = seeds.ask("/search", q="umbilical", headers=HTML)
    assert "trials for “umbilical”" in page.text
    assert (
        page.text.index("Tissue source")
        < page.text.index('id="trials-found"')
        < page.text.index('id="questions-found"')
    )
    for hit in hits(seeds, "lupus")[:6]:
        assert seeds.ask(hit["trials"] or hit["about"], headers=HTML).status == 200
        assert seeds.ask(hit["about"], headers=HTML).status == 200


def test_nothing_found_says_what_is_near_and_what_is_searched(seeds: Server) -> None:
    text = seeds.ask("/search", q="lupsu", headers=HTML).text
    assert 'href="/search?q=lupus"' in text
    assert "The search looks at registry ids" in text


def test_what_is_typed_is_shown_and_not_run(seeds: Server) -> None:
    text = seeds.ask("/search", q='"><script>alert(1)</script>', headers=HTML).text
    assert "<script>" not in text
    assert seeds.ask("/search", q="x" * 201, headers=HTML).status == 400
    assert seeds.ask("/search", headers=HTML).status == 200
    assert seeds.ask("/search", q="lupus", page="0", headers=HTML).status == 400
