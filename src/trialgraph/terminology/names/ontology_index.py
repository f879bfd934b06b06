"""An exact lexical index over whole pinned releases of MONDO, HP, DOID, MeSH, CL, UBERON, ChEBI, UNII, MAxO and EFO.

``ontology/index.db`` is made by ``make index`` from the releases in ``ontology/index.toml``: blocks of compressed lines
in an SQLite file, of which a lookup unpacks one. The forms under which a name is looked up are those of the library
gilda (``trialgraph[ontologies]``: ``ssslm[gilda-slim]``); nothing is matched by similarity, and what two names may
differ in is checked here once more. Without the library there is no index, and :func:`ontology_index` gives None.
"""

from __future__ import annotations

import importlib.util
import lzma
import re
import sqlite3
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from trialgraph.base.errors import InputError
from trialgraph.base.package_data import resource
from trialgraph.terminology.lexicon import fold

__all__ = ["Match", "OntologyIndex", "OntologyTerm", "Scope", "index_recipe", "ontology_index"]

Scope = Literal["label", "exact synonym", "unscoped synonym"]
_SCOPES: Final[Mapping[str, Scope]] = {"L": "label", "E": "exact synonym", "U": "unscoped synonym"}
_FILTERS: Final = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 17}]
_TERMS_IN_A_BLOCK: Final = 500
# An abbreviation is read in its own capitals: "AIDS" is no aids, "CAT" no cat.
_SHORT: Final = 5


@dataclass(frozen=True, slots=True)
class OntologyTerm:
    """A term of a release.

    :param fields: what it can be: ``d`` a disease or symptom, ``i`` an intervention, ``c`` a cell, ``t`` a tissue
    :param same: numbers in the index of the terms of other ontologies that are the same thing
    :param parents: and ``synonyms``: only of MONDO, CL and UBERON, whose terms are values in the graph
    """

    number: int
    curie: str
    label: str
    fields: str
    same: tuple[int, ...]
    parents: tuple[str, ...]
    synonyms: tuple[str, ...]

    @property
    def ontology(self) -> str:
        """The prefix of its CURIE."""
        return self.curie.partition(":")[0]

    @property
    def thing(self) -> int:
        """A number that all terms that are the same thing share."""
        return min((self.number, *self.same))


@dataclass(frozen=True, slots=True)
class Match:
    """A term and the name of it that the words are."""

    term: OntologyTerm
    name: str
    scope: Scope


class OntologyIndex:
    """The index in a file; safe to share between threads, as each lookup reads on its own."""

    def __init__(self, path: Path, releases: Mapping[str, str]) -> None:
        from gilda.grounder import Grounder  # type: ignore[import-untyped,import-not-found,unused-ignore]

        self.releases = releases
        self._base = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._forms = Grounder([])._generate_lookups

    def lookup(self, text: str, fields: str) -> tuple[Match, ...]:
        """The terms of those fields that have the whole of ``text`` as a name."""
        found: dict[tuple[int, str], Match] = {}
        for form in sorted(self._forms(text.strip())):
            for scope, number, name in self._named(form.strip()):
                term = self.term(number)
                if term.fields in fields and _alike(text.strip(), name, term.ontology):
                    best = found.get((number, ""))
                    if best is None or _rank(scope) < _rank_of(best.scope):
                        found[number, ""] = Match(term, name, _SCOPES[scope])
        return tuple(sorted(found.values(), key=lambda match: match.term.number))

    def _named(self, key: str) -> list[tuple[str, int, str]]:
        row = self._base.execute(
            "SELECT first, body FROM names WHERE first <= ? ORDER BY first DESC LIMIT 1", (key,)
        ).fetchone()
        if row is None:
            return []
        return _block(row[1]).get(key, [])

    def term(self, number: int) -> OntologyTerm:
        """The term with that number in the index."""
        first = number - number % _TERMS_IN_A_BLOCK
        line = self._terms(first)[number - first]
        curie, label, fields, same, parents, synonyms = line.split("\t")
        return OntologyTerm(
            number, curie, label, fields,
            tuple(map(int, same.split())), tuple(parents.split()), tuple(s for s in synonyms.split("|") if s),
        )  # fmt: skip

    def _terms(self, first: int) -> list[str]:
        (body,) = self._base.execute("SELECT body FROM terms WHERE first = ?", (first,)).fetchone()
        return _lines(body)

    def find(self, curie: str) -> OntologyTerm | None:
        """The term with that CURIE (terms are in the order of their CURIEs), or None."""
        low, high = 0, self._base.execute("SELECT max(first) FROM terms").fetchone()[0] + _TERMS_IN_A_BLOCK
        while low < high:
            middle = (low + high) // 2
            first = middle - middle % _TERMS_IN_A_BLOCK
            lines = self._terms(first)
            begins = [line[: line.index("\t")] for line in lines]
            if curie < begins[0]:
                high = first
            elif curie > begins[-1]:
                low = first + _TERMS_IN_A_BLOCK
            else:
                return self.term(first + begins.index(curie)) if curie in begins else None
        return None


@lru_cache(maxsize=64)
def _lines(body: bytes) -> list[str]:
    return lzma.decompress(body, lzma.FORMAT_RAW, filters=_FILTERS).decode("utf-8").split("\n")


@lru_cache(maxsize=16)
def _block(body: bytes) -> Mapping[str, list[tuple[str, int, str]]]:
    """Key to scope, number of the term and name."""
    made: dict[str, list[tuple[str, int, str]]] = {}
    for line in lzma.decompress(body, lzma.FORMAT_RAW, filters=_FILTERS).decode("utf-8").split("\n"):
        key, scope, number, name = line.split("\t")
        made.setdefault(key, []).append((scope, int(number), name or key))
    return made


def _rank(scope: str) -> int:
    return "LEU".index(scope)


def _rank_of(scope: Scope) -> int:
    return list(_SCOPES.values()).index(scope)


def _alike(text: str, name: str, ontology: str) -> bool:
    """Whether words are that name, beyond having the same letters.

    An abbreviation keeps its capitals; the register of substances prints every name in capitals. A single letter
    before a hyphen is a kind of its own: "B-ALL" is no ball.
    """
    capitals = name.isupper() and ontology != "UNII"
    if len(name) <= _SHORT and capitals and " " not in name:
        return text.startswith(name) and text[len(name) :] in ("", "s")
    if text.isupper() and len(text) <= _SHORT and " " not in text and not capitals:
        return ontology == "UNII"
    return bool(re.search(r"\b\w-\w", text)) == bool(re.search(r"\b\w[- ]\w", name)) or _plain(
        text
    ) == _plain(name)


def _plain(text: str) -> str:
    return re.sub(r"[\s-]+", " ", fold(text))


@cache
def index_recipe() -> Mapping[str, Any]:
    """``ontology/index.toml``.

    :raises InputError: it is missing or no TOML
    """
    path = resource("ontology") / "index.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"cannot be read: {error}", where=str(path), hint="reinstall trialgraph") from error


@cache
def ontology_index() -> OntologyIndex | None:
    """The packaged index; None where the library that it needs is not installed.

    :raises InputError: the index is missing
    """
    if importlib.util.find_spec("gilda") is None:
        return None
    path = resource("ontology") / "index.db"
    if not path.is_file():
        raise InputError("cannot be read", where=str(path), hint="reinstall trialgraph, or run: make index")
    return OntologyIndex(path, {one["ontology"]: one["release"] for one in index_recipe()["file"]})
