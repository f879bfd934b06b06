"""How the list of trials has the values of facets in its address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlencode

from trialgraph.rdf.vocabulary import PREFIXES, compact
from trialgraph.release.lists.facets import ALL_FACETS, NONE

__all__ = ["list_path", "spelled", "value_pairs"]

_FACETS: Final = {facet.name: facet for facet in ALL_FACETS}


def spelled(facet: str, value: str) -> str:
    """A value as the address has it: a slug where it is ours, else a CURIE."""
    if value == NONE or _FACETS[facet].column:
        return value
    if facet == "registry":
        return value.rpartition("/")[2]
    return value.removeprefix(PREFIXES["tgc"]) if value.startswith(PREFIXES["tgc"]) else compact(value)


def value_pairs(chosen: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    """The parameters for some values; the same values have the same ones."""
    return [(name, spelled(name, value)) for name in _FACETS for value in sorted(chosen.get(name, ()))]


def list_path(chosen: Mapping[str, Iterable[str]]) -> str:
    """The path of the list for some values, below the root of the site."""
    return f"/trials?{urlencode(value_pairs(chosen), safe=':,')}"
