"""The list of trials with its facets: what they count and offer."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from tests.html_page import page
from trialgraph.http.server.app import create_app
from trialgraph.query.pool import Pool
from trialgraph.rdf.vocabulary import PREFIXES, TG, expand
from trialgraph.release.open import Release
from trialgraph.views.facets import FACETS, NONE, Facet, Index, Listed

HTML = {"Accept": "text/html"}
OFFERED = re.compile(
    r'name="(\w+)" value="([^"]+)"( checked)?>\s*<label[^>]*>(.*?) <span class="count">(\d+)</span>',
    re.DOTALL,
)


@pytest.fixture(scope="module")
def seed(release: Release) -> Iterator[FlaskClient]:
    """A client of the first source alone."""
    with Pool(release, size=1) as pool:
        yield create_app(release, pool).test_client()


def offered(text: str) -> dict[tuple[str, str], int]:
    """Facet and value to the count beside it."""
    return {(name, unescape(value)): int(count) for name, value, _, _, count in OFFERED.findall(text)}


def clause(facet: Facet, values: list[str]) -> str:
    """The same restriction in SPARQL, in its own words."""
    broader = f"/<{facet.broader}>*" if facet.broader else ""
    parts = []
    for value in values:
        if value == NONE:
            parts.append(f"NOT EXISTS {{ ?trial <{facet.link}> ?any }}")
        else:
            iri = expand(value if ":" in value else f"tgc:{value}").value
            iri = f"https://w3id.org/trialgraph/registry/{value}" if facet.name == "registry" else iri
            tree = f"EXISTS {{ ?trial <{facet.link}>{broader} <{iri}> }}"
            # where a reviewed scope stands beside a term, it counts
            beside = f"<{PREFIXES['tg']}standsBeside> <{iri if facet.scopes else facet.link}>"
            parts.append(
                f"EXISTS {{ ?trial {TG.inScope}/{beside} }} || (NOT EXISTS {{ ?scope {beside} }} && {tree})"
            )
    return f"FILTER({' || '.join(parts)})"


def counted(store: Store, chosen: dict[str, list[str]]) -> int:
    """How many trials fit, as the engine counts them."""
    filters = " ".join(clause(f, chosen[f.name]) for f in FACETS if chosen.get(f.name))
    query = f"SELECT (COUNT(DISTINCT ?trial) AS ?n) {{ ?trial a {TG.Trial} . {filters} }}"
    (row,) = store.query(query)  # type: ignore[misc] # a SELECT
    return int(row["n"].value)


def test_the_list_holds_every_trial_once(two_client: FlaskClient, two_store: Store) -> None:
    listed = json.loads(two_client.get("/trials.json").text)
    assert len(listed) == counted(two_store, {}) == 26
    assert len({trial["iri"] for trial in listed}) == 26
    assert all(
        f'href="/trial/{t["iri"].partition("/trial/")[2]}"' in page(two_client, "/trials") for t in listed[:3]
    )


def test_each_count_is_what_the_engine_counts_under_the_other_facets(
    two_client: FlaskClient, two_store: Store
) -> None:
    drawn = random.Random(20261123)  # noqa: S311 - a draw that can be repeated
    everything = sorted(offered(page(two_client, "/trials")))
    assert len({name for name, _ in everything}) == len(FACETS)
    for restrictions in (0, 1, 1, 2, 2, 3):
        chosen: dict[str, list[str]] = {}
        for name, value in drawn.sample(everything, restrictions):
            chosen.setdefault(name, []).append(value)
        asked = "&".join(f"{name}={value}" for name, values in chosen.items() for value in values)
        text = page(two_client, f"/trials?{asked}")
        total = re.search(r'role="status">(\d+)', text)
        assert total
        assert int(total[1]) == counted(two_store, chosen)
        for (name, value), count in drawn.sample(sorted(offered(text).items()), 25):
            others = {n: v for n, v in chosen.items() if n != name}
            assert (asked, name, value, count) == (
                asked,
                name,
                value,
                counted(two_store, {**others, name: [value]}),
            )


def test_values_of_a_facet_are_alternatives_and_a_disease_includes_narrower_ones(
    two_client: FlaskClient,
) -> None:
    def count(asked: str) -> int:
        return len(json.loads(two_client.get(f"/trials.json?{asked}").text))

    assert count("donor=autologous&donor=allogeneic&donor=none") == 26
    assert count("donor=autologous&donor=allogeneic") == 26 - count("donor=none")
    assert count("disease=MONDO:0005301") == 5, "multiple sclerosis, the secondary progressive one included"
    assert count("disease=MONDO:0000450") == 1
    assert count("phase=phase-1") > count("phase=phase-1a") > 0
    assert count("phase=phase-2") > count("phase=phase-1-2") > count("phase=phase-1b-2a") > 0
    assert count("registry=chictr") == count("registry=ChiCTR") == 2
    assert count("disease=http://purl.obolibrary.org/obo/MONDO_0005301") == 5


def test_the_same_state_has_one_address(two_client: FlaskClient) -> None:
    one = page(
        two_client, "/trials?tissue=UBERON:0002371&disease=MONDO:0005301&disease=MONDO:0008383&sort=patients"
    )
    other = page(
        two_client, "/trials?disease=MONDO:0008383&sort=patients&disease=MONDO:0005301&tissue=UBERON:0002371"
    )
    links = [re.findall(r'href="(/trials\.csv[^"]*)"', text) for text in (one, other)]
    assert links[0] == links[1]
    assert unescape(links[0][0]).endswith(
        "?disease=MONDO:0005301&disease=MONDO:0008383&tissue=UBERON:0002371&sort=patients"
    )


def test_an_empty_list_says_how_to_widen_it(two_client: FlaskClient) -> None:
    text = page(two_client, "/trials?disease=MONDO:0005556&tissue=UBERON:0001013&donor=autologous")
    assert "No trial fits all of this" in text
    widened = re.findall(r'<li><a href="([^"]+)">without [^<]*</a> \((\d+) trial', text)
    assert len(widened) == 4
    for href, count in widened:
        assert f'role="status">{count}' in page(two_client, unescape(href))


@pytest.mark.parametrize(
    "value", ["MONDO:9999999", "nonsense", "javascript:alert(1)", "<script>", "%00", "a b", '"']
)
def test_a_value_that_nothing_has_fits_nothing(two_client: FlaskClient, value: str) -> None:
    text = page(two_client, f"/trials?disease={value}")
    assert "No trial fits all of this" in text
    assert "<script" not in text
    assert 'href="javascript' not in text


@pytest.mark.parametrize(
    "asked", ["disea=x", "sort=nonsense", "page=0", "page=x", "page=99999999999", "cells=x"]
)
def test_a_parameter_that_does_not_fit_is_told(two_client: FlaskClient, asked: str) -> None:
    path = "/trials.csv" if asked.startswith("cells") else "/trials"
    assert two_client.get(f"{path}?{asked}", headers=HTML).status_code == 400


def test_the_list_is_sorted_and_taken_along_as_csv(two_client: FlaskClient) -> None:
    reply = two_client.get("/trials.csv?sort=patients&results=results-published")
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    patients = [max(map(int, row["patients"].split("|"))) for row in rows]
    assert patients == sorted(patients, reverse=True)
    assert rows[0]["label"] == "NCT01741857"
    assert rows[0]["patients"] == "289|244"
    assert rows[0]["disease_label"] == "systemic lupus erythematosus"
    assert reply.headers["X-Trialgraph-Cells"] == "safe"
    assert two_client.get("/trials", headers={"Accept": "text/csv"}).headers["X-Trialgraph-Cells"] == "exact"
    assert two_client.get("/trials.xlsx").status_code == 404
    phases = [
        row["phase_label"]
        for row in csv.DictReader(io.StringIO(two_client.get("/trials.csv?sort=phase").text))
    ]
    stated = [phase for phase in phases if phase]
    assert stated == sorted(stated)
    assert phases[: len(stated)] == stated, "trials without a phase stand last"


@pytest.mark.parametrize(
    ("asked", "trials"),
    [
        ("disease=MONDO:0007179", 21),
        ("disease=MONDO:0007915", 6),
        ("disease=MONDO:0002562", 5),
        ("disease=tgc:systemic-lupus-erythematosus", 6),
        ("disease=DOID:9074", 6),
        ("disease=MESH:D008180", 6),
        ("disease=DOID:2377", 5),
        ("route=NCIT:C38267", 2),
        ("outcome=NCIT:C112520", 5),
        ("outcome=tgc:edss", 5),
        ("cell=MESH:D059630", 21),
        ("phase=phase-2", 12),
        ("phase=NCIT:C15601", 12),
    ],
)
def test_any_id_gives_the_same_list_by_the_reviewed_scope(seed: FlaskClient, asked: str, trials: int) -> None:
    assert len(json.loads(seed.get(f"/trials.json?{asked}").text)) == trials


def test_the_count_of_the_tree_stands_beside_that_of_the_scope(seed: FlaskClient) -> None:
    told = re.findall(
        r'value="(MONDO:\d+)"[^<]*<label[^<]*<span class="count">(\d+)</span> <span class="soft">(.*?)</span>',
        page(seed, "/trials"),
    )
    assert told == [
        ("MONDO:0007179", "21", "by the reviewed scope, 19 by MONDO’s tree"),
        ("MONDO:0004670", "6", "by the reviewed scope, 4 by MONDO’s tree"),
        ("MONDO:0007915", "6", "by the reviewed scope, 4 by MONDO’s tree"),
    ]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/term/MONDO:0007915", "6 trials by the reviewed scope, 4 by MONDO’s tree."),
        ("/term/MONDO:0004670", "6 trials by the reviewed scope, 4 by MONDO’s tree."),
        ("/term/MONDO:0007179", "21 trials by the reviewed scope, 19 by MONDO’s tree."),
        ("/concept/systemic-lupus-erythematosus", "6 trials by the reviewed scope, 4 by MONDO’s tree."),
        ("/term/DOID:9074", "6 trials by the reviewed scope, 4 by MONDO’s tree."),
        ("/term/CL:0000134", "21 trials by the reviewed scope, 21 by CL’s tree."),
        ("/term/MONDO:0005556", "2 trials are linked to it or to what is narrower."),
        ("/concept/edss", "5 trials are linked to it or to what is narrower."),
        ("/term/NCIT:C112520", "5 trials are linked to it or to what is narrower."),
        ("/concept/phase-2", "12 trials are linked to it or to what is narrower."),
    ],
)
def test_the_page_of_a_term_counts_as_the_list_does(seed: FlaskClient, path: str, words: str) -> None:
    text = page(seed, path)
    assert words in re.sub(r"\s+", " ", re.sub("<[^>]+>", "", text))
    listed = re.search(r'<a href="(/trials\?[^"]+)">See them in the list', text)
    assert listed
    found = json.loads(seed.get(unescape(listed[1]).replace("/trials?", "/trials.json?")).text)
    assert len(found) == int(words.split()[0])


def test_a_scope_counts_where_the_tree_has_more() -> None:
    trials = tuple(Listed(t, t, (), {"disease": ("b",)}) for t in "tu")
    steps = {"disease": {"b": frozenset({"a"})}}
    index = Index(trials, {}, steps, scopes={"disease": {"a": frozenset({"u"}), "b": frozenset({"t", "u"})}})
    counts = {value.iri: (value.count, value.tree) for value in index.offered(FACETS[0], {})}
    assert counts == {"a": (1, 2), "b": (2, None)}
    assert [t.iri for t in index.listed(index.fit({"disease": ("a",)}))] == ["u"]


def test_a_cycle_among_broader_terms_ends() -> None:
    trials = (Listed("t", "t", (), {"disease": ("a",)}), Listed("u", "u", (), {"disease": ("b",)}))
    steps = {"disease": {"a": frozenset({"b"}), "b": frozenset({"c"}), "c": frozenset({"a"})}}
    index = Index(trials, {}, steps)
    values = index.offered(FACETS[0], {})
    assert {value.iri for value in values} >= {"a", "b"}
    assert {value.count for value in values} == {2}


def test_only_the_values_with_most_trials_are_offered_and_those_that_are_asked_for(
    two_client: FlaskClient, change_settings: Callable[..., None]
) -> None:
    whole = offered(page(two_client, "/trials"))
    change_settings(facet_values=2)
    text = page(two_client, "/trials?tissue=UBERON:0001987")
    held = {key: count for key, count in offered(text).items() if key[0] == "tissue"}
    assert set(held) == {
        ("tissue", v) for v in ("UBERON:0002331", "UBERON:0002371", "UBERON:0001987", "none")
    }
    assert all(whole[key] == count for key, count in held.items())
    assert "2 more; name them in the address: <code>tissue=</code>" in text
