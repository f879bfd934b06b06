"""Every IRI that a release mints answers at its path, as a page and as RDF; what is not there says what is."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from tests.html_page import Page
from tools.soak.addresses import minted as minted_by
from tools.soak.addresses import wrong
from trialgraph.http.pages.links import kind_of, local, requested_iri
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import HOME, RDFS, TG

RDF_TYPES = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
}
#: IRIs of a kind that are walked; a kind with more is walked in strides. `make soak` walks all.
OF_A_KIND = 3
TRIAL = "/trial/NCT01741857"


@pytest.fixture(scope="module")
def minted(two_store: Store) -> dict[str, list[str]]:
    return minted_by(two_store)


def path_of(iri: str) -> str:
    return "/" + iri.removeprefix(iris.base())


def get(client: FlaskClient, path: str, accept: str = "text/html") -> Any:
    return client.get(path, headers={"Accept": accept}, follow_redirects=True)


def triples(response: Any, format_: RdfFormat = RdfFormat.TURTLE) -> set[tuple[Any, Any, Any]]:
    return {(q.subject, q.predicate, q.object) for q in parse(response.get_data(), format_)}


def test_every_kind_of_iri_answers_with_a_page_and_with_rdf(
    two_client: FlaskClient, minted: dict[str, list[str]]
) -> None:
    walked = [iri for held in minted.values() for iri in held[:: max(len(held) // OF_A_KIND, 1)]]
    # A decision is a document, which is served as it is (decisions/0030).
    assert list(wrong(two_client, [iri for iri in walked if "/decisions/" not in iri])) == []
    assert {"trial", "report", "row", "cell", "reading", "arm", "intervention", "dose", "condition"} <= set(
        minted
    )
    assert {"planned-outcome", "mechanism-claim", "finding", "product", "drug", "conflict", "mapping"} <= set(
        minted
    )
    assert {"rule", "source", "registry", "graph", "release", "prefix", "concept", "ontology"} <= set(minted)


def test_the_rdf_of_a_thing_holds_all_that_is_said_of_it(
    two_client: FlaskClient, minted: dict[str, list[str]], two_store: Store
) -> None:
    for kind in ("trial", "reading", "conflict", "mapping", "rule", "cell", "product"):
        iri = NamedNode(minted[kind][0])
        said = {
            (q.subject, q.predicate, q.object) for q in two_store.quads_for_pattern(iri, None, None, None)
        }
        held = triples(get(two_client, path_of(iri.value), "text/turtle"))
        assert said <= held


def test_the_rdf_of_a_trial_goes_down_to_its_doses(two_client: FlaskClient) -> None:
    held = triples(two_client.get(f"{TRIAL}.ttl"))
    reports = {s for s, p, o in held if p == TG.aboutTrial}
    assert reports == {iris.report("wjsc-107202-table1", 2), iris.report("other", 2)}
    assert {s for s, p, o in held if p == TG.doseLow} == {
        iris.dose("wjsc-107202-table1", 2, 1),
        iris.dose("other", 2, 1),
    }


@pytest.mark.parametrize("suffix", RDF_TYPES)
def test_suffix_and_accept_give_the_same_triples(two_client: FlaskClient, suffix: str) -> None:
    media_type, format_ = RDF_TYPES[suffix]
    by_suffix = two_client.get(f"{TRIAL}.{suffix}")
    by_suffix.get_data()  # a stream that nobody reads keeps its worker
    by_accept = get(two_client, TRIAL, media_type)
    assert by_suffix.mimetype == by_accept.mimetype == media_type
    assert (
        triples(by_suffix, format_) == triples(by_accept, format_) == triples(two_client.get(f"{TRIAL}.ttl"))
    )
    assert by_accept.headers["Content-Location"] == f"{TRIAL}.{suffix}"
    assert "Accept" in by_accept.headers["Vary"]
    links = " ".join(by_accept.headers.getlist("Link"))
    assert f'<{TRIAL}.html>; rel="alternate"; type="text/html"' in links
    assert "by-nc/4.0/" in links, "the words of a source have its licence"


def test_the_page_has_an_address_of_its_own(two_client: FlaskClient) -> None:
    page = get(two_client, f"{TRIAL}.html", "text/turtle")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert page.get_data() == get(two_client, TRIAL).get_data()


def test_what_nobody_offers_is_not_acceptable(two_client: FlaskClient) -> None:
    assert get(two_client, TRIAL, "image/png").status_code == 406


def test_a_path_is_taken_as_it_was_sent(two_client: FlaskClient, minted: dict[str, list[str]]) -> None:
    odd = [iri for iri in minted["mapping"] if "%2F" in iri or "%28" in iri]
    assert any("%2F" in iri for iri in odd), "the release holds no IRI with a slash inside a part"
    for iri in odd[:10]:
        assert f"<code>{iri}</code>" in get(two_client, path_of(iri)).text
    # Clients that leave out an escape, or add one, mean the same.
    assert get(two_client, path_of(odd[0]).replace("%20", " ")).status_code == 200
    assert get(two_client, "/trial/%4E%43T01741857").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/trial/NCT99999999",
        "/trial//NCT01741857",
        "/trial/NCT01741857.xyz",
        "/trial/NCT01741857.ttl.ttl",
        "/trial/.ttl",
        "/trial/..%2f..%2fetc%2fpasswd",
        "/trial/%2e%2e",
        "/trial/%ff%fe",
        "/trial/%00",
        "/trial/%ED%A0%80",
        "/trial/" + "x" * 5000,
        "/cell/wjsc-107202-table1/" + "9" * 400 + "/x",
        "/trial/<script>alert(1)</script>",
        "/trial/%22onmouseover=%22alert(1)",
        "/elsewhere.example/x",
        "/term/nonsense",
        "/term/MONDO:9999999",
        "/term/<script>",
        "/term/MONDO:%20x",
        "/term/javascript:alert(1)",
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/turtle"])
def test_hostile_and_mistaken_paths_are_told_that_nothing_is_there(
    two_client: FlaskClient, path: str, accept: str
) -> None:
    response = two_client.get(path, headers={"Accept": accept})
    assert response.status_code == 404
    assert response.mimetype != "text/html" or "<script" not in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_404_names_what_is_near(two_client: FlaskClient) -> None:
    text = get(two_client, "/reading/wjsc-107202-table1/9/n_total/7").text
    for near in ("/row/wjsc-107202-table1/9", "/report/wjsc-107202-table1/9", "/source/wjsc-107202-table1"):
        assert f'href="{near}"' in text
    assert 'href="/trial/NCT01741857"' in get(two_client, "/trial/NCT01741875").text
    told = get(two_client, "/rule/patients.totl", "application/json")
    assert told.mimetype == "application/problem+json"
    assert iris.rule("patients.total").value in json.loads(told.text)["near"]


def test_the_things_of_a_kind_are_listed_page_by_page(
    two_client: FlaskClient, minted: dict[str, list[str]]
) -> None:
    text = get(two_client, "/rule/").text
    assert all(f'href="{path_of(iri)}"' in text for iri in minted["rule"])
    first, second = get(two_client, "/mapping/").text, get(two_client, "/mapping/?page=2").text
    assert 'href="?page=2"' in first
    listed = {a["href"] for part in (first, second) for a in Page(part).all("a")}
    assert len(listed & {path_of(iri) for iri in minted["mapping"]}) == 1000
    assert get(two_client, "/mapping/?page=0").status_code == 400
    assert get(two_client, "/trial/").request.path == "/trials"


def test_a_term_of_others_tells_what_it_is_who_uses_it_and_where_it_lives(two_client: FlaskClient) -> None:
    # lupus erythematosus: no trial has it, four have a narrower one
    text = get(two_client, "/term/MONDO:0004670").text
    assert "<h1>lupus erythematosus</h1>" in text
    assert 'href="http://purl.obolibrary.org/obo/MONDO_0004670"' in text
    assert 'href="/term/MONDO:0007915"' in text
    assert 'href="/trial/NCT01741857"' in text
    assert 'href="/trials?disease=MONDO:0004670"' in text
    rdf = triples(two_client.get("/term/MONDO:0004670.ttl"))
    label = Literal("lupus erythematosus")
    assert any(p == RDFS.label and o == label for _, p, o in rdf)
    assert get(two_client, "/term/" + quote("tgc:sledai")).request.path == "/concept/sledai"


def test_a_concept_of_ours_names_the_trials_that_have_the_term_it_equals(two_client: FlaskClient) -> None:
    assert 'href="/trial/NCT01741857"' in get(two_client, "/concept/systemic-lupus-erythematosus").text


def test_links_between_our_iris_stay_on_this_server(two_client: FlaskClient) -> None:
    for path in (TRIAL, "/conflict/wjsc-107202-table1/2/arms-do-not-add-up"):
        targets = [str(a["href"]) for a in Page(get(two_client, path).text).all("a")]
        ours = [t for t in targets if t.startswith((iris.base(), HOME))]
        assert ours == []
        local = sorted({t.partition("#")[0] for t in targets if t.startswith("/")})[::3]
        assert {t: s for t in local if (s := get(two_client, t).status_code) != 200} == {}


def test_a_path_below_a_prefix_of_a_proxy_keeps_it(two_client: FlaskClient) -> None:
    page = two_client.get(TRIAL, base_url="http://localhost/data/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert 'href="/data/report/other/2"' in page.text
    assert f'href="/data{TRIAL}.ttl"' in page.text


def test_a_release_of_another_base_is_served_from_its_own_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iris, "_base", "https://data.example/x/")
    app = Flask(__name__)
    with app.test_request_context("/trial/NCT1%2F2"):
        assert requested_iri() == "https://data.example/x/trial/NCT1%2F2"
        assert local("https://data.example/x/trial/NCT1") == "/trial/NCT1"
        assert local(f"{HOME}concept/sledai") == "/concept/sledai"
        assert local(f"{HOME}trial/NCT1") == "", "a trial of the other base is not ours"
        assert local("https://data.example/x//evil.example/") == ""
        assert kind_of("https://data.example/y/trial/1") == ""
    with app.test_request_context("/concept/sledai"):
        assert requested_iri() == f"{HOME}concept/sledai"


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/trial/nct01741857", "/trial/NCT01741857"),
        ("/trial/nct%2001741857", "/trial/NCT01741857"),
        ("/trial/NCT-01741857?a=b", "/trial/NCT01741857?a=b"),
        ("/trial/Nct%E2%80%9301741857", "/trial/NCT01741857"),
        ("/trial/nct01741857.ttl", "/trial/NCT01741857.ttl"),
    ],
)
def test_a_registry_id_in_another_spelling_leads_to_its_trial(
    two_client: FlaskClient, path: str, to: str
) -> None:
    reply = two_client.get(path)
    assert (reply.status_code, reply.headers["Location"]) == (308, to)
    assert two_client.get(to).status_code == 200
