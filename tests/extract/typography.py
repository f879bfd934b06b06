"""What is read of constructed tables against the truth: right, wrong, missing and reported, or not reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.extract.publishers import FIELD_OF, Constructed, Publisher, constructed_table
from tests.extract.segmentation.lines import HEADINGS
from trialgraph.extract.trials_table import flat
from trialgraph.model.report import Report
from trialgraph.model.table import LOW_CONFIDENCE
from trialgraph.pipeline import Read, read_all

__all__ = ["measure_tables"]


def measure_tables(
    publishers: Iterable[Publisher], seeds: Iterable[int], rows: int, folder: Path
) -> tuple[Counter[str], list[str]]:
    """Counts of values by what became of them, and the first of those that went wrong.

    A value is missing where the source states it and it is not read; that is reported by an unread line, the field
    among the unread ones, or a row of low confidence.
    """
    counts: Counter[str] = Counter()
    examples: list[str] = []
    for publisher in publishers:
        for seed in seeds:
            text, made = constructed_table(publisher, seed, rows)
            path = folder / "constructed.txt"
            path.write_text(text, encoding="utf-8")
            (read,) = read_all([path])
            for one, reports in _by_row(read, made):
                for kind, words in _judged(one, reports):
                    counts[kind] += 1
                    if kind not in ("right", "not stated", "missing, reported"):
                        examples.append(f"{kind}: {publisher.name}: {words}")
    return counts, examples


def _by_row(read: Read, made: list[Constructed]) -> Iterable[tuple[Constructed, list[Report]]]:
    by_line = {report.row.line: report for report in read.reports}
    line = len(HEADINGS) + 2
    for one in made:
        lines = range(line, line + len(one.lines))
        line = lines.stop
        yield one, [by_line[at] for at in lines if at in by_line]


_NOTHING: tuple[object, ...] = (None, [])


def _judged(one: Constructed, reports: list[Report]) -> Iterable[tuple[str, str]]:
    if len(reports) > 1:
        yield "wrong", f"one row as {len(reports)} reports: {one.lines}"
    report = reports[0] if len(reports) == 1 else None
    record = flat(report, ["all"]) if report else {}
    for column, truth in one.truth.items():
        got = record.get(column)
        field = FIELD_OF[column]
        unread = record.get("unread") or []
        if got not in _NOTHING:
            right = truth not in _NOTHING and _words(got) == _words(truth)
            yield "right" if right else "wrong", f"{column} is {got!r}, not {truth!r}: {one.cells[field]!r}"
        elif truth in _NOTHING:
            yield "not stated", ""
        else:
            told = report is None or report.row.confidence < LOW_CONFIDENCE or field in unread  # type: ignore[operator]
            yield f"missing, {'' if told else 'not '}reported", f"{column} of {one.cells[field]!r}"


def _words(value: object) -> str:
    return " ".join(str(value).casefold().replace("\\n", " ").replace("\\xa0", " ").split())
