"""How many trials of a release are compared, and in how many fields their reports agree and differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import concept
from trialgraph.release.lists.queries import Select

__all__ = ["AgreementCounts", "count_agreement"]

_TRIALS: Final = "SELECT (COUNT(DISTINCT ?trial) AS ?n) { ?one tg:comparesTrial ?trial }"
_VERDICTS: Final = "SELECT ?verdict (COUNT(?one) AS ?n) { ?one tg:verdict ?verdict } GROUP BY ?verdict"


@dataclass(frozen=True, slots=True)
class AgreementCounts:
    """What the comparisons of a release say together.

    :param trials: how many trials have a comparison
    :param agree: how many comparisons agree, each of one field of two reports
    :param differ: how many differ
    """

    trials: int = 0
    agree: int = 0
    differ: int = 0


def count_agreement(select: Select) -> AgreementCounts:
    """The counts of a release."""
    trials = next(int(text_of(row["n"])) for row in select(_TRIALS))
    # An aggregate over nothing has one row without a verdict.
    counts = {
        text_of(row["verdict"]): int(text_of(row["n"])) for row in select(_VERDICTS) if "verdict" in row
    }
    agree, differ = (counts.get(concept(f"verdict-{one}").value, 0) for one in ("agrees", "differs"))
    return AgreementCounts(trials, agree, differ)
