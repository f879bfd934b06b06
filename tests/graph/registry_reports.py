"""Reports like those that registry records make: constructed from a few facts of four records of ClinicalTrials.gov.

NCT03778333, NCT01663116, NCT01873625 and NCT02034188 (public domain): two conditions, interventions with types, arms
of unknown size and role. NCT03778333's and NCT01663116's doses are theirs; those of the drug and of the vesicles are
made, as none of the four has any. The rows are those of the sample table, whose words the readings point to.
"""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from tests.graph_samples import plain_report, rich_report
from tests.sample_table import concept, reading, sample_row
from trialgraph.model.report import Arm, Condition, DoseLevel, Intervention, Product, Report

__all__ = ["biologic_report", "drug_report"]


def drug_report() -> Report:
    """Two conditions, a drug as what is given, in mg and mg/kg, beside cells, and arms without a size."""
    row = sample_row(1)
    base = rich_report()
    drug, device, placebo = (
        reading(row, "cell_source", words, "product_name", words) for words in ("AD-MSCs", "MSCs", "Cx611")
    )
    route = reading(row, "administration", "IV", "route", kind="route")
    cells = reading(row, "disease", "Refractory RA", "disease")
    weekly = reading(row, "administration", "(1-2) × 106", "dose", "15")
    kept = {"phase", "n_total", "n_control", "follow_up", "donor", "product_code", "reference"}
    misread = base.corrections[0].overruled
    return dataclasses.replace(
        base,
        readings=tuple(r for r in base.readings if r.name in kept and r not in misread),
        # NCT03778333: "Autologous Mesenchymal Stem Cells" among the conditions stays unlinked.
        conditions=(
            Condition(concept("disease", "RA"), (), None, "RA", base.conditions[0].reading),
            Condition(None, (), None, "Autologous Mesenchymal Stem Cells", cells),
        ),
        products=(
            base.products[0],
            Product(None, None, None, None, drug, "drug", concept("product", "DMARDs")),
            Product(None, None, None, None, device, "device"),
            Product(None, None, None, None, placebo, None),
        ),
        interventions=(
            # NCT01663116: 1 million cells/kg
            Intervention(
                (DoseLevel(Decimal(1_000_000), Decimal(1_000_000), "kilogram", weekly),),
                "stated", ((concept("route", "IV"), route),), (), (), products=(1,),
            ),
            Intervention(
                (
                    DoseLevel(Decimal(15), Decimal(15), "not stated", weekly, "milligram"),
                    DoseLevel(Decimal("0.3"), Decimal(1), "kilogram", weekly, "milligram"),
                    DoseLevel(None, Decimal(500), "square metre", weekly, "milligram"),
                ),
                "stated", (), (), (), products=(2,),
            ),
            Intervention((), "not stated", (), (), (), products=(3, 4)),
        ),
        arms=(
            Arm("treatment", "Treatment", None, drug, receives=(1, 2)),
            Arm("control", "Placebo", 15, base.arms[1].reading, receives=(3,)),
            Arm(None, "Open label", None, drug, receives=(2, 3)),
        ),
        findings=(),
        conflicts=(),
        corrections=(),
        curations=(),
    )  # fmt: skip


def biologic_report() -> Report:
    """Exosomes, a gene's vector and a procedure, in units that count other things than cells; no condition linked."""
    row = sample_row(2)
    base = plain_report()
    words = reading(row, "cell_source", "BM-MSCs", "product_name", "words")
    dose = reading(row, "cell_source", "BM", "dose", "1")
    made = {
        "unit-vesicles": "patient", "unit-vector-genomes": "kilogram", "unit-particles": "eye", "microgram": "site",
        "international-unit": "square metre", "milliliter": "not stated", "plaque-forming-unit": "joint",
        "megabecquerel": "not stated", "gray": "site", "gram": "square centimetre",
    }  # fmt: skip
    doses = tuple(
        DoseLevel(Decimal(n), Decimal(2 * n), basis, dose, unit)  # type: ignore[arg-type]  # bases, as written above
        for n, (unit, basis) in enumerate(made.items(), start=1)
    )
    return dataclasses.replace(
        base,
        readings=base.readings[1:],
        products=(
            Product(None, None, None, None, words, "biologic", concept("product", "DMARDs")),
            Product(None, None, None, None, words, "procedure"),
        ),
        interventions=(
            Intervention(doses, "stated", (), (), (), products=(1,)),
            Intervention((), "not stated", (), (), (), products=(2,)),
        ),
        arms=(Arm(None, "mesencymal stem cell", None, base.arms[0].reading, receives=(1, 2)),),
    )
