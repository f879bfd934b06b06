"""Units of doses: what each counts, its UCUM code, and the QUDT unit of an amount for each basis.

The units and their facts stand in ``ontology/trialgraph.ttl`` (scheme ``tgc:dose-units``) and are read from there; a
dose is an amount in one of them (mg), and what the amount is for (a kilogram of body weight) is its basis.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from trialgraph.rdf.vocabulary import PREFIXES, QUDT, RDFS, SKOS, TG, concept
from trialgraph.terminology.ontology import triples_of

__all__ = ["CELLS", "DoseBasis", "DoseUnit", "basis_concept", "dose_unit", "dose_units", "unit_words"]

DoseBasis = Literal[
    "kilogram", "patient", "joint", "square metre", "square centimetre", "eye", "site", "not stated"
]
#: The slug of the unit of a number of cells.
CELLS: Final = "cells-total-dose"
_SCHEME: Final = concept("dose-units")

# Of each basis: its concept, how it stands behind "/" in UCUM, and how in words.
_BASES: Final[Mapping[DoseBasis, tuple[NamedNode, str, str]]] = {
    "kilogram": (concept("per-kilogram"), "kg", "kg"),
    "patient": (concept("per-patient"), "{patient}", "patient"),
    "joint": (concept("per-joint"), "{joint}", "joint"),
    "square metre": (concept("per-square-metre"), "m2", "m²"),
    "square centimetre": (concept("per-square-centimetre"), "cm2", "cm²"),
    "eye": (concept("per-eye"), "{eye}", "eye"),
    "site": (concept("per-site"), "{site}", "site"),
    "not stated": (concept("basis-not-stated"), "", ""),
}
# Where the code is not what people write.
_SYMBOLS: Final = {"ug": "µg", "uL": "µL", "arb'U": "units"}
# The bases that change the unit, and the property that leads from the unit of an amount to that of amount and basis.
_QUDT: Final[Mapping[DoseBasis, NamedNode]] = {
    "kilogram": TG.unitPerKilogram,
    "square metre": TG.unitPerSquareMetre,
    "square centimetre": TG.unitPerSquareCentimetre,
}


@dataclass(frozen=True, slots=True)
class DoseUnit:
    """The unit of an amount.

    :param quantity: the concept of what it measures
    :param ucum: its code
    :param qudt: units of QUDT, that of the amount by ``qudt:hasUnit``
    """

    slug: str
    label: str
    quantity: NamedNode
    ucum: str
    qudt: Mapping[NamedNode, NamedNode]

    @property
    def symbol(self) -> str:
        """How it is written: ``mg``, ``µg``, ``IU``, ``cells``."""
        bare = self.ucum.strip("{}[]")
        return _SYMBOLS.get(bare, bare)

    def per(self, basis: DoseBasis) -> str:
        """The UCUM code of an amount on a basis: ``mg/kg``."""
        behind = _BASES[basis][1]
        return f"{self.ucum}/{behind}" if behind else self.ucum

    def words(self, basis: DoseBasis) -> str:
        """The same as it is written: ``cells/joint``, ``mg/m²``."""
        behind = _BASES[basis][2]
        return f"{self.symbol}/{behind}" if behind else self.symbol

    def qudt_unit(self, basis: DoseBasis) -> NamedNode | None:
        """The unit of QUDT, which counts by kilogram and area, but not by patient or joint; None where it has none."""
        return self.qudt.get(_QUDT.get(basis, QUDT.hasUnit))


def basis_concept(basis: DoseBasis) -> NamedNode:
    """The concept of what a dose is counted by."""
    return _BASES[basis][0]


def dose_unit(slug: str) -> DoseUnit:
    """The unit by the slug of its concept."""
    return dose_units()[slug]


@cache
def _words() -> Mapping[str, str]:
    return {unit.per(basis): unit.words(basis) for unit in dose_units().values() for basis in _BASES}


def unit_words(ucum: str) -> str:
    """The UCUM code of a dose as it is written: ``cells/kg``; another code as it is."""
    return _words().get(ucum, ucum)


@cache
def dose_units() -> Mapping[str, DoseUnit]:
    """All units of doses by the slugs of their concepts."""
    said: dict[NamedNode, dict[NamedNode, object]] = defaultdict(dict)
    units: set[NamedNode] = set()
    for triple in triples_of("trialgraph"):
        if isinstance(triple.subject, NamedNode):
            said[triple.subject].setdefault(triple.predicate, triple.object)
            if (triple.predicate, triple.object) == (SKOS.inScheme, _SCHEME):
                units.add(triple.subject)
    return {(made := _unit(node, said[node])).slug: made for node in units}


def _unit(node: NamedNode, said: Mapping[NamedNode, object]) -> DoseUnit:
    label, ucum, quantity = said[RDFS.label], said[SKOS.notation], said[TG.ofQuantity]
    assert isinstance(label, RdfLiteral)  # noqa: S101 - tests/terminology/test_dose_units.py
    assert isinstance(ucum, RdfLiteral)  # noqa: S101 - likewise
    assert isinstance(quantity, NamedNode)  # noqa: S101 - likewise
    qudt = {
        name: unit
        for name in (QUDT.hasUnit, *_QUDT.values())
        if isinstance(unit := said.get(name), NamedNode)
    }
    return DoseUnit(node.value.removeprefix(PREFIXES["tgc"]), label.value, quantity, ucum.value, qudt)
