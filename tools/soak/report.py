"""What a run of the soak says: counts, peaks, and what must not happen. Runs of the same kind can be added up."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import NoReturn

__all__ = ["Report", "finish"]

#: Examples of each kind of fault that are kept.
KEPT = 20


@dataclass
class Report:
    """The figures of a run.

    :param title: what was run
    :param counts: what was counted
    :param facts: what is said in words
    :param peaks: the highest value of what was measured, its unit in the name
    :param faults: what must not happen
    :param examples: of the faults
    :param notes: what is no fault and worth a look
    """

    title: str
    counts: Counter[str] = field(default_factory=Counter)
    facts: dict[str, str] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, kind: str, example: str = "") -> None:
        """Something that must not happen has happened."""
        self.faults[kind] += 1
        if self.faults[kind] <= KEPT:
            self.examples.append(f"{kind}: {example}")

    def peak(self, name: str, value: float) -> None:
        """Keep the highest."""
        self.peaks[name] = max(value, self.peaks.get(name, value))

    def add(self, other: Report) -> None:
        """Take in another run of the same kind."""
        self.counts.update(other.counts)
        self.facts |= other.facts
        self.faults.update(other.faults)
        for name, value in other.peaks.items():
            self.peak(name, value)
        self.examples += other.examples
        self.notes += other.notes

    def lines(self) -> list[str]:
        """The table in Markdown."""
        rows = [f"| {what} | {count:,} |" for what, count in self.counts.items()]
        rows += [f"| {what} | {said} |" for what, said in self.facts.items()]
        rows += [f"| {what} | {value:.2f} |" for what, value in self.peaks.items()]
        faults = ", ".join(f"{n:,} × {kind}" for kind, n in self.faults.items()) or "none"
        return [f"| {self.title} | |", "|---|---|", *rows, f"| **faults** | **{faults}** |"]

    def text(self) -> str:
        """The table, the examples of faults and the notes, line by line."""
        return "\n".join([*self.lines(), *self.examples, *self.notes])


def finish(report: Report) -> NoReturn:
    """Print a report and end the process: 1 where there were faults, else 0."""
    print(report.text())
    sys.exit(bool(report.faults))
