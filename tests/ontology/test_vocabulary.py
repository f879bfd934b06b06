"""``trialgraph.ttl``: all that the graph is written in is declared, labelled, defined, and is OWL 2 DL."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from typing import get_args

import owlready2  # type: ignore[import-untyped]  # ships no types
import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, URIRef
from rdflib.term import Node

from trialgraph.base.package_data import resource
from trialgraph.extract.conflicts import CONFLICT_KINDS
from trialgraph.extract.history.contradictions import CONTRADICTION_KINDS
from trialgraph.model.change import ChangeKind, Order
from trialgraph.rdf.vocabulary import HOME, PREFIXES, TG
from trialgraph.terminology.lexicon import lexicon
from trialgraph.terminology.ontology import load

java = pytest.mark.usefixtures("java")

# Datatypes that HermiT takes; xsd:date, xsd:gYear and xsd:duration make it stop.
SAFE = {XSD.string, XSD.integer, XSD.decimal, XSD.boolean}

VALUES = {
    "donor-types": {"autologous", "allogeneic", "donor-not-stated"},
    "phase-statuses": {"phase-stated", "phase-not-stated", "phase-not-applicable", "phase-unread"},
    "dose-statuses": {"dose-stated", "dose-not-specified", "dose-not-stated", "dose-unread"},
    "dose-bases": {
        *("per-kilogram", "per-patient", "per-joint", "per-square-metre", "per-square-centimetre"),
        *("per-eye", "per-site", "basis-not-stated"),
    },
    "dose-quantities": {
        f"quantity-{name}"
        for name in (
            *("cells", "vesicles", "particles", "vector-genomes", "infectious-units", "dosage-forms", "mass"),
            *("volume", "substance", "activity", "radioactivity", "absorbed-radiation"),
        )
    },
    "results-statuses": {
        *("results-ongoing", "results-not-published", "results-published"),
        *("results-terminated", "results-suspended", "results-withdrawn"),
    },
    "value-directions": {"increased", "decreased", "unchanged"},
    "benefits": {"favourable", "unfavourable", "no-benefit"},
    "certainties": {"as-stated", "trend"},
    "bounds": {"upper-bound", "lower-bound"},
    "severities": {"severity-error", "severity-warning", "severity-notice"},
    "conflict-statuses": {"open", "settled"},
    "conflict-kinds": CONFLICT_KINDS.keys() | CONTRADICTION_KINDS.keys(),
    "change-kinds": {f"change-{kind.replace(' ', '-')}" for kind in get_args(ChangeKind)},
    "change-timings": {f"start-{order.replace(' ', '-')}" for order in get_args(Order)},
    "betterment": {"lower-is-better", "higher-is-better", "no-fixed-direction"},
}


def tg(name: str) -> URIRef:
    return URIRef(PREFIXES["tg"] + name)


def tgc(slug: str) -> URIRef:
    return URIRef(PREFIXES["tgc"] + slug)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph().parse(resource("ontology") / "trialgraph.ttl")


def slugs(nodes: Iterable[Node]) -> set[str]:
    return {str(node).removeprefix(PREFIXES["tgc"]) for node in nodes}


def test_names_of_the_code_are_those_of_the_ontology(graph: Graph) -> None:
    declared = {
        str(node).removeprefix(PREFIXES["tg"])
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
        for node in graph.subjects(RDF.type, kind)
        if str(node).startswith(PREFIXES["tg"])
    }
    assert declared == set(TG.names())


@pytest.mark.parametrize("name", TG.names())
def test_name_has_one_label_and_a_definition(name: str, graph: Graph) -> None:
    assert len(list(graph.objects(tg(name), RDFS.label))) == 1
    assert len(str(graph.value(tg(name), SKOS.definition))) > 10


def test_each_term_says_where_its_meaning_comes_from() -> None:
    """Our own records are there, and terms of others are not only named but held by the module."""
    known, records = Graph().parse(resource("ontology") / "module.ttl"), set()
    for file in ("trialgraph", "scopes", "ladder"):
        graph = Graph().parse(resource("ontology") / f"{file}.ttl")
        kinds = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, SKOS.ConceptScheme}
        own = {
            s for s, o in graph.subject_objects(RDF.type) if o in kinds and graph.value(s, SKOS.definition)
        }
        assert own
        for node in own:
            sources = list(graph.objects(node, DCTERMS.source))
            assert sources, node
            assert all(isinstance(source, URIRef) for source in sources), node
            records |= {str(source).removeprefix(HOME) for source in sources if str(source).startswith(HOME)}
            for source in sources:
                if str(source).startswith((PREFIXES["MONDO"].rpartition("MONDO")[0], PREFIXES["MESH"])):
                    assert known.value(source, RDFS.label), source
    records -= {"ladder"}
    assert records
    root = resource("ontology").parent
    assert {record for record in records if not (root / f"{record}.md").is_file()} == set()


@pytest.mark.parametrize("name", [n for n in TG.names() if n.startswith("trial")])
def test_shortcut_has_no_domain_and_is_not_functional(name: str, graph: Graph) -> None:
    assert (tg(name), RDF.type, OWL.ObjectProperty) in graph
    assert (tg(name), RDF.type, OWL.FunctionalProperty) not in graph
    assert graph.value(tg(name), RDFS.domain) is None
    assert graph.value(tg(name), RDFS.range) is None


def test_header_says_version_title_licence_and_creator(graph: Graph) -> None:
    head = graph.value(predicate=RDF.type, object=OWL.Ontology)
    version = str(graph.value(head, OWL.versionInfo))
    # No name of a term may ever be that of a version.
    assert str(graph.value(head, OWL.versionIRI)) == f"{HOME}releases/{version}/ontology"
    said = {str(p).rpartition("/")[2]: str(o) for p, o in graph.predicate_objects(head)}
    assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert said["title"]
    assert said["creator"]


def test_the_parts_of_a_phase_follow_from_its_code(graph: Graph) -> None:
    phases = {str(graph.value(p, SKOS.notation)): p for p in graph.subjects(SKOS.inScheme, tgc("phases"))}
    for code, phase in phases.items():
        steps = {code, *code.split("/"), *(step.rstrip("abc") for step in code.split("/"))}
        if len({step.rstrip("abc") for step in code.split("/")}) == 2:
            steps.add("/".join(step.rstrip("abc") for step in code.split("/")))
        wanted = {phases[step] for step in steps if step in phases}
        assert set(graph.objects(phase, tg("hasPhasePart"))) == wanted, code


def test_values_of_the_graph_stand_in_their_schemes(graph: Graph) -> None:
    for scheme, wanted in VALUES.items():
        assert (tgc(scheme), RDF.type, SKOS.ConceptScheme) in graph
        assert slugs(graph.subjects(SKOS.inScheme, tgc(scheme))) == wanted
        for slug in wanted:
            assert graph.value(tgc(slug), SKOS.definition), slug


def test_phases_are_those_of_the_concept_file(graph: Graph) -> None:
    phases = {c.id.removeprefix("tgc:") for c in lexicon().concepts.values() if c.field == "phase"}
    listed = slugs(graph.subjects(SKOS.inScheme, tgc("phases")))
    assert listed == phases - VALUES["phase-statuses"]
    assert str(graph.value(tgc("phase-1b-2a"), SKOS.notation)) == "1b/2a"


def test_a_concept_of_both_has_one_label(graph: Graph) -> None:
    shared = 0
    for concept in lexicon().concepts.values():
        labels = [str(label) for label in graph.objects(tgc(concept.id.removeprefix("tgc:")), SKOS.prefLabel)]
        assert labels in ([], [concept.label])
        shared += len(labels)
    assert shared > 20


def test_blank_nodes_stand_in_axioms_only_and_labels_are_plain(graph: Graph) -> None:
    for subject, predicate, target in graph:
        if isinstance(subject, BNode) or isinstance(target, BNode):
            assert str(predicate).startswith((str(OWL), str(RDF))), (subject, predicate, target)
    assert [o for o in graph.objects(None, RDFS.label) if getattr(o, "language", None)] == []


def test_datatypes_are_those_that_the_reasoner_takes(graph: Graph) -> None:
    ranges = {graph.value(p, RDFS.range) for p in graph.subjects(RDF.type, OWL.DatatypeProperty)} - {None}
    assert ranges
    assert ranges <= SAFE


def test_domains_and_ranges_are_declared(graph: Graph) -> None:
    classes = set(graph.subjects(RDF.type, OWL.Class))
    used = itertools.chain(graph.objects(None, RDFS.domain), graph.objects(None, RDFS.range))
    assert {node for node in used if node not in classes} == SAFE & set(graph.objects(None, RDFS.range))


@pytest.mark.parametrize("name", ["trialgraph", "alignment", "ladder", "scopes", "module"])
def test_a_version_is_no_term_and_a_name_has_no_slash(name: str) -> None:
    file = Graph().parse(resource("ontology") / f"{name}.ttl")
    head = file.value(predicate=RDF.type, object=OWL.Ontology)
    part = "ontology" if name == "trialgraph" else name
    assert re.fullmatch(rf"{HOME}releases/\d{{4}}-\d\d-\d\d/{part}", str(file.value(head, OWL.versionIRI)))
    spaces = tuple(PREFIXES[prefix] for prefix in ("tg", "tgc"))
    for node in {node for triple in file for node in triple if str(node).startswith(spaces)}:
        if "/" in str(node).removeprefix(HOME).partition("/")[2]:
            assert file.value(node, OWL.deprecated), node
            assert file.value(node, DCTERMS.isReplacedBy), node


@pytest.mark.parametrize("name", ["trialgraph", "ladder", "scopes"])
def test_individuals_are_declared(name: str) -> None:
    file = Graph().parse(resource("ontology") / f"{name}.ttl")
    kinds = {SKOS.Concept, SKOS.ConceptScheme, tg("Scope"), tg("ScopeLine")}
    found = {node for kind in kinds for node in file.subjects(RDF.type, kind)}
    assert found
    assert {node for node in found if (node, RDF.type, OWL.NamedIndividual) not in file} == set()


def reason(world: owlready2.World) -> None:
    owlready2.sync_reasoner_hermit(world, debug=0)


@java
def test_ontology_and_module_are_consistent() -> None:
    world = load().world
    reason(world)
    assert list(world.inconsistent_classes()) == []


@java
def test_a_treatment_arm_is_an_arm_and_what_has_it_is_a_report(world: owlready2.World) -> None:
    ours = world.get_ontology(PREFIXES["tg"])
    with ours:
        report, arm = owlready2.Thing("report"), ours.TreatmentArm("arm")
        report.hasArm = [arm]
        reason(world)
    assert isinstance(arm, ours.Arm)
    assert isinstance(report, ours.Report)


@java
def test_a_product_of_both_donors_contradicts_itself(world: owlready2.World) -> None:
    ours = world.get_ontology(PREFIXES["tg"])
    donors = [world[PREFIXES["tgc"] + slug] for slug in ("autologous", "allogeneic")]
    with ours:
        product = ours.CellProduct("product")
        for donor in donors:
            ours._add_obj_triple_spo(product.storid, ours.donorType.storid, donor.storid)
        with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
            reason(world)


@java
@pytest.mark.parametrize(
    ("one", "other"), [("TreatmentArm", "ControlArm"), ("CellProduct", "DrugProduct"), ("Trial", "Report")]
)
def test_nothing_is_both(one: str, other: str, world: owlready2.World) -> None:
    ours = world.get_ontology(PREFIXES["tg"])
    with ours:
        thing = ours[one]("thing")
        thing.is_a.append(ours[other])
        with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
            reason(world)


@java
@pytest.mark.parametrize(
    ("kind", "property_", "values"),
    [("Report", "enrolledTotal", (54, 432)), ("Cell", "cellText", ("392", "39"))],
)
def test_what_there_is_one_of_cannot_be_two(
    kind: str, property_: str, values: tuple[int | str, int | str], world: owlready2.World
) -> None:
    ours = world.get_ontology(PREFIXES["tg"])
    with ours:
        thing = ours[kind]("thing")
        for value in values:
            ours._add_data_triple_spod(thing.storid, ours[property_].storid, *world._to_rdf(value))
        with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
            reason(world)


@java
def test_a_report_of_two_sources_contradicts_itself(world: owlready2.World) -> None:
    ours = world.get_ontology(PREFIXES["tg"])
    with ours:
        report, sources = ours.Report("report"), [ours.Source("one"), ours.Source("other")]
        owlready2.AllDifferent(sources)
        for source in sources:
            ours._add_obj_triple_spo(report.storid, ours.fromSource.storid, source.storid)
        with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
            reason(world)


@java
def test_a_trial_of_both_donors_is_fine(world: owlready2.World) -> None:
    ours = world.get_ontology(PREFIXES["tg"])
    donors = [world[PREFIXES["tgc"] + slug] for slug in ("autologous", "allogeneic")]
    with ours:
        ours.Trial("trial").trialDonorType = donors
        reason(world)
    assert set(ours.trial.trialDonorType) == set(donors)
