"""Mechanism of action: one claim per printed item. A claim is the report's, not ours."""

from __future__ import annotations

from typing import Final

from trialgraph.extract.text.items import ground, split_items
from trialgraph.model.reading import Rule, read, rule
from trialgraph.model.report import Claim
from trialgraph.model.table import Cell

__all__ = ["read_mechanisms"]

ITEM: Final = rule(
    "mechanism.item",
    "Items between commas, semicolons and \"and\" are claimed mechanisms, each looked up as printed.",
    example="Immunomodulation and anti-inflammatory effect",
    gives="immunomodulation|suppression of inflammatory response",
    counter_example="Suppression of the proliferation of T and B lymphocytes",
)  # fmt: skip
SHARED: Final = rule(
    "mechanism.shared-head",
    "\"X and Y\" of one head noun are two mechanisms; each gets the words that they share.",
    example="Suppression of the proliferation of T and B lymphocytes",
    gives="suppression of T cell proliferation|suppression of B cell proliferation",
    counter_example="Immunomodulation",
)  # fmt: skip
COMMA: Final = rule(
    "mechanism.missing-comma",
    "Two known mechanisms side by side, which together are none, have lost their comma.",
    example="Immunomodulation anti-inflammatory effect", gives="immunomodulation|suppression of inflammatory response",
    counter_example="suppression of inflammatory cytokines",
)  # fmt: skip

_RULE_OF: Final[dict[str, Rule]] = {"item": ITEM, "shared-head": SHARED, "missing-comma": COMMA}


def read_mechanisms(cell: Cell) -> tuple[Claim, ...]:
    """The mechanisms that a cell claims; those that no concept covers keep their words."""
    made = []
    for item in split_items(cell.text or "", "mechanism"):
        mention, _ = ground("mechanism", item)
        reading = read(cell, "mechanism", (item.start, item.end), item.words, _RULE_OF[item.how], mention)
        made.append(Claim(mention.concept if mention else None, reading))
    return tuple(made)
