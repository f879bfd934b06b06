"""Flags at values: the mark, the words and the severity of a conflict, as every page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from trialgraph.rdf.vocabulary import concept
from trialgraph.release.lists.flags import SEVERITIES, Severity

__all__ = ["SEVERITIES", "Flag", "Severity", "flag_of"]


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag beside a value.

    :param mark: class of the mark: ``error``, ``warn``, ``unread``, ``curated``
    :param words: two or three words: ``90 × the median``
    :param title: the whole message
    :param open: nobody has settled it
    """

    mark: str
    words: str
    href: str
    title: str = ""
    open: bool = True


def flag_of(severity: str, brief: str, kind: str, message: str, href: str, *, settled: bool = False) -> Flag:
    """The flag of a conflict: a settled one is the mark of a reviewer's decision.

    :param severity: IRI of its severity
    :param brief: what the conflict itself says in short; empty: the name of its kind
    :param kind: name of its kind
    """
    found = SEVERITIES.get(severity, SEVERITIES[concept("severity-warning").value])
    words = brief or kind
    if settled:
        return Flag("curated", f"{words}, settled", href, message, open=False)
    return Flag(found.mark, words, href, message)
