"""A reading: one value, the characters it was read from, and the rule that read them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import Mention

__all__ = ["RULES", "Reading", "Rule", "read", "rule"]

Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A named step from characters to a value.

    :param id: ``<field>.<name>``, stable
    :param says: the rule in words, shown to readers
    :param example: a text that the rule reads, with ``gives``, what it makes of it
    :param counter_example: a text of the same column that the rule leaves alone
    """

    id: str
    says: str
    example: str
    gives: str
    counter_example: str


RULES: Final[dict[str, Rule]] = {}


def rule(name: str, says: str, *, example: str, gives: str, counter_example: str) -> Rule:
    """Register a rule; its examples are run as tests (``tests/model/test_reading.py``)."""
    made = Rule(name, says, example, gives, counter_example)
    if name in RULES:
        raise ValueError(f"rule {name} is declared twice")
    RULES[name] = made
    return made


@dataclass(frozen=True, slots=True)
class Reading:
    """One value read from one cell.

    :param name: what was read: ``phase``, ``n_total``, ``dose``, ``route``, ``outcome``, …
    :param cell: the cell
    :param verbatim: the very characters, ``source text[start:end]``
    :param start: first character, in code points of the source's text
    :param end: one past the last character
    :param value: the normalised value; None where the reading is a concept (see ``mention``) or "not stated"
    :param rule: id of the rule that made the step
    :param mention: the link to a concept and the mapping that justifies it
    """

    name: str
    cell: Cell
    verbatim: str
    start: int
    end: int
    value: Value
    rule: str
    mention: Mention | None = None


def read(
    cell: Cell, name: str, at: tuple[int, int], value: Value, by: Rule, mention: Mention | None = None
) -> Reading:
    """A reading of ``cell.text[at[0]:at[1]]``.

    :param at: half-open offsets into the cell's text
    :param by: the rule that makes the step
    """
    whole, start, end = cell.place(*at)
    words = (whole.text or "")[start:end]
    return Reading(name, whole, words, whole.start + start, whole.start + end, value, by.id, mention)
