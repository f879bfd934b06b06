"""Values of parameters in any spelling: what a person writes for a term, a number of a registry, one of a few choices.

What is found is one term, or an error that lists several; what is not known at all is an error with the nearest values,
and a term that is known, but that no trial has, is said to be one.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Self

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

from trialgraph.base.errors import UsageError
from trialgraph.base.normal_form import normal_form
from trialgraph.extract.text.registries import registry_number
from trialgraph.questions.saved_queries import Parameter, SavedQuery
from trialgraph.rdf.vocabulary import compact, expand
from trialgraph.release.names.term_names import LOOSE, Ask, TermNames, id_key, name_key, value_of
from trialgraph.terminology.lexicon import REFERENCE, lexicon
from trialgraph.terminology.names.ontology_index import ontology_index

__all__ = ["Bound", "Choices", "Meaning", "ParameterValues", "iri_in", "meaning", "nearest"]

#: Values that a form offers for a parameter, each with what to call it.
Choices = Callable[[Parameter], Iterable[tuple[str, str]]]
#: What the terms of a parameter are: the prefixes of ontologies, and the fields of our concepts.
Kinds = frozenset[str]
#: The whole index of released ontologies: what its fields are called there.
_INDEXED: Final = {"MONDO": "d", "CL": "c", "UBERON": "t"}
_NEAR, _LISTED, _CUTOFF = 3, 6, 0.55
#: Names that are compared with one that is not known, and how much of it.
_MOST_COMPARED, _LONGEST = 2_000, 60


@dataclass(frozen=True, slots=True)
class Bound:
    """A saved query with its values.

    :param text: the query
    :param notes: what a reader of the answer should know of the values, a sentence each
    :param values: each as it was found
    """

    text: str
    notes: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text means.

    :param values: the terms that it may mean; none: it means nothing that is known
    :param label: of a term that only the whole ontologies know
    :param loose: its name is not one that means exactly the term
    """

    values: tuple[str, ...] = ()
    label: str = ""
    loose: bool = False


def kinds_of(values: Iterable[str]) -> Kinds:
    """What some terms are."""
    return frozenset(kind for value in values for kind in _kind(value))


def _kind(value: str) -> tuple[str, ...]:
    short = compact(value)
    prefix = short.partition(":")[0]
    concept = lexicon().concept_of(short)
    own = (concept.field,) if concept else ()
    return own if prefix == "tgc" else (prefix, *own)


def meaning(text: str, names: TermNames, offered: Mapping[str, str]) -> Meaning:
    """What a text means where terms like those on offer are meant.

    :param offered: the values that trials have, with what to call them; one of them goes before a term that no trial
        has. None: any
    """
    if by_id := names.ids.get(id_key(text)):
        return Meaning(_preferred(by_id, offered))
    key, kinds = name_key(text), kinds_of(offered)
    held = {
        value: rank
        for value, rank in names.named.get(key, {}).items()
        if not offered or value in offered or kinds.intersection(_kind(value))
    }
    best = min(held.values(), default=LOOSE)
    called = {value for value, label in offered.items() if name_key(label) == key}
    if called and best == LOOSE:
        return Meaning(tuple(sorted(called)))
    if held:
        return Meaning(
            _preferred((v for v, rank in held.items() if rank == best), offered), loose=best == LOOSE
        )
    return _in_ontologies(text, kinds, names)


def _preferred(found: Iterable[str], offered: Mapping[str, str]) -> tuple[str, ...]:
    every = sorted(found)
    return tuple(value for value in every if value in offered) or tuple(every)


def _in_ontologies(text: str, kinds: Kinds, names: TermNames) -> Meaning:
    """A term of the released ontologies that the graph has no word of: it has no trials, but is known."""
    index = ontology_index()
    if index is None:
        return Meaning()
    prefix, colon, local = id_key(text).partition(":")
    if colon:
        term = index.find(f"{prefix.upper()}:{local.upper()}")
        found = [term] if term else []
    else:
        fields = "".join(_INDEXED.get(kind, "") for kind in sorted(kinds))
        found = [match.term for match in index.lookup(normal_form(text).text, fields)] if fields else []
    references = set(REFERENCE.values())
    for term in found:
        same = (term, *(index.term(number) for number in term.same))
        for one in sorted(same, key=lambda other: other.ontology not in references):
            if known := names.ids.get(id_key(one.curie)):
                return Meaning(tuple(sorted(known)))
    # of the same thing the term of the ontology that the data use
    things = {}
    for term in found:
        same = (term, *map(index.term, term.same))
        one = min(same, key=lambda other: (other.ontology not in references, other.curie))
        if iri := iri_in(one.curie):
            things[iri] = one.label
    return Meaning(tuple(sorted(things)), "".join(things.values()) if len(things) == 1 else "")


def nearest(text: str, offered: Mapping[str, str]) -> str:
    """The values that a text that is not known is closest to, for an error.

    :param offered: values with what to call them
    """
    word = normal_form(text[:_LONGEST]).text.casefold()
    keys: dict[str, str] = {}
    for value, label in list(offered.items())[:_MOST_COMPARED]:
        for one in (label, value):
            keys.setdefault(one.casefold()[:_LONGEST], value)
    close = [keys[key] for key in difflib.get_close_matches(word, keys, n=_NEAR * 2, cutoff=_CUTOFF)]
    first = [value for key, value in keys.items() if word[:4] and word[:4] in key] if len(word) > 3 else []
    found = list(dict.fromkeys((*close, *first)))[:_NEAR]
    listed = ", ".join(
        offered[v] if offered[v] in (v, "") else f"{v} ({offered[v]})" for v in found or list(offered)[:_NEAR]
    )
    if not listed:
        return ""
    if found:
        return f"did you mean {listed}?"
    return (
        f"there are {len(offered)} values, like {listed}"
        if len(offered) > 1
        else f"the only value is {listed}"
    )


