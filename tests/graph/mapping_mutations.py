"""Wrong mappings, made from the concept files systematically: each field, each kind of mistake.

A mutant is a line of the concept files that is changed (or added after it), and must be refused by name. Nothing is
drawn at random: the same files give the same mutants.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from pyoxigraph import NamedNode

from trialgraph.graph.external_terms import Terms, external_terms
from trialgraph.graph.mapping_checks import mapping_findings
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import compact
from trialgraph.release.graphs import ontology_quads
from trialgraph.terminology.branches import branches
from trialgraph.terminology.lexicon import NO_TERM, Lexicon, MappingLine, lexicon
from trialgraph.terminology.xrefs import xrefs

__all__ = ["Mutant", "accepted", "mutants", "rounds", "terms", "with_mutants", "wrong"]

T = TypeVar("T")
EXACT, BROAD, NARROW = "skos:exactMatch", "skos:broadMatch", "skos:narrowMatch"


@dataclass(frozen=True)
class Mutant:
    """A wrong line in the place of one, or after it."""

    kind: str
    line: MappingLine
    instead: bool = True

    @property
    def name(self) -> str:
        """Field, kind and what is wrongly stated."""
        line = self.line
        return f"{line.field}: {self.kind}: {line.subject} {line.predicate} {line.object}"


@cache
def terms() -> Terms:
    """The terms of the packaged module."""
    return external_terms(ontology_quads())


@cache
def known() -> tuple[str, ...]:
    """All current terms of the module, sorted."""
    subjects = {quad.subject for quad in ontology_quads() if quad.graph_name == iris.graph("module")}
    module = {compact(subject.value) for subject in subjects if isinstance(subject, NamedNode)}
    found = ((curie, terms().get(curie)) for curie in sorted(module))
    return tuple(curie for curie, term in found if term and term.labels and not term.obsolete)


def ontology(curie: str) -> str:
    """The prefix."""
    return curie.partition(":")[0]


def lines_of(field: str) -> list[MappingLine]:
    """The lines of a field that map a concept to a term."""
    return [m for m in lexicon().lines[field] if not m.literal and m.object != NO_TERM]


def wrong(line: MappingLine, curie: str, predicate: str = "") -> MappingLine:
    """The line with another object, called as it is called."""
    term = terms().get(curie)
    label = min(term.labels) if term else curie
    return replace(line, object=curie, object_label=label, predicate=predicate or line.predicate)


def spread(found: Sequence[T], most: int) -> list[T]:
    """At most so many, from all over the sequence."""
    return [found[k * len(found) // most] for k in range(most)] if len(found) > most else list(found)


def in_branches(field: str, prefix: str) -> list[str]:
    """The terms of an ontology that the field may be mapped to."""
    here = branches().get((field, prefix), ())
    mine = [curie for curie in known() if ontology(curie) == prefix]
    return [curie for curie in mine if any(terms().in_branch(curie, branch) for branch in here)]


def twice(field: str) -> Iterator[Mutant]:
    """Two concepts are exactly one term."""
    lines = lines_of(field)
    others = {line.subject: line for line in lines}
    for line in spread([line for line in lines if line.predicate == EXACT], 3):
        other = next((other for subject, other in others.items() if subject != line.subject), None)
        if other:
            yield Mutant("two concepts for one term", wrong(other, line.object, EXACT), instead=False)


def elsewhere(field: str) -> Iterator[Mutant]:
    """A term of an ontology that is not for the field, and one of its ontologies out of its branch."""
    lines = lines_of(field)
    foreign = ("MONDO", "CL", "UBERON", "GO", "EFO", "HP", "DOID", "NCIT", "MESH", "CHEBI")
    mine = {ontology(line.object) for line in lines}
    for k, prefix in enumerate(p for p in foreign if p not in mine):
        line = lines[k % len(lines)]
        yield Mutant("another ontology", wrong(line, next(c for c in known() if ontology(c) == prefix)))
    for line in spread([line for line in lines if ontology(line.object) in ("NCIT", "MESH", "HP", "OBI")], 4):
        inside = set(in_branches(field, ontology(line.object)))
        outside = [c for c in known() if ontology(c) == ontology(line.object) and c not in inside]
        for curie in spread(outside, 2):
            yield Mutant("outside the branch", wrong(line, curie))


def not_the_same(field: str) -> Iterator[Mutant]:
    """An exact match to another term of the right branch: what is above it, what is below it, any other."""
    for line in spread([line for line in lines_of(field) if line.predicate == EXACT], 8):
        inside = [curie for curie in in_branches(field, ontology(line.object)) if curie != line.object]
        above = [curie for curie in inside if terms().is_below(line.object, curie)]
        below = [curie for curie in inside if terms().is_below(curie, line.object)]
        for kind, found in (
            ("exact of a broader", above),
            ("exact of a narrower", below),
            ("exact of another", inside),
        ):
            for curie in spread(found, 2):
                yield Mutant(kind, wrong(line, curie))


def upside_down(field: str) -> Iterator[Mutant]:
    """Broader and narrower matches that the hierarchy contradicts."""
    exact = [line for line in lines_of(field) if line.predicate == EXACT]
    for line in spread(exact, 4):
        inside = [curie for curie in in_branches(field, ontology(line.object)) if curie != line.object]
        below = [curie for curie in inside if terms().is_below(curie, line.object)]
        above = [curie for curie in inside if terms().is_below(line.object, curie)]
        for kind, predicate, found in (
            ("broad of a narrower", BROAD, below),
            ("narrow of a broader", NARROW, above),
        ):
            for curie in spread(found, 1):
                yield Mutant(kind, wrong(line, curie, predicate), instead=False)
        for predicate in (BROAD, NARROW):
            yield Mutant("the exact term is not the same", replace(line, predicate=predicate), instead=False)


def parts(field: str) -> Iterator[Mutant]:
    """A broad match to what is exactly a narrower concept of ours; a narrow match to what is exactly a broader one."""
    exact = {line.subject: line for line in lines_of(field) if line.predicate == EXACT}
    for concept, line in exact.items():
        above = {c for c in terms().above(concept) if c in exact} - {concept}
        for wider in sorted(above)[:1]:
            yield Mutant(
                "broad of a narrower concept", wrong(exact[wider], line.object, BROAD), instead=False
            )
            yield Mutant(
                "narrow of a broader concept", wrong(line, exact[wider].object, NARROW), instead=False
            )


def unrelated(field: str) -> Iterator[Mutant]:
    """A match to a term that has nothing to do with the concept, and an exact one to what is related."""
    loose = [line for line in lines_of(field) if line.predicate != EXACT]
    for line in spread(loose, 4):
        said = set(line.subject_label.lower().replace("-", " ").split())
        inside = [
            curie
            for curie in in_branches(field, ontology(line.object))
            if not said & set(min(terms().get(curie).labels).lower().replace("-", " ").split())  # type: ignore[union-attr]
        ]
        for curie in spread([curie for curie in inside if curie != line.object], 2):
            yield Mutant("nothing in common", wrong(line, curie))
    for line in spread([line for line in loose if ontology(line.object) in ("CL", "HP", "UBERON")], 3):
        yield Mutant("exact of what is related", replace(line, predicate=EXACT))


def crossed(field: str) -> Iterator[Mutant]:
    """A term whose cross-references lead to another concept of ours."""
    exact = [line for line in lines_of(field) if line.predicate == EXACT]
    owners = {line.object: line.subject for line in exact}
    for xref in xrefs():
        one, two = compact(xref.subject.value), compact(xref.object.value)
        if one in owners and terms().get(two) and (field, ontology(two)) in branches() and two not in owners:
            other = next(line for line in exact if line.subject != owners[one])
            yield Mutant("another's cross-reference", wrong(other, two), instead=False)


def opposite(field: str) -> Iterator[Mutant]:
    """A close match to what says the opposite."""
    for line in lines_of(field):
        label = min(terms().get(line.object).labels)  # type: ignore[union-attr]  # it is in the module
        for one, two in (
            ("negative", "positive"),
            ("Increased", "Decreased"),
            ("increased", "decreased"),
            ("Not", ""),
        ):
            for curie in (
                terms().called(ontology(line.object), label.replace(one, two)) if one in label else ()
            ):
                yield Mutant("the opposite", wrong(line, curie, "skos:closeMatch"))


KINDS: Sequence[Callable[[str], Iterator[Mutant]]] = (
    twice, elsewhere, not_the_same, upside_down, parts, unrelated, crossed, opposite,
)  # fmt: skip


@cache
def mutants(most: int = 1000) -> tuple[Mutant, ...]:
    """All of them, each once; or so many of each field and kind."""
    made: dict[str, Mutant] = {}
    counted: Counter[tuple[str, str]] = Counter()
    for field in lexicon().lines:
        for mutant in (mutant for kind in KINDS for mutant in kind(field)):
            if mutant.name not in made and counted[field, mutant.kind] < most:
                counted[field, mutant.kind] += 1
                made[mutant.name] = mutant
    return tuple(made.values())


def rounds(made: Iterable[Mutant]) -> Iterator[tuple[Mutant, ...]]:
    """The mutants, with at most one of a field in a round: they do not hide each other, nor show each other."""
    waiting: dict[str, list[Mutant]] = {}
    for mutant in made:
        waiting.setdefault(mutant.line.field, []).append(mutant)
    while any(waiting.values()):
        yield tuple(found.pop() for found in waiting.values() if found)


def accepted(round_: Sequence[Mutant]) -> list[str]:
    """Those of a round that no gate refuses by their line and their term."""
    told = [(finding.focus, finding.message) for finding in mapping_findings(with_mutants(round_), terms())]
    return [mutant.name for mutant in round_ if not any(_is_told(mutant.line, *one) for one in told)]


def with_mutants(wanted: Sequence[Mutant]) -> Lexicon:
    """The lexicon with those lines, without making the patterns of all surface forms anew."""
    made = copy(lexicon())
    lines, made.concepts = dict(made.lines), dict(made.concepts)
    for mutant in wanted:
        field, subject = mutant.line.field, mutant.line.subject
        at = next(k for k, line in enumerate(lines[field]) if line.id == mutant.line.id)
        rest = at + 1 if mutant.instead else at
        lines[field] = (*lines[field][:at], mutant.line, *lines[field][rest:])
        external = tuple(line for line in lines[field] if not line.literal and line.subject == subject)
        made.concepts[subject] = replace(made.concepts[subject], external=external)
    made.lines = lines
    return made


def _is_told(line: MappingLine, where: str, message: str) -> bool:
    stem, _, number = line.id.partition("/")
    said = f"{line.subject} ({line.subject_label}) {line.predicate.partition(':')[2]} {line.object} ("
    return where == f"ontology/concepts/{stem}.sssom.tsv:{number}" and message.startswith(said)
