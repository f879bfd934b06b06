"""The paper that a report cites by number: the entry of the source's reference list, else the source itself."""

from __future__ import annotations

from dataclasses import dataclass

from trialgraph.http.pages.links import address, outside
from trialgraph.http.pages.resources.source_text import spelled_out
from trialgraph.http.pages.resources.trial.trial_statements import TrialStatements
from trialgraph.rdf.vocabulary import DCTERMS, RDFS, TG

__all__ = ["CitedWork", "cited_work"]


@dataclass(frozen=True, slots=True)
class CitedWork:
    """What a number of a report leads to.

    :param href: the paper where it is known, else the document whose list has the number
    :param note: the citation, else whose list it is
    """

    words: str
    href: str
    note: str


def cited_work(stated: TrialStatements, report: str, number: str) -> CitedWork:
    """The work behind a number of the source's reference list."""
    words = f"ref. {number}"
    for entry in stated.iris(report, TG.cites):
        if stated.text(entry, TG.entryNumber) == number:
            papers = filter(None, map(outside, stated.iris(entry, RDFS.seeAlso)))
            citation = spelled_out(stated.text(entry, DCTERMS.bibliographicCitation))
            return CitedWork(words, next(papers, "") or address(entry), citation)
    documents = [d for s in stated.iris(report, TG.fromSource) for d in stated.iris(s, DCTERMS.source)]
    href = next(filter(None, map(outside, documents)), "")
    return CitedWork(words, href, f"reference {number} of its list" if href else "")
