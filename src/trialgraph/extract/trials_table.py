"""Reports to the flat table of ``trialgraph trials``: one line per report, columns that others rely on."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from trialgraph.model.report import DoseBasis, Report
from trialgraph.terminology.lexicon import Concept

__all__ = ["COLUMNS", "LISTS", "MEANINGS", "Value", "csv_text", "flat", "from_csv"]

MEANINGS: Final[dict[str, str]] = {
    "source": "slug of the source",
    "row": "number of the row in the source's table, from 1",
    "registry": "ClinicalTrials.gov, ChiCTR, …; empty where no number is printed",
    "registration_id": "the number in that registry",
    "phase": "1, 1a, 1/2, 1/2a, 1b/2a, 2 …; empty when not stated",
    "tissue_sources": "UBERON labels of the tissues that the cells come from",
    "cell_types": "CURIEs of the cell types; where no exact term exists, the broader one",
    "donor_type": "autologous or allogeneic where the source says so",
    "product": "the product's code",
    "disease": "CURIE of the exact term of the printed disease",
    "disease_label": "its label, or the words as printed where no term covers them",
    "qualifiers": "what is said of the disease besides its name",
    "n_total": "patients enrolled",
    "n_treatment": "patients treated; the preferred reading where there is a conflict",
    "n_control": "patients in control groups; 0 where the source says 0, empty where it states no control group",
    "dose_low": "lowest dose in cells",
    "dose_high": "highest dose in cells; the same as the lowest for a single dose",
    "dose_levels": "all levels of a printed list of doses; empty for one dose and for a range",
    "dose_unit": "cells/kg, cells/patient, cells/joint; empty where the basis is not stated",
    "routes": "routes of administration; several are alternatives as the source words them",
    "follow_up_months": "follow-up times in months",
    "combined_with": "what is given beside the cells: concept labels, else the words as printed",
    "mechanisms": "claimed mechanisms, one per printed item: concept labels, else the words as printed",
    "outcomes": "planned outcomes, one per printed item: concept labels, else the words as printed",
    "results_status": "ongoing if the source says so, else not published if it says so, else published",
    "reference": "number in the source's reference list",
    "conflicts": "ids of the conflict kinds (see conflicts.md)",
}
COLUMNS: Final = tuple(MEANINGS)
# Always lists in JSON, joined by | in CSV.
LISTS: Final = frozenset(
    {
        "tissue_sources", "cell_types", "qualifiers", "dose_levels", "routes", "follow_up_months",
        "combined_with", "mechanisms", "outcomes", "conflicts",
    }
)  # fmt: skip
_NUMBERS: Final = frozenset(
    {
        "row",
        "n_total",
        "n_treatment",
        "n_control",
        "dose_low",
        "dose_high",
        "dose_levels",
        "follow_up_months",
        "reference",
    }
)
_UNITS: Final[dict[DoseBasis, str | None]] = {
    "kilogram": "cells/kg",
    "patient": "cells/patient",
    "joint": "cells/joint",
    "not stated": None,
}

Value = str | int | float | None | list[str] | list[int] | list[float] | list[int | float]


def flat(report: Report) -> dict[str, Value]:
    """One report as a record of :data:`COLUMNS`: numbers, None, and lists for the plural columns."""
    doses = report.intervention.doses
    registration = report.registration
    donors = {p.donor for p in report.products if p.donor}
    codes = {p.code for p in report.products if p.code}
    condition = report.condition
    printed_list = len(doses) > 1
    return {
        "source": report.source,
        "row": report.row.number,
        "registry": registration.registry if registration else None,
        "registration_id": registration.identifier if registration else None,
        "phase": report.phase,
        "tissue_sources": [p.tissue.label for p in report.products if p.tissue],
        "cell_types": [external_curie(p.cell_type) for p in report.products if p.cell_type],
        "donor_type": donors.pop() if len(donors) == 1 else None,
        "product": codes.pop() if len(codes) == 1 else None,
        "disease": external_curie(condition.disease) if condition and condition.disease else None,
        "disease_label": _disease_label(report),
        "qualifiers": [q.label for q in condition.qualifiers] if condition else [],
        "n_total": report.n_total,
        "n_treatment": report.n_treatment,
        "n_control": report.n_control,
        "dose_low": _number(min(d.low for d in doses)) if doses else None,
        "dose_high": _number(max(d.high for d in doses)) if doses else None,
        "dose_levels": [_number(d.low) for d in doses] if printed_list else [],
        "dose_unit": _unit(report),
        "routes": [c.label if c else r.verbatim for c, r in report.intervention.routes],
        "follow_up_months": [_number(v) for v, _ in report.follow_up],
        "combined_with": [c.label if c else r.verbatim for c, r in report.intervention.combined_with],
        "mechanisms": [m.label for m in report.mechanisms],
        "outcomes": [o.label for o in report.outcomes],
        "results_status": report.results_status,
        "reference": report.reference,
        "conflicts": list(dict.fromkeys(c.kind for c in report.conflicts)),
    }


def external_curie(concept: Concept) -> str:
    """The external term that is exactly or, failing that, more broadly the concept; else the local CURIE."""
    return concept.curie if concept.curie != concept.id else (concept.broader or concept.id)


def _disease_label(report: Report) -> str | None:
    if report.condition is None:
        return None
    disease = report.condition.disease
    return disease.label if disease else report.condition.as_reported


def _unit(report: Report) -> str | None:
    bases = {d.basis for d in report.intervention.doses}
    return _UNITS[bases.pop()] if len(bases) == 1 else None


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def csv_text(reports: Iterable[Report]) -> str:
    """RFC 4180 text with a header line, LF line ends, plural columns joined by ``|``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for report in reports:
        writer.writerow([_cell(v) for v in flat(report).values()])
    return out.getvalue()


def from_csv(text: str) -> list[dict[str, Value]]:
    """The records that :func:`csv_text` wrote: numbers, None, and lists for the plural columns."""
    return [{k: _value(k, v) for k, v in row.items()} for row in csv.DictReader(io.StringIO(text))]


def _value(column: str, text: str) -> Value:
    if column in LISTS:
        parts = text.split("|") if text else []
        return [_as_number(p) for p in parts] if column in _NUMBERS else parts
    return _as_number(text) if text and column in _NUMBERS else (text or None)


def _as_number(text: str) -> int | float:
    return int(text) if text.isdecimal() else float(text)


def _cell(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, list):
        items: Sequence[object] = value
        return "|".join(str(v) for v in items)
    return value
