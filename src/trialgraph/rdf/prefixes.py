"""The prefixes of a release, with those of its own data, and the extended prefix map that ``curies`` reads.

Prefixes of vocabularies are defined once, in ``vocabulary``; those of data depend on the base of the IRIs. The graph
``meta`` declares all of them by ``sh:declare``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES, SPELLINGS

__all__ = ["DATA", "compressed", "prefix_map", "prefixes"]

#: The prefix of everything that is minted under the base.
DATA: Final = "tgd"
#: What people name in queries and tables, each kind with a prefix of its own: ``tg-trial:NCT01741857``.
_KINDS: Final = (
    *("trial", "report", "arm", "intervention", "dose", "condition", "planned-outcome", "finding"),
    *("mechanism-claim", "product", "drug", "biologic", "device", "procedure"),
    *("source", "row", "cell", "reading", "mapping", "conflict", "comparison", "graph"),
)


def prefixes() -> Mapping[str, str]:
    """Prefix to namespace: those of vocabularies and external terms, and those of our own data under the base."""
    return _prefixes(iris.base())


@lru_cache(maxsize=4)
def _prefixes(base: str) -> Mapping[str, str]:
    return {**PREFIXES, DATA: base, **{f"tg-{kind}": f"{base}{kind}/" for kind in _KINDS}}


def compressed(iri: str) -> str:
    """The CURIE of an IRI by the longest namespace that fits, our own data included; else the IRI itself."""
    pattern, names = _spaces(iris.base())
    found = pattern.match(iri)
    return f"{names[found[0]]}:{iri[found.end() :]}" if found and found.end() < len(iri) else iri


@lru_cache(maxsize=4)
def _spaces(base: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
    names = {space: prefix for prefix, space in sorted(_prefixes(base).items())}
    # The longest first, so that a data IRI has the prefix of its kind.
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True)))), names


def prefix_map() -> list[dict[str, Any]]:
    """One record a prefix, sorted: ``prefix``, ``uri_prefix``, and synonyms and the pattern of ids where known.

    A prefix of capitals has the Bioregistry's small letters as synonym.
    """
    made = []
    for prefix, space in sorted(prefixes().items()):
        pattern, others = SPELLINGS.get(prefix, ("", ()))
        record: dict[str, Any] = {"prefix": prefix, "uri_prefix": space}
        if prefix.isupper():
            record["prefix_synonyms"] = [prefix.lower()]
        if others:
            record["uri_prefix_synonyms"] = sorted(others)
        if pattern:
            record["pattern"] = pattern
        made.append(record)
    return made
