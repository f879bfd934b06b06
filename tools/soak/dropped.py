"""Each triple that the checks must miss, dropped: ``python -m tools.soak.dropped``. The suite drops one in three."""

from __future__ import annotations

from tests.graph.dropped import LAWFUL, unseen, ways
from tools.soak.report import Report, finish

__all__ = ["main"]


def main() -> Report:
    """One triple for each class and property of the sample."""
    report = Report("triples dropped, one for each class and property")
    report.counts["dropped"] = len(ways())
    missed = unseen(ways())
    report.counts["that a release may lack"] = len(missed & LAWFUL.keys())
    for kind, name in sorted(missed - LAWFUL.keys()):
        report.fault("not seen", f"{name} of {kind}")
    for kind, name in sorted(LAWFUL.keys() - missed):
        report.fault("seen, though a release may lack it", f"{name} of {kind}")
    return report


if __name__ == "__main__":
    finish(main())
