"""A subset of a release: some trials, and all that is said of them, closed over what it mentions.

Nodes that belong to one row of a source are told by their IRIs, so that only trials, terms and what else trials share
are held in memory.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import quote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from trialgraph.base.errors import UsageError
from trialgraph.rdf import iris
from trialgraph.rdf.literals import text
from trialgraph.rdf.prefixes import prefixes
from trialgraph.rdf.vocabulary import DCTERMS, OWL, RDF, RDFS, SH, SKOS, TG, expand
from trialgraph.release.exports.facts import Facts

__all__ = ["KEYS", "NothingChosen", "Subset", "chosen_trials", "subset_header"]

#: By what trials are chosen.
KEYS: Final = ("disease", "trial")
#: What is said of a trial that was not chosen and is mentioned all the same.
_OF_OTHERS: Final = frozenset({RDF.type.value, RDFS.label.value, DCTERMS.identifier.value})
_HINT: Final = "take an id or a label as the page of the trial shows it"
_MERGE: Final = DefaultGraph()
#: Nodes about two reports; they are in a subset with both of them.
_PAIRS: Final = ("comparison", "same-trial")
_SHARED: Final = (
    "trial",
    "source",
    "registry",
    "rule",
    "mapping",
    "graph",
    "reference",
    "table-text",
    "unread",
)


class NothingChosen(UsageError):
    """No trial fits a condition of a subset: the work was done, and nothing was found."""

    exit_code = 1


def chosen_trials(facts: Facts, only: Sequence[str]) -> list[NamedNode]:
    """The trials that any of some conditions names, sorted; all where there is no condition.

    :param only: ``disease=`` with a term or its label (narrower diseases count), ``trial=`` with an id or IRI
    :raises UsageError: a condition has another form
    :raises NothingChosen: no trial fits one of them
    """
    if not only:
        return facts.trials()
    found: set[NamedNode] = set()
    for condition in only:
        key, separator, value = condition.partition("=")
        if not separator or key not in KEYS or not value.strip():
            raise UsageError(
                f"{condition!r} chooses nothing", hint=f"use {' or '.join(f'{key}=…' for key in KEYS)}"
            )
        of = _with_disease if key == "disease" else _with_id
        fit = set(of(facts, value.strip()))
        if not fit:
            raise NothingChosen(f"no trial has {condition}", hint=_HINT)
        found |= fit
    return sorted(found, key=lambda node: node.value)


def _with_disease(facts: Facts, value: str) -> Iterator[NamedNode]:
    for disease in _terms(facts, value):
        kinds = _narrower(facts, disease)
        conditions = {node for kind in kinds for node in _before(facts, TG.disease, kind)}
        for condition in conditions:
            for report in _before(facts, TG.condition, condition):
                yield from facts.nodes(report, TG.aboutTrial)
        yield from _before(facts, TG.trialDisease, disease)


def _narrower(facts: Facts, term: NamedNode) -> set[NamedNode]:
    """A term and all that is narrower."""
    found, left = {term}, [term]
    while left:
        below = set(_before(facts, RDFS.subClassOf, left.pop())) - found
        found |= below
        left += below
    return found


def _terms(facts: Facts, value: str) -> set[NamedNode]:
    """The term of a CURIE or an IRI, else all that have the words as label, in any case."""
    iri = _node(value)
    if iri is not None:
        return {iri}
    spelled = {value, value.lower(), value.capitalize()}
    return {
        node
        for words in spelled
        for property_ in (RDFS.label, SKOS.prefLabel, SKOS.altLabel)
        for node in _before(facts, property_, Literal(words))
    }


def _with_id(facts: Facts, value: str) -> Iterator[NamedNode]:
    named = _node(value) or _node(f"{iris.base()}{value.removeprefix('/')}")
    found = set(_before(facts, DCTERMS.identifier, Literal(value)))
    found |= {node for one in [named] if one for node in (one, *_before(facts, TG.registeredAs, one))}
    for node in found:
        if TG.Trial in facts.kinds(node):
            yield node


def _node(value: str) -> NamedNode | None:
    prefix, _, local = value.partition(":")
    if not local.startswith("//") and prefix in prefixes():
        value = prefixes()[prefix] + local
    try:
        return expand(value)
    except UsageError:
        return None


def _before(facts: Facts, predicate: NamedNode, value: NamedNode | Literal) -> list[NamedNode]:
    found = facts.store.quads_for_pattern(None, predicate, value, _MERGE)
    return [quad.subject for quad in found if isinstance(quad.subject, NamedNode)]


class Subset:
    """Which lines of a release belong to some trials.

    :param trials: those that were chosen
    :param lines: all canonical lines of N-Quads of the release, to find what is mentioned
    """

    def __init__(self, facts: Facts, trials: Sequence[NamedNode], lines: Iterable[str]) -> None:
        self.facts = facts
        self.base = iris.base()
        self._row = re.compile(rf"{re.escape(self.base)}([a-z-]+)/([^/]+)/([^/]+)(?:/|$)")
        self._pair = re.compile(
            rf"{re.escape(self.base)}(?:{'|'.join(_PAIRS)})/([^/]+)/([^/]+)/([^/]+)/([^/]+)(?:/|$)"
        )
        self.trials = {trial.value for trial in trials}
        reports = [report for trial in trials for report in facts.nodes(trial, TG.hasReport)]
        #: Source and number of the rows or records that the reports are of.
        self.rows = {(found[2], found[3]) for one in reports if (found := self._row.match(one.value))}
        #: What is mentioned and belongs to no row: terms, properties, rules, mappings, sources …
        self.shared: set[str] = set()
        for line in lines:
            subject, predicate, value = line.split(" ", 2)
            if self._is_chosen(subject[1:-1]):
                self.shared.add(predicate[1:-1])
                if value.startswith("<"):
                    self.shared.add(value[1 : value.index(">")])
        self._close()

    def _is_chosen(self, iri: str) -> bool:
        return iri in self.trials or self._of_a_row(iri)

    def _of_a_row(self, iri: str) -> bool:
        if pair := self._pair.match(iri):
            return {(pair[1], pair[2]), (pair[3], pair[4])} <= self.rows
        found = self._row.match(iri)
        return bool(found and found[1] not in _SHARED and (found[2], found[3]) in self.rows)

    def _close(self) -> None:
        """Add what the shared nodes lead to: what a term is a kind of, the licence of a source."""
        self.shared = {iri for iri in self.shared if not self._is_chosen(iri)}
        pending = [NamedNode(iri) for iri in self.shared]
        while pending:
            node = pending.pop()
            if self._is_trial(node):
                continue
            for predicate, value in self.facts.about(node):
                for found in (predicate, value):
                    if isinstance(found, NamedNode) and found.value not in self.shared:
                        self.shared.add(found.value)
                        pending.append(found)

    def _is_trial(self, node: NamedNode) -> bool:
        return node.value.startswith(f"{self.base}trial/")

    def holds(self, line: str) -> bool:
        """Whether a canonical line of N-Quads belongs to it. Axioms with blank nodes do not."""
        if line.startswith("_:") or " _:" in line.partition('"')[0]:
            return False
        subject, _, rest = line[1:].partition("> <")
        if self._is_chosen(subject):
            return True
        if subject not in self.shared:
            return False
        return not subject.startswith(f"{self.base}trial/") or rest.partition(">")[0] in _OF_OTHERS


def subset_header(only: Sequence[str], stated: Iterable[Quad]) -> Iterator[Triple]:
    """The header of a subset, made of that of the whole: the same name, version, creators and licences.

    :param only: the conditions
    :param stated: the graph ``meta``
    """
    name = " | ".join(only)
    mark = f"#only-{quote(name, safe='')}"
    whole = iris.page()
    node = NamedNode(f"{whole.value}{mark}")
    about: dict[object, list[Triple]] = defaultdict(list)
    for quad in stated:
        about[quad.subject].append(quad.triple)
    for triple in about[whole]:
        value = triple.object
        if triple.predicate in (SH.declare, DCTERMS.hasPart):
            continue
        if triple.predicate in (RDFS.label, DCTERMS.title) and isinstance(value, Literal):
            value = text(f"{value.value}: only {name}")
        elif triple.predicate == OWL.versionIRI and isinstance(value, NamedNode):
            value = NamedNode(f"{value.value}{mark}")
        elif triple.predicate == DCTERMS.creator:
            yield from about[value]
        yield Triple(node, triple.predicate, value)
    yield Triple(node, DCTERMS.isPartOf, whole)
