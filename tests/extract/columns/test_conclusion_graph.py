"""Effects in the graph: stated as they were read, and no triple of them may get lost."""

from __future__ import annotations

from functools import cache
from typing import Final

from pyoxigraph import Quad

from tests.made_table import MadeTable, made_table, violations_without
from trialgraph.rdf.vocabulary import TG, compact

ROWS: Final = (
    "Phase I/IIUC-MSCsRA63 (32 MSC monotherapy group, 31 MSC + IFN-γ group)UC-MSC transplantation, with some patients "
    "receiving recombinant human IFN-γ 1 × 106 cells/kg 1 dose3ImmunomodulationACR20 response ratesThe combination "
    "therapy of MSC and IFN-γ improved RA outcomes with an ACR20 response of 93.3% at 3 months vs 53.3% with MSC alone"
    "NCT09000011[1]",
    "Phase IIUC-MSCsRA40 (20/20)1 × 106 cells/kg, IV infusion12ImmunomodulationDAS28DAS28 fell from 5.6 to 3.1 in the "
    "treatment group versus 5.5 to 5.0 in the sham groupNCT09000012[2]",
)
PROPERTIES: Final = (
    *(TG.effectValue, TG.effectUnit, TG.comparatorValue, TG.baselineValue, TG.inArm, TG.comparedWith),
    *(TG.armAsReported, TG.comparatorAsReported),
)


@cache
def table() -> MadeTable:
    return made_table(ROWS)


def stated() -> dict[str, Quad]:
    """The first triple of each property of effects."""
    held = sorted(table().quads, key=str)
    return {compact(p.value): next(q for q in held if q.predicate == p) for p in PROPERTIES}


def test_the_graph_is_sound() -> None:
    assert table().violations() == set()


def test_an_effect_is_stated_with_arm_comparator_time_and_value() -> None:
    mine = (q for q in table().quads if str(q.subject).endswith("finding/made/1/1>"))
    held = {compact(q.predicate.value): q for q in mine}
    values = {name: getattr(held[f"tg:{name}"].object, "value", "").rpartition("/ontology/")[2] for name in (
        *("effectValue", "effectUnit", "comparatorValue", "atMonths"),
        *("armAsReported", "comparatorAsReported"),
    )}  # fmt: skip
    assert values == {
        "effectValue": "93.3",
        "effectUnit": "%",
        "comparatorValue": "53.3",
        "atMonths": "3",
        "armAsReported": "combination therapy of MSC and IFN-γ",
        "comparatorAsReported": "MSC alone",
    }
    assert str(held["tg:inArm"].object).endswith("arm/made/1/2>")
    assert str(held["tg:comparedWith"].object).endswith("arm/made/1/1>")


def test_no_triple_of_it_may_get_lost() -> None:
    found = violations_without(ROWS, list(stated().values()))
    assert [name for name, lines in zip(stated(), found, strict=True) if not lines] == []
