"""Reports of the sample table with every kind of statement in them, as the readers would hand them on."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path

from pyoxigraph import Literal, Quad

from tests.sample_table import LEXICON, RULE, SLUG, concept, reading, sample_row, sample_source
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.columns import columns
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.description import describer
from trialgraph.graph.quads import quads
from trialgraph.model.report import (
    Arm,
    Claim,
    Condition,
    Conflict,
    Correction,
    Curation,
    DoseLevel,
    Effect,
    Finding,
    Intervention,
    PlannedOutcome,
    Product,
    Registration,
    Report,
)
from trialgraph.model.table import Table, Unread
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDFS
from trialgraph.release.graphs import ontology_quads
from trialgraph.release.open import Release
from trialgraph.release.write import write_release


def rich_report() -> Report:
    """Row 1: every kind of statement."""
    row = sample_row(1)
    treated = reading(row, "patients", "39", "n_treatment", 39)
    whole = reading(row, "patients", "392", "n_treatment", 392)
    total = reading(row, "patients", "54", "n_total", 54)
    control = reading(row, "patients", "15", "n_control", 15)
    phase = reading(row, "phase", "Ib/IIa", "phase", "1b/2a", "phase")
    months = reading(row, "follow_up", "6.5", "follow_up", Decimal("6.50"))
    dose = reading(row, "administration", "(1-2) × 106 cells/kg", "dose", "1000000-2000000")
    more = reading(row, "administration", "2) × 106 cells/kg", "dose", Decimal(2000000))
    route = reading(row, "administration", "IV", "route", kind="route")
    method = reading(row, "administration", "infusion", "method", kind="method")
    drug = reading(row, "administration", "DMARDs", "combined_with", "DMARDs", "product")
    herbs = reading(row, "administration", "herbs", "combined_with", "herbs")
    count = reading(row, "administration", "infusion", "dose_count", 1)
    acr = reading(row, "outcomes", "ACR20", "outcome", "ACR20", "outcome")
    hard = reading(row, "disease", "Refractory", "qualifier", kind="qualifier")
    donor = reading(row, "cell_source", "allogeneic", "donor", "allogeneic")
    cells = reading(row, "cell_source", "AD-MSCs", "cell_source", "AD-MSCs", kind="cell_type")
    code = reading(row, "cell_source", "Cx611", "product_code", "Cx611")
    reference = reading(row, "reference", "[7]", "reference", 7)
    decision = Curation(1, "dose-out-of-line", "use 39", "A. Reviewer", "2026-11-23", "39 + 15 = 54")
    entered = (
        Curation(1, "n_control", "value 15", "A. Reviewer", "2026-11-23", "as registered", "NCT01663116"),
        Curation(
            1, "phase", "value 1b/2a", "A. Reviewer", "2026-11-23", "as published", "doi:10.1000/sample.2"
        ),
    )
    misread = reading(row, "patients", "5", "n_control", 5)
    return Report(
        source=SLUG,
        row=row,
        readings=(
            *(phase, total, treated, control, months, dose, more, route, method, drug, herbs, count),
            *(hard, donor, code, reference, misread),
        ),
        registration=Registration(
            "ClinicalTrials.gov",
            "NCT01663116",
            reading(row, "registration", "NCT01663116", "registration", "NCT01663116"),
        ),
        phase="1b/2a",
        phase_status="stated",
        phase_concept=concept("phase", "Ib/IIa"),
        products=(
            Product(
                concept("cell_type", "AD-MSCs"),
                concept("tissue", "adipose tissue"),
                "allogeneic",
                "Cx611",
                cells,
            ),
        ),
        conditions=(
            Condition(
                concept("disease", "RA"),
                (concept("qualifier", "Refractory"),),
                concept("tissue", "knee"),
                "Refractory RA",
                reading(row, "disease", "RA", "disease", kind="disease"),
                (hard,),
            ),
        ),
        n_total=54,
        n_treatment=39,
        n_control=15,
        arms=(Arm("treatment", "MSC group", 39, treated), Arm("control", None, 15, control)),
        interventions=(
            Intervention(
                doses=(
                    DoseLevel(Decimal("1E+6"), Decimal("2000000.0"), "kilogram", dose),
                    DoseLevel(Decimal(2000000), Decimal(2000000), "kilogram", more),
                ),
                dose_status="stated",
                routes=((concept("route", "IV"), route),),
                methods=((concept("method", "infusion"), method),),
                combined_with=((concept("product", "DMARDs"), drug), (None, herbs)),
                dose_count=1,
            ),
        ),
        follow_up=((Decimal("6.50"), months),),
        mechanisms=(
            Claim(
                concept("mechanism", "Immunomodulation"),
                reading(row, "mechanism", "Immunomodulation", "mechanism", "Immunomodulation", "mechanism"),
            ),
        ),
        outcomes=(
            PlannedOutcome(concept("outcome", "ACR20"), acr),
            PlannedOutcome(
                None,
                reading(row, "outcomes", '"joy" \\ 5 µg\tµ', "outcome", "joy"),
                (PlannedOutcome(None, reading(row, "outcomes", "joy", "analyte", "joy")),),
            ),
        ),
        findings=(
            Finding(
                None,
                None,
                "favourable",
                "stated",
                reading(row, "conclusion", "Safe", "finding", "favourable"),
            ),
            Finding(
                concept("outcome", "ACR20"),
                "increased",
                None,
                "trend",
                reading(row, "conclusion", "ACR20 rose", "finding", "increased"),
                at_months=Decimal("3.0"),
                effect=Effect(
                    Decimal(20),
                    "%",
                    reading(row, "conclusion", "20", "effect", Decimal(20)),
                    reading(row, "conclusion", "0", "effect_comparator", Decimal(0)),
                    reading(row, "conclusion", "2", "effect_baseline", Decimal(2)),
                    reading(row, "conclusion", "Safe", "effect_arm_number", 1),
                    reading(row, "conclusion", "rose", "effect_comparator_arm_number", 2),
                    in_arm=1,
                    compared_with=2,
                ),
            ),
        ),
        results_status="published",
        results_reading=reading(row, "conclusion", "Safe; ACR20 rose", "results_status", "published"),
        reference=7,
        references=(7,),
        states={column.field: "stated" for column in columns()},
        curations=(decision, *entered),
        corrections=(
            Correction("n_control", (15,), "15", (misread,), entered[0]),
            Correction("phase", ("1b/2a", concept("phase", "Ib/IIa")), "1b/2a", (), entered[1]),
        ),
        conflicts=(
            Conflict(
                "dose-out-of-line",
                ("patients",),
                "392 + 15 is not 54; 39 + 15 is",
                "warning",
                (treated, whole),
                0,
                "settled",
                decision,
            ),
            Conflict(
                "arms-do-not-add-up", ("patients",), "392 + 15 = 407, not 54", "error", (total, whole), None
            ),
        ),
    )


def plain_report() -> Report:
    """Row 2: little is stated, no registry id."""
    row = sample_row(2)
    product = reading(row, "cell_source", "BM-MSCs", "cell_source", "BM-MSCs", kind="cell_type")
    disease = reading(row, "disease", "SLE", "disease", kind="disease")
    total = reading(row, "patients", "2 (2/0)", "n_total", 2)
    return Report(
        source=SLUG,
        row=row,
        readings=(product, disease, total),
        registration=None,
        phase=None,
        phase_status="not stated",
        phase_concept=None,
        products=(Product(concept("cell_type", "BM-MSCs"), None, None, None, product),),
        conditions=(Condition(concept("disease", "SLE"), (), None, "SLE", disease),),
        n_total=2,
        n_treatment=2,
        n_control=0,
        arms=(Arm("treatment", None, 2, total),),
        interventions=(Intervention((), "not stated", (), (), ()),),
        follow_up=(),
        mechanisms=(),
        outcomes=(),
        findings=(),
        results_status=None,
        results_reading=None,
        reference=None,
        states={"phase": "not specified", "disease": "stated", "patients": "stated", "cell source": "stated"},
    )


def reports() -> tuple[Report, ...]:
    """Both rows."""
    return rich_report(), plain_report()


def unread() -> tuple[Unread, ...]:
    """The odd line at the end."""
    text = sample_source().text
    at = text.index("odd line")
    return (Unread(SLUG, 3, 4, "odd line", at, at + 8, "fits no columns"),)


def tables() -> tuple[Table, ...]:
    """The table of the source, for what of it is no cell."""
    return (Table(SLUG, (), (), unread(), ()),)


def with_product(report: Report, **changes: object) -> Report:
    """The report with its first product changed."""
    product = dataclasses.replace(report.products[0], **changes)  # type: ignore[arg-type]  # checked by the test
    return dataclasses.replace(report, products=(product,))


def sample_quads() -> frozenset[Quad]:
    """All graphs of the sample but ``ontology``, ``module`` and ``meta``."""
    return quads(reports(), [sample_source()], LEXICON, tables(), [RULE])


def build_sample(releases: Path, extra: int = 0, *, whole: bool = True) -> Release:
    """A release of the sample; ``extra`` more triples make it another one that takes longer.

    :param whole: with the ontology and all that belongs to it, which is nine tenths of it
    """
    node = iris.source(SLUG)
    notes = {Quad(node, RDFS.comment, Literal(f"note {n}"), iris.graph("quality")) for n in range(extra)}
    belongs = {iris.graph("mappings"), iris.graph("module")}
    made = sample_quads() | ontology_quads() | notes
    if not whole:
        made = frozenset(quad for quad in made if quad.graph_name not in belongs)
    return write_release(
        made,
        describe=describer(made, [sample_source()], DEFAULTS),
        releases=releases,
        read=[sample_source()],
        trials_csv="source,row\nsample-table,1\n",
        all_columns_csv="source,row\nsample-table,1\n",
        settings=DEFAULTS,
        findings=[CheckResult("violation", "x", "y"), CheckResult("warning", "x", "z")],
    )
