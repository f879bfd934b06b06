"""From trials with their values to the sets that facets ask: worked out once, when a release is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from trialgraph.release.lists.facets import FACETS, NONE, Facet, FacetValues, Index

__all__ = ["Listed", "TrialIndex", "bit_set", "trial_index"]

Broader = Mapping[str, frozenset[str]]
_NOTHING: Final[Broader] = {}


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


@dataclass
class TrialIndex(Index):
    """An index together with its trials.

    :param trials: in the order of their labels
    """

    trials: tuple[Listed, ...] = ()

    def listed(self, fitting: int) -> list[Listed]:
        """The trials of a set."""
        return [trial for trial, has in zip(self.trials, self.mask(fitting), strict=True) if has == "1"]


def trial_index(
    trials: Sequence[Listed],
    labels: Mapping[str, str],
    broader: Mapping[str, Broader] | None = None,
    scopes: Mapping[str, Broader] | None = None,
    within: Mapping[str, Broader] | None = None,
    facets: Sequence[Facet] = FACETS,
) -> TrialIndex:
    """The index of some trials.

    :param trials: in the order of their labels
    :param labels: of values, by IRI
    :param broader: by facet and value the next broader values
    :param scopes: by facet and value the trials of the reviewed scope that stands beside the value
    :param within: by facet and value the values beside which a reviewed scope stands that counts the value
    """
    places = {trial.iri: place for place, trial in enumerate(trials)}
    values = {
        facet.name: _Sets(facet, trials, labels, (broader or {}).get(facet.name, _NOTHING)).values(
            {
                value: bit_set([places[iri] for iri in held if iri in places], len(trials))
                for value, held in (scopes or {}).get(facet.name, _NOTHING).items()
            },
            (within or {}).get(facet.name, _NOTHING),
        )
        for facet in facets
    }
    return TrialIndex(len(trials), labels, values, tuple(trials))


class _Sets:
    """The sets of a facet, while they are worked out."""

    def __init__(
        self, facet: Facet, trials: Sequence[Listed], labels: Mapping[str, str], broader: Broader
    ) -> None:
        self.facet, self.labels, self.broader = facet, labels, broader
        self.every = (1 << len(trials)) - 1
        self._above: dict[str, frozenset[str]] = {}
        places: dict[str, list[int]] = defaultdict(list)
        for place, trial in enumerate(trials):
            for value in trial.values.get(facet.name) or (NONE,):
                places[value].append(place)
        linked = {value: bit_set(held, len(trials)) for value, held in places.items()}
        self.direct = linked.keys() - {NONE}
        self.trees = dict(linked)
        for value, held in linked.items():
            for broad in self.above(value):
                self.trees[broad] = self.trees.get(broad, 0) | held

    def values(self, scoped: Mapping[str, int], within: Broader) -> FacetValues:
        """All that is known of the values.

        :param scoped: the trials of each reviewed scope
        """
        differing = {value: bits for value, bits in scoped.items() if bits != self.trees.get(value, 0)}
        bits = self.trees | differing
        telling = self._telling() | {value for value in differing if bits[value]}

        def rank(value: str) -> tuple[int, str, str]:
            """Most trials first, then by name."""
            count = 0 if self.facet.ordered else -bits.get(value, 0).bit_count()
            return count, self.labels.get(value, value).casefold(), value

        return FacetValues(
            bits=bits,
            trees=self.trees,
            counts={value: held.bit_count() for value, held in bits.items()},
            ranked=sorted(telling, key=rank),
            parents={value: self._parent(value, telling) for value in telling},
            direct=sorted(self.direct, key=rank),
            scopes=sorted(scoped, key=rank),
            within=within,
            above={value: self.above(value) for value in bits},
        )

    def above(self, value: str) -> frozenset[str]:
        """All that is broader than a value, by however many steps."""
        if value not in self._above:
            seen, todo = set[str](), [value]
            while todo:
                for other in self.broader.get(todo.pop(), ()):
                    if other not in seen:
                        seen.add(other)
                        todo.append(other)
            self._above[value] = frozenset(seen - {value})
        return self._above[value]

    def _parent(self, value: str, ranked: frozenset[str]) -> str:
        """The offered value that a value stands under: of those above it the one with the fewest trials."""
        over = [v for v in self.above(value) & ranked if value not in self.above(v)]
        return min(over, key=lambda v: (self.trees.get(v, 0).bit_count(), -len(self.above(v)), v), default="")

    def _telling(self) -> frozenset[str]:
        """Values that trials are linked to, and broader ones that gather more than one below them, but not all."""
        sets = self.trees
        broad = set(sets) - self.direct - {NONE}
        below: dict[str, set[str]] = defaultdict(set)
        for value in sets:
            if value != NONE:
                for over in self.above(value):
                    below[over].add(value)
        gathers = {v for v in broad if sets[v] != self.every and all(sets[b] != sets[v] for b in below[v])}
        return frozenset(self.direct | gathers)


def bit_set(places: Iterable[int], count: int) -> int:
    """A number with these bits set; not bit by bit, since each step would copy all of it."""
    made = bytearray(count // 8 + 1)
    for place in places:
        made[place // 8] |= 1 << place % 8
    return int.from_bytes(made, "little")
