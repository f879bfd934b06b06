"""Names of diseases that were linked to another disease, or to nothing though a release has the very name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from tests.extract.columns.cells import cell
from tests.extract.plain_row import PLAIN
from tests.made_table import MadeTable, made_table
from trialgraph.extract.columns.disease import read_condition
from trialgraph.graph.checks import check_quads
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.quads import summary_quads
from trialgraph.graph.term_checks import term_findings
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDFS, SSSOM, TG, expand
from trialgraph.release.graphs import indexed_quads, ontology_quads
from trialgraph.terminology.lexicon import lexicon
from trialgraph.terminology.names.grounding import ground


@pytest.mark.parametrize(
    ("text", "disease", "rule"),
    [
        ("Not Rheumatoid Arthritis", None, "disease.negated"),
        ("Rheumatoid Arthritis, Systemic Juvenile", None, "disease.other-words"),
        ("Vascular Parkinson Disease", None, "disease.other-words"),
        ("IBD - Irritable Bowel Disease", None, "disease.other-words"),
        (
            "Multisystem Inflammatory Syndrome in Children Associated With COVID-19",
            "MONDO:0100163",
            "disease.indexed",
        ),
        ("Progressive Relapsing Multiple Sclerosis", "MONDO:0000452", "disease.indexed"),
        ("AD", None, "disease.ambiguous-abbreviation"),
        ("DM", None, "disease.ambiguous-abbreviation"),
        ("CLL", None, "disease.unexplained-abbreviation"),
        ("Severe hidradenitis suppurativa", "MONDO:0006559", "disease.indexed-broader"),
    ],
)
def test_a_name_leads_to_what_it_says_or_to_nothing(text: str, disease: str | None, rule: str) -> None:
    condition, _ = read_condition(cell("disease", text))
    assert condition is not None
    assert (condition.disease.curie if condition.disease else None) == disease
    assert condition.reading.rule == rule


@pytest.mark.parametrize(
    ("text", "curie"), [("Methotrexate", "CHEBI:44185"), ("MTX", "CHEBI:44185"), ("Placebo", "NCIT:C753")]
)
def test_a_drug_alone_is_linked(text: str, curie: str) -> None:
    assert [link.curie for link in ground(text, "intervention").links] == [curie]


@pytest.fixture(scope="module")
def table() -> MadeTable:
    names = [
        "Hidradenitis suppurativa",
        "Progressive relapsing multiple sclerosis",
        "Not rheumatoid arthritis",
    ]
    given = {"administration": "1 × 106 cells/kg, IV infusion plus cyclophosphamide"}
    rows = [{**PLAIN, "disease": name} for name in names] + [PLAIN | given]
    return made_table(["".join(row.values()) for row in rows])


def test_a_linked_term_is_in_the_graph_with_its_label_and_ancestors(table: MadeTable) -> None:
    stated = table.quads | ontology_quads()
    assert expand("MONDO:0006559") in {q.object for q in stated if q.predicate == TG.disease}
    added = indexed_quads(stated)
    labels = {q.subject: q.object for q in added if q.predicate == RDFS.label}
    assert labels[expand("MONDO:0006559")] == Literal("hidradenitis suppurativa")
    node, above = expand("MONDO:0006559"), set[object]()
    up = {
        q.subject: {p.object for p in added if p.subject == q.subject and p.predicate == RDFS.subClassOf}
        for q in added
    }
    todo: list[object] = [node]
    while todo:
        one = todo.pop()
        above.add(one)
        todo += up.get(one, ()) if isinstance(one, NamedNode) else ()
    assert above - {node} <= labels.keys() | {
        q.subject for q in stated if q.graph_name == iris.graph("module")
    }


def test_the_build_of_such_a_table_has_no_violation(table: MadeTable) -> None:
    facts = {iris.graph(table.source.slug), iris.graph("quality"), iris.graph("mappings")}
    stated: set[Quad] = set(
        table.quads | ontology_quads() | summary_quads(q for q in table.quads if q.graph_name in facts)
    )
    without = {f.message for f in term_findings(lexicon(), stated) if f.severity == "violation"}
    assert any("MONDO:0006559 is not in the module" in message for message in without)
    stated |= indexed_quads(stated)
    stated |= inferred_quads(stated)
    found = [*check_quads(stated, [table.source]), *term_findings(lexicon(), stated)]
    assert [f.message for f in found if f.severity == "violation"] == []


def test_the_mapping_line_records_step_name_and_release(table: MadeTable) -> None:
    lines = {
        q.subject
        for q in table.quads
        if q.predicate == SSSOM.match_string and q.object == Literal("hidradenitis suppurativa")
    }
    (line,) = lines
    said = {q.predicate: q.object for q in table.quads if q.subject == line}
    assert said[SSSOM.mapping_justification] == expand("semapv:LexicalMatching")
    assert said[SSSOM.subject_label] == Literal("Hidradenitis suppurativa")
    assert said[SSSOM.object_match_field] == expand("rdfs:label")
    assert said[SSSOM.object_source_version] == Literal("2026-05-05")
    assert any(q.predicate == TG.byMapping and q.object == line for q in table.quads)


def test_a_line_without_the_name_that_matched_is_a_violation(table: MadeTable) -> None:
    dropped = next(q for q in table.quads if q.predicate == SSSOM.match_string)
    assert any(
        "does not say which name" in found
        for found in replace(table, quads=table.quads - {dropped}).violations()
    )
