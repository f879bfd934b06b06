"""Faceted search over trials: the set of trials of each value as a bit set, so that counts are exact and fast.

A facet's value holds the trials that are linked to it or to what is narrower: by the reviewed scope where one stands
beside the value, else by the tree of its ontology. Values of one facet are alternatives,
facets restrict each other; the count beside a value is what it would give under all *other* facets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Final

from trialgraph.rdf.vocabulary import RDFS, TG

__all__ = ["ALL_FACETS", "FACETS", "NONE", "TABLE_FACETS", "Chosen", "Facet", "Index", "Listed", "Value"]

#: The value of trials that have none of a facet.
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet: a property by which trials are filtered.

    :param name: the parameter in the address
    :param link: IRI of the property from a trial to its value
    :param broader: IRI of the property from a value to broader ones, where they count too
    :param scopes: prefix of the ontology beside whose terms reviewed scopes may stand
    :param none: what to call the trials without a value
    :param through: property path, as SPARQL has it, from a trial to what has the property; empty: the trial itself
    :param column: in place of a property the column of ``trialgraph trials`` whose texts are the values
    :param ordered: its values stand in the order of their names, not of their numbers of trials
    """

    name: str
    title: str
    link: str
    broader: str = ""
    scopes: str = ""
    none: str = "not stated"
    through: str = ""
    column: str = ""
    ordered: bool = False


FACETS: Final = (
    Facet("disease", "Disease", TG.trialDisease.value, RDFS.subClassOf.value, "MONDO"),
    Facet("tissue", "Tissue source", TG.trialTissueSource.value),
    Facet("donor", "Donor", TG.trialDonorType.value),
    Facet("cell", "Cell type", TG.trialCellType.value, RDFS.subClassOf.value, "CL"),
    Facet("route", "Route", TG.trialRoute.value),
    Facet("phase", "Phase", TG.trialPhase.value, TG.hasPhasePart.value),
    Facet("registry", "Registry", TG.registry.value, none="no registry id"),
    Facet("results", "Results", TG.trialResultsStatus.value),
    Facet("conflict", "Conflicts", TG.trialConflictKind.value, none="no conflict"),
    Facet("outcome", "Planned outcome", TG.trialOutcome.value),
    Facet("qualifier", "Disease qualifier", TG.trialQualifier.value, none="no qualifier"),
    Facet("delivery", "Delivery", TG.deliveryMethod.value, through=f"{TG.hasReport}/{TG.hasIntervention}/"),
    Facet("combination", "Combined with", TG.trialCombinedWith.value, none="no combination"),
)
#: Facets of the list alone, by the texts of the reports.
TABLE_FACETS: Final = (
    Facet("basis", "Dose basis", "", column="dose_unit", none="no dose"),
    Facet("status", "Recruitment", "", column="status"),
    Facet("year", "Start year", "", column="start_date", ordered=True),
    Facet("source", "Source", "", column="source"),
)
#: All by which the list of trials is filtered.
ALL_FACETS: Final = (*FACETS, *TABLE_FACETS)

