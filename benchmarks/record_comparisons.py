"""How long comparing a review with a registry's file takes: ``python benchmarks/record_comparisons.py FILE 100 2000``.

The review has a row for each of the first so many trials of the file, made of its own fields. CPU seconds of finding
the records that join, of reading them, and of comparing them, in one process, and as a share of reading the file once.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from itertools import islice, pairwise

from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.record_comparisons.numbers import joinable_numbers
from trialgraph.extract.record_comparisons.record_comparisons import record_comparisons
from trialgraph.extract.registries.formats.registry_file import raw_records
from trialgraph.extract.registries.reading import RegistrySource, registry_source
from trialgraph.extract.registries.selection import Selection
from trialgraph.extract.reports import read_report
from trialgraph.model.record import RecordReport
from trialgraph.model.report import Report
from trialgraph.model.table import Cell, Row


def rows_of(source: RegistrySource, number: int) -> list[Report]:
    """A review of the first trials of a file."""
    found = (one for one in source.reports(DEFAULTS) if isinstance(one, RecordReport))
    return [_row(n, record) for n, record in enumerate(islice(found, number), start=1)]


def _row(number: int, record: RecordReport) -> Report:
    cells = {
        "phase": f"Phase {record.phase}" if record.phase else "",
        "disease": record.words("conditionAsReported"),
        "patients": f"{record.n_total or 0} ({record.n_total or 0}/0)",
        "follow-up": "12",
        "registration": record.trial_key,
    }
    made, at = [], 0
    for n, (field, words) in enumerate(cells.items(), start=1):
        made.append(Cell(field, field, field.replace(" ", "-"), n, words or None, at, at + len(words)))
        at += len(words)
    return read_report(Row("review", number, number + 1, tuple(made), 1.0))


def main(path: str, trials: int, records: int) -> None:
    """Print the CPU seconds of each step."""
    source = registry_source(path, DEFAULTS)
    there = sum(1 for _ in islice(raw_records(path, DEFAULTS), records))
    review = rows_of(source, trials)
    times = [time.process_time()]
    for _ in raw_records(path, DEFAULTS):
        pass
    times.append(time.process_time())
    numbers = joinable_numbers(review, [source], DEFAULTS)
    times.append(time.process_time())
    found = source.reports(DEFAULTS, Selection(numbers), states=True, layers=("core", "words"))
    reports = [one for one in found if isinstance(one, RecordReport)]
    times.append(time.process_time())
    beside = record_comparisons([*review, *reports], {})
    times.append(time.process_time())
    once, join, read, compare = (b - a for a, b in pairwise(times))
    verdicts = Counter(one.verdict for one in beside.comparisons)
    print(f"{len(review)} rows, {there} records, {len(reports)} joined")
    print(f"{len(beside.comparisons)} comparisons: {dict(verdicts)}")
    print(f"CPU s: the file once {once:.2f}, joining {join:.2f} ({join / once:.1f} times it),")
    print(f"reading {read:.2f}, comparing {compare:.2f} ({compare / once:.1f} times it)")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
