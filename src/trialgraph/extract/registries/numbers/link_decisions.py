"""Reviewers' decisions on the links of records: lines of ``curation.tsv`` beside a registry's file.

A link is a statement of one record; machine-made ones are often wrong. A line confirms or rejects the link of a record
to a number; one that is rejected joins nothing, and is kept with its decision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from trialgraph.base.errors import InputError
from trialgraph.extract.curation import SAME_TRIAL
from trialgraph.extract.registries.formats.registry_file import RawRecord
from trialgraph.extract.registries.numbers.links import decided_number, links_of
from trialgraph.model.report import Curation

__all__ = ["LinkDecisions", "link_decisions"]


@dataclass(slots=True)
class LinkDecisions:
    """The decisions of a file, and which links its records state.

    :param where: the file of the decisions
    :param by_record: the decisions on each record, by :func:`_key` of its number
    :param stated: by record with a decision, the numbers that it links to, as far as the records were looked at
    """

    where: str = ""
    by_record: Mapping[str, tuple[Curation, ...]] = field(default_factory=dict)
    stated: dict[str, tuple[int, Sequence[str]]] = field(default_factory=dict)

    def of(self, raw: RawRecord) -> tuple[Curation, ...]:
        """The decisions on a record's links."""
        return self.by_record.get(_key(raw.identifier), ()) if self.by_record else ()

    def look_at(self, number: int, raw: RawRecord) -> None:
        """Remember the links of a record that is kept, where there is a decision on one.

        :param number: of the record in its file, from 0
        """
        if self.of(raw):
            self.stated[_key(raw.identifier)] = number, [link.other for link in links_of(raw)]

    def check(self, dropped: Iterable[int]) -> None:
        """Each decision is on a link of a record that is read.

        :param dropped: the numbers of records that are left out
        :raises InputError: it is not
        """
        left_out = set(dropped)
        for key, decisions in self.by_record.items():
            number, others = self.stated.get(key, (-1, ()))
            for decision in decisions:
                where = f"{self.where}:{decision.line}" if decision.line else self.where
                if number < 0 or number in left_out:
                    raise InputError(
                        f"no record {decision.row} is read here",
                        where=where,
                        hint="correct the number, or remove the line",
                    )
                if decided_number(decision) not in others:
                    known = ", ".join(others) or "none"
                    raise InputError(
                        f"record {decision.row} states no link to {decided_number(decision)}",
                        where=where,
                        hint=f"remove or correct the line; its links: {known}",
                    )


def link_decisions(decisions: Iterable[Curation], where: str) -> LinkDecisions:
    """The decisions of a file by their records.

    :param where: the file, for messages
    :raises InputError: one is not on a link, or two are on the same
    """
    made: dict[str, list[Curation]] = defaultdict(list)
    for decision in decisions:
        at = f"{where}:{decision.line}" if decision.line else where
        if decision.kind != SAME_TRIAL or not decided_number(decision):
            raise InputError(
                f"record {decision.row}: {decision.kind[:40]} {decision.decision[:60]!r} decides on no link",
                where=at,
                hint=f"of a record only links are decided on: {SAME_TRIAL}, with confirm NUMBER or reject NUMBER",
            )
        before = made[_key(str(decision.row))]
        if twice := next((d for d in before if decided_number(d) == decided_number(decision)), None):
            raise InputError(
                f"record {decision.row}: line {twice.line} decides on its link to {decided_number(decision)}, too",
                where=at,
                hint="keep one of the two lines",
            )
        before.append(replace(decision, number=len(before) + 1))
    return LinkDecisions(where, {key: tuple(held) for key, held in made.items()})


def _key(identifier: str) -> str:
    """A record's number as IRIs have it, upper and lower case alike: ``nct01663116``, ``nct01663116-version-3``."""
    return "-".join(identifier.split()).casefold()