#: The selected values of each facet, as IRIs or :data:`NONE`.
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
    :param tree: where a reviewed scope counts otherwise, how many trials the tree of the ontology would give
    """

    iri: str
    label: str
    count: int
    chosen: bool
    depth: int = 0
    tree: int | None = None


@dataclass
class Index:
    """All trials of a release, and for each value of a facet the set of its trials, a bit for each.

    :param trials: in the order of their labels
    :param labels: of values, by IRI
    :param scopes: by facet and value the trials of the reviewed scope that stands beside the value
    :param within: by facet and value the values beside which a reviewed scope stands that counts the value
    """

    trials: tuple[Listed, ...]
    labels: Mapping[str, str]
    broader: Mapping[str, Mapping[str, frozenset[str]]]
    scopes: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    within: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    facets: Sequence[Facet] = FACETS
    bits: dict[str, dict[str, int]] = field(default_factory=dict)
    trees: dict[str, dict[str, int]] = field(default_factory=dict)
    _above: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    _ranked: dict[str, list[str]] = field(default_factory=dict)
    _parents: dict[str, dict[str, str]] = field(default_factory=dict)
    _direct: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for facet in self.facets:
            self.trees[facet.name] = self._sets(facet.name)
            self.bits[facet.name] = self.trees[facet.name] | self._scoped(facet.name)
            telling = self._telling(facet.name)
            self._ranked[facet.name] = sorted(telling, key=lambda v: self._rank(facet, v))
            self._parents[facet.name] = {v: self._parent(facet.name, v, telling) for v in telling}

    def _sets(self, facet: str) -> dict[str, int]:
        """Each value's trials: first of those that are linked to it, then of all that is narrower."""
        places: dict[str, list[int]] = defaultdict(list)
        for place, trial in enumerate(self.trials):
            for value in trial.values.get(facet) or (NONE,):
                places[value].append(place)
        direct = {value: _bits(held, len(self.trials)) for value, held in places.items()}
        sets = dict(direct)
        for value, held in direct.items():
            for broad in self.above(facet, value):
                sets[broad] = sets.get(broad, 0) | held
        return sets

    def _scoped(self, facet: str) -> dict[str, int]:
        """The trials of the values beside which a scope stands, where it counts otherwise than the tree."""
        made = {}
        for value, held in self.scopes.get(facet, {}).items():
            places = [place for place, trial in enumerate(self.trials) if trial.iri in held]
            made[value] = _bits(places, len(self.trials))
        return {value: bits for value, bits in made.items() if bits != self.trees[facet].get(value, 0)}

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

    def mask(self, fitting: int) -> str:
        """A set as a character for each trial: ``1`` where it is in the set."""
        return f"{fitting:0{len(self.trials)}b}"[::-1] if self.trials else ""

    def listed(self, fitting: int) -> list[Listed]:
        """The trials of a set."""
        return [trial for trial, has in zip(self.trials, self.mask(fitting), strict=True) if has == "1"]

    def reviewed(self, facet: Facet, chosen: Chosen, most: int = 100) -> list[Value]:
        """Of a facet with reviewed scopes: these, and under each the values of trials that it counts.

        What no scope counts stands beside them, each value once; the tree of the ontology is :meth:`offered`.
        """
        direct, sets = self._direct[facet.name], self.bits[facet.name]
        scopes = {v for v in self.scopes.get(facet.name, {}) if sets.get(v)}
        if not scopes:
            return []
        selected = set(chosen.get(facet.name, ()))
        shown = sorted(scopes | direct, key=lambda v: (v not in scopes, self._rank(facet, v)))[:most]
        shown += [v for v in selected if v != NONE and v in sets and v not in shown]
        size = {v: (sets[v].bit_count(), -len(self.above(facet.name, v)), v) for v in (*shown, *scopes)}
        under: dict[str, list[str]] = defaultdict(list)
        for value in shown:
            above = self.above(facet.name, value)
            counted = self.within.get(facet.name, {}).get(value, frozenset()) & scopes
            # What is no scope stands under any that counts it; else only under what is larger, so without a circle.
            held = {over for over in (counted | above) & size.keys() if size[over] > size[value]} - {value}
            if value not in scopes:
                held |= counted
            under[min(held, key=size.__getitem__, default="")].append(value)
        return self._laid_out(facet, chosen, under)

    def offered(self, facet: Facet, chosen: Chosen, most: int = 100) -> list[Value]:
        """The values of a facet with their counts under the other facets; broader ones stand above narrower ones.

        Of broader values that hold the very same trials only the narrowest is offered, and each value once.

        :param most: values that are offered besides the selected ones, those with the most trials first
        """
        selected, ranked = set(chosen.get(facet.name, ())), self._ranked[facet.name]
        offered = {*ranked[:most], *(selected - {NONE})}
        under: dict[str, list[str]] = defaultdict(list)
        for value in [
            *(v for v in selected if v in offered and v not in ranked),
            *(v for v in ranked if v in offered),
        ]:
            parent = self._parents[facet.name].get(value, "")
            under[parent if parent in offered else ""].append(value)

        return self._laid_out(facet, chosen, under)

    def _laid_out(self, facet: Facet, chosen: Chosen, under: Mapping[str, Sequence[str]]) -> list[Value]:
        """The values of a tree from its top, with their counts; those without a value last.

        :param under: by a value, and the empty text for the top, the values below it
        """
        sets, trees = self.bits[facet.name], self.trees[facet.name]
        fitting, selected = self.fit(chosen, without=facet.name), set(chosen.get(facet.name, ()))

        def value_of(iri: str, label: str, depth: int) -> Value:
            held, tree = sets.get(iri, 0), trees.get(iri, 0)
            other = (tree & fitting).bit_count() if held != tree else None
            return Value(iri, label, (held & fitting).bit_count(), iri in selected, depth, other)

        made: list[Value] = []
        todo = [(value, 0) for value in reversed(under.get("", ()))]
        while todo:
            value, depth = todo.pop()
            made.append(value_of(value, self.labels.get(value, ""), depth))
            todo += [(child, depth + 1) for child in reversed(under.get(value, ()))]
        if NONE in sets or NONE in selected:
            made.append(value_of(NONE, facet.none, 0))
        return made

    def hidden(self, facet: Facet, most: int = 100) -> int:
        """How many values are not offered unless they are selected."""
        return max(len(self._ranked[facet.name]) - most, 0)

    def _parent(self, facet: str, value: str, ranked: frozenset[str]) -> str:
        """The offered value that a value stands under: of those above it the one with the fewest trials."""
        above, sets = self.above(facet, value), self.trees[facet]
        over = [v for v in above & ranked if value not in self.above(facet, v)]
        return min(over, key=lambda v: (sets[v].bit_count(), -len(self.above(facet, v)), v), default="")

    def _rank(self, facet: Facet, value: str) -> tuple[int, str, str]:
        """Most trials first, then by name."""
        count = 0 if facet.ordered else -self.bits[facet.name][value].bit_count()
        return count, self.labels.get(value, value).casefold(), value

    def _telling(self, facet: str) -> frozenset[str]:
        """Values that trials are linked to, and broader ones that gather more than one below them, but not all."""
        direct = frozenset(value for trial in self.trials for value in trial.values.get(facet, ()))
        self._direct[facet] = direct
        sets = self.trees[facet]
        scoped = {value for value in self._scoped(facet) if self.bits[facet][value]}
        broad = set(sets) - direct - {NONE}
        below: dict[str, set[str]] = defaultdict(set)
        for value in sets:
            if value != NONE:
                for over in self.above(facet, value):
                    below[over].add(value)
        every = (1 << len(self.trials)) - 1
        gathers = {v for v in broad if sets[v] != every and all(sets[b] != sets[v] for b in below[v])}
        return frozenset(direct | gathers | scoped)


def _bits(places: Sequence[int], count: int) -> int:
    """A number with these bits set; not bit by bit, since each step would copy all of it."""
    made = bytearray(count // 8 + 1)
    for place in places:
        made[place // 8] |= 1 << place % 8
    return int.from_bytes(made, "little")
