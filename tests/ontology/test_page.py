"""The ontology as a page: every term has its anchor, its definition and its axioms in words; and as files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from rdflib import DCTERMS, OWL, RDF, Graph
from rdflib.compare import isomorphic

from trialgraph.base.package_data import resource
from trialgraph.http.server.app import create_app
from trialgraph.query.pool import Pool
from trialgraph.rdf.vocabulary import PREFIXES, TG
from trialgraph.release.open import Release
from trialgraph.terminology.glossary import FILES, GlossaryEntry, glossary
from trialgraph.views.figures.core_picture import core_svg

HTML = {"Accept": "text/html"}


class Page(HTMLParser):
    """Ids, links and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            elif name == "href":
                self.links.append(str(value))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def client(small_release: Release) -> Iterator[FlaskClient]:
    with Pool(small_release, size=1, seconds=20) as pool:
        yield create_app(small_release, pool).test_client()


@pytest.fixture(scope="module")
def page(client: FlaskClient) -> Page:
    reply = client.get("/ontology/", headers=HTML)
    assert reply.status_code == 200
    return Page(reply.text)


def entries() -> dict[str, GlossaryEntry]:
    return {entry.anchor: entry for section in glossary().sections for entry in section.entries}


def words(entry: GlossaryEntry, heading: str) -> list[str]:
    """The lines under a heading of an entry."""
    return [
        "".join(p.text for p in line)
        for fact in entry.facts
        for line in fact.lines
        if fact.heading == heading
    ]


def test_every_term_has_its_anchor_once(page: Page) -> None:
    assert set(TG.names()) <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)


def test_terms_are_grouped_and_the_core_stands_first(page: Page, client: FlaskClient) -> None:
    text = client.get("/ontology/", headers=HTML).text
    assert text.index('id="core"') < text.index("<summary>Classes") < text.index("<summary>Value lists")
    assert "details" in page.tags
    assert "<details open" not in text


def test_the_page_is_filtered_without_script(client: FlaskClient) -> None:
    text = client.get("/ontology/?q=dose level", headers=HTML).text
    assert 'id="DoseLevel"' in text
    assert 'id="hasArm"' not in text
    assert "No term of the ontology matches" in client.get("/ontology/?q=xyzzy", headers=HTML).text
    assert client.get("/ontology/?q=" + "x" * 500, headers=HTML).status_code == 400


def test_the_glossary_explains_the_special_words(client: FlaskClient) -> None:
    page = Page(client.get("/glossary", headers=HTML).text)
    assert {"reading", "report", "trial", "unread", "conflict", "comparison", "curation", "scope"} <= set(
        page.ids
    )
    assert "/glossary" in Page(client.get("/", headers=HTML).text).links


def test_links_within_the_page_lead_somewhere(page: Page) -> None:
    inside = [link[1:] for link in page.links if link.startswith("#")]
    assert len(inside) > 300
    assert {link for link in inside if link not in page.ids} == set()


def test_definitions_and_labels_are_those_of_the_file(page: Page) -> None:
    for name in TG.names():
        entry = entries()[name]
        assert entry.iri == PREFIXES["tg"] + name
        assert entry.definition in page.words
        assert entry.label in page.words


