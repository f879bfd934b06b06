"""What the graph states of arms: who they are, and what each receives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Triple

from trialgraph.extract.column_type import Link, Statement
from trialgraph.extract.columns.administration.statements import delivery_triples, dose_status
from trialgraph.extract.product_statements import drug_triples
from trialgraph.model.nodes import Nodes
from trialgraph.model.report import Arm, ArmIntervention
from trialgraph.rdf.literals import integer, text
from trialgraph.rdf.vocabulary import RDF, RDFS, TG

__all__ = ["GATES", "STATEMENTS", "arm_links", "arm_triples", "arm_wording"]

_CLASSES: Final = {"treatment": TG.TreatmentArm, "control": TG.ControlArm, None: TG.Arm}

#: What the readings of an arm's name require; readings of its cells are of the report's product, whatever it is.
STATEMENTS: Final = (
    Statement("arm_drug", TG.DrugProduct),
    Statement("arm_drug", TG.DrugProduct, TG.substance, "concept"),
)
GATES: Final = (
    """?focus a ?class ; tg:readFrom ?reading .
    VALUES ?class { tg:TreatmentArm tg:ControlArm }
    ?reading tg:readsField "arm_drug" .
    FILTER NOT EXISTS {
      ?focus tg:receives/(tg:ofProduct|tg:combinedWith) ?drug . ?drug a tg:DrugProduct ; tg:readFrom ?reading
    }
    BIND ("its name has a drug that the arm does not receive" AS ?message)""",
    """?focus a ?class ; tg:readFrom/tg:readsField "arm_cells" .
    VALUES ?class { tg:TreatmentArm tg:ControlArm }
    FILTER NOT EXISTS { ?focus tg:receives/tg:ofProduct ?cells . ?cells a tg:CellProduct }
    BIND ("its name has cells that the arm does not receive" AS ?message)""",
    """?focus a ?class ; tg:readFrom/tg:readsField "arm_dose" .
    VALUES ?class { tg:TreatmentArm tg:ControlArm }
    FILTER NOT EXISTS { ?focus tg:receives/tg:hasDoseLevel ?dose }
    BIND ("its name has a dose that the arm does not receive" AS ?message)""",
    # What an arm receives beside the report's interventions is a part of that which gives the same cells: its doses,
    # routes, and how often.
    """VALUES ?property { tg:byRoute tg:deliveryMethod tg:doseCount }
    ?report tg:hasIntervention ?given ; tg:hasArm/tg:receives ?focus .
    FILTER NOT EXISTS { ?report tg:hasIntervention ?focus }
    ?given tg:ofProduct ?cells .
    ?focus tg:ofProduct ?cells .
    ?cells a tg:CellProduct .
    ?given ?property ?value .
    FILTER NOT EXISTS { ?focus ?property ?value }
    BIND ("an arm receives cells in another way than its report gives them" AS ?message)""",
    """?report tg:hasIntervention ?given ; tg:hasArm ?arm .
    ?arm tg:receives ?focus .
    FILTER NOT EXISTS { ?report tg:hasIntervention ?focus }
    ?given tg:ofProduct ?cells .
    ?focus tg:ofProduct ?cells .
    ?cells a tg:CellProduct .
    ?given tg:hasDoseLevel ?dose .
    FILTER NOT EXISTS { ?focus tg:hasDoseLevel ?dose }
    FILTER NOT EXISTS { ?arm tg:readFrom/tg:readsField "arm_dose" }
    BIND ("an arm receives cells at other doses than its report gives them" AS ?message)""",
)


def arm_triples(nodes: Nodes) -> Iterator[Triple]:
    """The arms of a report and what each receives."""
    for n, arm in enumerate(nodes.report.arms, start=1):
        node = nodes.numbered("arm", n)
        yield Triple(nodes.iri, TG.hasArm, node)
        yield Triple(node, RDF.type, _CLASSES[arm.role])
        yield Triple(
            node, RDFS.label, text(f"{arm.role or ''} arm {n} of {nodes.label}".strip().capitalize())
        )
        if arm.enrolled is not None:
            yield Triple(node, TG.enrolled, integer(arm.enrolled))
        yield from _received(nodes, n, arm)
        for drug in arm.drugs:
            if drug.number > len(nodes.report.combined_with):
                yield from drug_triples(nodes, drug.number, drug.concept)


def _received(nodes: Nodes, n: int, arm: Arm) -> Iterator[Triple]:
    node = nodes.numbered("arm", n)
    if arm.receives:
        for number in arm.receives:
            yield Triple(node, TG.receives, nodes.interventions[number - 1][0])
    elif arm.role == "treatment" and arm.as_reported:
        yield Triple(node, TG.receives, nodes.intervention)
    elif arm.own:
        yield Triple(node, TG.receives, nodes.numbered("arm_intervention", n))
        yield from _own(nodes, n, arm.own)


def _own(nodes: Nodes, n: int, own: ArmIntervention) -> Iterator[Triple]:
    given, node = nodes.report.intervention, nodes.numbered("arm_intervention", n)
    yield Triple(node, RDF.type, TG.Intervention)
    yield Triple(node, RDFS.label, text(f"Intervention of arm {n} of {nodes.label}"))
    for number in own.products:
        yield Triple(node, TG.ofProduct, nodes.product(number, nodes.report.products[number - 1]))
    for drug in own.drugs:
        beside = TG.combinedWith if own.products else TG.ofProduct
        yield Triple(node, beside, nodes.drug(drug.number, drug.concept))
    status = "stated" if own.doses else given.dose_status if own.products else "not stated"
    yield Triple(node, TG.doseStatus, dose_status(status))
    for number in own.doses:
        yield Triple(node, TG.hasDoseLevel, nodes.numbered("dose", number))
    if own.products:
        yield from delivery_triples(node, given)


def arm_links(nodes: Nodes) -> Iterator[Link]:
    """The readings that arms, their interventions and their drugs rest on."""
    for n, arm in enumerate(nodes.report.arms, start=1):
        yield nodes.numbered("arm", n), arm.reading
        for reading in arm.named:
            yield nodes.numbered("arm", n), reading
            if arm.own:
                yield nodes.numbered("arm_intervention", n), reading
        for drug in arm.drugs:
            yield nodes.drug(drug.number, drug.concept), drug.reading


def arm_wording(nodes: Nodes) -> Iterator[Triple]:
    """The names of the arms as printed."""
    for n, arm in enumerate(nodes.report.arms, start=1):
        if arm.label:
            yield Triple(nodes.numbered("arm", n), TG.asReported, text(arm.label))
