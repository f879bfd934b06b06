"""VoID in the graph ``meta`` against what COUNT says: each number, and none is missing."""

from __future__ import annotations

from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from trialgraph.graph.description.partitions import Partitions
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import OWL, RDF, RDFS, TG, VOID, XSD
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

PREFIXES = """
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
"""
Answer = set[tuple[str, ...]]


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return open_store(release)


def ask(store: Store, query: str) -> Answer:
    found = store.query(PREFIXES + query)
    assert isinstance(found, QuerySolutions)
    return {tuple(getattr(term, "value", "") for term in row) for row in found}


def graph_says(store: Store, words: str) -> Answer:
    return ask(store, f"SELECT ?g {words} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g")


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("triples", "(COUNT(*) AS ?n)"),
        ("distinctSubjects", "(COUNT(DISTINCT ?s) AS ?n)"),
        ("entities", "(COUNT(DISTINCT IF(isIRI(?s), ?s, ?none)) AS ?n)"),
        ("properties", "(COUNT(DISTINCT ?p) AS ?n)"),
    ],
)
def test_graphs_and_the_whole_are_counted(store: Store, name: str, count: str) -> None:
    said = ask(store, f"SELECT ?g ?n {{ ?r a dcat:Dataset ; void:subset ?g . ?g void:{name} ?n }}")
    assert said == graph_says(store, count)
    whole = ask(store, f"SELECT ?n {{ ?r a dcat:Dataset ; void:{name} ?n }}")
    assert whole == ask(store, f"SELECT {count} {{ ?s ?p ?o }}")


def test_classes_are_counted(store: Store) -> None:
    said = ask(store, "SELECT ?g ?n { ?r void:subset ?g . ?g void:classes ?n FILTER (?n > 0) }")
    named = "?s a ?c FILTER (isIRI(?c))"
    count = "(COUNT(DISTINCT ?c) AS ?n)"
    assert said == ask(store, f"SELECT ?g {count} {{ GRAPH ?g {{ {named} }} }} GROUP BY ?g")
    whole = ask(store, "SELECT ?n { ?r a dcat:Dataset ; void:classes ?n }")
    assert whole == ask(store, f"SELECT {count} {{ {named} }}")


def test_different_objects_are_counted_but_where_the_number_would_count_itself(store: Store) -> None:
    said = ask(store, "SELECT ?g ?n { ?r void:subset ?g . ?g void:distinctObjects ?n }")
    meta = iris.graph("meta").value
    counted = graph_says(store, "(COUNT(DISTINCT ?o) AS ?n)")
    assert said == {row for row in counted if row[0] != meta}


def test_each_graph_has_a_partition_for_each_class_and_property(store: Store) -> None:
    said = ask(store, "SELECT ?g ?c ?n { ?g void:classPartition ?p . ?p void:class ?c ; void:entities ?n }")
    graphs = {row for row in said if "/graph/" in row[0]}
    counted = "?c (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?g { ?s a ?c FILTER (isIRI(?c)) } }"
    assert graphs == ask(store, f"SELECT ?g {counted} GROUP BY ?g ?c")
    part = "?g void:propertyPartition ?part . ?part void:property ?p ; void:triples ?n"
    numbers = "(COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects)"
    said = ask(
        store,
        f"SELECT ?g ?p ?n ?subjects ?objects {{ {part} ; void:distinctSubjects ?subjects ; "
        "void:distinctObjects ?objects }",
    )
    meta = iris.graph("meta")
    others = f"GRAPH ?g {{ ?s ?p ?o }} FILTER (?g != {meta})"
    assert said == ask(store, f"SELECT ?g ?p {numbers} {{ {others} }} GROUP BY ?g ?p")
    said = ask(store, f"SELECT ?p ?n {{ BIND ({meta} AS ?g) {part} }}")
    assert said == ask(store, f"SELECT ?p (COUNT(*) AS ?n) {{ GRAPH {meta} {{ ?s ?p ?o }} }} GROUP BY ?p")


def test_the_whole_has_a_partition_for_each_class_and_property(store: Store) -> None:
    release = "?r a dcat:Dataset"
    said = ask(
        store,
        f"SELECT ?c ?n {{ {release} ; void:classPartition ?part . ?part void:class ?c ; void:entities ?n }}",
    )
    assert said == ask(
        store, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER (isIRI(?c)) } GROUP BY ?c"
    )
    said = ask(
        store,
        f"SELECT ?p ?n ?m {{ {release} ; void:propertyPartition ?part . ?part void:property ?p ; "
        "void:triples ?n ; void:distinctSubjects ?m }",
    )
    assert said == ask(
        store, "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m) { ?s ?p ?o } GROUP BY ?p"
    )


CLASS = "?r a dcat:Dataset ; void:classPartition ?cp . ?cp void:class ?c"
PROPERTY = f"{CLASS} ; void:propertyPartition ?pp . ?pp void:property ?p"


