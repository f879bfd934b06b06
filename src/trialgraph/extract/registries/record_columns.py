"""The columns of ``trialgraph trials`` that a registry's record fills, beside those of tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, cast

from trialgraph.base.errors import UsageError
from trialgraph.extract.column_type import FlatColumn, FlatValue
from trialgraph.extract.trials_table import COLUMNS, flat_columns
from trialgraph.model.record import RecordFact, RecordReport, facts_by_property
from trialgraph.model.report import Report, TrialReport

__all__ = ["RECORD_COLUMNS", "RECORD_FLAT", "RECORD_NAME", "every_column", "flat_names", "flat_of"]

By = Mapping[tuple[str, str], Sequence[RecordFact]]
Column = Callable[[By], FlatValue]
_NOT_STATED: Final = "not stated"


def _words(value: object) -> str:
    return " ".join(str(value).split())


def _first(by: By, name: str, node: str = "study") -> FlatValue:
    fact = next(iter(by.get((node, name), ())), None)
    if fact is None:
        return None
    return fact.value if isinstance(fact.value, (bool, int)) else _words(fact.value)


def _one(name: str) -> Column:
    return lambda by: _first(by, name)


def _all(name: str, node: str = "study") -> Column:
    return lambda by: [_words(fact.value) for fact in by.get((node, name), ())]


def _counted(name: str) -> Column:
    return lambda by: _first(by, name) or 0


def _at(by: By, node: str, name: str) -> dict[tuple[int, ...], str]:
    """The first value of a property by the indices of its node."""
    made: dict[tuple[int, ...], str] = {}
    for fact in by.get((node, name), ()):
        made.setdefault(fact.node[1], _words(fact.value))
    return made


def _nodes(by: By, *kinds: str) -> list[tuple[int, ...]]:
    """The indices of all nodes of these kinds that state anything."""
    places = {fact.node[1] for (node, _), facts in by.items() if node in kinds for fact in facts}
    return sorted(places)


def _of_role(by: By, node: str) -> list[tuple[int, ...]]:
    """Of records that list all outcomes together, those of a role: ``primary-outcome``."""
    roles = _at(by, "outcome", "role")
    return [place for place in sorted(roles) if f"{roles[place]}-outcome" == node]


def _beside(node: str, name: str, missing: str) -> Column:
    """One item for each node of a kind, whether it states the property or not."""

    def listed(by: By) -> FlatValue:
        stated, other = _at(by, node, name), _at(by, "outcome", name)
        return [
            *(stated.get(place, missing) for place in _nodes(by, node)),
            *(other.get(place, missing) for place in _of_role(by, node)),
        ]

    return listed


def _number_of(node: str, stated: str) -> Column:
    """How many nodes there are: the length of their list, or those that state anything."""
    return lambda by: _first(by, stated) or len(_nodes(by, node)) + len(_of_role(by, node))


def _given(by: By) -> FlatValue:
    """Which arm receives what, as either of them says it.

    A name that several arms or interventions have is that of those which the other side links, else of the first.
    """
    arms, things = _at(by, "arm", "label"), _at(by, "intervention", "name")
    kinds = _at(by, "intervention", "type")
    entered = _places((f"{kinds.get(place, '')}: {name}".casefold(), place) for place, name in things.items())
    named = _places((name.casefold(), place) for place, name in things.items())
    labelled = _places((label, place) for place, label in arms.items())
    by_arm = [
        [(fact.node[1], thing) for thing in _things(_words(fact.value).casefold(), entered, named)]
        for fact in by.get(("arm", "givenIntervention"), ())
        if fact.node[1] in arms
    ]
    by_thing = [
        [(arm, fact.node[1]) for arm in labelled.get(_words(fact.value), ())]
        for fact in by.get(("intervention", "givenToArm"), ())
        if fact.node[1] in things
    ]
    pairs: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
    for mine, other in ((by_arm, by_thing), (by_thing, by_arm)):
        sure = {pair for possible in other for pair in possible}
        for possible in mine:
            pairs |= {pair for pair in possible if len(possible) == 1 or pair in sure} or set(possible[:1])
    return [f"{arms[arm]} => {things[thing]}" for arm, thing in sorted(pairs)]


def _places(named: Iterable[tuple[str, tuple[int, ...]]]) -> dict[str, list[tuple[int, ...]]]:
    made: dict[str, list[tuple[int, ...]]] = {}
    for name, place in named:
        made.setdefault(name, []).append(place)
    return made


def _things(
    words: str, entered: Mapping[str, list[tuple[int, ...]]], named: Mapping[str, list[tuple[int, ...]]]
) -> Sequence[tuple[int, ...]]:
    """The interventions that an arm names, with their type before the name or without."""
    return entered.get(words) or named.get(re.sub(r"^[a-z ]+: ", "", words)) or named.get(words) or ()


def _references(by: By) -> FlatValue:
    kinds = _at(by, "reference", "type")
    return [
        f"{pmid}:{kinds[place]}" for place, pmid in _at(by, "reference", "pmid").items() if place in kinds
    ]


def _mesh(node: str) -> Column:
    return lambda by: [f"MESH:{_words(fact.value)}" for fact in by.get((node, "id"), ())]


def _baseline_groups(by: By) -> FlatValue:
    """The size of each group, of the one overall denominator that counts participants."""
    ids = _at(by, "baseline-group", "id")
    titles = {ids[p]: title for p, title in _at(by, "baseline-group", "title").items() if p in ids}
    units = _at(by, "baseline-size", "units")
    counted = next((p for p, unit in units.items() if unit.casefold() == "participants"), (0,))
    sizes = _at(by, "baseline-group-size", "value")
    groups = _at(by, "baseline-group-size", "groupId")
    return [
        f"{titles[groups[place]]}={sizes[place]}"
        for place in sizes
        if place[:1] == counted and groups.get(place) in titles
    ]


def _serious_events(by: By) -> FlatValue:
    titles = _at(by, "event-group", "title")
    affected, at_risk = (
        _at(by, "event-group", "seriousNumAffected"),
        _at(by, "event-group", "seriousNumAtRisk"),
    )
    return [
        f"{titles.get(place, '')}={affected[place]}/{at_risk[place]}"
        for place in _nodes(by, "event-group")
        if place in affected and place in at_risk
    ]


def _primary_results(by: By) -> FlatValue:
    """The values of the first primary outcome's first class and category, one for each group."""
    kinds = _at(by, "reported-outcome", "type")
    outcome = next((place for place in sorted(kinds) if kinds[place] == "primary"), None)
    if outcome is None:
        return []
    titles, ids = _at(by, "outcome-group", "title"), _at(by, "outcome-group", "id")
    named = {ids[p]: titles.get(p, "") for p in ids if p[:1] == outcome}
    values, groups = _at(by, "outcome-measurement", "value"), _at(by, "outcome-measurement", "groupId")
    return [
        f"{named[groups[place]]}={values[place]}"
        for place in values
        if place[:3] == (*outcome, 0, 0) and groups.get(place) in named
    ]


