"""What the first pages say of a release: its subject, where the evidence is, what to search for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import concept
from trialgraph.release.lists.facet_sets import TrialIndex
from trialgraph.release.lists.matrix import EvidenceCell, EvidenceMatrix, MatrixRow, evidence_matrix
from trialgraph.release.lists.queries import Select
from trialgraph.release.lists.rows import GatheredTable
from trialgraph.release.lists.subject import Subject, subject_of

__all__ = ["AgreementCounts", "Overview", "ReportCounts", "count_agreement", "overview_of", "whole_table"]

#: Facets of whose values that most trials have one is tried in a search.
_TRIED: Final = ("tissue", "outcome", "route")
_TRIALS: Final = "SELECT (COUNT(DISTINCT ?trial) AS ?n) { ?one tg:comparesTrial ?trial }"
_VERDICTS: Final = "SELECT ?verdict (COUNT(?one) AS ?n) { ?one tg:verdict ?verdict } GROUP BY ?verdict"
_DIFFER: Final = """
SELECT (COUNT(?one) AS ?n) {
  ?one tg:verdict tgc:verdict-differs ; tg:leftReport/tg:fromRow ?left ; tg:rightReport/RIGHT ?right
}"""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first pages say.

    :param tries: values to search for: facet, IRI and label
    :param registered: the name of a trial with a registry id; empty where there is none
    :param flagged: IRI and name of a trial with a conflict, else of any
    """

    subject: Subject
    matrix: EvidenceMatrix
    tries: tuple[tuple[str, str, str], ...]
    registered: str
    flagged: tuple[str, str] | None

    @classmethod
    def read(cls, held: Mapping[str, Any]) -> Self:
        """From what ``asdict`` made of it, as JSON has it."""
        matrix = held["matrix"]
        rows = (
            MatrixRow(**{**row, "cells": tuple(EvidenceCell(**cell) for cell in row["cells"])})
            for row in matrix["rows"]
        )
        columns = tuple((iri, label) for iri, label in matrix["columns"])
        return cls(
            Subject(**held["subject"]),
            EvidenceMatrix(columns, tuple(rows), matrix["several"], matrix["hidden"]),
            tuple((facet, iri, label) for facet, iri, label in held["tries"]),
            held["registered"],
            (held["flagged"][0], held["flagged"][1]) if held["flagged"] else None,
        )

    def held(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ReportCounts:
    """What the line above the table says of all reports.

    :param flags: how many flags there are, and how many of them cannot be right
    """

    reports: int
    trials: int
    sources: int
    flags: int
    errors: int


@dataclass(frozen=True, slots=True)
class AgreementCounts:
    """What the comparisons of a release say together.

    :param trials: how many trials have a comparison
    :param agree: how many comparisons agree, each of one field of two reports
    :param differ: how many differ
    :param of_reviews: of these, between two reviews
    :param of_registries: of these, between a review and a registry's record
    """

    trials: int = 0
    agree: int = 0
    differ: int = 0
    of_reviews: int = 0
    of_registries: int = 0


def count_agreement(select: Select) -> AgreementCounts:
    """The counts of a release."""
    trials = next(int(text_of(row["n"])) for row in select(_TRIALS))
    # An aggregate over nothing has one row without a verdict.
    counts = {
        text_of(row["verdict"]): int(text_of(row["n"])) for row in select(_VERDICTS) if "verdict" in row
    }
    agree, differ = (counts.get(concept(f"verdict-{one}").value, 0) for one in ("agrees", "differs"))
    of_reviews, of_registries = (
        next(int(text_of(row["n"])) for row in select(_DIFFER.replace("RIGHT", right)))
        for right in ("tg:fromRow", "tg:fromRecord")
    )
    return AgreementCounts(trials, agree, differ, of_reviews, of_registries)


def overview_of(index: TrialIndex, sources: int) -> Overview:
    """What the first pages say of a release.

    :param sources: how many sources were read
    """
    flagged = next((t for t in index.trials if t.values.get("conflict")), next(iter(index.trials), None))
    return Overview(
        subject_of(index, sources),
        evidence_matrix(index),
        tuple(_tries(index)),
        next((trial.label for trial in index.trials if trial.values.get("registry")), ""),
        (flagged.iri, flagged.label) if flagged else None,
    )


def _tries(index: TrialIndex) -> list[tuple[str, str, str]]:
    made = []
    for facet in _TRIED:
        held = Counter(v for trial in index.trials for v in trial.values.get(facet, ()) if v in index.labels)
        if held:
            most = max(sorted(held), key=lambda v: held[v])
            made.append((facet, most, index.labels[most]))
    return made


def whole_table(table: GatheredTable) -> ReportCounts:
    """The counts of all reports."""
    flags = Counter(flag.mark for row in table.rows for flag in row.flags)
    return ReportCounts(
        len(table.rows),
        len({row.trial or row.cells for row in table.rows}),
        len({table.text(row, "source") for row in table.rows}),
        flags.total(),
        flags["error"],
    )
