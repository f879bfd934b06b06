"""Whether each change in the versions of records is found: ``python -m tests.extract.history.measure FILE``.

The file has one version a line, as the R package cthist returns them. What changed is counted from its JSON alone, and
compared with what the program finds.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.history.changes import changes_of
from trialgraph.extract.record_comparisons.series import joined_trials
from trialgraph.extract.registries.reading import registry_source
from trialgraph.model.change import Change
from trialgraph.model.record import RecordReport

DATA: Final = Path(__file__).parent / "data"
#: Number of the record and of the later version.
Step = tuple[str, int]


def changes(path: Path) -> list[Change]:
    """All changes that the program finds."""
    found = registry_source(path, DEFAULTS).reports(DEFAULTS, layers=("core", "words"), states=True)
    trials = joined_trials(one for one in found if isinstance(one, RecordReport))
    return [change for trial in trials for states in trial.series for change in changes_of(states)]


def steps(found: list[Change], field: str) -> set[Step]:
    """Where the program finds a change of a field."""
    return {
        (one.later.trial_key, int(str(one.later.first("versionNumber"))))
        for one in found
        if one.field == field
    }


def enrolment(version: dict[str, Any]) -> Any:
    """The number of patients of a version."""
    return (version.get("enrollment") or {}).get("count")


def primary_outcomes(version: dict[str, Any]) -> int:
    """How many primary outcomes a version has."""
    return sum(one.get("role") == "primary" for one in version.get("outcomes", []))


def counted(path: Path, value: Callable[[dict[str, Any]], Any]) -> tuple[set[Step], set[str]]:
    """Where the JSON has another value than the version before; the records whose last value is not the first."""
    versions: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            version = json.loads(line)
            versions[version["nctId"]].append(version)
    steps: set[Step] = set()
    ends: set[str] = set()
    for number, several in versions.items():
        several.sort(key=lambda one: one["version"])
        steps |= {(number, b["version"]) for a, b in pairwise(several) if value(a) != value(b)}
        if value(several[0]) != value(several[-1]):
            ends.add(number)
    return steps, ends


if __name__ == "__main__":
    file = Path(sys.argv[1])
    made = changes(file)
    for field, value in (("n_total", enrolment), ("n_primary_outcomes", primary_outcomes)):
        there, ends = counted(file, value)
        mine = steps(made, field)
        told = f"{len(there & mine)} of {len(there)} changes found, {len(mine - there)} others"
        print(
            f"{field}: {told}; {len(ends)} records end otherwise, {len(ends - {n for n, _ in mine})} of them missed"
        )
