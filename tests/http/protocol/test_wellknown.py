"""What is served under ``/.well-known/``, and what editors ask an endpoint of itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import rdflib
from pyoxigraph import QueryBoolean, RdfFormat, parse, serialize

from tests.small_graph import Server
from trialgraph.base.package_data import resource
from trialgraph.questions.saved_queries import load_queries
from trialgraph.rdf.prefixes import prefixes
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.release.open import Release
from trialgraph.release.store import open_store
from trialgraph.views.pitfalls import PITFALLS, Pitfall

DECLARED = "".join(
    f"PREFIX {name}: <{PREFIXES[name]}>\n"
    for name in ("dcat", "dcterms", "rdfs", "schema", "sd", "sh", "spdx", "void", "void-ext")
)
# The facts that @sib-swiss/sparql-editor (packages/sparql-editor/src/metadata.ts, commit 5fe08cc) asks an endpoint
# for when it opens: prefixes, classes with their properties, examples. Asked in our words, joined as it joins them.
EDITOR_PREFIXES = (
    "SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"
)
EDITOR_CLASSES = """
SELECT DISTINCT ?graph ?subjectClass ?prop ?objectClass ?objectDatatype ?triples ?subjectClassLabel ?propLabel {
  { OPTIONAL { ?graph sd:graph ?told . OPTIONAL { ?graph rdfs:label ?graphLabel } ?told void:classPartition ?cp }
    ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
    OPTIONAL { ?subjectClass rdfs:label ?subjectClassLabel }
    OPTIONAL { ?subjectClass rdfs:comment ?subjectClassComment }
    ?pp void:property ?prop .
    OPTIONAL { ?pp void:triples ?triples }
    OPTIONAL { ?prop rdfs:label ?propLabel }
    OPTIONAL {
      { ?pp void:classPartition [ void:class ?objectClass ] . OPTIONAL { ?objectClass rdfs:label ?objectLabel } }
      UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] }
    }
  } UNION {
    ?links void:subjectsTarget [ void:class ?subjectClass ] ; void:linkPredicate ?prop ;
      void:objectsTarget [ void:class ?objectClass ]
  }
} ORDER BY ?subjectClass ?objectClass ?objectDatatype ?graph ?triples"""
EDITOR_EXAMPLES = """
PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
SELECT DISTINCT ?sq ?comment ?query {
  ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|spex:describe ?query
} ORDER BY ?sq"""


@pytest.fixture(scope="module")
def seeds(release: Release) -> Iterator[Server]:
    with Server(release.path, resource("queries")) as made:
        yield made


def ask(server: Server, query: str) -> list[dict[str, str]]:
    reply = server.ask(query=DECLARED + query, ac="1", headers={"Accept": "application/sparql-results+json"})
    assert reply.status == 200, reply.text
    found = json.loads(reply.body)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def graph_at(server: Server, path: str, accept: str = "text/turtle") -> rdflib.Graph:
    reply = server.ask(path, headers={"Accept": accept})
    assert (reply.status, reply.type) == (200, accept)
    # rdflib's own reader of JSON-LD warns of itself
    format_ = RdfFormat.from_media_type(accept)
    lines = serialize(parse(reply.body, format=format_), format=RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=lines or b"", format="ntriples")


def rows(graph: rdflib.Graph, select: str) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in graph.query(DECLARED + select))  # type: ignore[arg-type] # rows of a SELECT


def test_an_editor_finds_all_prefixes(seeds: Server) -> None:
    found = ask(seeds, EDITOR_PREFIXES)
    assert {row["prefix"]: row["namespace"] for row in found} == prefixes()


def test_an_editor_finds_classes_their_properties_and_where_those_lead(seeds: Server) -> None:
    tg = PREFIXES["tg"]
    found = ask(seeds, EDITOR_CLASSES)
    known = {
        (row["subjectClass"], row["prop"], row.get("objectClass") or row.get("objectDatatype"))
        for row in found
    }
    assert (f"{tg}Trial", f"{tg}hasReport", f"{tg}Report") in known
    assert (f"{tg}Trial", f"{tg}trialDisease", f"{PREFIXES['owl']}Class") in known
    assert (f"{tg}Report", f"{tg}enrolledTotal", f"{PREFIXES['xsd']}integer") in known
    named = {row["subjectClass"]: row.get("subjectClassLabel", "") for row in found}
    assert named[f"{tg}Trial"] == "trial"
    # A term with two labels would come twice.
    ours = [row for row in found if row["subjectClass"].startswith(tg) and row["prop"].startswith(tg)]
    assert len(ours) == len({tuple(sorted(row.items())) for row in ours})


def test_an_editor_finds_every_question_once_and_each_runs(seeds: Server) -> None:
    saved = load_queries()
    found = {row["sq"].rpartition("/")[2]: row for row in ask(seeds, EDITOR_EXAMPLES)}
    assert {slug: row["comment"] for slug, row in found.items()} == {q.slug: q.title for q in saved.values()}
    for slug, row in found.items():
        graph = "CONSTRUCT" in row["query"]
        reply = seeds.ask(query=row["query"], format="ntriples" if graph else "csv")
        assert reply.status == 200, slug
        expected = saved[slug].expected
        if not graph and expected.columns:
            assert reply.text.splitlines()[0] == ",".join(expected.columns), slug


@pytest.mark.parametrize("accept", ["text/turtle", "application/rdf+xml", "application/ld+json"])
def test_the_description_is_served_as_one_likes_it(seeds: Server, release: Release, accept: str) -> None:
    graph = graph_at(seeds, "/.well-known/void", accept)
    # Of the data: the description itself is not counted.
    triples = str(len({q.triple for q in parse(path=str(release.file("dataset.nq")))}))
    assert rows(graph, "SELECT ?n ?e { ?d a dcat:Dataset ; void:triples ?n ; void:sparqlEndpoint ?e }") == [
        (triples, seeds.sparql)
    ]
    assert rows(graph, "SELECT ?q { ?q a sh:SPARQLExecutable }") == []
    assert len(rows(graph, "SELECT ?p { ?d a dcat:Dataset ; void:propertyPartition ?p }")) > 100


@pytest.mark.parametrize("path", ["/.well-known/void", "/.well-known/dcat"])
def test_every_file_has_its_checksum_where_it_is_served(seeds: Server, release: Release, path: str) -> None:
    found = rows(
        graph_at(seeds, path),
        "SELECT ?address ?size ?sum { ?d a dcat:Dataset ; dcat:distribution ?f . ?f dcat:downloadURL ?address ; "
        "dcat:byteSize ?size ; dcat:mediaType ?type ; dcterms:license ?l ; spdx:checksum ?c . "
        "?c spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue ?sum }",
    )
    assert {row[0].rpartition("/")[2] for row in found} == set(release.manifest["files"])
    for address, size, digest in set(found):
        name = address.removeprefix(seeds.url)
        content = (release.path / name.rpartition("/")[2]).read_bytes()
        assert (int(size), digest) == (len(content), hashlib.sha256(content).hexdigest())
        assert seeds.ask(f"/{name}", method="HEAD").status == 200


def test_a_catalogue_finds_who_what_and_where(seeds: Server) -> None:
    found = rows(
        graph_at(seeds, "/.well-known/dcat"),
        "SELECT ?title ?source ?page ?service { ?d a dcat:Dataset ; dcterms:title ?title ; dcterms:issued ?i ; "
        "dcterms:modified ?m ; dcterms:publisher ?p ; dcat:landingPage ?page ; "
        "<http://www.w3.org/ns/prov#wasDerivedFrom> ?source . "
        "?s a dcat:DataService ; dcat:servesDataset ?d ; dcat:endpointURL ?service "
        "FILTER (STRSTARTS(STR(?source), 'https://doi.org/')) }",
    )
    title = "Clinical trials read out of review tables"
    doi = "https://doi.org/10.4252/wjsc.v17.i7.107202"
    assert found == [(title, doi, f"{seeds.url}dataset", seeds.sparql)]


def test_examples_are_served_with_their_prefixes_and_this_endpoint(seeds: Server) -> None:
    graph = graph_at(seeds, "/.well-known/sparql-examples")
    found = rows(
        graph,
        "SELECT ?kind ?target { ?q a sh:SPARQLExecutable , ?kind ; sh:prefixes/sh:declare ?d ; "
        "schema:target ?target . ?d sh:prefix 'tg' FILTER (?kind != sh:SPARQLExecutable) }",
    )
    assert len(found) == len(load_queries())
    kinds = {row[0].rpartition("#")[2] for row in found}
    assert kinds == {"SPARQLSelectExecutable", "SPARQLConstructExecutable", "SPARQLAskExecutable"}
    assert {row[1] for row in found} == {seeds.sparql}
    assert rows(graph, "SELECT ?k { ?q rdfs:label ?l ; schema:keywords ?k FILTER (?k = 'MONDO') } LIMIT 1")


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/.well-known/void", "/dataset"),
        ("/.well-known/dcat", "/dataset"),
        ("/.well-known/sparql-examples", "/queries/"),
    ],
)
def test_a_browser_is_led_to_a_page(seeds: Server, path: str, page: str) -> None:
    reply = seeds.ask(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (reply.status, reply.headers["Location"]) == (303, page)
    assert "Accept" in reply.headers["Vary"].split(", ")
    assert seeds.ask(path, headers={"Accept": "image/png"}).status == 406


def test_a_description_is_not_sent_twice(seeds: Server) -> None:
    first = seeds.ask("/.well-known/void", headers={"Accept": "text/turtle"})
    again = seeds.ask(
        "/.well-known/void", headers={"Accept": "text/turtle", "If-None-Match": first.headers["ETag"]}
    )
    assert (again.status, again.body) == (304, b"")


def test_a_host_that_is_none_gets_no_description(seeds: Server) -> None:
    for host in ('x">y', "a b", "x&y"):
        reply = seeds.ask("/.well-known/void", headers={"Host": host, "Accept": "application/rdf+xml"})
        assert reply.status == 400
        assert host.encode() not in reply.body


@pytest.fixture(scope="module")
def card(seeds: Server) -> dict[str, Any]:
    reply = seeds.ask("/.well-known/schema-card.json")
    assert (reply.status, reply.type) == (200, "application/json")
    found: dict[str, Any] = json.loads(reply.body)
    return found


def test_the_card_counts_graphs_classes_and_properties(card: dict[str, Any], seeds: Server) -> None:
    for graph in card["graphs"]:
        (row,) = ask(seeds, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph['iri']}> {{ ?s ?p ?o }} }}")
        assert graph["triples"] == int(row["n"])
        assert graph["licences"]
    declared = "".join(f"PREFIX {name}: <{space}>\n" for name, space in card["prefixes"].items())
    for entry, pattern in (
        *((one, f"?s a {one['class']}") for one in card["classes"] if one["class"].startswith("tg:")),
        *((one, f"?s {one['property']} ?o") for one in card["properties"][:20]),
    ):
        (row,) = json.loads(
            seeds.ask(query=f"{declared} SELECT (COUNT(*) AS ?n) {{ {pattern} }}", format="json").body
        )["results"]["bindings"]
        assert int(row["n"]["value"]) == entry.get("count", entry.get("triples")), pattern


def test_the_card_says_what_a_property_joins_with_examples(card: dict[str, Any]) -> None:
    found = {one["property"]: one for one in card["properties"]}
    disease = found["tg:trialDisease"]
    assert disease["from"] == {"tg:Trial": 21}
    assert disease["to"] == ["owl:Class"]
    assert {"value": "MONDO:0008383", "label": "rheumatoid arthritis", "count": 10} in disease["examples"]
    assert disease["label"]
    assert found["tg:enrolledTotal"]["to"] == ["xsd:integer"]
    assert not found["tg:cellText"]["examples"], "verbatim text stays under its licence"
    assert "dcat:mediaType" not in found
    assert {one["class"] for one in card["classes"]} >= {"tg:Trial", "tg:Report", "skos:Concept"}


def test_the_card_lists_the_questions_and_fits_a_model(card: dict[str, Any], seeds: Server) -> None:
    assert [one["slug"] for one in card["questions"]] == list(load_queries())
    assert seeds.ask(card["questions"][0]["address"].removeprefix(seeds.url[:-1])).status == 200
    assert len(json.dumps(card)) < 150_000


@pytest.mark.parametrize("pitfall", PITFALLS, ids=lambda pitfall: pitfall.title)
def test_each_pitfall_is_there(release: Release, pitfall: Pitfall) -> None:
    truth = open_store(release).query(pitfall.query)
    assert isinstance(truth, QueryBoolean)
    assert bool(truth), pitfall.query


def test_the_page_says_what_it_is_made_of(seeds: Server, release: Release) -> None:
    page = seeds.ask("/dataset").text
    for name, digest in release.manifest["files"].items():
        assert f'href="/export/{name}"' in page
        assert digest in page
    for name, triples in release.manifest["counts"]["graphs"].items():
        assert f">{name}</a>" in page
        assert f'<td class="number">{triples:,}</td>' in page
    (source,) = release.manifest["built_from"]
    for words in (
        release.hash,
        source["sha256"],
        "https://doi.org/10.4252/wjsc.v17.i7.107202",
        "https://creativecommons.org/licenses/by-nc/4.0/",
        f"{source['rows']} rows read",
        "The trialgraph authors",
        release.manifest["engines"]["pyoxigraph"],
        PREFIXES["tgc"],
    ):
        assert words in page
    assert 'href="/dataset"' in seeds.ask("/").text, "every page leads there"


def test_links_of_the_page_lead_somewhere(seeds: Server) -> None:
    page = seeds.ask("/dataset").text
    links = {part.partition('"')[0] for part in page.split('href="')[1:]}
    own = sorted(link for link in links if link.startswith("/"))
    assert len(own) > 20
    lost = {link for link in own if seeds.ask(link, headers={"Accept": "text/html"}).status >= 400}
    assert lost == set()


def test_a_release_that_says_nothing_of_itself_has_a_page_too(server: Server) -> None:
    assert server.ask("/dataset").status == 200
    assert server.ask("/.well-known/void", headers={"Accept": "text/turtle"}).status == 200
    card = json.loads(server.ask("/.well-known/schema-card.json").body)
    assert card["classes"] == []
