"""What a trial is called: by its registry id, else by what it is: ``UC-MSC in lupus nephritis, n = 37, ref. 126``.

A name is made of the trial's own values, nothing else: what is given, in what disease, to how many. Behind it stands
where the source names the trial (its reference, else its row), so that two trials of one name are told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from trialgraph.model.report import Condition, Product, Report, TrialReport
from trialgraph.terminology.lexicon import lexicon
from trialgraph.terminology.short_names import short_label

__all__ = ["described", "trial_names"]

#: Of more diseases the number is given.
_MOST = 3


def described(report: TrialReport) -> str:
    """What a report is of: product, disease and number of patients, as far as they are known."""
    cells = [product for product in report.products if product.kind == "cells"]
    # What cells are compared with is no name of their trial.
    given = " + ".join(dict.fromkeys(map(_product, (cells or report.products)[:_MOST]))) or "Trial"
    diseases = _listed(list(dict.fromkeys(map(_disease, report.conditions))))
    what = f"{given} in {diseases}" if diseases else given
    return what if report.n_total is None else f"{what}, n = {report.n_total:,}"


def trial_names(reports: Iterable[TrialReport]) -> dict[str, str]:
    """The name of each report's trial, by the report's key: its registry id, else what it is and where it stands.

    Where the reference does not tell two apart, the row does; where that does not, row and source do.
    """
    reports = tuple(reports)
    names = {r.key: r.trial_key for r in reports if r.registration}
    rest = [r for r in reports if not r.registration]
    for where in (_reference, _row, _row_of_source):
        made = {report.key: f"{described(report)}, {where(report)}" for report in rest if where(report)}
        seen = Counter([*made.values(), *names.values()])
        names |= {key: name for key, name in made.items() if seen[name] == 1}
        rest = [report for report in rest if report.key not in names]
    return names


def _product(product: Product) -> str:
    if product.kind != "cells":
        return short_label(product.concept) if product.concept else product.label
    if product.cell_type is None:
        return product.reading.verbatim
    implied = lexicon().tissue_of(product.cell_type)
    name = short_label(product.cell_type)
    if product.tissue and (implied is None or implied.id != product.tissue.id):
        return f"{name} ({product.tissue.label})"
    return name


def _disease(condition: Condition) -> str:
    return short_label(condition.disease) if condition.disease else condition.as_reported


def _listed(names: Sequence[str]) -> str:
    if len(names) > _MOST:
        return f"{', '.join(names[: _MOST - 1])} and {len(names) - _MOST + 1} other diseases"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _reference(report: TrialReport) -> str:
    numbers = report.references or ((report.reference,) if report.reference is not None else ())
    return f"{'refs.' if len(numbers) > 1 else 'ref.'} {', '.join(map(str, numbers))}" if numbers else ""


def _row(report: TrialReport) -> str:
    # By reference and row: which of several rows of one paper.
    place = f"row {report.row.number}" if isinstance(report, Report) else f"record {report.locator}"
    return f"{_reference(report)}, {place}".removeprefix(", ")


def _row_of_source(report: TrialReport) -> str:
    return f"{_row(report)} of {report.source}"
