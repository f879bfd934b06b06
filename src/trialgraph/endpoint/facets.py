"""The trials of a release by what they are linked to: sets of trials as bits, so that counts are exact and quick.

A facet's value holds the trials that are linked to it or to what is narrower. Values of one facet are alternatives,
facets restrict each other; the count beside a value is what it would give under all *other* facets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Final

from trialgraph.vocab import RDFS, SKOS, TG

__all__ = ["FACETS", "NONE", "Chosen", "Facet", "Index", "Listed", "Value"]

#: The value of trials that have none of a facet.
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to part the trials.

    :param name: the parameter in the address
    :param link: IRI of the property from a trial to its value
    :param broader: IRI of the property from a value to broader ones, where they count too
    :param none: what to call the trials without a value
    """

    name: str
    title: str
    link: str
    broader: str = ""
    none: str = "not stated"


FACETS: Final = (
    Facet("disease", "Disease", TG.trialDisease.value, RDFS.subClassOf.value),
    Facet("tissue", "Tissue source", TG.trialTissueSource.value),
    Facet("donor", "Donor", TG.trialDonorType.value),
    Facet("cell", "Cell type", TG.trialCellType.value, RDFS.subClassOf.value),
    Facet("route", "Route", TG.trialRoute.value),
    Facet("phase", "Phase", TG.trialPhase.value, SKOS.broader.value),
    Facet("registry", "Registry", TG.registry.value, none="no registry id"),
    Facet("results", "Results", TG.trialResultsStatus.value),
    Facet("conflict", "Conflicts", TG.trialConflictKind.value, none="no conflict"),
    Facet("outcome", "Planned outcome", TG.trialOutcome.value),
)

#: By facet the values that are asked for, as IRIs or :data:`NONE`.
Chosen = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Listed:
    """A trial in the list.

    :param patients: total of each report that gives one
    :param values: by facet the IRIs that it is linked to itself
    """

    iri: str
    label: str
    patients: tuple[int, ...]
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet, as a form offers it.

    :param depth: how far below the broadest values that are offered
    """

    iri: str
    label: str
    count: int
    chosen: bool
    depth: int = 0


@dataclass
class Index:
    """All trials of a release, and for each value of a facet the set of its trials, a bit for each.

    :param trials: in the order of their labels
    :param labels: of values, by IRI
    :param more: there are more trials than these
    """

    trials: tuple[Listed, ...]
    labels: Mapping[str, str]
    broader: Mapping[str, Mapping[str, frozenset[str]]]
    more: bool = False
    bits: dict[str, dict[str, int]] = field(default_factory=dict)
    _above: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    _told: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for facet in FACETS:
            sets: dict[str, int] = defaultdict(int)
            for place, trial in enumerate(self.trials):
                held = set(trial.values.get(facet.name, ()))
                for value in held | {b for v in held for b in self.above(facet.name, v)} or {NONE}:
                    sets[value] |= 1 << place
            self.bits[facet.name] = dict(sets)
            self._told[facet.name] = self._telling(facet.name)

    def above(self, facet: str, value: str) -> frozenset[str]:
        """All that is broader than a value, by however many steps."""
        if (facet, value) in self._above:
            return self._above[facet, value]
        steps, seen, todo = self.broader.get(facet, {}), set[str](), [value]
        while todo:
            for other in steps.get(todo.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        self._above[facet, value] = frozenset(seen - {value})
        return self._above[facet, value]

    def fit(self, chosen: Chosen, without: str = "") -> int:
        """The trials that fit, as bits.

        :param without: a facet that is to restrict nothing
        """
        fitting = (1 << len(self.trials)) - 1
        for name, values in chosen.items():
            if values and name != without:
                sets = self.bits[name]
                fitting &= reduce(or_, (sets.get(value, 0) for value in values), 0)
        return fitting

    def listed(self, fitting: int) -> list[Listed]:
        """The trials of a set."""
        return [trial for place, trial in enumerate(self.trials) if fitting >> place & 1]

    def offered(self, facet: Facet, chosen: Chosen) -> list[Value]:
        """The values of a facet with their counts under the other facets; broader ones stand above narrower ones.

        Of broader values that hold the very same trials only the narrowest is offered, and each value once.
        """
        sets, fitting = self.bits[facet.name], self.fit(chosen, without=facet.name)
        asked = set(chosen.get(facet.name, ()))
        shown = (self._told[facet.name] | asked) - {NONE}
        under: dict[str, list[str]] = defaultdict(list)
        for value in shown:
            over = [
                v for v in self.above(facet.name, value) & shown if value not in self.above(facet.name, v)
            ]
            parent = min(
                over,
                key=lambda v: (sets.get(v, 0).bit_count(), -len(self.above(facet.name, v)), v),
                default="",
            )
            under[parent].append(value)

        made: list[Value] = []

        def order(value: str) -> tuple[int, str, str]:
            return -sets.get(value, 0).bit_count(), self.labels.get(value, value).casefold(), value

        def add(parent: str, depth: int) -> None:
            for value in sorted(under.pop(parent, ()), key=order):
                count = (sets.get(value, 0) & fitting).bit_count()
                made.append(Value(value, self.labels.get(value, ""), count, value in asked, depth))
                add(value, depth + 1)

        add("", 0)
        if NONE in sets or NONE in asked:
            count = (sets.get(NONE, 0) & fitting).bit_count()
            made.append(Value(NONE, facet.none, count, NONE in asked))
        return made

    def _telling(self, facet: str) -> frozenset[str]:
        """Values that trials are linked to, and broader ones that gather more than one below them, but not all."""
        direct = {value for trial in self.trials for value in trial.values.get(facet, ())}
        sets = self.bits[facet]
        broad = set(sets) - direct - {NONE}
        below: dict[str, set[str]] = defaultdict(set)
        for value in sets:
            if value != NONE:
                for over in self.above(facet, value):
                    below[over].add(value)
        every = (1 << len(self.trials)) - 1
        gathers = {v for v in broad if sets[v] != every and all(sets[b] != sets[v] for b in below[v])}
        return frozenset(direct | gathers)
