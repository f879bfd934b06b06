"""The numbers that a record says are of the same trial, each with the field that says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from trialgraph.extract.registries.facts import record_facts
from trialgraph.extract.registries.formats.registry_file import RawRecord
from trialgraph.extract.text.registries import find_numbers, registry_number
from trialgraph.model.record import RecordFact, TrialLink
from trialgraph.model.report import Curation

__all__ = ["decided_number", "former_numbers", "links_of", "number_of", "record_links"]

#: No number is longer.
_LONGEST: Final = 100
#: Numbers stand in these parts of a record of ClinicalTrials.gov alone: of the others nothing is looked at.
_IDENTITY: Final = ("protocolSection", "identificationModule")
_FORMER: Final = "nctIdAliases"


def record_links(
    identifier: str, facts: Sequence[RecordFact], decisions: Sequence[Curation] = ()
) -> tuple[TrialLink, ...]:
    """Links to other numbers, each once; what is no number of a registry links nothing.

    A former number of the same registry is an alias. A secondary id counts where all of it is the number of a registry,
    whatever type it has: most numbers of other registries are entered as ``OTHER``, and free text may name several.

    :param identifier: the record's number, with its country or version
    :param decisions: those of reviewers on the links of this record
    """
    own = number_of(identifier)
    decided = {decided_number(decision): decision for decision in decisions}
    made: dict[str, TrialLink] = {}
    # A former number may stand among the secondary ids, too: it is an alias all the same.
    for link in sorted(_links(own, facts, decided), key=lambda link: link.kind != "alias"):
        if link.other != own:
            made.setdefault(link.other, link)
    return tuple(made.values())


def _links(own: str, facts: Sequence[RecordFact], decided: Mapping[str, Curation]) -> Iterator[TrialLink]:
    for fact in facts:
        name = fact.line.predicate
        if name == "formerRegistration":
            other = str(fact.value)
            yield TrialLink("alias", own, other, fact.line.registry, fact, decided.get(other))
        elif name == "secondaryRegistration" or (fact.line.node == "secondary-id" and name == "id"):
            text = str(fact.value).strip()
            found = list(find_numbers(text)) if len(text) <= _LONGEST else []
            if len(found) == 1 and found[0].end - found[0].start == len(text):
                number, registry = found[0].number, found[0].register
                yield TrialLink("secondary id", own, number, registry, fact, decided.get(number))


def decided_number(decision: Curation) -> str:
    """The number whose link to a record is confirmed or rejected; empty where the decision names none."""
    verb, _, number = decision.decision.partition(" ")
    return registry_number(number) if verb in ("confirm", "reject") else ""


def number_of(identifier: str) -> str:
    """The number of a record's trial in its registry's spelling, without country or version.

    :param identifier: by which states of the record are known
    """
    return next((found.number for found in find_numbers(identifier)), identifier)


def links_of(raw: RawRecord, decisions: Sequence[Curation] = ()) -> tuple[TrialLink, ...]:
    """The links of a record that is not read otherwise; none where it cannot be read."""
    if raw.problem is not None:
        return ()
    value = raw.value
    if raw.mapping == "clinicaltrials_gov":
        top, part = _IDENTITY
        section = value.get(top)
        value = {top: {part: section.get(part, {})}} if isinstance(section, dict) else {}
    return record_links(raw.identifier, record_facts(raw.mapping, value).facts, decisions)


def former_numbers(raw: RawRecord, decisions: Sequence[Curation] = ()) -> tuple[str, ...]:
    """The former numbers of a record's trial in the same registry, without those that a reviewer rejected."""
    section = raw.value.get(_IDENTITY[0])
    module = section.get(_IDENTITY[1]) if isinstance(section, dict) else None
    if not (isinstance(module, dict) and _FORMER in module):
        return ()  # by far the most: nothing more is looked at
    found = links_of(raw, decisions)
    return tuple(link.other for link in found if link.kind == "alias" and link.status != "rejected")
