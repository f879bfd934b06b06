"""From a value of a record in the table of trials to its place in the record's JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.graph.records.field_terms import MAPPINGS, class_of, property_name
from trialgraph.http.lookup import iri_of, select_rows
from trialgraph.http.pages.links import address
from trialgraph.http.pages.resources.record_texts import place_address
from trialgraph.http.pages.resources.trial.recorded_values import field_source, results_source
from trialgraph.http.pages.resources.trial.trial_statements import TrialStatements
from trialgraph.query.results import Term
from trialgraph.rdf.vocabulary import RDF, TG
from trialgraph.views.record_text import anchor_of

__all__ = ["COLUMN_FIELDS", "record_words"]

_STUDY: Final = "study"
#: Parts of a record that are looked at.
_PARTS: Final = 1_000


def _study(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((_STUDY, name) for name in names)


#: By column the fields that it is made of, as kind of node and property of the mapping files; the first that is there.
COLUMN_FIELDS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "registry": _study("registration"),
    "registration_id": _study("registration"),
    "registration_ids": _study("registration"),
    "phase": _study("registeredPhase"),
    "n_total": _study("enrolledTotal"),
    "disease": _study("conditionAsReported"),
    "disease_label": _study("conditionAsReported"),
    "diseases": _study("conditionAsReported"),
    "condition": _study("conditionAsReported"),
    "outcomes": (
        ("primary-outcome", "measure"), ("secondary-outcome", "measure"), ("other-outcome", "measure"),
        ("outcome", "measure"),
    ),
    "title": _study("studyTitle"),
    "acronym": _study("acronym"),
    "org_study_id": _study("organisationStudyId"),
    "aliases": _study("formerRegistration"),
    "secondary_ids": (
        ("secondary-id", "id"), *_study("secondaryRegistration", "secondaryIdAsReported"),
    ),
    "study_type": _study("studyType"),
    "phase_status": _study("registeredPhase"),
    "status": _study("recruitmentStatus"),
    "last_known_status": _study("lastKnownStatus"),
    "why_stopped": _study("whyStopped"),
    "status_verified": _study("statusVerified"),
    "start_date": _study("startDate"),
    "start_date_type": _study("startDateType"),
    "primary_completion_date": _study("primaryCompletionDate"),
    "primary_completion_date_type": _study("primaryCompletionDateType"),
    "completion_date": _study("completionDate"),
    "completion_date_type": _study("completionDateType"),
    "first_posted": _study("firstPosted"),
    "last_update_posted": _study("lastUpdatePosted"),
    "results_first_posted": _study("resultsFirstPosted"),
    "enrolment_type": _study("enrolmentType"),
    "allocation": _study("allocation"),
    "intervention_model": _study("interventionModel"),
    "observational_model": _study("observationalModel"),
    "time_perspective": _study("timePerspective"),
    "primary_purpose": _study("primaryPurpose"),
    "masking": _study("masking"),
    "who_masked": _study("whoMasked"),
    "conditions": _study("conditionAsReported"),
    "keywords": _study("keyword"),
    "condition_mesh": (("condition-mesh", "id"),),
    "intervention_mesh": (("intervention-mesh", "id"),),
    "arms": (("arm", "label"),),
    "arm_types": (("arm", "type"),),
    "interventions": (("intervention", "name"),),
    "intervention_types": (("intervention", "type"),),
    "arm_interventions": (("arm", "givenIntervention"), ("intervention", "givenToArm")),
    "n_primary_outcomes": (
        *_study("numberOfPrimaryOutcomes"), ("primary-outcome", "measure"), ("outcome", "measure"),
    ),
    "n_secondary_outcomes": (
        *_study("numberOfSecondaryOutcomes"), ("secondary-outcome", "measure"), ("outcome", "measure"),
    ),
    "n_other_outcomes": (
        *_study("numberOfOtherOutcomes"), ("other-outcome", "measure"), ("outcome", "measure"),
    ),
    "primary_outcomes": (("primary-outcome", "measure"), ("outcome", "measure")),
    "primary_time_frames": (("primary-outcome", "timeFrame"), ("outcome", "timeFrame")),
    "sponsor": _study("sponsor"),
    "sponsor_class": _study("sponsorClass"),
    "collaborators": (("collaborator", "name"),),
    "countries": _study("country"),
    "n_sites": _study("numberOfSites"),
    "sex": _study("eligibleSex"),
    "minimum_age": _study("minimumAge"),
    "maximum_age": _study("maximumAge"),
    "healthy_volunteers": _study("healthyVolunteers"),
    "references": (("reference", "pmid"),),
    "has_results": _study("hasResults"),
    "data_version": _study("dataVersion"),
    "baseline_groups": (("baseline-group", "title"), ("baseline-group-size", "value")),
    "flow_groups": (("flow-group", "title"),),
    "serious_events": (("event-group", "seriousNumAffected"),),
    "n_reported_outcomes": (*_study("numberOfReportedOutcomes"), ("reported-outcome", "type")),
    "primary_results": (("outcome-measurement", "value"),),
}  # fmt: skip


def record_words(report: str, column: str) -> str:
    """The address of what a value of a record was read from: its place in the JSON, else the beginning of that.

    :param report: IRI of the report
    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.select_rows`
    """
    fields = COLUMN_FIELDS.get(column, ())
    stated = _statements(
        report, {kind for kind, _ in fields} | ({"reference"} if column == "results_status" else set())
    )
    if column == "results_status":
        found = results_source(stated, report)
        return found.printed[0].href if found else f"{address(report)}#record"
    mapping = next((stated.text(one, TG.mappingFile) for one in stated.iris(report, TG.fromRecord)), "")
    for kind, predicate in fields if mapping in MAPPINGS else ():
        if kind == _STUDY:
            if found := field_source(stated, report, property_name(kind, predicate)):
                return found.printed[0].href
        elif any(class_of(kind).value in stated.iris(part, RDF.type) for part in stated.triples):
            for line in field_mapping(mapping).lines.values():
                if (line.node, line.predicate) == (kind, predicate):
                    return place_address(address(report), anchor_of(line.path))
    return f"{address(report)}#record"


def _statements(report: str, kinds: set[str]) -> TrialStatements:
    """What a report and the parts of its record that are of these kinds state."""
    classes = ", ".join(sorted(str(class_of(kind)) for kind in kinds - {_STUDY})) or str(TG.Record)
    me = NamedNode(report)
    found = select_rows(
        f"SELECT ?s ?p ?o {{ {{ BIND ({me} AS ?s) }} UNION {{ {me} tg:fromRecord ?s }} UNION {{ SELECT DISTINCT ?s"
        f" {{ {me} tg:hasRecordPart+ ?s . ?s a ?kind FILTER (?kind IN ({classes})) }} LIMIT {_PARTS} }}"
        " ?s ?p ?o }"
    )
    triples: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        triples[iri_of(row["s"])][iri_of(row["p"])].append(row["o"])
    return TrialStatements(report, triples)
