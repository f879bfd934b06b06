"""Faceted search over trials: the set of trials of each value as a bit set, so that counts are exact and fast.

What is asked here was worked out when the release was written (:mod:`trialgraph.release.lists.facet_sets`). A facet's
value holds the trials that are linked to it or to what is narrower: by the reviewed scope where one stands
beside the value, else by the tree of its ontology. Values of one facet are alternatives,
facets restrict each other; the count beside a value is what it would give under all *other* facets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Final

from trialgraph.rdf.vocabulary import RDFS, TG

__all__ = [
    "ALL_FACETS",
    "FACETS",
    "NONE",
    "TABLE_FACETS",
    "Chosen",
    "Facet",
    "FacetValues",
    "Index",
    "Value",
]

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
    Facet("sponsor_class", "Sponsor class", "", column="sponsor_class"),
    Facet("country", "Country", "", column="countries"),
    Facet("year", "Start year", "", column="start_date", ordered=True),
    Facet("source", "Source", "", column="source"),
)
#: All by which the list of trials is filtered.
ALL_FACETS: Final = (*FACETS, *TABLE_FACETS)

#: The selected values of each facet, as IRIs or :data:`NONE`.
Chosen = Mapping[str, Sequence[str]]


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


@dataclass(frozen=True)
class FacetValues:
    """The values of a facet.

    :param bits: the trials of each value, :data:`NONE` included: of the reviewed scope, else of the tree
    :param trees: likewise, by the tree of the ontology alone
    :param counts: how many ``bits`` has of each
    :param ranked: the values that are offered, those with the most trials first
    :param parents: the value that one of them stands under
    :param direct: the values that trials are linked to themselves, in the order of ``ranked``
    :param scopes: the values beside which a reviewed scope stands, likewise
    :param within: of a value those beside which a reviewed scope stands that counts it
    :param above: of a value all that is broader, by however many steps
    """

    bits: Mapping[str, int]
    trees: Mapping[str, int]
    counts: Mapping[str, int]
    ranked: Sequence[str]
    parents: Mapping[str, str]
    direct: Sequence[str]
    scopes: Sequence[str]
    within: Mapping[str, frozenset[str]]
    above: Mapping[str, frozenset[str]]


@dataclass
class Index:
    """The trials of a release by the values of facets.

    :param size: how many trials there are; they are numbered in the order of their labels
    :param labels: of values, by IRI
    :param values: by the name of a facet
    """

    size: int
    labels: Mapping[str, str]
    values: Mapping[str, FacetValues]

    @cached_property
    def bits(self) -> Mapping[str, Mapping[str, int]]:
        """By facet and value its trials."""
        return {name: of.bits for name, of in self.values.items()}

    @cached_property
    def by_label(self) -> Mapping[str, Mapping[str, str]]:
        """By facet, from the label of a value to the value."""
        return {
            name: {self.labels[value]: value for value in of.bits if value in self.labels}
            for name, of in self.values.items()
        }

    def above(self, facet: str, value: str) -> frozenset[str]:
        """All that is broader than a value, by however many steps."""
        return self.values[facet].above.get(value, frozenset())

    def count(self, facet: str, value: str) -> int | None:
        """How many trials a value has; None where it is none of the facet."""
        of = self.values.get(facet)
        return of.counts.get(value) if of else None

    def fit(self, chosen: Chosen, without: str = "") -> int:
        """The trials that fit, as bits.

        :param without: a facet that is to restrict nothing
        """
        fitting = (1 << self.size) - 1
        for name, values in chosen.items():
            if values and name != without:
                sets = self.values[name].bits
                fitting &= reduce(or_, (sets.get(value, 0) for value in values), 0)
        return fitting

    def mask(self, fitting: int) -> str:
        """A set as a character for each trial: ``1`` where it is in the set."""
        return f"{fitting:0{self.size}b}"[::-1] if self.size else ""

    def reviewed(self, facet: Facet, chosen: Chosen, most: int = 100) -> list[Value]:
        """Of a facet with reviewed scopes: these, and under each the values of trials that it counts.

        What no scope counts stands beside them, each value once; the tree of the ontology is :meth:`offered`.
        """
        of = self.values[facet.name]
        standing = [v for v in of.scopes if of.counts.get(v)]
        if not standing:
            return []
        scopes = frozenset(standing)
        selected = set(chosen.get(facet.name, ()))
        shown = [*standing, *(v for v in of.direct if v not in scopes)][:most]
        shown += [v for v in selected if v != NONE and v in of.counts and v not in shown]
        size = {v: (of.counts[v], -len(self.above(facet.name, v)), v) for v in (*shown, *scopes)}
        under: dict[str, list[str]] = defaultdict(list)
        for value in shown:
            above = self.above(facet.name, value)
            counted = of.within.get(value, frozenset()) & scopes
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
        of = self.values[facet.name]
        selected, first = set(chosen.get(facet.name, ())), of.ranked[:most]
        offered = {*first, *(selected - {NONE})}
        # In the order of the ranks; what is not ranked, before.
        after = [v for v in of.ranked[most:] if v in selected] if selected else []
        unranked = [v for v in selected if v != NONE and v not in of.parents]
        under: dict[str, list[str]] = defaultdict(list)
        for value in [*unranked, *first, *after]:
            parent = of.parents.get(value, "")
            under[parent if parent in offered else ""].append(value)
        return self._laid_out(facet, chosen, under)

    def _laid_out(self, facet: Facet, chosen: Chosen, under: Mapping[str, Sequence[str]]) -> list[Value]:
        """The values of a tree from its top, with their counts; those without a value last.

        :param under: by a value, and the empty text for the top, the values below it
        """
        sets, trees = self.values[facet.name].bits, self.values[facet.name].trees
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
        return max(len(self.values[facet.name].ranked) - most, 0)
