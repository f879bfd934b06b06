"""How well the prose of registry records is read, against labels: ``python -m tests.extract.registries.measure [-v]``.

Of the first set (``data/prose_labels.tsv``, 100 records drawn at random) the labels were made with what the reader gave
beside them, and rules answer faults of both its halves. Those of the second (``data/prose_blind_labels.tsv``) were made
before the reader was run; the first figures of that set are in decisions/0055, the present ones are those of a set that
rules have answered since; the third (``data/prose_blind_2_labels.tsv``) was made likewise, its first figures are in
decisions/0060. A value counts as found where it is the label's, as wrong where it is not.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path
from typing import Final

from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.registries.facts import record_facts
from trialgraph.extract.registries.formats.registry_file import RawRecord, raw_records
from trialgraph.extract.registries.prose import Prose, read_prose
from trialgraph.model.record import RecordReport, RegistryRecord, facts_by_property
from trialgraph.model.report import DoseLevel

DATA: Final = Path(__file__).parent / "data"
SETS: Final = ("prose", "prose_blind", "prose_blind_2")
HALVES: Final = ("development", "held out", "blind", "second blind")
FIELDS: Final = ("tissues", "donor", "routes", "doses", "follow_up", "sizes")
_BASES: Final = {
    "kilogram": "/kg",
    "patient": "/patient",
    "joint": "/joint",
    "square metre": "/m2",
    "not stated": "",
}


def labels(name: str) -> list[dict[str, str]]:
    """The labels of each record of a set."""
    lines = (DATA / f"{name}_labels.tsv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def read_values(report: RecordReport | Prose) -> dict[str, list[str]]:
    """What was read of a record, by field, as the labels word it."""
    given = report.intervention
    return {
        "tissues": [p.tissue.label for p in report.products if p.tissue],
        "donor": sorted({p.donor for p in report.products if p.donor}),
        "routes": [concept.label for concept, _ in given.routes if concept],
        "doses": [_dose(level) for level in given.doses],
        "follow_up": [f"{value:f}" for value, _ in report.follow_up],
        "sizes": [str(arm.enrolled) for arm in report.arms if arm.enrolled is not None],
    }


def _dose(level: DoseLevel) -> str:
    ends = [f"{end:f}" for end in (level.low, level.high) if end is not None]
    return "-".join(dict.fromkeys(ends)) + _BASES[level.basis]


def _prose(raw: RawRecord) -> Prose:
    record = RegistryRecord("", raw.identifier, None, raw.file, raw.line, "", raw.sha256)
    return read_prose(record, facts_by_property(record_facts(raw.mapping, raw.value, ["words"]).facts))


def measured(*, verbose: bool = False) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Found, wrong and missed values by half and field."""
    proses = {
        raw.identifier: _prose(raw)
        for name in SETS
        for raw in raw_records(DATA / f"{name}_records.jsonl.gz", DEFAULTS)
    }
    counts: Counter[tuple[str, str, str]] = Counter()
    for label in (label for name in SETS for label in labels(name)):
        values = read_values(proses[label["id"]])
        for field in FIELDS:
            if label[field] == "?":
                continue
            wanted = Counter(label[field].split("|") if label[field] != "-" else [])
            made = Counter(values[field])
            for kind, several in (
                ("found", wanted & made),
                ("wrong", made - wanted),
                ("missed", wanted - made),
            ):
                counts[label["half"], field, kind] += several.total()
            if verbose and wanted != made:
                print(label["half"], label["id"], field, "label:", dict(wanted), "read:", dict(made))
    return {
        (half, field): (
            counts[half, field, "found"],
            counts[half, field, "wrong"],
            counts[half, field, "missed"],
        )
        for half in HALVES
        for field in FIELDS
    }


def main() -> None:
    """Print precision and recall of both halves."""
    result = measured(verbose="-v" in sys.argv)
    print(f"{'half':12} {'field':10} {'found':>5} {'wrong':>5} {'missed':>6} precision recall")
    for half in HALVES:
        sums = [0, 0, 0]
        for field in FIELDS:
            found, wrong, missed = result[half, field]
            sums = [a + b for a, b in zip(sums, (found, wrong, missed), strict=True)]
            print(_line(half, field, found, wrong, missed))
        print(_line(half, "all", *sums))


def _line(half: str, field: str, found: int, wrong: int, missed: int) -> str:
    precision = found / (found + wrong) if found + wrong else 1.0
    recall = found / (found + missed) if found + missed else 1.0
    return f"{half:12} {field:10} {found:5} {wrong:5} {missed:6} {precision:9.3f} {recall:6.3f}"


if __name__ == "__main__":
    main()
