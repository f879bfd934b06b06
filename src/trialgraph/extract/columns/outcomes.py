"""Outcome measures: one planned outcome per printed item, not deduplicated."""

from __future__ import annotations

from typing import Final

from trialgraph.extract.text.items import ground, split_items
from trialgraph.model.reading import Rule, read, rule
from trialgraph.model.report import PlannedOutcome
from trialgraph.model.table import Cell

__all__ = ["RULE_OF", "read_outcomes"]

ITEM: Final = rule(
    "outcome.item",
    "Items between commas, semicolons, full stops and \"and\" are outcomes, each looked up as "
    "printed; parentheses are not split.",
    example="serum cytokine levels (IFN-γ, IL-10, IL-6), Treg/Th17 ratio", gives="cytokine levels|Treg/Th17 ratio",
    counter_example="dsDNA urinary protein excretion",
)  # fmt: skip
SHARED: Final = rule(
    "outcome.shared-head",
    "\"X and Y\" of one head noun are two outcomes; each gets the noun.",
    example="cognitive and psychological evaluations", gives="neuropsychological tests|neuropsychological tests",
    counter_example="Safety and efficacy",
)  # fmt: skip
COMMA: Final = rule(
    "outcome.missing-comma",
    "Two known outcomes side by side, which together are none, have lost their comma.",
    example="dsDNA urinary protein excretion", gives="anti-dsDNA antibody|24-hour urinary protein excretion",
    counter_example="renal function",
)  # fmt: skip
HEAD: Final = rule(
    "outcome.general-noun",
    "Where the words as printed name nothing, a general noun behind (score, level, value, "
    "rate …) or lead before them (serum, change in …) is left out of the look-up.",
    example="SDAI parameters", gives="SDAI", counter_example="relapse rate",
)  # fmt: skip

RULE_OF: Final[dict[str, Rule]] = {"item": ITEM, "shared-head": SHARED, "missing-comma": COMMA}


def read_outcomes(cell: Cell) -> tuple[PlannedOutcome, ...]:
    """The outcomes that a cell lists; those that no concept covers keep their words."""
    made = []
    for item in split_items(cell.text or "", "outcome"):
        mention, general = ground("outcome", item)
        by = HEAD if general and item.how == "item" else RULE_OF[item.how]
        reading = read(cell, "outcome", (item.start, item.end), item.words, by, mention)
        made.append(PlannedOutcome(mention.concept if mention else None, reading))
    return tuple(made)
