"""What a release is about, in words: its title and one sentence, made of the trials that it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from trialgraph.base.readable import count
from trialgraph.rdf.vocabulary import compact
from trialgraph.release.lists.facet_sets import TrialIndex
from trialgraph.release.lists.facets import NONE
from trialgraph.release.lists.matrix import ranked_diseases

__all__ = ["Subject", "listed", "subject_of"]

#: Of more diseases the number is given.
_MOST: Final = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """What a release is about.

    :param title: ``Clinical trials of mesenchymal stem cells in autoimmune disease``
    :param sentence: numbers of trials and patients, in which diseases
    """

    title: str
    sentence: str


def subject_of(index: TrialIndex, sources: int) -> Subject:
    """The title and the sentence of a release.

    :param sources: how many sources were read
    """
    therapy, disease = _common(index, "cell"), _common(index, "disease")
    title = "Clinical trials"
    if therapy:
        title += f" of {_plural(therapy)}"
    if disease:
        title += f" in {disease}"
    if title == "Clinical trials":
        title += " read out of review tables"
    diseases = [index.labels.get(v) or compact(v) for v, _ in ranked_diseases(index)]
    where = f" in {listed(diseases, _MOST)}" if diseases else ""
    one = index.size == 1
    from_ = "one review’s table" if sources == 1 else f"{count(sources)} sources"
    sentence = (
        f"{count(index.size)} {'trial' if one else 'trials'}{_patients(index)}{where}, read from {from_}"
    )
    return Subject(title, sentence)


def listed(names: Sequence[str], most: int) -> str:
    """Names as people list them: ``a, b and c``, ``a, b and 7 others``."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} others"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _patients(index: TrialIndex) -> str:
    """The patients of all trials, each trial once; a range where reports of a trial differ."""
    low = sum(min(trial.patients, default=0) for trial in index.trials)
    high = sum(max(trial.patients, default=0) for trial in index.trials)
    if not high:
        return ""
    number = count(low) if low == high else f"{count(low)} to {count(high)}"
    return f" with {number} {'patient' if high == 1 else 'patients'}"


def _common(index: TrialIndex, facet: str) -> str:
    """The narrowest value that all trials with a value of a facet share, by name; empty where there is none.

    Nothing is said where more than a tenth of the trials have no value.
    """
    every = (1 << index.size) - 1
    stated = every & ~index.bits[facet].get(NONE, 0)
    if not stated or stated.bit_count() * 10 < index.size * 9:
        return ""
    shared = [v for v, held in index.bits[facet].items() if v != NONE and held & stated == stated]
    narrow = [v for v in shared if not any(v in index.above(facet, other) for other in shared)]
    named = sorted(name for v in narrow if (name := index.labels.get(v)))
    return named[0] if named else ""


def _plural(name: str) -> str:
    return name if name.endswith("s") else f"{name}s"
