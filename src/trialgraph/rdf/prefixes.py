"""The extended prefix map of the release: the form that the Bioregistry and ``curies`` read.

Prefixes are defined once, in ``vocabulary``; the graph ``meta`` declares them by ``sh:declare``.
"""

from __future__ import annotations

from typing import Any

from trialgraph.rdf.vocabulary import PREFIXES, SPELLINGS

__all__ = ["prefix_map"]


def prefix_map() -> list[dict[str, Any]]:
    """One record a prefix, sorted: ``prefix``, ``uri_prefix``, and synonyms and the pattern of ids where known.

    A prefix of capitals has the Bioregistry's small letters as synonym.
    """
    made = []
    for prefix, space in sorted(PREFIXES.items()):
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
