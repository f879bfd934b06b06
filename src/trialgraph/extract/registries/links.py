"""The numbers that a record says are of the same trial, each with the field that says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from trialgraph.extract.text.registries import find_numbers
from trialgraph.model.record import RecordFact, TrialLink

__all__ = ["record_links"]

#: No number is longer.
_LONGEST: Final = 100


def record_links(identifier: str, facts: Sequence[RecordFact]) -> tuple[TrialLink, ...]:
    """Links to other numbers, each once; what is no number of a registry links nothing.

    A former number of the same registry is an alias. A secondary id counts where all of it is the number of a registry,
    whatever type it has: most numbers of other registries are entered as ``OTHER``, and free text may name several.
    """
    made: dict[str, TrialLink] = {}
    for link in _links(identifier, facts):
        if link.other != identifier:
            made.setdefault(link.other, link)
    return tuple(made.values())


def _links(identifier: str, facts: Sequence[RecordFact]) -> Iterator[TrialLink]:
    for fact in facts:
        name = fact.line.predicate
        if name == "formerRegistration":
            yield TrialLink("alias", identifier, str(fact.value), fact.line.registry, fact)
        elif name == "secondaryRegistration" or (fact.line.node == "secondary-id" and name == "id"):
            text = str(fact.value).strip()
            found = list(find_numbers(text)) if len(text) <= _LONGEST else []
            if len(found) == 1 and found[0].end - found[0].start == len(text):
                yield TrialLink("secondary id", identifier, found[0].number, found[0].register, fact)
