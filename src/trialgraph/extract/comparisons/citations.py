"""What a row says of the publication of its trial: DOI, PubMed id, first author and year, number in the list.

Registry numbers are read by their own column. Here text is only compared between rows, so nothing of it is stated of a
trial: what is found is evidence for a reviewer.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from trialgraph.base.doi import DOI_IN_TEXT, trimmed_doi
from trialgraph.model.report import Report

__all__ = ["Citations", "citations_of"]

_PMID: Final = re.compile(r"\b(?:PMID|PubMed(?: ID)?)\s?:?\s?(\d{5,8})\b", re.IGNORECASE)
_PMID_HEADING: Final = re.compile(r"\b(?:pmid|pubmed)\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{5,8}")
_PARTICLE: Final = r"(?:(?i:van|von|de|der|den|del|della|di|da|du|la|le|el|al)[ -])*"
_SURNAME: Final = rf"(?P<name>{_PARTICLE}(?P<own>[^\W\d_][\w'’ʼ]+(?:-[^\W\d_][\w'’ʼ]+)*))"
_INITIALS: Final = r"(?:,? (?:[A-Z]\.?[ -]?){1,3})?"
# What follows a first author: others, a second one, or the year.
_AUTHOR: Final = re.compile(
    rf"^\W*{_SURNAME}{_INITIALS}(?:,? et al\b|,? (?:and|&) [^\W\d_][\w'’-]+|,? ?\(?(?=(?:19|20)\d\d\b))"
)
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Citations:
    """The publication or publications that a report cites.

    :param publications: ``doi:…`` and ``pmid:…``
    :param author: the first author's surname, folded to plain small letters; empty where none is printed
    :param printed: the same as printed
    :param year: beside the author; empty where none or several are printed
    """

    publications: frozenset[str]
    author: str = ""
    printed: str = ""
    year: str = ""


def citations_of(report: Report) -> Citations:
    """What the cells of a report's row cite."""
    publications: set[str] = set()
    author = printed = year = ""
    for cell in report.row.cells:
        text = cell.in_normal_form().text or "" if cell.text and not cell.doubtful else ""
        publications |= {f"doi:{trimmed_doi(m[0]).casefold()}" for m in DOI_IN_TEXT.finditer(text)}
        publications |= {f"pmid:{m[1]}" for m in _PMID.finditer(text)}
        if _PMID_HEADING.search(cell.header):
            publications |= {f"pmid:{m}" for m in _NUMBER.findall(DOI_IN_TEXT.sub("", text))}
        if cell.field == "reference" and not author and (m := _AUTHOR.match(text)) and m["own"][0].isupper():
            printed, author = m["name"], _folded(m["name"])
            years = set(_YEAR.findall(DOI_IN_TEXT.sub("", text)))
            year = years.pop() if len(years) == 1 else ""
    return Citations(frozenset(publications), author, printed, year)


def _folded(name: str) -> str:
    """Letters alone, without accents: "Vega-Ávila" and "Vega Avila" are one name."""
    plain = unicodedata.normalize(
        "NFKD", name.casefold().replace("ß", "ss").replace("ø", "o").replace("ł", "l")
    )
    return "".join(char for char in plain if char.isalpha())
