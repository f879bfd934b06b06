"""Defects that are checked together, though each has to be seen by itself.

A check of a whole graph takes as long for ten defects as for one. What each defect leads to alone is recorded in
``tests/golden/findings-of-*.tsv``; in a batch, no two defects lead to findings at the same node, and a defect counts
as seen where one of its findings is there; else it is checked alone. ``make soak`` checks every defect alone against
the record, and ``python -m tests.graph.batches`` writes the record anew.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.paths import TESTS
from trialgraph.graph.check_result import CheckResult

__all__ = ["batches", "lines_of", "record_of", "unseen", "write_record"]

_SIZE: Final = 12
Findings = Mapping[str, frozenset[str]]


def _file(kind: str) -> Path:
    return TESTS / "golden" / f"findings-of-{kind}.tsv"


def record_of(kind: str) -> dict[str, frozenset[str]]:
    """Of each defect, the lines of the violations that it leads to alone: none where it is lawful."""
    found: dict[str, set[str]] = {}
    for line in _file(kind).read_text(encoding="utf-8").splitlines():
        name, _, finding = line.partition("\t")
        found.setdefault(name, set()).update([finding] if finding else [])
    return {name: frozenset(lines) for name, lines in found.items()}


def write_record(kind: str, alone: Mapping[str, Iterable[str]]) -> None:
    """Write the record, sorted; at most five findings of each defect tell it from the others."""
    lines = [f"{n}\t{line}" for n, found in alone.items() for line in (sorted(found)[:5] or [""])]
    _file(kind).write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")


def batches(record: Findings) -> list[tuple[str, ...]]:
    """The defects in batches within which each can be told from the others."""
    made: list[list[str]] = []
    for name in sorted(record):
        fitting = (batch for batch in made if len(batch) < _SIZE and _told_apart(record, [*batch, name]))
        batch = next(fitting, None)
        if batch is None:
            made.append([name])
        else:
            batch.append(name)
    return [tuple(batch) for batch in made]


def _told_apart(record: Findings, batch: list[str]) -> bool:
    """Whether no two defects lead to findings at one node, as those may hide each other."""
    nodes = [{line.rpartition(": ")[0] for line in record[name]} for name in batch]
    return sum(map(len, nodes)) == len(set().union(*nodes))


def lines_of(found: Iterable[CheckResult]) -> list[str]:
    """The violations as lines, with the hash of the release left out: it changes with every change of the ontology."""
    lines = (finding.line() for finding in found if finding.severity == "violation")
    return [re.sub(r"\b[0-9a-f]{64}\b", "HASH", line) for line in lines]


def unseen(
    record: Findings, batch: Sequence[str], violations: Callable[[Sequence[str]], list[str]]
) -> set[str]:
    """The defects of a batch that the checks do not see: one that is missed together with others is checked alone.

    :param violations: defects -> what the checks find where all of them are there, as lines
    """
    found = set(violations(batch))
    missed = [name for name in batch if not record[name] & found]
    return {name for name in missed if not record[name] & set(violations([name]))}


def _write(kinds: Iterable[str]) -> None:
    from tests.graph import dropped, mutations

    ways: dict[str, tuple[Iterable[str], Callable[[Sequence[str]], list[str]]]] = {
        "mutations": (mutations.MUTATIONS, mutations.violations),
        "dropped-triples": (dropped.names(), dropped.violations),
    }
    for kind in kinds or ways:
        names, violations = ways[kind]
        write_record(kind, {name: violations([name]) for name in names})


if __name__ == "__main__":
    _write(sys.argv[1:])