class ParameterValues:
    """The values of parameters in a release.

    :param ask: answers our own queries on its graph
    :param choices: what a form offers for a parameter
    """

    def __init__(self, ask: Ask, choices: Choices | None = None) -> None:
        self._ask, self._choices = ask, choices or self._asked

    @cached_property
    def names(self) -> TermNames:
        """The names of its terms."""
        return TermNames.of(self._ask)

    @classmethod
    def of_store(cls, store: Store) -> Self:
        """Those of a store that this process has open itself."""

        def ask(query: str) -> Iterator[Sequence[NamedNode | Literal | BlankNode | Triple | None]]:
            found = store.query(query)
            assert isinstance(found, QuerySolutions)  # noqa: S101 - our own SELECTs
            yield from (tuple(row) for row in found)

        return cls(ask)

    def _asked(self, parameter: Parameter) -> Iterable[tuple[str, str]]:
        if parameter.values is not None:
            return parameter.values.items()
        if parameter.values_query is None:
            return ()
        rows = [[getattr(term, "value", "") for term in row] for row in self._ask(parameter.values_query)]
        return [(compact(row[0]), row[-1] or row[0]) for row in rows if row]

    def bind(self, saved: SavedQuery, values: Mapping[str, str] | None = None) -> Bound:
        """A saved query with values in any spelling.

        :raises UsageError: as :meth:`~trialgraph.questions.saved_queries.SavedQuery.bind`; a value is not known, or
            means several terms
        """
        known = {parameter.name: parameter for parameter in saved.parameters}
        made, notes = {}, []
        for name, value in (values or {}).items():
            parameter = known.get(name)
            made[name] = value
            if parameter and value.strip() and len(value) <= parameter.chars:
                made[name], note = self._value(parameter, value)
                notes += [note] if note else []
        return Bound(saved.bind(made), tuple(notes), made)

    def _value(self, parameter: Parameter, text: str) -> tuple[str, str]:
        """The value that a text is, and what to say of it."""
        if parameter.values is not None and parameter.type in ("iri", "enum", "string"):
            return self._listed(parameter, text), ""
        if parameter.type == "iri":
            return self._term(parameter, text)
        if parameter.type == "string":
            return self._number(parameter, text), ""
        return text, ""

    def _listed(self, parameter: Parameter, text: str) -> str:
        """One of the values that alone are accepted."""
        offered = dict(parameter.values or {})
        if text.strip() in offered:
            return text.strip()
        key, iri = name_key(text), parameter.type == "iri"
        same = [v for v, label in offered.items() if key in (name_key(v), name_key(label))]
        if not same and iri:
            by_value = {expand(value).value: value for value in offered}
            means = meaning(text, self.names, {value_of(i): offered[v] for i, v in by_value.items()})
            same = [v for i, v in by_value.items() if value_of(i) in means.values]
        return self._only(parameter, text, same, offered)

    def _term(self, parameter: Parameter, text: str) -> tuple[str, str]:
        offered = dict(self._choices(parameter))
        by_iri = {iri_in(value): label for value, label in offered.items()}
        if (exact := iri_in(text.strip())) in by_iri:
            return exact, ""
        found = meaning(text, self.names, by_iri)
        if not found.values and exact and self._is_node(exact):
            found = Meaning((value_of(exact),))
        if len(found.values) != 1:
            return self._only(parameter, text, found.values, offered), ""
        value = found.values[0]
        label = f"{found.label} ({compact(value)})" if found.label else self._called(value, by_iri)
        if found.loose:
            return value, f"{text.strip()[:60]!r} is read as {label}"
        if by_iri and value not in by_iri and value not in self.names.scoped:
            return value, f"{label} is known, but no trial of this release has it"
        return value, ""

    def _called(self, value: str, by_iri: Mapping[str, str]) -> str:
        return f"{by_iri[value]} ({compact(value)})" if value in by_iri else self.names.label(value)

    def _is_node(self, iri: str) -> bool:
        node = NamedNode(iri)
        pattern = f"{{ {node} ?p ?other }} UNION {{ ?other ?p {node} }}"
        return any(True for _ in self._ask(f"SELECT ?p {{ {pattern} }} LIMIT 1"))

    def _number(self, parameter: Parameter, text: str) -> str:
        """A text; where it is a number of a registry, or one of the choices, in the spelling that the data have."""
        number = registry_number(text)
        if number and parameter.default and registry_number(parameter.default):
            return number
        if parameter.values_query is None:
            return text
        offered = [value for value, _ in self._choices(parameter)]
        key = name_key(text)
        return text if text in offered else next((v for v in offered if name_key(v) == key), text)

    def _only(self, parameter: Parameter, text: str, found: Sequence[str], offered: Mapping[str, str]) -> str:
        """The one value that was found.

        :raises UsageError: there is none, or there are several
        """
        if len(found) == 1:
            return found[0]
        shown, where = repr(text[:60]), f"parameter {parameter.name}"
        if found:
            may = ", ".join(self.names.label(value) for value in found[:_LISTED])
            raise UsageError(f"{shown} has several meanings", where=where, hint=f"give one of {may}")
        raise UsageError(
            f"{shown} is nothing that this release knows",
            where=where,
            hint=nearest(text, offered) or f"give {parameter.fits()}",
        )


def iri_in(text: str) -> str:
    """The IRI that a text is in so many words; empty if it is none."""
    try:
        return expand(text).value
    except UsageError:
        return ""