@pytest.mark.parametrize(
    ("names", "said", "counted"),
    [
        ("?c", f"{CLASS} ; void:triples ?n", "?s a ?c ; ?p ?o"),
        ("?c ?p", f"{PROPERTY} ; void:triples ?n", "?s a ?c ; ?p ?o"),
        (
            "?c ?p ?d",
            f"{PROPERTY} ; void:classPartition ?op . ?op void:class ?d ; void:triples ?n",
            "?s a ?c ; ?p ?o . ?o a ?d FILTER (isIRI(?d))",
        ),
        (
            "?c ?p ?d",
            f"{PROPERTY} ; void-ext:datatypePartition ?dp . ?dp void-ext:datatype ?d ; void:triples ?n",
            "?s a ?c ; ?p ?o FILTER (isLiteral(?o)) BIND (DATATYPE(?o) AS ?d)",
        ),
    ],
)
def test_a_class_has_its_properties_and_where_they_lead(
    store: Store, names: str, said: str, counted: str
) -> None:
    found = ask(store, f"SELECT {names} ?n {{ {said} }}")
    assert found
    assert found == ask(
        store, f"SELECT {names} (COUNT(*) AS ?n) {{ {counted} FILTER (isIRI(?c)) }} GROUP BY {names}"
    )


def test_shortcuts_stand_in_another_graph_than_the_type_and_are_found(store: Store) -> None:
    assert ("21",) in ask(
        store,
        f"SELECT ?n {{ ?cp void:class {TG.Trial} ; void:propertyPartition "
        f"[ void:property {TG.trialDisease} ; void:triples ?n ] }}",
    )


def test_linksets_are_counted(store: Store) -> None:
    said = ask(
        store,
        "SELECT ?g ?p ?space ?n { ?l a void:Linkset ; void:subjectsTarget ?g ; void:linkPredicate ?p ; "
        "void:objectsTarget ?t ; void:triples ?n . ?t void:uriSpace ?space "
        "FILTER (CONTAINS(STR(?l), CONCAT('/', ?prefix, '/'))) "
        "?d <http://www.w3.org/ns/shacl#prefix> ?prefix ; <http://www.w3.org/ns/shacl#namespace> ?ns "
        "FILTER (STR(?ns) = ?space) }",
    )
    links = ask(
        store,
        f"""SELECT ?g ?p ?o (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }}
        FILTER (?g != {iris.graph("meta")} && ?p != {RDFS.isDefinedBy} && isIRI(?o)
          && !STRSTARTS(STR(?o), "{iris.base()}") && STRSTARTS(STR(?s), "{iris.base()}")) }} GROUP BY ?g ?p ?o""",
    )
    totals: Counter[tuple[str, str, str]] = Counter()
    for graph, name, target, n in links:
        for space in {row[2] for row in said}:
            if target.startswith(space):
                totals[graph, name, space] += int(n)
    counted = {(*key, str(n)) for key, n in totals.items()}
    assert said == counted
    spaces = {row[2].rstrip("_:/").rpartition("/")[2] for row in said}
    assert spaces >= {"MONDO", "CL", "UBERON", "NCIT", "GO", "EFO", "clinicaltrials", "chictr", "doi.org"}


@pytest.fixture
def small() -> list[Quad]:
    one, two, graph, more = (NamedNode(f"https://example.org/{n}") for n in ("a", "b", "g", "h"))
    return [
        Quad(one, RDF.type, TG.Trial, graph),
        Quad(one, RDFS.label, Literal("x"), graph),
        Quad(one, RDFS.label, Literal("x"), more),  # the merge has it once
        Quad(one, TG.hasReport, two, more),
        Quad(two, RDF.type, TG.Report, graph),
    ]


def numbers(made: frozenset[Triple], predicate: NamedNode, node: NamedNode) -> list[str]:
    return [
        t.object.value
        for t in made
        if t.subject == node and t.predicate == predicate and isinstance(t.object, Literal)
    ]


def test_what_the_description_says_of_a_term_is_counted_with_the_rest(small: list[Quad]) -> None:
    """A type that stands only in the description changes how the triples of other graphs are counted."""
    release, thing = NamedNode("https://example.org/r"), NamedNode("https://example.org/b")
    parts = Partitions(small)
    made = parts.complete(release, [Triple(thing, RDF.type, OWL.Class)], lambda _: ())
    reached = iris.partition("all", "class", "tg:Trial", "property", "tg:hasReport", "class", "owl:Class")
    assert numbers(made, VOID.triples, reached) == ["1"]
    labels = iris.partition("all", "class", "tg:Trial", "property", "rdfs:label", "datatype", "xsd:string")
    assert numbers(made, VOID.triples, labels) == ["1"]
    assert XSD.string in {t.object for t in made}
    again = parts.complete(release, [Triple(thing, RDF.type, OWL.Class)], lambda _: ())
    assert again == made
    other = parts.complete(release, [], lambda _: ())
    assert numbers(other, VOID.triples, reached) == []
    assert other == Partitions(small).complete(release, [], lambda _: ())
