"""Bounds in the graph: one end, the side, and the flat table; no triple of them may get lost."""

from __future__ import annotations

from functools import cache
from typing import Final

from pyoxigraph import NamedNode, Quad

from tests.made_table import MadeTable, made_table, violations_without
from trialgraph.extract.trials_table import flat
from trialgraph.rdf.vocabulary import TG, concept

ROWS: Final = (
    "Phase IUC-MSCsRAn = 12up to 2 × 106 cells/kg, IV infusion≥12ImmunomodulationDAS28Safe and effectiveNCT09000011[1]",
    "Phase IUC-MSCsRAn = 12at least 3 × 106 cells/kg, IV infusionUp to 24ImmunomodulationDAS28Safe and effective"
    "NCT09000012[2]",
)
PROPERTIES: Final = (TG.doseLow, TG.doseHigh, TG.doseBound, TG.followUpAtMost, TG.followUpAtLeast)


@cache
def table() -> MadeTable:
    return made_table(ROWS)


def values(name: NamedNode) -> list[Quad]:
    return sorted((q for q in table().quads if q.predicate == name), key=str)


def test_the_graph_is_sound_and_nothing_is_left() -> None:
    assert table().violations() == set()
    assert not [left for report in table().reports for left in report.leftovers]


def test_a_bound_has_one_end_and_its_side() -> None:
    sides = [q.object for q in values(TG.doseBound)]
    assert sides == [concept("upper-bound"), concept("lower-bound")]
    assert len(values(TG.doseLow)) == len(values(TG.doseHigh)) == 1


def test_the_flat_table_has_only_the_end_that_is_printed() -> None:
    first, second = (flat(report) for report in table().reports)
    assert (first["dose_low"], first["dose_high"], first["follow_up_months"]) == (None, 2_000_000, [12])
    assert (second["dose_low"], second["dose_high"], second["follow_up_months"]) == (3_000_000, None, [24])


def test_no_triple_of_it_may_get_lost() -> None:
    found = violations_without(ROWS, [values(name)[0] for name in PROPERTIES])
    assert [name for name, lines in zip(PROPERTIES, found, strict=True) if not lines] == []
