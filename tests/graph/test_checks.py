"""The checks see every way in which a sound graph was broken, and nothing in sound ones."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

import pytest

from tests.graph.batches import batches, record_of, unseen
from tests.graph.mutations import MUTATIONS, broken, violations
from tests.graph.sound_graph import META, derived_anew, made, sound
from tests.graph_samples import plain_report, rich_report
from tests.sample_table import sample_source
from trialgraph.base.package_data import resource
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.checks import check_description, check_quads, check_vocabulary
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import REGISTRIES, RESOLVED, expand
from trialgraph.release.graphs import ontology_quads

RECORD = record_of("mutations")


def test_a_sound_graph_has_no_findings() -> None:
    assert check_quads(sound(), [sample_source()]) == ()
    assert check_quads(made(), [sample_source()]) == ()


def test_what_is_derived_anew_is_sound() -> None:
    whole = made()
    assert derived_anew(whole) == whole


def test_a_hundred_defects_are_there() -> None:
    assert len(MUTATIONS) >= 100
    assert len(set(MUTATIONS.values())) == len(MUTATIONS)


def test_the_record_has_all_defects_and_each_is_seen() -> None:
    assert set(RECORD) == set(MUTATIONS), "python -m tests.graph.batches"
    assert all(RECORD.values())


@pytest.mark.parametrize("batch", batches(RECORD), ids=lambda batch: batch[0])
def test_it_sees_that(batch: Sequence[str]) -> None:
    """`make soak` checks each defect alone."""
    assert unseen(RECORD, batch, violations) == set()


def test_findings_are_one_line_each_and_name_a_node() -> None:
    for finding in check_quads(broken(batches(RECORD)[0]), [sample_source()]):
        assert "\n" not in finding.line()
        assert finding.focus


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "a class is below itself by way of another",
            "ontology/trialgraph.ttl: tg:Arm: a cycle: the class is below itself",
        ),
        (
            "a disease is below one that is below it",
            "ontology/module.ttl: MONDO:0000589: a cycle: the class is below itself",
        ),
        ("a class has no definition", "ontology/trialgraph.ttl: tg:DoseLevel: a class without definition"),
        (
            "a product has two donors",
            f"seeds/sample-table/source.txt: {iris.product('Cx611').value}: tg:donorType: "
            "a product has one donor type, autologous or allogeneic",
        ),
        (
            "a dose has no basis",
            f"seeds/sample-table/source.txt:2: {iris.dose('sample-table', 1, 1).value}: tg:doseBasis: "
            "a dose has one basis: per kilogram, patient, joint, square metre, …, or not stated",
        ),
        (
            "a disease is a term that nobody knows",
            "seeds/sample-table/source.txt: MONDO:9999999: a term that the data use has no label",
        ),
        (
            "a disease was withdrawn by its ontology",
            "ontology/module.ttl: MONDO:0008383: the data use a term that its ontology has withdrawn",
        ),
        (
            "a mapping leads nowhere",
            "ontology/concepts/disease.sssom.tsv: "
            f"{iris.mapping('disease', 'rheumatoid-arthritis', 'MONDO:0008383').value}: "
            "a mapping leads to a term that nobody knows",
        ),
        (
            "a concept has two preferred labels",
            "ontology/concepts/disease.sssom.tsv: tgc:lupus: skos:prefLabel: a concept has one preferred label",
        ),
    ],
)
def test_it_names_file_and_term_in_one_line(name: str, line: str) -> None:
    found = violations([name])
    assert line in found, "\n".join(found)


def test_the_ontology_is_checked_by_itself() -> None:
    term = expand("tg:DoseLevel")
    ontology = ontology_quads()
    assert check_vocabulary(ontology) == ()
    undefined = {q for q in ontology if q.subject != term or q.predicate != expand("skos:definition")}
    assert [f.line() for f in check_vocabulary(undefined)] == [
        "ontology/trialgraph.ttl: tg:DoseLevel: a class without definition"
    ]


def test_the_gates_know_the_registries_that_the_bioregistry_knows() -> None:
    gate = (resource("ontology") / "shapes" / "model.rq").read_text("utf-8")
    named = [re.findall(r'"([^"]+)"', line) for line in gate.splitlines() if "VALUES ?name" in line]
    resolved = {name for name, prefix in REGISTRIES.items() if prefix in RESOLVED}
    assert [set(names) for names in named] == [set(REGISTRIES), resolved]


def test_the_description_is_checked_by_itself() -> None:
    meta = {quad for quad in sound() if quad.graph_name == META}
    assert check_description(meta) == ()
    node = iris.graph("quality")
    uncounted = {q for q in meta if q.subject != node or q.predicate != expand("void:triples")}
    assert [f.line() for f in check_description(uncounted)] == [
        f"meta.nq: {node.value}: void:triples: a graph says once how many triples it has"
    ]


def test_a_sound_graph_of_another_base_has_no_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(iris, "_base", "https://example.org/kg/")
    moved = made()
    assert moved != frozenset(q for q in sound() if q.graph_name != META)
    assert check_quads(moved, [sample_source()]) == ()


def test_a_disease_that_is_not_mapped_is_a_warning() -> None:
    condition = rich_report().condition
    assert condition is not None
    unlinked = dataclasses.replace(condition.reading, mention=None)
    report = dataclasses.replace(
        rich_report(), conditions=(dataclasses.replace(condition, disease=None, reading=unlinked),)
    )
    assert check_quads(made(report, plain_report()), [sample_source()]) == (
        CheckResult(
            "warning",
            iris.condition("sample-table", 1).value,
            "tg:disease: the disease is not mapped",
            "seeds/sample-table/source.txt:2",
        ),
    )


def test_a_source_that_was_not_read_is_seen() -> None:
    other = dataclasses.replace(sample_source(), slug="other")
    cited = iris.source("sample-table").value
    found = check_quads(made(), [other])
    assert {finding.message for finding in found} == {f"it cites a source that was not read: {cited}"}
    assert [(f.severity, f.focus) for f in check_quads(made(), [other], all_read=False)] == [("info", cited)]
