"""One resource per thing (decisions/0029): which IRI is a value, that it stays, and that every name leads to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse

from tests.paths import TESTS
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.quads import mapping_quads, summary_quads
from trialgraph.graph.term_checks import term_findings
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import HOME, PREFIXES, TG, compact, expand
from trialgraph.release.graphs import ontology_quads
from trialgraph.release.open import Release
from trialgraph.terminology.lexicon import REFERENCE, Lexicon, MappingLine, external_curie, lexicon
from trialgraph.terminology.values import concept_named, value_named
from trialgraph.terminology.xrefs import xrefs
from trialgraph.views.explain import explain

SOURCE = "wjsc-107202-table1"
#: The fields whose values are found by these shortcuts.
SHORTCUTS = {
    "disease": "trialDisease",
    "qualifier": "trialQualifier",
    "cell_type": "trialCellType",
    "tissue": "trialTissueSource",
    "donor": "trialDonorType",
    "phase": "trialPhase",
    "route": "trialRoute",
    "outcome": "trialOutcome",
    "mechanism": "trialMechanism",
    "product": "trialCombinedWith",
}


@pytest.fixture(scope="module")
def quads(release: Release) -> frozenset[Quad]:
    return frozenset(parse(path=str(release.file("dataset.nq")), format=RdfFormat.N_QUADS))


@pytest.fixture(scope="module")
def store(quads: frozenset[Quad]) -> Store:
    made = Store()
    made.extend(Quad(q.subject, q.predicate, q.object) for q in quads)
    return made


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(query, prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)
    return [tuple(compact(term.value) if term else "" for term in row) for row in found]


def trials(store: Store, pattern: str) -> set[str]:
    return {row[0] for row in rows(store, f"SELECT DISTINCT ?t {{ ?t a tg:Trial . {pattern} }}")}


def line(concept: str, predicate: str, target: str) -> MappingLine:
    known = lexicon().concepts[concept]
    return MappingLine(
        id=f"{known.field}/9999", subject=concept, subject_label=known.label, literal=False, predicate=predicate,
        object=target, object_label="a term that came later", justification="semapv:ManualMappingCuration",
        release="2027-01-01", comment="", date="2027-01-01", author="The trialgraph authors",
    )  # fmt: skip


@cache
def later() -> Lexicon:
    """The lexicon when every concept has got one more exact match, in its reference ontology where it had none."""
    lines = {field: list(held) for field, held in lexicon().lines.items()}
    for number, concept in enumerate(lexicon().concepts.values()):
        reference = REFERENCE.get(concept.field)
        prefix = reference if reference and not concept.reference else "NCIT"
        # first in the file: the place of a line makes no difference
        lines[concept.field].insert(0, line(concept.id, "skos:exactMatch", f"{prefix}:77{number:05d}"))
    return Lexicon(
        {field: tuple(held) for field, held in lines.items()},
        own_values=lexicon().own_values,
        definitions=lexicon().definitions,
    )


# ---- which IRI is the value


def test_the_field_decides_which_iri_is_the_value() -> None:
    for concept in lexicon().concepts.values():
        prefix = REFERENCE.get(concept.field)
        if prefix is None or concept.id in (lexicon().own_values or ()):
            assert concept.curie == concept.id
        else:
            assert concept.curie.startswith(f"{prefix}:"), concept
            assert concept.curie in concept.exact
    assert set(REFERENCE) == {"disease", "cell_type", "tissue"}


def test_the_data_hold_no_value_of_another_kind(quads: frozenset[Quad]) -> None:
    allowed = {TG.trialDisease: "MONDO", TG.trialCellType: "CL", TG.trialTissueSource: "UBERON"}
    seen: Counter[str] = Counter()
    for quad in quads:
        name = compact(quad.predicate.value)
        if name.startswith("tg:trial") and isinstance(quad.object, NamedNode):
            prefix = compact(quad.object.value).partition(":")[0]
            if prefix in {*PREFIXES} - {"tgc", "tg"}:
                assert prefix == allowed[quad.predicate]
                seen[prefix] += 1
    assert set(seen) == {"MONDO", "CL", "UBERON"}


def test_nothing_of_ours_is_said_of_a_term_of_others(quads: frozenset[Quad]) -> None:
    """Only what its own release states, in the graph ``module`` or a cross-reference; our matches start from ours."""
    theirs = {(line.subject, line.predicate, line.object) for line in xrefs()}
    declared = {
        name for prefix, name in PREFIXES.items() if prefix in {"skos", "dcterms", "sssom", "oa", "qudt"}
    }
    said = [
        quad
        for quad in quads
        if isinstance(quad.subject, NamedNode)
        and not quad.subject.value.startswith((HOME, iris.base()))
        and (quad.subject, quad.predicate, quad.object) not in theirs
        and (quad.graph_name != iris.graph("module") or compact(quad.predicate.value).startswith("tg:"))
    ]
    assert [q for q in said if compact(q.predicate.value).startswith(("tg:", "skos:"))] == []
    properties = [q for q in said if not str(q.subject)[1:].startswith(tuple(declared))]
    assert {compact(q.predicate.value) for q in properties} <= {"rdf:type"}
    assert all(str(q.object).startswith(f"<{PREFIXES['owl']}") for q in said)


def test_the_ladder_reaches_every_measure_in_use(store: Store) -> None:
    used = {row[0] for row in rows(store, "SELECT DISTINCT ?m { ?outcome tg:ofMeasure ?m }")}
    ladder = "?m tg:measuresConcept/tg:inDomain ?d ; tg:betterWhen ?w ; rdfs:label ?l"
    assert used == {
        row[0] for row in rows(store, f"SELECT DISTINCT ?m {{ ?outcome tg:ofMeasure ?m . {ladder} }}")
    }
    assert len(used) > 30


# ---- a later mapping only adds


def test_a_later_mapping_changes_no_value() -> None:
    before, after = lexicon().concepts, later().concepts
    assert {c.id: c.curie for c in after.values()} == {c.id: c.curie for c in before.values()}
    assert all(len(after[c.id].exact) == len(c.exact) + 1 for c in before.values())


def test_a_later_mapping_only_adds_triples(quads: frozenset[Quad]) -> None:
    mapped = mapping_quads(later())
    assert mapping_quads(lexicon()) < mapped
    facts = {iris.graph(SOURCE), iris.graph("quality")}
    stated = {q for q in quads if q.graph_name in facts} | mapped
    summary = summary_quads(stated)
    assert {q for q in quads if q.graph_name == iris.graph("summary")} < summary
    inferred = inferred_quads(stated | ontology_quads())
    assert {q for q in quads if q.graph_name == iris.graph("inferred")} <= inferred


def test_a_value_of_ours_stays_and_its_later_term_stands_beside_it(quads: frozenset[Quad]) -> None:
    facts = {iris.graph(SOURCE), iris.graph("quality")}
    stated = {q for q in quads if q.graph_name in facts} | mapping_quads(later()) | ontology_quads()
    store = Store()
    store.extend(Quad(*q.triple) for q in stated | summary_quads(stated) | inferred_quads(stated))
    ours = "tgc:placenta-derived-mesenchymal-stem-cell"
    term = later().concepts[ours].reference
    assert term
    assert later().concepts[ours].curie == ours
    assert external_curie(later().concepts[ours]) == term
    (trial,) = trials(store, f"?t tg:trialCellType {ours}")
    for pattern in (
        f"?t tg:trialCellType {term}",
        f"?t tg:trialCellType/rdfs:subClassOf* {term}",
        f"?t tg:trialConcept/skos:exactMatch {term}",
        f"?t tg:hasReport/tg:hasIntervention/tg:ofProduct/tg:cellType/rdfs:subClassOf* {term}",
    ):
        assert trials(store, pattern) == {trial}, pattern
    assert trial in trials(store, "?t tg:trialCellType/rdfs:subClassOf* CL:0000134"), "where it was before"
    assert later().value_of(ours) == later().value_of(term) == term


# ---- no trial is counted twice, every name leads to its trials


@pytest.mark.parametrize("path", ["tg:trialDisease", "tg:hasReport/tg:condition/tg:disease"])
def test_grouping_by_disease_counts_each_trial_once(store: Store, path: str) -> None:
    counts = rows(store, f"SELECT ?d (COUNT(DISTINCT ?t) AS ?n) {{ ?t {path} ?d }} GROUP BY ?d")
    assert sum(int(n) for _, n in counts) == len(trials(store, f"?t {path} ?d")) == 21


def test_grouping_by_outcome_counts_each_trial_once_for_each(store: Store) -> None:
    """No outcome stands under two IRIs: two values of one trial never mean exactly the same."""
    for shortcut in SHORTCUTS.values():
        same = "?one (skos:exactMatch|^skos:exactMatch)+ ?other FILTER (?one != ?other)"
        assert trials(store, f"?t tg:{shortcut} ?one , ?other . {same}") == set()


def test_every_label_of_a_concept_finds_its_trials(store: Store) -> None:
    """Of each concept in use, by each of its names, in one hop."""
    used: Counter[str] = Counter()
    for field, shortcut in SHORTCUTS.items():
        for concept in lexicon().concepts.values():
            found = trials(store, f"?t tg:{shortcut} {concept.curie}") if concept.field == field else set()
            if not found:
                continue
            used[field] += 1
            names = {m.subject for m in lexicon().lines[field] if m.literal and m.object == concept.id}
            for name in {*names, concept.label}:
                quoted = name.replace("\\", "\\\\").replace('"', '\\"')
                pattern = f'?t tg:trialConcept ?c . ?c rdfs:label|skos:altLabel "{quoted}"'
                assert found <= trials(store, pattern), name
    assert set(used) == set(SHORTCUTS)


def test_a_concept_that_has_a_ladder_has_its_trials(store: Store) -> None:
    """What is known of a thing stands on the resource that the data use."""
    assert trials(store, "?t tg:trialOutcome tgc:edss") == trials(
        store, "?t tg:trialOutcome/skos:exactMatch NCIT:C112520"
    )
    assert len(trials(store, "?t tg:trialOutcome tgc:edss . tgc:edss tg:betterWhen tgc:lower-is-better")) == 5
    spare = "?c tg:measuresConcept ?what . ?x skos:exactMatch ?c"
    assert rows(store, f"SELECT ?c {{ {spare} }}") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MONDO:0005301", "MONDO:0005301"),
        ("tgc:multiple-sclerosis", "MONDO:0005301"),
        ("DOID:2377", "MONDO:0005301"),
        ("MESH:D009103", "MONDO:0005301"),
        ("http://purl.obolibrary.org/obo/DOID_2377", "MONDO:0005301"),
        ("https://bioregistry.io/mondo:0005301", "MONDO:0005301"),
        ("https://identifiers.org/ncit:C38276", "tgc:intravenous"),
        ("NCIT:C38276", "tgc:intravenous"),
        ("tgc:intravenous", "tgc:intravenous"),
        ("MESH:D059630", "CL:0000134"),
        ("EFO:0004458", "tgc:c-reactive-protein"),
        ("MONDO:0002562", "MONDO:0002562"),  # broader than values, and none itself
        ("https://w3id.org/trialgraph/report/x/1", "https://w3id.org/trialgraph/report/x/1"),
    ],
)
def test_any_id_of_a_thing_names_its_value(name: str, value: str) -> None:
    assert value_named(name) == expand(value)
    concept = concept_named(name)
    assert concept is None or expand(concept.curie) == expand(value)


def test_every_exact_match_of_a_value_names_it() -> None:
    for concept in lexicon().concepts.values():
        for name in (concept.id, *concept.exact):
            assert value_named(name) == expand(concept.reference or concept.curie), name


@pytest.mark.parametrize("name", ["NCIT:C112520", "tgc:edss"])
def test_explain_takes_any_id(store: Store, name: str) -> None:
    explained = explain(store, name)
    assert explained.iri == expand("tgc:edss").value
    assert len(explained.readings) == 5
    assert {reading.verbatim for reading in explained.readings} == {"EDSS"}


# ---- what is published stays


def test_published_values_of_ours_are_still_listed() -> None:
    published = (TESTS / "ontology" / "published_own_values.txt").read_text(encoding="utf-8").split()
    assert set(published) <= set(lexicon().own_values or ())
    assert set(published) == set(lexicon().own_values or ()), "add new ones to published_own_values.txt"


def changed(own: Iterable[str], *more: MappingLine, without: str = "") -> list[str]:
    """The findings of the packaged concept files with other lines and another list of own values."""
    lines = {
        field: (
            *(m for m in held if not (without and m.subject == without and m.predicate == "skos:broadMatch")),
        )
        for field, held in lexicon().lines.items()
    }
    for one in more:
        field = lexicon().concepts[one.subject].field
        lines[field] = (*lines[field], one)
    findings = term_findings(
        Lexicon(lines, own_values=own, definitions=lexicon().definitions), ontology_quads()
    )
    return [found.message for found in findings if found.severity == "violation"]


def test_a_value_that_could_change_is_a_violation() -> None:
    own = set(lexicon().own_values or ())
    assert changed(own) == []
    (unlisted,) = changed(own - {"tgc:perianal-fistula"})
    assert "has no exact match in MONDO: list it in own_values.tsv" in unlisted
    placeless, _ = changed(own, without="tgc:perianal-fistula")
    assert "no broader term in MONDO" in placeless
    (two,) = changed(own, line("tgc:multiple-sclerosis", "skos:exactMatch", "MONDO:0008383"))
    assert "is exactly MONDO:0005301 and MONDO:0008383" in two
    (other,) = changed(own | {"tgc:intravenous"})
    assert "all values of route are concepts of ours" in other
