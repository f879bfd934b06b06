"""When two reports of one trial agree on a field: one rule for each, with an example and a counter-example.

The rules follow what a difference means to a reviewer: wording, a broader word or a later date is explained and is no
difference; neither side is taken to be right (decisions/0036-reviews-side-by-side.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from trialgraph.extract.comparisons.amounts import (
    compare_doses,
    compare_follow_up,
    compare_groups,
    compare_totals,
    state_count,
    state_doses,
    state_follow_up,
)
from trialgraph.extract.comparisons.named import (
    compare_diseases,
    compare_donors,
    compare_phases,
    compare_products,
    compare_results,
    compare_routes,
    compare_statuses,
    compare_tissues,
    state_diseases,
    state_donors,
    state_phase,
    state_products,
    state_results,
    state_routes,
    state_status,
    state_tissues,
)
from trialgraph.extract.comparisons.outcome import Earlier, Outcome, Stated
from trialgraph.model.reading import Rule
from trialgraph.model.report import Report

__all__ = ["FIELDS", "FieldRule"]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How a field is compared.

    :param column: the field of the cells that it is read from
    :param says: the rule in words
    :param differ: two cells, and the severity of their difference
    :param agree: two cells that say the same
    :param state: report -> what it states; None where it states nothing
    :param compare: two values and which source is earlier -> the verdict
    """

    field: str
    column: str
    says: str
    differ: tuple[str, str, str]
    agree: tuple[str, str]
    state: Callable[[Report], Stated | None]
    compare: Callable[[Stated, Stated, Earlier], Outcome]

    @property
    def rule(self) -> Rule:
        """The rule as the graph describes it."""
        left, right, severity = self.differ
        return Rule(
            f"comparison.{self.field}",
            self.says,
            f"{left} | {right}",
            f"differs, {severity}",
            " | ".join(self.agree),
        )


_RULES: Final = (
    FieldRule(
        "n_total", "patients",
        "Equal numbers agree. A difference of more than a tenth of the larger number is major, else minor.",
        differ=("172 (86/86)", "200 (100/100)", "major"), agree=("30 (15/15)", "30 (20/10)"),
        state=state_count("n_total"), compare=compare_totals,
    ),
    FieldRule(
        "n_treatment", "patients",
        "Equal sums of the treated groups agree; any other is major.",
        differ=("30 (15/15)", "30 (20/10)", "major"), agree=("30 (15/15)", "31 (15/16)"),
        state=state_count("n_treatment"), compare=compare_groups,
    ),
    FieldRule(
        "n_control", "patients",
        "Equal sums of the control groups agree; any other is major, as is a control group beside a single group.",
        differ=("30 (15/15)", "15 (15/0)", "major"), agree=("30 (15/15)", "31 (16/15)"),
        state=state_count("n_control"), compare=compare_groups,
    ),
    FieldRule(
        "phase", "phase",
        "The same phases agree, a and b aside; other phases are major.",
        differ=("Phase I/II", "Phase II", "major"), agree=("Phase IIa", "Phase II"),
        state=state_phase, compare=compare_phases,
    ),
    FieldRule(
        "disease", "disease",
        "The same terms agree, whatever their qualifiers. A narrower term on one side, or one disease of several, is "
        "minor; terms of which neither is above the other are major.",
        differ=("SLE", "RA", "major"), agree=("Refractory SLE", "SLE"),
        state=state_diseases, compare=compare_diseases,
    ),
    FieldRule(
        "tissue_sources", "cell source",
        "The same tissues, or a broader word for one, agree. One tissue of several is minor; none in common is major.",
        differ=("BM-MSCs", "UC-MSCs", "major"), agree=("BM-MSCs", "Bone marrow-derived MSCs"),
        state=state_tissues, compare=compare_tissues,
    ),
    FieldRule(
        "donor_type", "cell source",
        "The same donors agree. Both beside one of them is minor; another one is major.",
        differ=("BM-MSCs (autologous)", "BM-MSCs (allogeneic)", "major"),
        agree=("BM-MSCs (autologous)", "AD-MSCs (autologous)"),
        state=state_donors, compare=compare_donors,
    ),
    FieldRule(
        "product", "cell source",
        "The same product codes agree, whatever their case. One of several is minor; none in common is major.",
        differ=("AD-MSCs (Cx611)", "AD-MSCs (BX-U001)", "major"), agree=("AD-MSCs (Cx611)", "AD-MSCs (CX611)"),
        state=state_products, compare=compare_products,
    ),
    FieldRule(
        "routes", "administration",
        "The same routes agree, joined by whatever word. One of several is minor; none in common is major.",
        differ=("IV infusion", "intrathecal injection", "major"), agree=("IV infusion", "intravenous injection"),
        state=state_routes, compare=compare_routes,
    ),
    FieldRule(
        "dose", "administration",
        "The same ends on the same basis agree, as a list or as a range. Doses that overlap are minor; any other dose "
        "or basis is major. Without a basis on one side, other ends cannot be compared; nor can a bound.",
        differ=("1 × 106 cells/kg, IV infusion", "1 × 107 cells/kg, IV infusion", "major"),
        agree=("1 × 106 cells/kg, IV infusion", "1.0 × 106 cells/kg"),
        state=state_doses, compare=compare_doses,
    ),
    FieldRule(
        "follow_up_months", "follow-up",
        "The longest times agree within one week for every six months. Up to twice the other is minor; more is major.",
        differ=("12", "6", "minor"), agree=("12", "52 weeks"),
        state=state_follow_up, compare=compare_follow_up,
    ),
    FieldRule(
        "results_status", "conclusion",
        "The same status agrees. Published beside not published is major, any other is minor; where the later source "
        "has the later status, time explains it.",
        differ=("Results not yet published", "Safe and well tolerated", "major"), agree=("Ongoing", "Recruiting"),
        state=state_results, compare=compare_results,
    ),
    FieldRule(
        "status", "status",
        "The same recruitment status agrees; another one is minor. Where the later source has the later status, time "
        "explains it.",
        differ=("Withdrawn", "Completed", "minor"), agree=("Completed", "completed"),
        state=state_status, compare=compare_statuses,
    ),
)  # fmt: skip
#: By the name of the field, in the order in which they are shown.
FIELDS: Final[dict[str, FieldRule]] = {rule.field: rule for rule in _RULES}
