"""The values that a form offers for a parameter, in groups: reviewed scopes first, with counts, then all others."""

from __future__ import annotations

from trialgraph.base.errors import TrialgraphError, UsageError
from trialgraph.http.pages.trials.index import index_of_trials
from trialgraph.http.site import site
from trialgraph.questions.saved_queries import Parameter
from trialgraph.rdf.vocabulary import compact, expand
from trialgraph.release.lists.facets import FACETS, NONE, Facet, Index

__all__ = ["Group", "grouped_choices"]

#: A heading, empty where there is but one group, and values with what to call them.
Group = tuple[str, tuple[tuple[str, str], ...]]
#: What stands before a narrower value: an option has no other way to be set in.
_DEPTH = "\u2003"


def grouped_choices(parameter: Parameter) -> tuple[Group, ...]:
    """The values of a parameter. Where some have a reviewed scope, these stand first with their trials."""
    choices = site().choices(parameter)
    if parameter.type != "iri" or not choices:
        return (("", choices),) if choices else ()
    try:
        index = index_of_trials()
    except TrialgraphError:
        return (("", choices),)  # a form without counts is better than none
    offered = {_iri(value): value for value, _ in choices}
    facet = next((f for f in FACETS if f.scopes and offered.keys() & set(index.values[f.name].scopes)), None)
    if facet is None:
        return (("", choices),)
    first = _reviewed(index, facet, offered)
    above = {value for value, _ in first}
    rest = tuple((value, label) for value, label in choices if value not in above)
    groups: tuple[Group, ...] = (("As reviewed, with the number of trials", first),)
    return (*groups, (f"Other terms of the tree of {facet.scopes}", rest)) if rest else groups


def _reviewed(index: Index, facet: Facet, offered: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (offered[value.iri], f"{_DEPTH * value.depth}{value.label or compact(value.iri)} ({value.count:,})")
        for value in index.reviewed(facet, {})
        if value.iri != NONE and value.iri in offered
    )


def _iri(value: str) -> str:
    try:
        return expand(value).value
    except UsageError:
        return value
