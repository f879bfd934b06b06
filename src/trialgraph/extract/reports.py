"""Row to Report: every cell through the reader of its field, put together; curation laid over it."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.small_files import small_text
from trialgraph.extract.columns.cell_source import read_products
from trialgraph.extract.columns.combination import read_combination
from trialgraph.extract.columns.conclusion import read_findings, read_results_status
from trialgraph.extract.columns.disease import read_condition
from trialgraph.extract.columns.dose import read_dosing
from trialgraph.extract.columns.follow_up import read_follow_up
from trialgraph.extract.columns.mechanism import read_mechanisms
from trialgraph.extract.columns.outcomes import read_outcomes
from trialgraph.extract.columns.patients import Patients, read_patients
from trialgraph.extract.columns.phase import Phase, read_phase
from trialgraph.extract.columns.reference import read_reference
from trialgraph.extract.columns.registration import read_look_alikes, read_registrations
from trialgraph.extract.columns.route import read_methods, read_routes
from trialgraph.extract.sources import Source
from trialgraph.extract.text.patterns import says_nothing
from trialgraph.model.reading import Reading
from trialgraph.model.report import Arm, Curation, Intervention, Report
from trialgraph.model.table import Cell, Row
from trialgraph.terminology.lexicon import lexicon

__all__ = ["CURATION_COLUMNS", "read_curation", "read_report"]

CURATION_COLUMNS: Final = ("row", "kind", "decision", "who", "when", "why")


def read_report(row: Row) -> Report:
    """What one row says of one trial. A column that the table does not have states nothing, nor does a dash."""
    cells: dict[str | None, list[Cell]] = {}
    for c in row.cells:
        # Of a phase alone it matters which words say that there is none.
        if c.text and (c.field == "phase" or not says_nothing(c.text)):
            cells.setdefault(c.field, []).append(c)

    def first(name: str) -> Cell | None:
        return next(iter(cells.get(name, ())), None)

    phase = read_phase(cell) if (cell := first("phase")) else Phase(None, "not stated", None, None)
    patients = read_patients(cell) if (cell := first("patients")) else Patients(None, None, None, (), (), ())
    condition, qualifiers = read_condition(cell) if (cell := first("disease")) else (None, ())
    products, with_products = read_products(cell) if (cell := first("cell source")) else ((), ())
    intervention, of_doses = _intervention(cells.get("administration", []))
    registrations = [r for c in cells.get("registration", []) for r in read_registrations(c)]
    follow_up = tuple(f for c in cells.get("follow-up", []) for f in read_follow_up(c))
    mechanisms = tuple(m for c in cells.get("mechanism", []) for m in read_mechanisms(c))
    outcomes = tuple(o for c in cells.get("outcomes", []) for o in read_outcomes(c))
    findings = tuple(f for c in cells.get("conclusion", []) for f in read_findings(c))
    status, said = read_results_status(cell) if (cell := first("conclusion")) else (None, None)
    reference = read_reference(cell) if (cell := first("reference")) else None
    readings: list[Reading | None] = [
        phase.reading,
        *(p.reading for p in products),
        *with_products,
        condition.reading if condition else None,
        *qualifiers,
        patients.total,
        *patients.groups,
        *patients.competing,
        *(d.reading for d in intervention.doses),
        *of_doses,
        *(r for _, r in (*intervention.routes, *intervention.methods, *intervention.combined_with)),
        *(r for _, r in follow_up),
        *(m.reading for m in mechanisms),
        *(o.reading for o in outcomes),
        *(f.reading for f in findings),
        said,
        *(r.reading for r in registrations),
        *(r for c in row.cells for r in read_look_alikes(c)),
        reference,
    ]
    return Report(
        source=row.source,
        row=row,
        readings=_once(readings),
        registration=registrations[0] if registrations else None,
        phase=phase.code,
        phase_status=phase.status,
        phase_concept=phase.concept,
        products=products,
        condition=condition,
        n_total=patients.total.value if patients.total and isinstance(patients.total.value, int) else None,
        n_treatment=patients.treatment,
        n_control=patients.control,
        arms=tuple(_given(a, intervention) for a in patients.arms),
        intervention=intervention,
        follow_up=follow_up,
        mechanisms=mechanisms,
        outcomes=outcomes,
        findings=findings,
        results_status=status,
        results_reading=said,
        reference=reference.value if reference and isinstance(reference.value, int) else None,
    )


def _intervention(cells: Iterable[Cell]) -> tuple[Intervention, list[Reading]]:
    dosings = [read_dosing(c) for c in cells]
    doses = tuple(level for d in dosings for level in d.levels)
    said = [d.said for d in dosings if d.said]
    made = Intervention(
        doses=doses,
        dose_status="stated" if doses else "not specified" if said else "not stated",
        routes=tuple(r for c in cells for r in read_routes(c)),
        methods=tuple(m for c in cells for m in read_methods(c)),
        combined_with=tuple(d for c in cells for d in read_combination(c)),
    )
    return made, [*(b for d in dosings for b in d.bases), *said]


def _given(arm: Arm, intervention: Intervention) -> Arm:
    """The arm, marked where it is named and its name lacks the drug that the intervention adds."""
    added = {concept.id for concept, _ in intervention.combined_with if concept}
    if not added or arm.label is None:
        return arm
    named = {mention.concept.id for _, _, mention in lexicon().find("product", arm.label)}
    return replace(arm, as_given=bool(added & named))


def _once(readings: Iterable[Reading | None]) -> tuple[Reading, ...]:
    """Each reading once, by its name and place: a finding of three measures has one reading."""
    return tuple(dict.fromkeys(r for r in readings if r is not None))


def read_curation(source: Source) -> tuple[Curation, ...]:
    """The decisions of ``curation.tsv`` beside a source, if there is one.

    :raises InputError: it is no UTF-8 text, a column is missing, or a line is incomplete
    """
    path = source.path.parent / "curation.tsv"
    if not source.meta or not os.path.lexists(path):
        return ()
    lines = small_text(path, path.parent).replace("\r\n", "\n").split("\n")
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        if tuple(rows.fieldnames or ()) != CURATION_COLUMNS:
            raise InputError(
                "the columns are not " + ", ".join(CURATION_COLUMNS),
                where=f"{path}:1",
                hint="correct the first line",
            )
        return tuple(_decision(path, number, row) for number, row in enumerate(rows, start=2))
    except csv.Error as error:
        raise InputError(
            f"{error}", where=str(path), hint="write one short line for each decision"
        ) from error


def _decision(path: Path, number: int, row: dict[str, str | None]) -> Curation:
    values = {key: (row.get(key) or "").strip() for key in CURATION_COLUMNS}
    if empty := [key for key, value in values.items() if not value]:
        raise InputError(
            f"no {', '.join(empty)}", where=f"{path}:{number}", hint="say who decided what, when and why"
        )
    if not values["row"].isdecimal() or len(values["row"]) > 9:
        raise InputError(
            f"{values['row'][:20]!r} is no row number", where=f"{path}:{number}", hint="count rows from 1"
        )
    return Curation(
        int(values["row"]), values["kind"], values["decision"], values["who"], values["when"], values["why"]
    )
