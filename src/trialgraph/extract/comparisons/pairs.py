"""Reports of one trial to comparisons: one for each field of each pair of reports of different sources.

A join on the identity of the trial, not a scan of all pairs. A trial that many rows name is compared up to
:data:`MOST_PAIRS` pairs; what is left out is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, product
from typing import Any, Final

from trialgraph.extract.comparisons.outcome import Earlier, Outcome, Stated, not_comparable
from trialgraph.extract.comparisons.rules import FIELDS, FieldRule
from trialgraph.extract.sources import Source
from trialgraph.model.comparison import Comparison, Side, Verdict
from trialgraph.model.report import Report, TrialReport

__all__ = ["MOST_PAIRS", "SourceFacts", "compare_group", "compare_pair", "facts_of", "in_order", "order_of"]

#: No trial is compared in more pairs of reports.
MOST_PAIRS: Final = 200


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What comparisons need to know of a source.

    :param as_of: the date that it states of itself; empty where it states none
    :param doi: of the publication, in small letters; empty where it states none
    :param record: whether it is the record of a registry, which stands at the right of a review
    """

    as_of: str = ""
    doi: str = ""
    record: bool = False


def facts_of(sources: Iterable[Source]) -> dict[str, SourceFacts]:
    """By slug, what ``source.toml`` says."""
    return {
        source.slug: SourceFacts(
            str(source.meta.get("issued") or ""), str(source.meta.get("doi") or "").strip().casefold()
        )
        for source in sources
    }


def order_of(report: Report, facts: Mapping[str, SourceFacts]) -> tuple[Any, ...]:
    """Where a report stands among others, in whatever order they were read: reviews first, by slug and row."""
    return facts.get(report.source, SourceFacts()).record, report.source, report.row.number


def in_order(reports: Iterable[Report], facts: Mapping[str, SourceFacts]) -> list[Report]:
    """Reports by :func:`order_of`."""
    return sorted(reports, key=lambda report: order_of(report, facts))


def compare_group(
    group: Sequence[Report], facts: Mapping[str, SourceFacts]
) -> tuple[tuple[Comparison, ...], int]:
    """The comparisons of the reports of one trial, and how many pairs are left out.

    Rows of one source are not compared with one another: it may list the trial by publication or by cohort. Where it
    does, a difference that another row of it does not have is no difference of the sources.
    """
    by_source: dict[str, list[Report]] = defaultdict(list)
    for report in in_order(group, facts):
        by_source[report.source].append(report)
    if len(by_source) < 2:
        return (), 0
    sides = list(by_source.values())
    pairs = (pair for left, right in combinations(sides, 2) for pair in product(left, right))
    made = [one for left, right in islice(pairs, MOST_PAIRS) for one in compare_pair(left, right, facts)]
    left_out = max(0, sum(len(a) * len(b) for a, b in combinations(sides, 2)) - MOST_PAIRS)
    if all(len(rows) == 1 for rows in sides):
        return tuple(made), left_out
    return tuple(_by_rows(made)), left_out


def _by_rows(made: Sequence[Comparison]) -> Iterator[Comparison]:
    """The comparisons, without a difference where another row of the same source agrees with the same other report."""
    agreeing: dict[tuple[str, str, str], TrialReport] = {}
    for one in made:
        if one.verdict == "agrees":
            left, right = one.left.report, one.right.report
            agreeing.setdefault((one.field, left.source, right.key), left)
            agreeing.setdefault((one.field, right.source, left.key), right)
    for one in made:
        left, right = one.left.report, one.right.report
        other = agreeing.get((one.field, left.source, right.key)) or agreeing.get(
            (one.field, right.source, left.key)
        )
        if one.verdict == "differs" and other:
            note = f"row {other.locator} of {other.source} is of this trial too, and agrees"
            yield replace(one, verdict="not comparable", severity=None, note=note)
        else:
            yield one


def compare_pair(left: Report, right: Report, facts: Mapping[str, SourceFacts]) -> Iterator[Comparison]:
    """Every field that at least one of two reports states."""
    dates = [facts.get(r.source, SourceFacts()).as_of for r in (left, right)]
    for rule in FIELDS.values():
        one, other = rule.state(left), rule.state(right)
        if one is None and other is None:
            continue
        if one and other:
            found = rule.compare(one, other, _earlier(*dates))
            found = replace(
                found, note=_joined(found.note, *_of_conflicts(rule, left, right, one, other, found))
            )
        else:
            silent = right if one else left
            found = _silent(rule, silent, "only left" if one else "only right")
        note = _joined(found.note, *_entered(rule, left), *_entered(rule, right))
        yield Comparison(
            rule.field, found.verdict, found.severity, rule.rule.id,
            _side(left, one, dates[0]), _side(right, other, dates[1]), note,
        )  # fmt: skip


def _earlier(left: str, right: str) -> Earlier:
    """ISO dates, or the beginning of one; the same month beside a day in it says nothing."""
    length = min(len(left), len(right))
    if not length or left[:length] == right[:length]:
        return None
    return "left" if left < right else "right"


def _side(report: Report, stated: Stated | None, as_of: str) -> Side:
    if stated is None:
        return Side(report, "", (), as_of)
    return Side(report, stated.words, stated.readings, as_of, stated.printed)


def _joined(*notes: str) -> str:
    return "; ".join(filter(None, notes))


def _silent(rule: FieldRule, silent: Report, verdict: Verdict) -> Outcome:
    """Why one report states nothing; text that no rule read may well state it."""
    where = f"{silent.source} row {silent.row.number}"
    if any(r.cell.field == rule.column for r in silent.leftovers):
        return not_comparable(f"{where} has text there that was not read")
    state = silent.states.get(rule.column, "absent")
    has_column = any(cell.field == rule.column for cell in silent.row.cells)
    why = {
        "absent": "has an empty cell" if has_column else "has no such column",
        "not specified": "says that it is not specified",
        "not applicable": "says that it does not apply",
    }.get(state, "says nothing of it")
    return Outcome(verdict, None, f"{where} {why}")


def _entered(rule: FieldRule, report: Report) -> Iterator[str]:
    """That a reviewer entered the value which is compared."""
    for correction in report.corrections:
        if correction.name == rule.field:
            yield f"{correction.words} in {report.source} row {report.row.number} was entered by a reviewer"


def _of_conflicts(
    rule: FieldRule, left: Report, right: Report, one: Stated, other: Stated, found: Outcome
) -> Iterator[str]:
    """That a differing value is one of the readings that compete in an open conflict of the other report."""
    if found.verdict != "differs":
        return
    for report, theirs in ((left, other), (right, one)):
        for conflict in report.conflicts:
            if conflict.status == "open" and any(
                r.name == rule.field and r.value is not None and r.value == theirs.value
                for r in conflict.competing
            ):
                yield f"{theirs.words} is a competing reading in {report.source} row {report.row.number}"
                break