@pytest.mark.parametrize(
    ("term", "heading", "line"),
    [
        ("ControlledTrial", "equivalent to", "trial and (has report some (has arm some control arm))"),
        ("SingleGroupTrial", "equivalent to", "trial and (has report some (enrolled in control is 0))"),
        (
            "DemyelinatingDiseaseTrial",
            "equivalent to",
            "trial and (has report some (condition some (disease or broader is demyelinating disease)))",
        ),
        (
            "CombinationTherapyTrial",
            "equivalent to",
            "trial and (has report some (has intervention some"
            " ((of product some cell product) and (combined with some product))))",
        ),
        ("hasArm", "domain", "report"),
        ("hasArm", "range", "arm"),
        ("aboutTrial", "characteristics", "at most one value for each resource"),
        ("TreatmentArm", "disjoint with", "control arm"),
        ("disease", "subproperty of", "disease or broader"),
        ("kindOf", "deprecated; replaced by", "disease or broader"),
        ("Trial", "source", "decision 0004: the graph and its releases"),
        ("Arm", "citation", "ClinicalTrials.gov data model (API 2.0.3): ArmGroup"),
        ("Arm", "source", "Study Arm"),
        ("startOffset", "source", "oa:start"),
        ("tgc:sledai", "measures", "composite disease activity"),
        ("tgc:sledai", "better when", "lower is better"),
        ("tgc:sledai", "designed for", "systemic lupus erythematosus"),
    ],
)
def test_axioms_in_words(term: str, heading: str, line: str, page: Page) -> None:
    assert line in words(entries()[term], heading)
    assert line in re.sub(r"\s+", " ", page.words)


def test_a_near_term_says_why_it_is_only_near() -> None:
    near = words(entries()["Trial"], "matches in other ontologies")
    assert len(near) == 5
    assert any(line.startswith("clinical trial (close): In OBI") for line in near)


def test_every_defined_class_has_its_axiom() -> None:
    graph = Graph().parse(resource("ontology") / "trialgraph.ttl")
    for node in graph.subjects(OWL.equivalentClass):
        (axiom,) = words(entries()[str(node).removeprefix(PREFIXES["tg"])], "equivalent to")
        assert axiom.startswith("trial and (has report some ")
        assert axiom.count("(") == axiom.count(")")


def test_all_files_of_the_ontology_are_on_it() -> None:
    assert {path.stem for path in resource("ontology").glob("*.ttl")} == set(FILES)


def test_a_scope_lists_what_it_holds() -> None:
    held = words(entries()["AutoimmuneScope"], "includes, with all narrower terms")
    assert {"autoimmune disease", "lupus nephritis"} <= set(held)


