"""The shipped shapes alone: pySHACL on an export finds what a build would refuse, without a line of ours."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, serialize
from rdflib.compare import isomorphic

from tests.graph.sound_graph import sound
from trialgraph.base.package_data import resource
from trialgraph.extract.columns import columns
from trialgraph.graph.statement_gates import column_shapes
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES, compact
from trialgraph.release.open import Release
from trialgraph.terminology.branches import branches
from trialgraph.terminology.lexicon import REFERENCE

HEAD = f"BASE <{iris.base()}>\n" + "".join(f"PREFIX {name}: <{space}>\n" for name, space in PREFIXES.items())
SHAPES = sorted((resource("ontology") / "shapes").glob("*.ttl"))
TWO = "sample-table/2"
ONTOLOGY = "https://w3id.org/trialgraph/ontology"

#: A defect, the update that makes it, and the node and the words by which it is found. Nine are named in issue 11.
Defect = tuple[str, str, str, str]
NAMED: tuple[Defect, ...] = (
    (
        "a phenotype as disease",
        "DELETE {<condition/sample-table/1> tg:disease ?d} INSERT {<condition/sample-table/1> tg:disease HP:0000093} "
        "WHERE {<condition/sample-table/1> tg:disease ?d}",
        "condition/sample-table/1",
        "no disease of MONDO, nor below one",
    ),
    (
        "an invented IRI as disease",
        "DELETE {<condition/sample-table/2> tg:disease ?d} "
        "INSERT {<condition/sample-table/2> tg:disease MONDO:9999999 . MONDO:9999999 rdfs:label 'ear arthritis'} "
        "WHERE {<condition/sample-table/2> tg:disease ?d}",
        "condition/sample-table/2",
        "no disease of MONDO, nor below one",
    ),
    (
        "a tissue as cell type",
        "INSERT DATA {<product/cx611> tg:cellType UBERON:0002371}",
        "product/cx611",
        "no cell of CL, nor below one",
    ),
    (
        "a cell as tissue",
        "INSERT DATA {<product/cx611> tg:tissueSource CL:0002540}",
        "product/cx611",
        "no part or fluid of the body in UBERON, nor below one",
    ),
    (
        "a disease as phase",
        "DELETE {?r tg:phase ?p} INSERT {?r tg:phase MONDO:0005301} WHERE {?r tg:phase ?p}",
        "report/sample-table/1",
        "no phase of ours",
    ),
    (
        "a disease as measure",
        "INSERT DATA {<finding/sample-table/1/1> tg:ofMeasure MONDO:0005301}",
        "finding/sample-table/1/1",
        "no measure of ours",
    ),
    (
        "a phase beside a status that says there is none",
        f"INSERT DATA {{<report/{TWO}> tg:phase tgc:phase-2}}",
        f"report/{TWO}",
        "a phase is stated, or its status says that it is not",
    ),
    (
        "a unit that contradicts the basis",
        "DELETE {?d qudt:hasUnit ?u} INSERT {?d qudt:hasUnit unit:NUM} "
        "WHERE {?d qudt:hasUnit ?u FILTER (?d = <dose/sample-table/1/1>)}",
        "dose/sample-table/1/1",
        "the unit is not that of the dose's basis",
    ),
    (
        "a misspelt property",
        "DELETE {?a tg:enrolled ?n} INSERT {?a tg:enroled ?n} "
        f"WHERE {{<report/{TWO}> tg:hasArm ?a . ?a tg:enrolled ?n}}",
        ONTOLOGY,
        "a property that the ontology does not declare: https://w3id.org/trialgraph/ontology/enroled",
    ),
)
OURS: tuple[Defect, ...] = (
    (
        "a disease that was withdrawn",
        "INSERT DATA {MONDO:0007915 owl:deprecated true}",
        "http://purl.obolibrary.org/obo/MONDO_0007915",
        "the data use a term that its ontology has withdrawn",
    ),
    (
        "a method as route",
        "INSERT DATA {<intervention/sample-table/1> tg:byRoute tgc:infusion}",
        "intervention/sample-table/1",
        "no route of administration of ours",
    ),
    (
        "a term of NCIt as route, where ours is the value",
        "INSERT DATA {<intervention/sample-table/2> tg:byRoute NCIT:C38276}",
        "intervention/sample-table/2",
        "no route of administration of ours",
    ),
    (
        "a measure as mechanism",
        "DELETE {<mechanism-claim/sample-table/1/1> tg:process ?p} "
        "INSERT {<mechanism-claim/sample-table/1/1> tg:process tgc:acr20} "
        "WHERE {<mechanism-claim/sample-table/1/1> tg:process ?p}",
        "mechanism-claim/sample-table/1/1",
        "no mechanism of ours",
    ),
    (
        "a disease as site",
        "DELETE {<condition/sample-table/1> tg:site ?s} INSERT {<condition/sample-table/1> tg:site MONDO:0005416} "
        "WHERE {<condition/sample-table/1> tg:site ?s}",
        "condition/sample-table/1",
        "no part or fluid of the body in UBERON, nor below one",
    ),
    (
        "a cell as substance",
        "DELETE {<drug/dmard> tg:substance ?s} INSERT {<drug/dmard> tg:substance CL:0000236} "
        "WHERE {<drug/dmard> tg:substance ?s}",
        "drug/dmard",
        "no substance of ours, nor of ChEBI",
    ),
    (
        "an upper bound with both ends",
        "INSERT DATA {<dose/sample-table/1/2> tg:doseBound tgc:upper-bound}",
        "dose/sample-table/1/2",
        "a dose lacks an end and is no such bound, or is a bound and has both",
    ),
    (
        "a shortcut that no report states",
        "INSERT DATA {<trial/sample-table/2> tg:trialDisease MONDO:0005301}",
        ONTOLOGY,
        "a shortcut states what no report of the trial states: "
        f"{iris.base()}trial/sample-table/2 http://purl.obolibrary.org/obo/MONDO_0005301",
    ),
    (
        "a trial with the report of another",
        f"INSERT DATA {{<trial/NCT01663116> tg:hasReport <report/{TWO}>}}",
        "trial/NCT01663116",
        "a trial has the reports that are about it, and no other",
    ),
    (
        "a registry without a number",
        "INSERT DATA {<trial/sample-table/2> tg:registry <registry/clinicaltrials.gov>}",
        "trial/sample-table/2",
        "a trial has a number and a registry, or neither",
    ),
    (
        "a conflict that is settled by nobody",
        "DELETE {?c tg:status ?s} INSERT {?c tg:status tgc:settled} "
        "WHERE {?c tg:status ?s FILTER (?c = <conflict/sample-table/1/arms-do-not-add-up>)}",
        "conflict/sample-table/1/arms-do-not-add-up",
        "a conflict is settled by a decision, or open",
    ),
    (
        "a misspelt class",
        "INSERT DATA {<arm/sample-table/2/1> a tg:TreatmentArmm}",
        ONTOLOGY,
        "a class that the ontology does not declare: https://w3id.org/trialgraph/ontology/TreatmentArmm",
    ),
    (
        "a concept of ours without a scheme",
        "DELETE {tgc:acr20 skos:inScheme ?s} WHERE {tgc:acr20 skos:inScheme ?s}",
        ONTOLOGY,
        "a concept of ours without preferred label, or without scheme: https://w3id.org/trialgraph/concept/acr20",
    ),
    (
        "a country in words",
        f"INSERT DATA {{<report/{TWO}> tg:countryCode 'Spain'}}",
        f"report/{TWO}",
        "Value does not match pattern '^[A-Z]{2}$'",
    ),
    (
        "a number of patients in words",
        f"DELETE {{?r tg:enrolledTotal ?n}} INSERT {{?r tg:enrolledTotal 'ten'}} "
        f"WHERE {{?r tg:enrolledTotal ?n FILTER (?r = <report/{TWO}>)}}",
        f"report/{TWO}",
        "Value is not Literal with datatype xsd:integer",
    ),
)


@cache
def shapes() -> rdflib.Graph:
    """The shipped files, as one graph."""
    graph = rdflib.Graph()
    for path in SHAPES:
        graph.parse(path, format="turtle")
    return graph


def exported(defects: Sequence[Defect] = ()) -> rdflib.Graph:
    """The sample's export with those defects."""
    store = Store()
    store.bulk_extend({Quad(q.subject, q.predicate, q.object) for q in sound()})
    for name, update, *_ in defects:
        before = set(store)
        store.update(HEAD + update)
        assert set(store) != before, name
    return loaded(Triple(q.subject, q.predicate, q.object) for q in store)


