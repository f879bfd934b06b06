"""The value of a facet that a text in an address means, whatever its spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from trialgraph.base.errors import UsageError
from trialgraph.extract.columns.countries import country_named
from trialgraph.extract.registries.mapping import field_mapping
from trialgraph.extract.text.registries import REGISTERS
from trialgraph.http.pages.trials.index import index_of_trials
from trialgraph.http.site import site
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import REGISTRIES, compact
from trialgraph.release.lists.facets import NONE, Facet
from trialgraph.release.names.facet_texts import facet_text
from trialgraph.release.names.parameter_values import iri_in, meaning, nearest
from trialgraph.release.names.term_names import name_key
from trialgraph.terminology.lexicon import lexicon

__all__ = ["facet_value"]

_YEAR: Final = re.compile(r"(?:19|20)\d\d", re.ASCII)
#: Longer than any name.
_MOST_CHARS: Final = 1_000
_LISTED: Final = 6
_NO_TRIAL: Final = "is known, but no trial of this release has it"


def facet_value(facet: Facet, text: str) -> tuple[str, str]:
    """The value, and what is to be said of it: that it is known, but no trial has it.

    :raises UsageError: it is not known, or means several values
    """
    if text == NONE:
        return text, ""
    index = index_of_trials()
    values = sorted(index.bits[facet.name].keys() - {NONE}, key=lambda iri: index.labels.get(iri, iri))
    if text in values:
        return text, ""
    if facet.column:
        return _text(facet, text, {value: index.labels.get(value, value) for value in values})
    offered = {iri: index.labels.get(iri) or compact(iri) for iri in values}
    iri = iris.registry(text).value if facet.name == "registry" and ":" not in text else iri_in(text)
    if iri in offered:
        return iri, ""
    if facet.name == "registry":
        return _registry(facet, text, offered)
    return _term(facet, text, offered)


def _term(facet: Facet, text: str, offered: Mapping[str, str]) -> tuple[str, str]:
    names = site().parameter_values().names
    found = meaning(text, names, offered) if len(text) <= _MOST_CHARS else None
    if found is None or not found.values:
        raise _unknown(facet, text, {compact(iri): label for iri, label in offered.items()})
    if len(found.values) > 1:
        may = ", ".join(names.label(value) for value in found.values[:_LISTED])
        raise UsageError(f"{text[:60]!r} has several meanings", where=facet.name, hint=f"give one of {may}")
    value = found.values[0]
    called = f"{found.label} ({compact(value)})" if found.label else names.label(value)
    if value in offered or value in names.scoped:
        return value, f"{text[:60]!r} is read as {called}" if found.loose else ""
    return value, f"{called} {_NO_TRIAL}"


def _registry(facet: Facet, text: str, offered: Mapping[str, str]) -> tuple[str, str]:
    """A registry by its name, its prefix, or the letters before its numbers."""
    spelled: dict[str, str] = {}
    for register in REGISTERS:
        letters = re.match(r"[A-Za-z]+", register.canonical)
        for name in (register.name, REGISTRIES.get(register.name, ""), letters[0] if letters else ""):
            spelled.setdefault(_letters(name), register.name)
    found = spelled.get(_letters(text), "") if _letters(text) else ""
    if not found:
        raise _unknown(facet, text, {label: label for label in offered.values()})
    iri = iris.registry(found).value
    return iri, "" if iri in offered else f"{found} {_NO_TRIAL}"


def _letters(text: str) -> str:
    return "".join(char for char in name_key(text) if char.isalnum())


def _text(facet: Facet, text: str, offered: Mapping[str, str]) -> tuple[str, str]:
    """A value of a facet whose values are the texts of a column."""
    value = facet_text(facet.name, text) if facet.name != "year" else text
    key = name_key(value)
    same = [value for value, label in offered.items() if key in (name_key(value), name_key(label))]
    if len(same) == 1:
        return same[0], ""
    if _is_known(facet, text):
        return value, f"no trial of this release has the {facet.title.lower()} {value}"
    raise _unknown(facet, text, offered)


def _is_known(facet: Facet, text: str) -> bool:
    """Whether a text is a value of a facet of texts, though no trial has it."""
    if facet.name == "country":
        return country_named(text) is not None
    if facet.name == "year":
        return bool(_YEAR.fullmatch(text))
    if facet.name == "sponsor_class":
        classes = field_mapping("clinicaltrials_gov").enums["AgencyClass"]
        return name_key(text) in {name_key(one.replace("_", " ")) for one in classes}
    return facet.name in lexicon().lines and lexicon().lookup(facet.name, text) is not None


def _unknown(facet: Facet, text: str, offered: Mapping[str, str]) -> UsageError:
    what = f"{text[:60]!r} is nothing that this release knows"
    return UsageError(what, where=facet.name, hint=nearest(text, offered))
