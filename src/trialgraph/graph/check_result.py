"""Check result: something that is wrong with a graph, with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from trialgraph.rdf.vocabulary import compact

__all__ = ["CheckResult", "Severity", "causes_first"]

Severity = Literal["violation", "warning", "info"]


@dataclass(frozen=True, slots=True, order=True)
class CheckResult:
    """Something that is wrong with the graph.

    :param severity: ``violation`` (it stops a release), ``warning`` (it is listed) or ``info`` (it is counted)
    :param focus: the IRI of the node
    :param message: what is wrong with it, in one line
    :param file: the file it comes from, as ``file`` or ``file:line``; empty where the focus says it
    """

    severity: Severity
    focus: str
    message: str
    file: str = ""

    def line(self) -> str:
        """File, term and what is wrong, as one line."""
        return " ".join(": ".join(filter(None, (self.file, compact(self.focus), self.message))).split())


def causes_first(findings: Iterable[CheckResult]) -> list[CheckResult]:
    """Violations before the rest, files of the ontology before the data that follow from them."""
    return sorted(
        findings,
        key=lambda f: (f.severity != "violation", not (f.file or f.focus).startswith("ontology/"), f.line()),
    )