def _secondary_ids(by: By) -> FlatValue:
    """Of the portal's numbers those that are registrations come first: the others are words."""
    names = (("secondary-id", "id"), ("study", "secondaryRegistration"), ("study", "secondaryIdAsReported"))
    return [_words(fact.value) for name in names for fact in by.get(name, ())]


_OF_FACTS: Final[Mapping[str, tuple[Column, str]]] = {
    "title": (_one("studyTitle"), "title of the trial"),
    "acronym": (_one("acronym"), "acronym of the trial"),
    "org_study_id": (_one("organisationStudyId"), "number that the organisation itself gave the trial"),
    "aliases": (_all("formerRegistration"), "former numbers in the same registry"),
    "secondary_ids": (_secondary_ids, "other numbers of the trial as the record lists them"),
    "study_type": (_one("studyType"), "interventional, observational, expanded access"),
    "phase_status": (lambda _: None, "stated, not applicable, not stated, unread"),
    "status": (_one("recruitmentStatus"), "recruitment status: recruiting, completed, withdrawn …"),
    "last_known_status": (_one("lastKnownStatus"), "the status before it became unknown"),
    "why_stopped": (_one("whyStopped"), "why the trial ended early, as the record words it"),
    "status_verified": (_one("statusVerified"), "when the status was last verified"),
    "start_date": (_one("startDate"), "start, as precise as stated"),
    "start_date_type": (_one("startDateType"), "actual or estimated"),
    "primary_completion_date": (_one("primaryCompletionDate"), "last visit for the primary outcome"),
    "primary_completion_date_type": (_one("primaryCompletionDateType"), "actual or estimated"),
    "completion_date": (_one("completionDate"), "end of the trial"),
    "completion_date_type": (_one("completionDateType"), "actual or estimated"),
    "first_posted": (_one("firstPosted"), "when the registry first showed the record"),
    "last_update_posted": (_one("lastUpdatePosted"), "when the registry last showed a change of it"),
    "results_first_posted": (_one("resultsFirstPosted"), "when the registry first showed results"),
    "enrolment_type": (_one("enrolmentType"), "whether n_total is actual or estimated"),
    "allocation": (_one("allocation"), "randomized, non randomized, not applicable"),
    "intervention_model": (_one("interventionModel"), "single group, parallel, crossover, …"),
    "observational_model": (_one("observationalModel"), "cohort, case control, …"),
    "time_perspective": (_one("timePerspective"), "prospective, retrospective, cross sectional, other"),
    "primary_purpose": (_one("primaryPurpose"), "treatment, prevention, …"),
    "masking": (_one("masking"), "none, single, double, triple, quadruple"),
    "who_masked": (_all("whoMasked"), "who does not know what is given"),
    "conditions": (_all("conditionAsReported"), "conditions as the record words them"),
    "keywords": (_all("keyword"), "keywords"),
    "condition_mesh": (
        _mesh("condition-mesh"),
        "the registry's terms of MeSH for the conditions, no ancestors",
    ),
    "intervention_mesh": (_mesh("intervention-mesh"), "likewise for the interventions"),
    "arms": (_beside("arm", "label", ""), "labels of the arms"),
    "arm_types": (_beside("arm", "type", _NOT_STATED), "type of each arm; it is no role"),
    "interventions": (_beside("intervention", "name", ""), "names of the interventions"),
    "intervention_types": (_beside("intervention", "type", _NOT_STATED), "type of each intervention"),
    "arm_interventions": (_given, "which arm receives what, as label => name"),
    "n_primary_outcomes": (
        _number_of("primary-outcome", "numberOfPrimaryOutcomes"),
        "number of primary outcomes",
    ),
    "n_secondary_outcomes": (
        _number_of("secondary-outcome", "numberOfSecondaryOutcomes"),
        "number of secondary outcomes",
    ),
    "n_other_outcomes": (_number_of("other-outcome", "numberOfOtherOutcomes"), "number of other outcomes"),
    "primary_outcomes": (_beside("primary-outcome", "measure", ""), "what each primary outcome measures"),
    "primary_time_frames": (
        _beside("primary-outcome", "timeFrame", ""),
        "when; empty where it is not stated",
    ),
    "sponsor": (_one("sponsor"), "lead sponsor"),
    "sponsor_class": (_one("sponsorClass"), "industry, nih, other gov, other, …"),
    "collaborators": (_all("name", "collaborator"), "collaborators"),
    "countries": (_all("country"), "countries of the sites, each once"),
    "n_sites": (_counted("numberOfSites"), "number of sites"),
    "sex": (_one("eligibleSex"), "all, female, male"),
    "minimum_age": (_one("minimumAge"), "as written; empty where there is no limit"),
    "maximum_age": (_one("maximumAge"), "likewise"),
    "healthy_volunteers": (_one("healthyVolunteers"), "whether the trial takes healthy volunteers"),
    "references": (_references, "papers as PubMed id:type, those that have both"),
    "has_results": (_one("hasResults"), "whether the registry has results"),
    "data_version": (_one("dataVersion"), "date of the registry's state of the record"),
    "baseline_groups": (_baseline_groups, "size of each group at baseline, as title=number; groups overlap"),
    "flow_groups": (_all("title", "flow-group"), "titles of the groups of the participant flow"),
    "serious_events": (
        _serious_events,
        "serious events of each group, as title=affected/at risk; groups overlap",
    ),
    "n_reported_outcomes": (_counted("numberOfReportedOutcomes"), "number of outcomes with posted results"),
    "primary_results": (_primary_results, "values of the first primary outcome's first class and category"),
}
#: Those columns, in their order.
RECORD_COLUMNS: Final = tuple(_OF_FACTS)
_LISTS: Final = frozenset(
    {"aliases", "secondary_ids", "who_masked", "conditions", "keywords", "condition_mesh", "intervention_mesh",
     "arms", "arm_types", "interventions", "intervention_types", "arm_interventions", "primary_outcomes",
     "primary_time_frames", "collaborators", "countries", "references", "baseline_groups", "flow_groups",
     "serious_events", "primary_results"}
)  # fmt: skip
#: The same for a reader of the table's CSV.
RECORD_FLAT: Final = tuple(
    FlatColumn(name, meaning, lambda _: None, several=name in _LISTS, number=name.startswith("n_"))
    for name, (_, meaning) in _OF_FACTS.items()
)


