"""What the columns of the table are called, and how they stand together in menus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from trialgraph.extract.column_type import FlatColumn

__all__ = ["GROUPS", "grouped", "heading"]

#: Names that a code name does not make by itself.
_HEADINGS: Final[Mapping[str, str]] = {
    "row": "Row of the source",
    "registration_id": "Registry id",
    "registration_ids": "All registry ids",
    "tissue_sources": "Tissue",
    "cell_types": "Cell type",
    "donor_type": "Donor",
    "product": "Product code",
    "disease": "Disease id",
    "disease_label": "Disease",
    "diseases": "All disease ids",
    "n_total": "Patients",
    "n_treatment": "Treated",
    "n_control": "Control",
    "dose_low": "Lowest dose",
    "dose_high": "Highest dose",
    "dose_count": "Number of doses",
    "routes": "Route",
    "follow_up_months": "Follow-up, months",
    "results_status": "Result",
    "status": "Recruitment status",
    "conflicts": "Conflicts",
    "unread": "Fields with unread text",
    "corrected": "Corrected values",
    "minimum_age": "Youngest",
    "maximum_age": "Oldest",
    "targets": "Target",
    "countries": "Country",
    "org_study_id": "Number of the organisation",
    "aliases": "Former numbers",
    "secondary_ids": "Other numbers",
    "phase_status": "Whether a phase is stated",
    "start_date_type": "Start, actual or estimated",
    "primary_completion_date": "Primary completion",
    "primary_completion_date_type": "Primary completion, actual or estimated",
    "completion_date_type": "Completion, actual or estimated",
    "enrolment_type": "Patients, actual or estimated",
    "condition_mesh": "Conditions in MeSH",
    "intervention_mesh": "Interventions in MeSH",
    "arm_interventions": "Interventions of the arms",
    "n_primary_outcomes": "Number of primary outcomes",
    "n_secondary_outcomes": "Number of secondary outcomes",
    "n_other_outcomes": "Number of other outcomes",
    "n_sites": "Sites",
    "n_reported_outcomes": "Number of reported outcomes",
    "has_results": "Results posted",
    "data_version": "Date of the record",
    "record": "Record",
}
#: The columns by what they are about; what is in none of the groups stands in the last one.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Trial": (
        "source", "row", "registry", "registration_id", "registration_ids", "phase", "reference", "title", "sponsor",
        "countries",
    ),
    "Patients": (
        "disease_label", "disease", "diseases", "qualifiers", "n_total", "n_treatment", "n_control", "minimum_age",
        "maximum_age", "sex",
    ),
    "Intervention": (
        "tissue_sources", "cell_types", "donor_type", "product", "product_names", "dose_low", "dose_high",
        "dose_levels", "dose_unit", "dose_count", "dose_frequency", "routes", "combined_with", "comparator", "targets",
    ),
    "Outcomes": ("follow_up_months", "outcomes", "mechanisms", "results_status"),
    "Checks": ("conflicts", "unread", "corrected"),
    "Design and dates": ("allocation", "masking", "status", "start_date", "completion_date"),
    "Records of registries": (),
}  # fmt: skip


def heading(name: str) -> str:
    """What a column is called."""
    return _HEADINGS.get(name) or name.replace("_", " ").capitalize()


def grouped(columns: Iterable[FlatColumn]) -> list[tuple[str, list[FlatColumn]]]:
    """The columns in the groups of a menu."""
    known = {column.name: column for column in columns}
    made = [(title, [known.pop(name) for name in names if name in known]) for title, names in GROUPS.items()]
    made[-1][1].extend(known.values())
    return [(title, held) for title, held in made if held]
