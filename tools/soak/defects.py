"""Each defect of the data checked alone, which the suite checks in batches: ``python -m tools.soak.defects``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tests.graph import dropped, mutations
from tests.graph.batches import record_of
from tools.soak.report import Report, finish

__all__ = ["main"]


def main() -> Report:
    """Every mutation, and one triple dropped for each class and property, against what is recorded of it."""
    report = Report("defects of the data, each checked alone")
    _compare(report, "mutations", mutations.MUTATIONS, mutations.violations)
    _compare(report, "dropped-triples", dropped.names(), dropped.violations)
    return report


def _compare(
    report: Report, kind: str, names: Iterable[str], violations: Callable[[Sequence[str]], list[str]]
) -> None:
    record = record_of(kind)
    for name in names:
        found = set(violations([name]))
        report.counts[kind.replace("-", " ")] += 1
        report.counts["that a release may have"] += not found
        if not record[name] <= found or bool(found) != bool(record[name]):
            report.fault("not what is recorded", name)


if __name__ == "__main__":
    finish(main())
