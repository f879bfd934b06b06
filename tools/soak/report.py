"""What a run of the soak says: a table of counts, and what must be zero."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

__all__ = ["Report"]

#: Examples of each kind of fault that are kept.
KEPT = 20


@dataclass
class Report:
    """Counts of a run.

    :param title: what was run
    :param facts: lines of the table: what was counted -> how much of it
    :param faults: what must not happen, with examples
    :param notes: what is no fault and worth a look
    """

    title: str
    facts: dict[str, str] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, kind: str, example: str = "") -> None:
        """Something that must not happen has happened."""
        self.faults[kind] += 1
        if self.faults[kind] <= KEPT:
            self.examples.append(f"{kind}: {example}")

    def lines(self) -> list[str]:
        """The table in Markdown."""
        rows = [f"| {what} | {count} |" for what, count in self.facts.items()]
        faults = ", ".join(f"{n} × {kind}" for kind, n in self.faults.items()) or "none"
        return [f"| {self.title} | |", "|---|---|", *rows, f"| faults | {faults} |"]
