"""Route and way of delivery: intravenous, intrathecal, intra-articular …; infusion, injection, implantation."""

from __future__ import annotations

from typing import Final

from trialgraph.concepts import Concept, lexicon
from trialgraph.readings import Reading, Rule, read, rule
from trialgraph.rows.row import Cell

__all__ = ["read_methods", "read_routes"]

ROUTE: Final = rule(
    "route.named",
    "A word of the route file in the administration is a route; several are alternatives, as the source words them.",
    example="1 × 106 cells/kg, IV or intrathecal injection", gives="intravenous|intrathecal",
    counter_example="UC-MSC transplantation",
)  # fmt: skip
METHOD: Final = rule(
    "method.named",
    "Infusion, injection, implantation and transplantation are ways of delivery, not routes.",
    example="Intra-articular implantation", gives="implantation", counter_example="Dose not specified",
)  # fmt: skip

_Found = tuple[tuple[Concept, Reading], ...]


def read_routes(cell: Cell) -> _Found:
    """The routes of a cell, each once, in the order in which they are printed."""
    return _named(cell, "route", ROUTE)


def read_methods(cell: Cell) -> _Found:
    """The ways of delivery of a cell, each once."""
    return _named(cell, "method", METHOD)


def _named(cell: Cell, field: str, by: Rule) -> _Found:
    seen: dict[str, tuple[Concept, Reading]] = {}
    for i, j, mention in lexicon().find(field, cell.text or ""):
        if mention.concept.id not in seen:
            seen[mention.concept.id] = (mention.concept, read(cell, field, (i, j), None, by, mention))
    return tuple(seen.values())
