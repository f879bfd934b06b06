"""What registry records state fits the model, the shapes and the gates; what cannot be is still a violation."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from tests.graph.registry_reports import biologic_report, drug_report
from tests.graph.sound_graph import made
from tests.sample_table import SLUG, sample_source
from trialgraph.extract.trials_table import csv_text, flat, from_csv
from trialgraph.graph.checks import check_quads
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import QUDT, RDF, TG, UNIT, XSD, concept, expand

Graph = frozenset[Quad]
FACTS = iris.graph(SLUG)


@cache
def sound() -> Graph:
    return made(drug_report(), biologic_report())


def objects(node: NamedNode, name: NamedNode) -> set[object]:
    return {q.object for q in sound() if q.subject == node and q.predicate == name}


def test_what_registry_records_hold_is_no_violation() -> None:
    found = check_quads(sound(), [sample_source()])
    assert [finding.line() for finding in found if finding.severity == "violation"] == []


def test_the_first_of_several_keeps_its_iri() -> None:
    report = iris.report(SLUG, 1)
    assert objects(report, TG.condition) == {iris.condition(SLUG, 1), iris.condition(SLUG, 1, 2)}
    further = {iris.further_intervention(SLUG, 1, n) for n in (2, 3)}
    assert objects(report, TG.hasIntervention) == {iris.intervention(SLUG, 1), *further}
    assert iris.condition(SLUG, 1).value.endswith(f"condition/{SLUG}/1")


@pytest.mark.parametrize(
    ("row", "n", "unit", "quantity", "ucum", "qudt", "label"),
    [
        (1, 1, "cells-total-dose", "cells", "{cells}/kg", "NUM-PER-KiloGM", "1 × 10⁶ cells/kg"),
        (1, 2, "milligram", "mass", "mg", "MilliGM", "15 mg"),
        (1, 3, "milligram", "mass", "mg/kg", "MilliGM-PER-KiloGM", "0.3–1 mg/kg"),
        (1, 4, "milligram", "mass", "mg/m2", "MilliGM-PER-M2", "up to 500 mg/m²"),
        (2, 1, "unit-vesicles", "vesicles", "{vesicles}/{patient}", "NUM", "1–2 vesicles/patient"),
        (2, 2, "unit-vector-genomes", "vector-genomes", "{vg}/kg", "NUM-PER-KiloGM", "2–4 vg/kg"),
        (2, 4, "microgram", "mass", "ug/{site}", "MicroGM", "4–8 µg/site"),
        (2, 5, "international-unit", "activity", "[IU]/m2", None, "5–10 IU/m²"),
        (2, 7, "plaque-forming-unit", "infectious-units", "[PFU]/{joint}", None, "7–14 PFU/joint"),
        (2, 10, "gram", "mass", "g/cm2", "GM-PER-CentiM2", "10–20 g/cm²"),
    ],
)
def test_a_dose_has_its_unit_what_it_counts_and_its_code(
    row: int, n: int, unit: str, quantity: str, ucum: str, qudt: str | None, label: str
) -> None:
    dose = iris.dose(SLUG, row, n)
    assert objects(dose, TG.doseUnit) == {concept(unit)}
    assert objects(dose, TG.doseQuantity) == {concept(f"quantity-{quantity}")}
    assert objects(dose, TG.ucumCode) == {Literal(ucum)}
    assert objects(dose, QUDT.hasUnit) == ({expand(f"unit:{qudt}")} if qudt else set())
    assert objects(dose, expand("rdfs:label")) == {Literal(label)}


def test_an_arm_without_a_size_or_a_role_states_none() -> None:
    sized, unsized = iris.arm(SLUG, 1, 2), iris.arm(SLUG, 1, 3)
    assert objects(sized, TG.enrolled) == {Literal(15)}
    assert objects(unsized, TG.enrolled) == set()
    assert objects(unsized, RDF.type) == {TG.Arm}
    assert len(objects(unsized, TG.receives)) == 2


def test_the_flat_table_mixes_no_units_and_lists_the_conditions() -> None:
    record = flat(drug_report(), ("all",))
    assert (record["dose_low"], record["dose_unit"]) == (1_000_000, "cells/kg")
    assert record["disease"] == "MONDO:0008383"
    assert record["disease_label"] == ["rheumatoid arthritis", "Autologous Mesenchymal Stem Cells"]
    assert record["diseases"] == ["MONDO:0008383", "Autologous Mesenchymal Stem Cells"]
    mixed = flat(biologic_report())
    assert (mixed["dose_low"], mixed["dose_high"], mixed["dose_unit"]) == (None, None, None)
    (again,) = from_csv(csv_text([drug_report()]))
    assert again["disease_label"] == record["disease_label"]


def of(node: NamedNode, name: NamedNode) -> Callable[[Quad], bool]:
    return lambda quad: quad.subject == node and quad.predicate == name


MILLIGRAMS, VESICLES = iris.dose(SLUG, 1, 2), iris.dose(SLUG, 2, 1)
UNSIZED = iris.arm(SLUG, 1, 1)
DEVICE, PLACEBO = iris.own_product(SLUG, 1, 3), iris.own_product(SLUG, 1, 4)
GENOMES, IU, PFU, PER_KG = (iris.dose(SLUG, 2, n) for n in (2, 5, 7, 3))
PROCEDURE = iris.own_product(SLUG, 2, 2)
SECOND = iris.condition(SLUG, 1, 2)
#: What is wrong, of which node, and what is said of it: each of another node, so that they are checked together.
INVALID: dict[str, tuple[NamedNode, NamedNode, NamedNode | Literal, str]] = {
    "a unit that nobody knows": (MILLIGRAMS, TG.doseUnit, concept("furlong"), "of the scheme of dose units"),
    "a unit that contradicts what is counted": (
        VESICLES,
        TG.doseUnit,
        concept("milliliter"),
        "does not measure",
    ),
    "a unit of another basis": (GENOMES, QUDT.hasUnit, UNIT.NUM, "not that of the dose's basis"),
    "a unit where QUDT has none": (IU, QUDT.hasUnit, expand("unit:IU"), "not that of the dose's basis"),
    "a code of another unit": (PFU, TG.ucumCode, Literal("mg"), "not of its unit"),
    "cells where none are given": (
        iris.dose(SLUG, 2, 4),
        TG.doseQuantity,
        concept("quantity-cells"),
        "no cells are",
    ),
    "a basis that nobody knows": (PER_KG, TG.doseBasis, concept("per-furlong"), "one basis"),
    "a negative size": (UNSIZED, TG.enrolled, Literal("-3", datatype=XSD.integer), "tg:enrolled"),
    "a size that is no whole number": (iris.arm(SLUG, 1, 3), TG.enrolled, Literal("many"), "tg:enrolled"),
    "a condition of two diseases": (
        iris.condition(SLUG, 1),
        TG.disease,
        expand("MONDO:0007915"),
        "tg:disease",
    ),
    "a condition of two reports": (iris.report(SLUG, 2), TG.condition, SECOND, "belongs to one report"),
    "a product of two kinds": (DEVICE, RDF.type, TG.DrugProduct, "of one kind"),
    "a procedure that is a substance": (PROCEDURE, TG.substance, concept("methotrexate"), "no substance"),
    "a drug of cells": (iris.drug("dmard"), TG.cellType, expand("CL:0000134"), "tg:cellType"),
    "a product that is no product": (PLACEBO, RDF.type, TG.Condition, "a product is cells"),
}
#: Properties of which a second value is wrong, not another one.
ADDED = {TG.disease, TG.condition, TG.cellType, TG.substance}


@cache
def findings() -> dict[str, str]:
    graph = sound()
    for node, name, value, _ in INVALID.values():
        drop = (lambda _: False) if name in ADDED or value == TG.DrugProduct else of(node, name)
        graph = frozenset(quad for quad in graph if not drop(quad)) | {Quad(node, name, value, FACTS)}
    found: dict[str, str] = {}
    for one in check_quads(graph, [sample_source()]):
        if one.severity == "violation":
            found[one.focus] = found.get(one.focus, "") + one.line() + "\n"
    return found


@pytest.mark.parametrize("name", INVALID)
def test_what_cannot_be_is_a_violation(name: str) -> None:
    node, _, value, message = INVALID[name]
    # A value that is no product is seen where it is given.
    about = (node, value, iris.further_intervention(SLUG, 1, 3))
    seen = [findings().get(one.value, "") for one in about if isinstance(one, NamedNode)]
    assert any(line and message in line for line in seen), findings()
