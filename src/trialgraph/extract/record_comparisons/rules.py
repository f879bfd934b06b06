"""When a record of a registry and another report of its trial agree: one rule for each field, with real examples.

An example of a record is the part of ClinicalTrials.gov's JSON that the rule reads. Neither side is taken to be right
(decisions/0056-reviews-beside-registries.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from trialgraph.extract.comparisons.amounts import state_doses, state_follow_up
from trialgraph.extract.comparisons.named import state_donors, state_routes, state_tissues
from trialgraph.extract.comparisons.outcome import Outcome, Stated
from trialgraph.extract.record_comparisons.administration import (
    compare_doses_of_records,
    compare_longest_follow_up,
)
from trialgraph.extract.record_comparisons.codes import compare_codes, state_codes
from trialgraph.extract.record_comparisons.named import (
    compare_conditions,
    compare_donor_types,
    compare_registered_phases,
    compare_routes_of_records,
    compare_tissue_sources,
    state_conditions,
    state_registered_phase,
)
from trialgraph.extract.record_comparisons.outcomes import compare_primary_outcomes, state_primary_outcomes
from trialgraph.extract.record_comparisons.pair import Pair
from trialgraph.extract.record_comparisons.sizes import (
    compare_group_sizes,
    compare_sizes,
    state_group_size,
    state_size,
)
from trialgraph.extract.record_comparisons.statuses import (
    compare_record_status,
    compare_results_status,
    state_record_status,
    state_results_status,
)
from trialgraph.model.reading import Rule
from trialgraph.model.report import TrialReport

__all__ = ["RECORD_FIELDS", "Example", "RecordRule"]


class Example(NamedTuple):
    """Two reports and what the rule makes of them.

    :param left: the cell of a review, or a part of a record
    :param right: a part of a record: JSON of ``protocolSection``
    :param gives: ``differs, major``, ``agrees``, ``not comparable``, …
    """

    left: str
    right: str
    gives: str


@dataclass(frozen=True, slots=True)
class RecordRule:
    """How a field of a record is compared.

    :param column: the field of the cells of a review that it is read from
    :param example: what differs
    :param counter_example: what agrees
    :param explained: what looks different and is explained; None where nothing is
    :param from_prose: whether a record has no field for it, so that it is read from texts
    :param state: report -> what it states; None where it states nothing
    :param compare: two values and their reports -> the verdict
    """

    field: str
    column: str
    says: str
    example: Example
    counter_example: Example
    explained: Example | None
    state: Callable[[TrialReport], Stated | None]
    compare: Callable[[Stated, Stated, Pair], Outcome]
    from_prose: bool = False

    @property
    def rule(self) -> Rule:
        """The rule as the graph describes it."""
        one, other = self.example, self.counter_example
        return Rule(
            f"comparison.registry.{self.field}", self.says, f"{one.left} | {one.right}", one.gives,
            f"{other.left} | {other.right}",
        )  # fmt: skip


_SIZE: Final = '{"designModule": {"enrollmentInfo": {"count": %d, "type": "%s"}}}'
_SINGLE: Final = (
    '{"designModule": {"designInfo": {"interventionModel": "SINGLE_GROUP"}, "enrollmentInfo": {"count": %d}},'
    ' "armsInterventionsModule": {"armGroups": [{"label": "Open label single arm study"}]}}'
)
_CROSSOVER: Final = (
    '{"designModule": {"designInfo": {"interventionModel": "CROSSOVER"}, "enrollmentInfo": {"count": 21}},'
    ' "armsInterventionsModule": {"armGroups": [{"label": "Placebo", "description": "10 patients receive placebo"},'
    ' {"label": "mesenchymal stem cells", "description": "11 patients receive cells"}]}}'
)
_ARMS: Final = (
    '{"designModule": {"enrollmentInfo": {"count": 60}}, "armsInterventionsModule": {"armGroups": ['
    '{"label": "mesenchymal stem cells", "description": "30 subjects receive UC-MSCs"},'
    ' {"label": "Control", "description": "30 subjects receive saline"}]}}'
)
_PLACEBO: Final = (
    '{"designModule": {"enrollmentInfo": {"count": 60}}, "armsInterventionsModule": {"armGroups": ['
    '{"label": "mesencymal stem cell", "type": "ACTIVE_COMPARATOR"}, {"label": "saline",'
    ' "type": "PLACEBO_COMPARATOR"}]}}'
)
_CONDITION: Final = '{"conditionsModule": {"conditions": [%s]}}'
_TITLE: Final = '{"identificationModule": {"officialTitle": "%s"}}'
_GIVEN: Final = (
    '{"armsInterventionsModule": {"interventions": [{"type": "BIOLOGICAL", "name": "mesenchymal stem cells",'
    ' "description": "%s"}]}}'
)
_CODED: Final = (
    '{"armsInterventionsModule": {"interventions": [{"type": "BIOLOGICAL", "name": "%s",'
    ' "description": "allogeneic umbilical cord mesenchymal stem cells"}]}}'
)
_TIME: Final = '{"outcomesModule": {"primaryOutcomes": [{"measure": "Adverse events", "timeFrame": "%s"}]}}'
_STATUS: Final = '{"statusModule": {"overallStatus": "%s"}}'
_PAPER: Final = (
    '{"statusModule": {"overallStatus": "COMPLETED"}, "referencesModule": {"references":'
    ' [{"pmid": "29523171", "type": "%s"}]}}'
)
_OUTCOME: Final = '{"outcomesModule": {"%sOutcomes": [{"measure": "%s", "timeFrame": "%s"}]}}'

_RULES: Final = (
    RecordRule(
        "n_total", "patients",
        "Equal numbers agree. An actual number that differs by more than a tenth, or more patients than were "
        "planned, is major; fewer than planned and smaller differences are minor.",
        Example("172 (136/36)", _SIZE % (300, "ACTUAL"), "differs, major"),
        Example("20 (20/0)", _SIZE % (20, "ACTUAL"), "agrees"),
        None, state_size, compare_sizes,
    ),
    RecordRule(
        "n_treatment", "patients",
        "Equal sums of the treated groups agree; other sums are major. In a single group all patients are treated, "
        "and the rule for all patients holds. Groups of a crossover or sequential design are not comparable.",
        Example("60 (40/20)", _ARMS, "differs, major"), Example("7 (7/0)", _SINGLE % 7, "agrees"),
        Example("21 (21/0)", _CROSSOVER, "not comparable"), state_group_size("treatment"), compare_group_sizes,
        from_prose=True,
    ),
    RecordRule(
        "n_control", "patients",
        "Equal sums of the control groups agree; other sums are major, as is a control group on one side and a "
        "single group on the other. Groups of a crossover or sequential design are not comparable.",
        Example("60 (60/0)", _PLACEBO, "differs, major"), Example("7 (7/0)", _SINGLE % 7, "agrees"),
        Example("21 (10/11)", _CROSSOVER, "not comparable"), state_group_size("control"), compare_group_sizes,
        from_prose=True,
    ),
    RecordRule(
        "phase", "phase",
        "The same phases agree, a and b aside; other phases are major.",
        Example("Phase I/II", '{"designModule": {"phases": ["PHASE2", "PHASE3"]}}', "differs, major"),
        Example("Phase Ib/IIa", '{"designModule": {"phases": ["PHASE1", "PHASE2"]}}', "agrees"),
        Example("Phase 0", '{"designModule": {"phases": ["EARLY_PHASE1"]}}', "agrees"),
        state_registered_phase, compare_registered_phases,
    ),
    RecordRule(
        "disease", "disease",
        "The same terms agree, whatever their qualifiers. A narrower term on one side is minor; terms of which "
        "neither is above the other are major. What is given, among the conditions, and kinds of the disease beside "
        "it are skipped.",
        Example("SLE", _CONDITION % '"Multiple Sclerosis"', "differs, major"),
        Example("MS", _CONDITION % '"Autologous Mesenchymal Stem Cells", "Multiple Sclerosis"', "agrees"),
        Example("MS", _CONDITION % '"Multiple Sclerosis", "Progressive Multiple Sclerosis"', "agrees"),
        state_conditions, compare_conditions,
    ),
    RecordRule(
        "tissue_sources", "cell source",
        "The same tissues, or a broader word for one, agree. One tissue of several is minor; none in common is major.",
        Example("BM-MSCs", _GIVEN % "umbilical cord derived mesenchymal stem cells", "differs, major"),
        Example("BM-MSCs", _GIVEN % "bone marrow derived mesenchymal stem cells", "agrees"),
        None, state_tissues, compare_tissue_sources, from_prose=True,
    ),
    RecordRule(
        "donor_type", "cell source",
        "The same donors agree. Both beside one of them is minor; another one is major.",
        Example("BM-MSCs (autologous)", _GIVEN % "allogeneic mesenchymal stem cells", "differs, major"),
        Example("BM-MSCs (allogeneic)", _GIVEN % "allogeneic mesenchymal stem cells", "agrees"),
        None, state_donors, compare_donor_types, from_prose=True,
    ),
    RecordRule(
        "product", "cell source",
        "The same codes of cell products agree, whatever their case and hyphens; none in common is major. Names of "
        "drugs and devices are not compared.",
        Example("AD-MSCs (Cx611)", _CODED % "BX-U001", "differs, major"),
        Example("UC-MSCs (BX-U001)", _CODED % "BXU001", "agrees"),
        None, state_codes, compare_codes, from_prose=True,
    ),
    RecordRule(
        "routes", "administration",
        "The same routes agree, joined by whatever word. One of several is minor; none in common is major.",
        Example("intrathecal injection", _GIVEN % "IV infusion of mesenchymal stem cells", "differs, major"),
        Example("IV injection", _GIVEN % "IV infusion of mesenchymal stem cells", "agrees"),
        None, state_routes, compare_routes_of_records, from_prose=True,
    ),
    RecordRule(
        "dose", "administration",
        "The same ends on the same basis agree, as a list or as a range; where one side has several bases, those of "
        "both count. Doses that overlap are minor; any other dose or basis is major, with the factor from ten on. "
        "Without a basis on one side, other ends cannot be compared; nor can a bound.",
        Example("1 × 106 cells/kg, IV infusion", _GIVEN % "2x10^7 mesenchymal stem cells/kg IV", "differs, major"),
        Example("(1-2) × 106 cells/kg, IV infusion", _GIVEN % "1-2 million cells/kg body weight IV", "agrees"),
        None, state_doses, compare_doses_of_records, from_prose=True,
    ),
    RecordRule(
        "follow_up_months", "follow-up",
        "The longest times agree within one week for every six months. Up to twice the other is minor; more is "
        "major. How long the study ran is no follow-up where the review's words show that this is meant.",
        Example("12", _TIME % "48 weeks", "differs, minor"), Example("12", _TIME % "52 weeks", "agrees"),
        None, state_follow_up, compare_longest_follow_up, from_prose=True,
    ),
    RecordRule(
        "results_status", "conclusion",
        "Not published on one side is major against results in the registry or a paper that it lists as DERIVED or "
        "RESULT; another status is minor. Papers of the background say nothing, nor does a completed trial without "
        "results; later results and a later status are explained by time.",
        Example("Results not yet published", _PAPER % "DERIVED", "differs, major"),
        Example("Study ongoing", _STATUS % "RECRUITING", "agrees"),
        Example("Results not yet published", _PAPER % "BACKGROUND", "only left"),
        state_results_status, compare_results_status,
    ),
    RecordRule(
        "status", "status",
        "The same recruitment status agrees, as does a broader word for it, and the last status that is known of a "
        "trial whose status is unknown. Another one is minor, unless the later source has the later status.",
        Example("Withdrawn", _STATUS % "COMPLETED", "differs, minor"),
        Example("Completed", _STATUS % "COMPLETED", "agrees"),
        Example("Recruiting", _STATUS % 'UNKNOWN", "lastKnownStatus": "RECRUITING', "agrees"),
        state_record_status, compare_record_status,
    ),
    RecordRule(
        "primary_outcomes", "outcomes",
        "The same measures and times agree. An outcome that was added, dropped, or moved from or to the secondary "
        "ones is major; another time or wording is minor. A review chooses among the measures, so it is never a "
        "difference.",
        Example(
            _OUTCOME % ("primary", "Overall survival", "5 years"),
            _OUTCOME % ("secondary", "Overall survival", "5 years"),
            "differs, major",
        ),
        Example(
            _OUTCOME % ("primary", "Overall survival", "5 years"),
            _OUTCOME % ("primary", "Overall survival.", "5 Years"),
            "agrees",
        ),
        Example("DAS28, HAQ", _OUTCOME % ("primary", "Adverse events", "48 weeks"), "not comparable"),
        state_primary_outcomes, compare_primary_outcomes,
    ),
)  # fmt: skip
#: By the name of the field, in the order in which they are shown.
RECORD_FIELDS: Final[dict[str, RecordRule]] = {rule.field: rule for rule in _RULES}
