"""How many labelled verdicts are right: ``python -m tests.extract.record_comparisons.measure``.

The labels (``data/verdict_labels.tsv``) were made by reading row and record before the comparison was run. A false
alarm is a difference where the label has none.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

from tests.paths import ROOT
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.comparisons.pairs import facts_of
from trialgraph.extract.record_comparisons.record_comparisons import record_comparisons
from trialgraph.extract.registries.reading import registry_source
from trialgraph.model.comparison import Comparison
from trialgraph.model.record import RecordReport
from trialgraph.model.report import TrialReport
from trialgraph.pipeline import read_all

DATA: Final = Path(__file__).parent / "data"
Key = tuple[str, str, str]


def labels() -> dict[Key, str]:
    """Verdict and severity by source, row and field."""
    lines = (DATA / "verdict_labels.tsv").read_text(encoding="utf-8").splitlines()
    found = csv.DictReader(lines, delimiter="\t")
    return {(x["source"], x["row"], x["field"]): f"{x['verdict']} {x['severity']}".strip() for x in found}


def verdicts() -> dict[Key, Comparison]:
    """The comparisons of the seeds with the labelled records."""
    read = read_all(sorted({ROOT / "seeds" / source for source, _, _ in labels()}), settings=DEFAULTS)
    records = registry_source(DATA / "labelled_records.jsonl.gz", DEFAULTS)
    reports: list[TrialReport] = [report for one in read for report in one.reports]
    found = records.reports(DEFAULTS, layers=("core", "words"))
    reports += [one for one in found if isinstance(one, RecordReport)]
    made = record_comparisons(reports, facts_of([one.source for one in read])).comparisons
    return {(one.left.report.source, str(one.left.report.locator), one.field): one for one in made}


def wrong(found: dict[Key, Comparison]) -> dict[Key, tuple[str, str]]:
    """The labels that are not met: what is right, and what was found."""
    made = {key: f"{one.verdict} {one.severity or ''}".strip() for key, one in found.items()}
    return {key: (label, made.get(key, "none")) for key, label in labels().items() if made.get(key) != label}


if __name__ == "__main__":
    missed = wrong(verdicts())
    for key, (label, made) in missed.items():
        print(*key, f"labelled {label!r}, found {made!r}")
    alarms = sum(
        made.startswith("differs") and not label.startswith("differs") for label, made in missed.values()
    )
    total = len(labels())
    print(f"{total - len(missed)} of {total} right ({1 - len(missed) / total:.1%}), {alarms} false alarms")