#: In the tables of a release: which record of its source a report is of.
RECORD_NAME: Final = FlatColumn(
    "record", "name of the record in its source; empty for a row of a table", lambda _: None
)


def every_column() -> tuple[FlatColumn, ...]:
    """All columns that a release's table may have: those of tables, those of records, the record."""
    found = {column.name: column for column in (*RECORD_FLAT, RECORD_NAME)}
    of_tables = {column.name: column for column in flat_columns(["all"])}
    return tuple((of_tables | {name: c for name, c in found.items() if name not in of_tables}).values())


def flat_names(names: Sequence[str] = COLUMNS) -> tuple[str, ...]:
    """The names of columns, those of records among them; ``all`` alone is every one.

    :raises UsageError: there is no column of that name
    """
    of_tables = [column.name for column in flat_columns(["all"])]
    known = dict.fromkeys((*COLUMNS, *RECORD_COLUMNS, *of_tables))
    if tuple(names) == ("all",):
        return tuple(known)
    if unknown := [name for name in names if name not in known]:
        raise UsageError(
            f"there is no column {unknown[0][:40]!r}", where="columns", hint=f"use all, or {', '.join(known)}"
        )
    return tuple(names)


def flat_of(report: TrialReport, names: Iterable[str]) -> dict[str, FlatValue]:
    """One report, of a row or of a record, as a record of these columns; null where it does not state one."""
    of_tables = {column.name: column for column in flat_columns(["all"])}
    if isinstance(report, RecordReport):
        return _of_record(report, names, of_tables)
    row = cast(Report, report)
    return {name: of_tables[name].value(row) if name in of_tables else _absent(name) for name in names}


def _absent(name: str) -> FlatValue:
    return [] if name in _LISTS else None


def _without_gaps(name: str, value: FlatValue) -> FlatValue:
    """A value of a format that leaves fields out: there, nothing listed does not mean that there is none."""
    if name.startswith("n_") and value == 0:
        return None
    if isinstance(value, list) and not any(item and item != _NOT_STATED for item in value):
        return []
    return value


def _of_record(
    report: RecordReport, names: Iterable[str], of_tables: Mapping[str, FlatColumn]
) -> dict[str, FlatValue]:
    by = facts_by_property(report.facts)
    whole = (
        report.record.registry == "ClinicalTrials.gov"
        and report.record.scheme == "pointer"
        and ("study", "versionNumber") not in by
    )
    made: dict[str, FlatValue] = {}
    for name in names:
        if name == "phase_status":
            made[name] = report.phase_status
        elif name in _OF_FACTS:
            value = _OF_FACTS[name][0](by)
            made[name] = value if whole else _without_gaps(name, value)
        elif name == "row":
            made[name] = None
        else:
            # The columns of tables use nothing of a row but its number.
            made[name] = of_tables[name].value(cast(Report, report))
    return made
