"""References as RIS, BibTeX and one line of text: of the dataset, of reviews, of the papers and records behind trials.

Both formats are a few tags a line; what writes them is smaller than what would adapt a library's dictionaries
(decisions/0001-parts.md). The tests read them with rispy and bibtexparser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from trialgraph.rdf.vocabulary import PREFIXES

__all__ = ["Reference", "as_bibtex", "as_ris", "as_text", "bare_doi"]

Kind = Literal["dataset", "article", "record", "other"]
_RIS: Final[dict[Kind, str]] = {"dataset": "DATA", "article": "JOUR", "record": "DATA", "other": "GEN"}
_BIBTEX: Final[dict[Kind, str]] = {"dataset": "misc", "article": "article", "record": "misc", "other": "misc"}
_SPECIAL: Final = str.maketrans(
    {
        **{c: f"\\{c}" for c in "{}$&#_%"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_BLANKS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_NO_KEY: Final = re.compile(r"[^A-Za-z0-9:.-]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """What is cited.

    :param kind: ``dataset``; ``article``: a paper; ``record``: an entry of a registry; ``other``: what is known only by
        its number in a list
    :param key: by which a document cites it
    :param doi: without its resolver
    :param url: of its page
    :param database: of a record, the registry
    :param accession: of a record, its id
    :param version: of a dataset
    :param notes: anything else, a note each
    """

    kind: Kind
    key: str
    title: str
    authors: tuple[str, ...] = ()
    year: str = ""
    journal: str = ""
    publisher: str = ""
    doi: str = ""
    url: str = ""
    database: str = ""
    accession: str = ""
    version: str = ""
    notes: tuple[str, ...] = ()

    @property
    def resolved(self) -> str:
        """The address that its DOI leads to; empty where it has none."""
        return f"{PREFIXES['doi']}{self.doi}" if self.doi else ""


def as_ris(references: Iterable[Reference]) -> Iterator[str]:
    """The references in the format of reference managers, each once, an entry at a time."""
    known: set[Reference] = set()
    for one in references:
        if one not in known:
            entry = "".join(f"{tag}  - {_line(text)}\r\n" for tag, text in _ris(one)) + "ER  - \r\n"
            yield f"\r\n{entry}" if known else entry
            known.add(one)


def as_bibtex(references: Iterable[Reference]) -> str:
    """The references as BibTeX in UTF-8, each once, as BibLaTeX and BibTeX read them."""
    return "\n".join(map(_entry, dict.fromkeys(references)))


def as_text(one: Reference) -> str:
    """The reference as one line of plain text."""
    parts = [
        ", ".join(one.authors) + (f" ({one.year})" if one.year else ""),
        one.title,
        one.journal,
        one.version,
        one.resolved if one.doi else one.url,
    ]
    return ". ".join(_line(part) for part in parts if part)


def bare_doi(iri: str) -> str:
    """A DOI without the address of its resolver."""
    return iri.removeprefix(PREFIXES["doi"]) if iri.startswith(PREFIXES["doi"]) else ""


def _ris(one: Reference) -> Iterator[tuple[str, str]]:
    pairs = [
        ("TY", _RIS[one.kind]),
        *(("AU", author) for author in one.authors),
        ("TI", one.title),
        ("PY", one.year),
        ("T2", one.journal),
        ("PB", one.publisher),
        ("DB", one.database),
        ("AN", one.accession),
        ("ET", one.version),
        ("DO", one.doi),
        ("UR", one.url or one.resolved),
        *(("N1", note) for note in one.notes),
        ("ID", one.key),
    ]
    return ((tag, text) for tag, text in pairs if text)


def _entry(one: Reference) -> str:
    # A name of several words that is no person's is one name between braces.
    fields = {
        "author": " and ".join(f"{{{_tex(author)}}}" for author in one.authors),
        "title": f"{{{_tex(one.title)}}}",
        "year": one.year,
        "journal": _tex(one.journal),
        "publisher": _tex(one.publisher),
        "version": _tex(one.version),
        "howpublished": _tex(", ".join(filter(None, (one.database, one.accession)))),
        "doi": one.doi,
        "url": one.url,
        "note": _tex("; ".join(one.notes)),
    }
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items() if text)
    return f"@{_BIBTEX[one.kind]}{{{_NO_KEY.sub('-', one.key)},\n{lines}}}\n"


def _line(text: str) -> str:
    """A text on one line: a line break would begin another tag."""
    return _BLANKS.sub(" ", text).strip()


def _tex(text: str) -> str:
    return _line(text).translate(_SPECIAL)
