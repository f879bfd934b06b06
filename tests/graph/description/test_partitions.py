"""VoID in the graph ``meta`` against what is counted here without a query: each number, and none is missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse

from trialgraph.graph.description.partitions import Partitions, Types
from trialgraph.rdf import iris
from trialgraph.rdf.lines import by_subject, sorted_lines, split
from trialgraph.rdf.vocabulary import RDF, RDFS, TG, VOID, XSD
from trialgraph.release.open import Release
from trialgraph.release.store import open_store

PREFIXES = """
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
"""
STATISTICS: Final = ("triples", "entities", "distinctSubjects", "distinctObjects", "properties", "classes")
Answer = set[tuple[str, ...]]
Triples = set[Triple]


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return open_store(release)


@pytest.fixture(scope="module")
def graphs(release: Release) -> dict[str, Triples]:
    """The graphs of the release but ``meta``, read from the master."""
    made: dict[str, Triples] = defaultdict(set)
    for quad in parse(path=str(release.file("dataset.nq")), format=RdfFormat.N_QUADS):
        assert isinstance(quad.graph_name, NamedNode)
        made[quad.graph_name.value].add(quad.triple)
    return made


@pytest.fixture(scope="module")
def whole(graphs: dict[str, Triples]) -> Triples:
    return set().union(*graphs.values())


def ask(store: Store, query: str) -> Answer:
    found = store.query(PREFIXES + query)
    assert isinstance(found, QuerySolutions)
    return {tuple(getattr(term, "value", "") for term in row) for row in found}


def types(triples: Triples) -> dict[Any, set[str]]:
    """The named classes of each node that has any."""
    made: dict[Any, set[str]] = defaultdict(set)
    for t in triples:
        if t.predicate == RDF.type and isinstance(t.object, NamedNode):
            made[t.subject].add(t.object.value)
    return made


def statistics(triples: Triples) -> tuple[str, ...]:
    """What :data:`STATISTICS` names, in that order."""
    subjects = {t.subject for t in triples}
    return tuple(
        str(n)
        for n in (
            len(triples),
            sum(isinstance(node, NamedNode) for node in subjects),
            len(subjects),
            len({t.object for t in triples}),
            len({t.predicate for t in triples}),
            len(set().union(*types(triples).values())),
        )
    )


def members(triples: Triples) -> Iterator[tuple[str, str]]:
    """Each class with the number of its members."""
    found = Counter(cls for classes in types(triples).values() for cls in classes)
    return ((cls, str(n)) for cls, n in found.items())


def uses(triples: Triples) -> Iterator[tuple[str, str]]:
    """Each property with the number of its triples."""
    found = Counter(t.predicate.value for t in triples)
    return ((name, str(n)) for name, n in found.items())


ALL: Final = " ; ".join(f"void:{name} ?{name}" for name in STATISTICS)
GRAPH: Final = "?release a dcat:Dataset ; void:subset ?g . ?g"
RELEASE: Final = "?g a dcat:Dataset"
CLASS: Final = "void:classPartition ?cp . ?cp void:class ?c"
PROPERTY: Final = "void:propertyPartition ?pp . ?pp void:property ?p"


def test_graphs_and_the_whole_have_their_statistics(
    store: Store, graphs: dict[str, Triples], whole: Triples
) -> None:
    names = " ".join(f"?{name}" for name in STATISTICS)
    found = ask(store, f"SELECT ?g {names} {{ {GRAPH} {ALL} }}")
    assert found == {(graph, *statistics(triples)) for graph, triples in graphs.items()}
    assert ask(store, f"SELECT {names} {{ {RELEASE} ; {ALL} }}") == {statistics(whole)}


def test_each_graph_has_a_partition_for_each_class_and_property(
    store: Store, graphs: dict[str, Triples]
) -> None:
    found = ask(store, f"SELECT ?g ?c ?n {{ {GRAPH} {CLASS} ; void:entities ?n }}")
    assert found == {(graph, *row) for graph, triples in graphs.items() for row in members(triples)}
    found = ask(store, f"SELECT ?g ?p ?n {{ {GRAPH} {PROPERTY} ; void:triples ?n }}")
    assert found == {(graph, *row) for graph, triples in graphs.items() for row in uses(triples)}


def test_the_whole_has_a_partition_for_each_class_and_property(store: Store, whole: Triples) -> None:
    assert ask(store, f"SELECT ?c ?n {{ {RELEASE} ; {CLASS} ; void:entities ?n }}") == set(members(whole))
    assert ask(store, f"SELECT ?p ?n {{ {RELEASE} ; {PROPERTY} ; void:triples ?n }}") == set(uses(whole))


def test_a_class_has_its_properties_and_where_they_lead(store: Store, whole: Triples) -> None:
    classes = types(whole)
    having: Counter[tuple[str, str]] = Counter()
    leading: dict[str, Answer] = {"class": set(), "datatype": set()}
    for t in whole:
        for cls in classes.get(t.subject, ()):
            pair = cls, t.predicate.value
            having[pair] += 1
            leading["class"] |= {(*pair, end) for end in classes.get(t.object, ())}
            if isinstance(t.object, Literal):
                leading["datatype"].add((*pair, t.object.datatype.value))
    inner = f"{RELEASE} ; {CLASS} ; {PROPERTY}"
    found = ask(store, f"SELECT ?c ?p ?n {{ {inner} ; void:triples ?n }}")
    assert found == {(*pair, str(n)) for pair, n in having.items()}
    found = ask(store, f"SELECT ?c ?p ?d {{ {inner} ; void:classPartition ?o . ?o void:class ?d }}")
    assert found == leading["class"]
    found = ask(
        store, f"SELECT ?c ?p ?d {{ {inner} ; void-ext:datatypePartition ?o . ?o void-ext:datatype ?d }}"
    )
    assert found == leading["datatype"]


def test_the_description_is_no_part_of_what_it_counts(store: Store, release: Release) -> None:
    meta = iris.graph("meta")
    topic = f"{meta} a void:DatasetDescription ; <http://xmlns.com/foaf/0.1/primaryTopic> ?r"
    assert ask(store, f"SELECT ?r {{ {topic} }}") == {(iris.release(release.hash).value,)}
    counted = " ".join(f"void:{name}" for name in (*STATISTICS, "classPartition", "propertyPartition"))
    assert ask(store, f"SELECT ?p {{ VALUES ?p {{ {counted} }} {meta} ?p ?any }}") == set()
    assert ask(store, f"SELECT ?r {{ ?r void:subset {meta} }}") == set()


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


def partitioned(release: NamedNode, quads: Iterable[Quad]) -> Iterator[Triple]:
    lines = sorted_lines(quads)
    types = Types()
    for line in lines:
        subject, predicate, value, _ = split(line)
        types.add(subject, predicate, value)
    made = Partitions(types)
    for subject, about in by_subject(lines):
        made.add(subject, about)
    return made.triples(release)


def numbers(made: Iterable[Triple], predicate: NamedNode, node: NamedNode) -> list[str]:
    return [
        t.object.value
        for t in made
        if t.subject == node and t.predicate == predicate and isinstance(t.object, Literal)
    ]


def test_a_triple_of_two_graphs_counts_once_in_the_whole(small: list[Quad]) -> None:
    release = NamedNode("https://example.org/r")
    made = frozenset(partitioned(release, small))
    assert numbers(made, VOID.triples, release) == ["4"]
    assert [numbers(made, VOID.triples, NamedNode(f"https://example.org/{n}")) for n in ("g", "h")] == [
        ["3"],
        ["2"],
    ]
    labels = iris.partition("all", "class", "tg:Trial", "property", "rdfs:label")
    assert numbers(made, VOID.triples, labels) == ["1"]
    assert XSD.string in {t.object for t in made}
    reached = iris.partition("all", "class", "tg:Trial", "property", "tg:hasReport", "class", "tg:Report")
    assert Triple(reached, getattr(VOID, "class"), TG.Report) in made


def test_nothing_is_counted_as_nothing() -> None:
    release = NamedNode("https://example.org/r")
    made = set(partitioned(release, []))
    assert made == {Triple(release, getattr(VOID, name), Literal(0)) for name in STATISTICS}