def loaded(triples: Iterable[Triple]) -> rdflib.Graph:
    """The triples for pySHACL."""
    text = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert text is not None
    return rdflib.Graph().parse(data=text, format="ox-nt")


def found(data: rdflib.Graph) -> set[tuple[str, str]]:
    """Node and words of each violation, as pySHACL tells them."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes())
    assert isinstance(report, rdflib.Graph)
    results = report.subjects(rdflib.SH.resultSeverity, rdflib.SH.Violation)
    return {
        (str(report.value(result, rdflib.SH.focusNode)), str(words))
        for result in results
        for words in report.objects(result, rdflib.SH.resultMessage)
    }


@pytest.mark.parametrize("defects", [NAMED, OURS], ids=["named in the issue", "ours"])
def test_each_broken_input_is_found_by_the_shapes_alone(defects: Sequence[Defect]) -> None:
    assert len(defects) >= 9
    told = found(exported(defects))
    wanted = {
        (node if node.startswith("http") else iris.base() + node, words): name
        for name, _, node, words in defects
    }
    missed = [
        name
        for (node, words), name in wanted.items()
        if not any(f == node and words in said for f, said in told)
    ]
    assert missed == [], "\n".join(sorted(map(str, told)))


def test_a_sound_export_conforms_by_the_command_that_the_docs_print(tmp_path: Path) -> None:
    """And without the ontology it does not: nothing passes for want of what it would be checked by."""
    merged = {Triple(q.subject, q.predicate, q.object) for q in sound()}
    serialize(merged, str(tmp_path / "trialgraph.ttl"), format=RdfFormat.TURTLE)
    (tmp_path / "shapes.ttl").write_text("".join(path.read_text("utf-8") for path in SHAPES), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pyshacl", "-s", "shapes.ttl", "trialgraph.ttl"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()[1:2]) == (0, ["Conforms: True"]), done.stdout[:2000]


def test_without_the_ontology_nothing_passes() -> None:
    data = {
        Triple(q.subject, q.predicate, q.object)
        for q in sound()
        if q.graph_name == iris.graph("sample-table")
    }
    told = found(loaded(data))
    assert any(words.startswith("the ontology is not in the graph") for _, words in told)


def test_the_export_of_the_seeds_conforms(release: Release) -> None:
    """By the shapes that a build does not run, and those that meet the module there."""
    graph = rdflib.Graph().parse(release.file("trialgraph.nt"), format="ox-nt")
    besides = rdflib.Graph()
    for name in ("columns", "concepts", "export", "release", "values"):
        besides.parse(resource("ontology") / "shapes" / f"{name}.ttl", format="turtle")
    conforms, _, text = pyshacl.validate(graph, shacl_graph=besides, inplace=True)
    assert conforms, text[:2000]


def test_the_shapes_of_columns_are_those_that_a_build_makes() -> None:
    shipped = rdflib.Graph().parse(resource("ontology") / "shapes" / "columns.ttl", format="turtle")
    made = rdflib.Graph().parse(data=column_shapes(columns()), format="turtle")
    assert isomorphic(shipped, made)


def test_every_value_that_a_column_states_has_its_place() -> None:
    """A property that leads to a term is in values.ttl, or has a list of values, or leads to a node of ours."""
    placed = {
        str(path)
        for path in shapes().objects(None, rdflib.SH.path)
        if any(
            shapes().objects(shape, kind)
            for shape in shapes().subjects(rdflib.SH.path, path)
            for kind in KINDS
        )
    }
    stated = {
        statement.property
        for column in columns()
        for statement in column.statements
        if statement.how == "concept" and statement.property
    }
    assert stated
    assert {compact(prop.value) for prop in stated if prop.value not in placed} == set()
    assert NamedNode(PREFIXES["tg"] + "disease") in stated


KINDS = (rdflib.SH.node, rdflib.SH["in"])


def test_values_stand_in_the_branches_that_mappings_may_lead_to() -> None:
    """The roots of values.ttl are those of concepts/branches.tsv."""
    text = (resource("ontology") / "shapes" / "values.ttl").read_text("utf-8")
    named = {iri.replace("obo:", "").replace("_", ":") for iri in re.findall(r"sh:hasValue (obo:\w+)", text)}
    assert named == {
        root for field, prefix in REFERENCE.items() for b in branches()[field, prefix] for root in b.roots
    }