@pytest.mark.parametrize("name", FILES)
def test_files_are_turtle_and_rdf_xml_of_the_same_triples(name: str, client: FlaskClient) -> None:
    turtle, xml = client.get(f"/ontology/{name}.ttl"), client.get(f"/ontology/{name}.rdf")
    assert turtle.data == (resource("ontology") / f"{name}.ttl").read_bytes()
    assert (turtle.mimetype, xml.mimetype) == ("text/turtle", "application/rdf+xml")
    one, other = Graph().parse(data=turtle.data, format="turtle"), Graph().parse(data=xml.data, format="xml")
    assert len(one) == len(other) > (15 if name == "bridge" else 100)
    assert name == "module" or isomorphic(one, other)
    again = client.get(f"/ontology/{name}.ttl", headers={"If-None-Match": turtle.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("accept", ["text/turtle", "application/rdf+xml"])
def test_an_iri_leads_to_its_anchor_or_to_rdf(accept: str, client: FlaskClient) -> None:
    shown = client.get("/ontology/MSCTrial", headers=HTML)
    assert (shown.status_code, shown.headers["Location"]) == (303, "/ontology/#MSCTrial")
    data = client.get("/ontology/MSCTrial", headers={"Accept": accept}, follow_redirects=True)
    assert data.mimetype == accept
    whole = client.get("/ontology", headers={"Accept": accept}, follow_redirects=True)
    assert whole.data == data.data
    found: Any = Graph().parse(data=data.data, format=accept).value(predicate=RDF.type, object=OWL.Ontology)
    assert str(found) == PREFIXES["tg"].rstrip("/")


def test_a_line_of_a_scope_leads_to_its_scope(client: FlaskClient) -> None:
    for line, scope in (
        ("RheumatoidArthritisScope-MONDO_0005185", "RheumatoidArthritisScope"),
        ("LupusErythematosusScope_MONDO_0004670", "LupusErythematosusScope"),
    ):
        shown = client.get(f"/ontology/{line}", headers=HTML)
        assert (shown.status_code, shown.headers["Location"]) == (303, f"/ontology/#{scope}")
    assert client.get("/ontology/RheumatoidArthritisScope-MONDO_9999999", headers=HTML).status_code == 404


def test_the_core_is_shown_with_its_picture(page: Page, client: FlaskClient) -> None:
    shown = client.get("/ontology/core", headers=HTML)
    assert (shown.status_code, shown.headers["Location"]) == (303, "/ontology/#core")
    assert "core" in page.ids
    core = {entry.anchor for entry in glossary().core()}
    assert {"Trial", "trialDisease", "doseLow"} <= core
    assert "Reading" not in core
    picture = client.get("/ontology/core.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.text == core_svg()
    again = client.get("/ontology/core.svg", headers={"If-None-Match": picture.headers["ETag"]})
    assert again.status_code == 304


def test_the_address_of_the_core_leads_to_its_file_or_its_section(client: FlaskClient) -> None:
    assert client.get("/dataset/core", headers=HTML).headers["Location"] == "/ontology/#core"
    data = client.get("/dataset/core", headers={"Accept": "text/turtle"})
    assert data.headers["Location"] == "/export/trialgraph-core.ttl"


def test_a_deprecated_term_says_what_to_use() -> None:
    entry = entries()["IntrathecalTrial"]
    assert words(entry, "deprecated; replaced by") == ["route of trial"]
    assert "find-trials -p route=" in words(entry, "reason")[0]
    assert words(entry, "equivalent to")


def test_the_bridge_is_offered_and_not_believed() -> None:
    assert "bridge" in FILES
    assert words(entries()["Trial"], "kind of") == []


def test_the_version_leads_to_the_page(client: FlaskClient) -> None:
    for part in ("ontology", "module"):
        address = f"/releases/{glossary().version}/{part}"
        assert client.get(address, headers=HTML).headers["Location"] == "/ontology/"
    turtle = client.get(address, headers={"Accept": "text/turtle"})
    assert turtle.headers["Location"] == "/ontology/module.ttl"
    assert client.get("/releases/2020-01-01/ontology").status_code == 404


def test_a_former_version_still_leads_to_the_page(client: FlaskClient) -> None:
    """The version IRI of 2026-11-23 lay in the namespace of the terms."""
    assert client.get("/ontology/2026-11-23", headers=HTML).headers["Location"] == "/ontology/"


def test_sources_that_are_decisions_can_be_read(client: FlaskClient) -> None:
    ours = Graph().parse(resource("ontology") / "trialgraph.ttl")
    home = PREFIXES["tg"].removesuffix("ontology/")
    sources = {
        str(o).removeprefix(home) for o in ours.objects(None, DCTERMS.source) if "/decisions/" in str(o)
    }
    assert len(sources) > 5
    for source in sources:
        answer = client.get(f"/{source}")
        assert answer.content_type == "text/markdown; charset=utf-8"
        assert answer.text.startswith(f"# {source.removeprefix('decisions/')[:4]} ")
    for name in ("0003-nothing", "..%2Fpyproject", "0003-concept-files.md"):
        assert client.get(f"/decisions/{name}").status_code == 404


@pytest.mark.parametrize("path", ["Nonsense", "module.xml", "secret.ttl", "..%2Fmodule.ttl"])
def test_what_is_not_there_is_not_found(path: str, client: FlaskClient) -> None:
    assert client.get(f"/ontology/{path}").status_code == 404


def test_the_home_page_leads_there(client: FlaskClient) -> None:
    assert "/ontology/" in Page(client.get("/", headers=HTML).text).links


def test_the_context_of_the_json_ld_is_served_as_published(client: FlaskClient) -> None:
    reply = client.get("/ontology/context.jsonld")
    assert reply.status_code == 200
    assert reply.content_type == "application/ld+json"
    assert reply.data == (resource("ontology") / "context.jsonld").read_bytes()
    again = client.get("/ontology/context.jsonld", headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304
