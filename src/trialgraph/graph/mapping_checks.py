"""Whether what the concept files say of other ontologies' terms can be right: the gates on mappings (decisions/0032).

A line is refused that maps two concepts to one term exactly, leaves the branch of its field, is exact while names or
cross-references say otherwise, or is broader or narrower where the hierarchy says the opposite. What a reviewer has
accepted although names say too little stands in ``reviewed_matches.tsv`` with a reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.external_terms import Name, Term, Terms, names_of
from trialgraph.rdf.vocabulary import compact
from trialgraph.terminology.branches import Branch, Reviewed, branches, reviewed_matches
from trialgraph.terminology.lexicon import NO_TERM, REFERENCE, Lexicon, MappingLine
from trialgraph.terminology.xrefs import Xref, xrefs

__all__ = ["mapping_findings"]

_NUMBER: Final = re.compile(r"\d+")
_EXACT: Final = "skos:exactMatch"
_BROAD: Final = "skos:broadMatch"
_NARROW: Final = "skos:narrowMatch"
_FOLDER: Final = "ontology/concepts"
_REVIEWED: Final = f"{_FOLDER}/reviewed_matches.tsv"
_NOT: Final = frozenset({"non", "not", "without"})
# Each word of the one side says the contrary of each of the other.
_OPPOSITES: Final = tuple(
    (frozenset(one.split()), frozenset(two.split()))
    for one, two in (
        ("decreased inhibition negative suppression", "activation increased positive stimulation"),
        ("acute", "chronic"),
        ("primary", "secondary"),
        ("active", "inactive"),
        ("allogeneic", "autologous"),
        ("adult", "juvenile"),
    )
)


def mapping_findings(
    lexicon: Lexicon,
    terms: Terms,
    allowed: Mapping[tuple[str, str], tuple[Branch, ...]] | None = None,
    reviewed: Reviewed | None = None,
    cross_references: Iterable[Xref] | None = None,
) -> tuple[CheckResult, ...]:
    """What is wrong with the lines that map concepts to terms, each a violation that names file, line and remedy.

    :param terms: those of the graph ``module`` (:func:`~trialgraph.graph.external_terms.external_terms`)
    :param allowed: branches by field and ontology, ``reviewed`` and ``cross_references``: None: the packaged ones
    """
    gates = _Gates(
        lexicon,
        terms,
        branches() if allowed is None else allowed,
        reviewed_matches() if reviewed is None else reviewed,
        _counterparts(xrefs() if cross_references is None else cross_references),
    )
    return tuple(sorted({*gates.findings(), *gates.of_reviewed()}))


def _counterparts(lines: Iterable[Xref]) -> dict[str, set[str]]:
    """What the releases say each term is called in other ontologies, both ways."""
    made: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        one, two = compact(line.subject.value), compact(line.object.value)
        made[one].add(two)
        made[two].add(one)
    return made


def _ontology(curie: str) -> str:
    return curie.partition(":")[0]


@dataclass
class _Gates:
    lexicon: Lexicon
    terms: Terms
    allowed: Mapping[tuple[str, str], tuple[Branch, ...]]
    reviewed: Reviewed
    counterparts: Mapping[str, set[str]]

    @cached_property
    def lines(self) -> tuple[MappingLine, ...]:
        """The lines that map a concept to a term."""
        fields = self.lexicon.lines.values()
        return tuple(m for lines in fields for m in lines if not m.literal and m.object != NO_TERM)

    @cached_property
    def exact(self) -> Mapping[str, tuple[str, ...]]:
        """The exact terms of each concept."""
        return {concept.id: concept.exact for concept in self.lexicon.concepts.values()}

    @cached_property
    def owners(self) -> Mapping[str, set[str]]:
        """The concepts that are exactly each term."""
        made: dict[str, set[str]] = defaultdict(set)
        for concept, terms in self.exact.items():
            for term in terms:
                made[term].add(concept)
        return made

    @cached_property
    def of_concept(self) -> Mapping[str, tuple[MappingLine, ...]]:
        """The lines of each concept."""
        made: dict[str, tuple[MappingLine, ...]] = defaultdict(tuple)
        for line in self.lines:
            made[line.subject] = (*made[line.subject], line)
        return made

    @cached_property
    def forms(self) -> Mapping[str, set[str]]:
        """The label and the surface forms that mean exactly each concept."""
        made: dict[str, set[str]] = defaultdict(set)
        for lines in self.lexicon.lines.values():
            for line in lines:
                if line.literal and line.predicate == _EXACT:
                    made[line.object].add(line.subject)
        for concept in self.lexicon.concepts.values():
            made[concept.id].add(concept.label)
        return made

    @cached_property
    def wider(self) -> Mapping[str, frozenset[str]]:
        """The concepts of ours that are broader than each, by the ontology and by ``definitions.tsv``."""
        up: dict[str, set[str]] = defaultdict(set)
        for concept in self.lexicon.concepts:
            definition = self.lexicon.definitions.get(concept)
            up[concept] |= {definition.broader} if definition and definition.broader else set()
            up[concept] |= {above for above in self.terms.above(concept) if above.startswith("tgc:")}
            up[concept].discard(concept)
        return {concept: _closed(concept, up) for concept in list(up)}

    @cached_property
    def narrower(self) -> Mapping[str, set[str]]:
        """The concepts of ours that are narrower than each."""
        made: dict[str, set[str]] = defaultdict(set)
        for concept, above in self.wider.items():
            for one in above:
                made[one].add(concept)
        return made

    def findings(self) -> Iterator[CheckResult]:
        """What is wrong with each line."""
        for line in self.lines:
            stem, _, number = line.id.partition("/")
            how, label = line.predicate.partition(":")[2], line.object_label
            what = f"{line.subject} ({line.subject_label}) {how} {line.object} ({label})"
            for message in self._wrong(line):
                yield CheckResult("violation", f"{_FOLDER}/{stem}.sssom.tsv:{number}", f"{what}: {message}")

    def _wrong(self, line: MappingLine) -> Iterator[str]:
        term = self.terms.get(line.object)
        if term is None or term.obsolete:
            return  # term_checks says so
        yield from self._doubled(line)
        yield from self._branch(line)
        if line.predicate == _EXACT:
            yield from self._names(line, term)
            yield from self._cross_references(line)
        else:
            yield from self._unrelated(line, term)
            yield from self._opposite(line, term)
        if line.predicate == _BROAD:
            yield from self._broader(line)
        elif line.predicate == _NARROW:
            yield from self._narrower(line)

    def _doubled(self, line: MappingLine) -> Iterator[str]:
        same = [other for other in self.of_concept[line.subject] if other.object == line.object]
        if len(same) > 1:
            yield "the concept is mapped to this term in two ways; keep one of the lines"
        if line.predicate == "skos:closeMatch":
            for exact in self._in_same_ontology(line.subject, line.object):
                yield f"it is exactly {exact}, so what is close to that says nothing; remove the line"
        if line.predicate != _EXACT:
            return
        if others := sorted(self.owners[line.object] - {line.subject}):
            yield f"{' and '.join(others)} is exactly this term, too; join the concepts, or correct one of the lines"
        ontology = _ontology(line.object)
        beside = [c for c in self.exact[line.subject] if _ontology(c) == ontology and c != line.object]
        if beside and REFERENCE.get(line.field) != ontology:  # term_checks says so of these
            yield f"it is exactly {beside[0]}, too; keep the one that means the same"

    def _branch(self, line: MappingLine) -> Iterator[str]:
        ontology = _ontology(line.object)
        here = self.allowed.get((line.field, ontology))
        if here is None:
            known = sorted(prefix for field, prefix in self.allowed if field == line.field)
            yield (
                f"{line.field} is not mapped to {ontology}; choose a term of {', '.join(known)}, or add the "
                f"branch to {_FOLDER}/branches.tsv with a reason"
            )
            return
        fitting = [branch for branch in here if self.terms.in_branch(line.object, branch)]
        if not fitting:
            roots = " ".join(root for branch in here for root in branch.roots)
            yield f"the term is outside the branches of {line.field} in {ontology} ({roots}); choose one within"
        elif not any(not branch.predicates or line.predicate in branch.predicates for branch in fitting):
            ways = sorted({way.partition(":")[2] for branch in fitting for way in branch.predicates})
            yield f"terms of this branch of {ontology} are no {line.field}; use {' or '.join(ways)}"

    def _ignored(self, line: MappingLine) -> frozenset[str]:
        here = self.allowed.get((line.field, _ontology(line.object)), ())
        return frozenset().union(*(branch.ignored for branch in here))

    def _names(self, line: MappingLine, term: Term) -> Iterator[str]:
        if self._is_reviewed(line):
            return
        ignored = self._ignored(line)
        ours, theirs = (
            names_of(self.forms[line.subject], ignored),
            names_of(term.labels | term.names, ignored),
        )
        called = [
            c for c in self.terms.called(_ontology(line.object), line.subject_label) if c != line.object
        ]
        if ours.isdisjoint(theirs):
            yield f"no name of the concept is a name of the term; correct the id, or give a reason in {_REVIEWED}"
        elif called and line.subject_label not in term.labels:
            yield f"{called[0]} is called {line.subject_label!r}; map to that, or give a reason in {_REVIEWED}"

    def _cross_references(self, line: MappingLine) -> Iterator[str]:
        if self._is_reviewed(line):
            return
        known = self.counterparts.get(line.object, set())
        for other in self.exact[line.subject]:
            named = sorted(curie for curie in known if _ontology(curie) == _ontology(other))
            about = self.terms.get(other)  # of one that is not current term_checks says so
            current = about is not None and not about.obsolete
            if current and other != line.object and named and other not in named:
                yield (
                    f"by its cross-references it is {' or '.join(named)}, and the concept is exactly {other}; "
                    f"correct one of the two, or give a reason in {_REVIEWED}"
                )
        owners = {owner for curie in known for owner in self.owners.get(curie, ())} - {line.subject}
        if owners:
            yield (
                f"by its cross-references it is what {' and '.join(sorted(owners))} is; correct one of the two, "
                f"or give a reason in {_REVIEWED}"
            )

    def _unrelated(self, line: MappingLine, term: Term) -> Iterator[str]:
        """A match that is not exact says nothing that can be compared, but its names have a word in common."""
        if self._is_reviewed(line):
            return
        common = self._common(line)
        ours, theirs = (
            _all_words(names_of(self.forms[line.subject])),
            _all_words(names_of(term.labels | term.names)),
        )
        if (ours - common).isdisjoint(theirs - common):
            yield f"its names share no word with the concept's; correct the id, or give a reason in {_REVIEWED}"

    def _opposite(self, line: MappingLine, term: Term) -> Iterator[str]:
        """Names that say the contrary have many words in common."""
        if line.predicate == "skos:relatedMatch" or self._is_reviewed(line):
            return
        ours, theirs = (_all_words(names_of(labels)) for labels in ([line.subject_label], term.labels))
        for one, two in _OPPOSITES:
            if (ours & one and theirs & two - ours) or (ours & two and theirs & one - ours):
                yield f"the term says the opposite; correct the id, or give a reason in {_REVIEWED}"
        if bool(ours & _NOT) != bool(theirs & _NOT):
            yield f"one of the two is a negation; correct the id, or give a reason in {_REVIEWED}"

    def _common(self, line: MappingLine) -> set[str]:
        """Words that say nothing within a branch: those of its roots."""
        here = self.allowed.get((line.field, _ontology(line.object)), ())
        roots = (self.terms.get(root) for branch in here for root in branch.roots if branch.by == "subclass")
        return _all_words(names_of(name for root in roots if root for name in root.labels)) | self._ignored(
            line
        )

    def _broader(self, line: MappingLine) -> Iterator[str]:
        target, subject = line.object, line.subject
        for exact in self._in_same_ontology(subject, target):
            if self.terms.is_below(target, exact):
                yield f"the term is not broader than {exact}, which is exactly the concept; choose one above it"
            elif self.terms.has_tree(exact) and not self.terms.is_below(exact, target):
                yield f"the term is not above {exact}, which is exactly the concept; choose one above it"
        for other in self.of_concept[subject]:
            if other.predicate == _NARROW and self.terms.is_below(target, other.object):
                yield f"the term is not above {other.object}, to which the concept is mapped as narrower"
        for child in sorted(self.narrower.get(subject, ())):
            for exact in self._in_same_ontology(child, target):
                if self.terms.is_below(target, exact):
                    yield f"the term is not broader than {exact}, which is exactly {child}, a narrower concept"

    def _narrower(self, line: MappingLine) -> Iterator[str]:
        target, subject = line.object, line.subject
        for exact in self._in_same_ontology(subject, target):
            if self.terms.is_below(exact, target):
                yield f"the term is not narrower than {exact}, which is exactly the concept; choose one below it"
            elif self.terms.has_tree(target) and not self.terms.is_below(target, exact):
                yield f"the term is not below {exact}, which is exactly the concept; choose one below it"
        for parent in sorted(self.wider.get(subject, ())):
            for exact in self._in_same_ontology(parent, target):
                if self.terms.is_below(exact, target):
                    yield f"the term is not narrower than {exact}, which is exactly {parent}, a broader concept"

    def _in_same_ontology(self, concept: str, curie: str) -> Iterator[str]:
        return (c for c in self.exact.get(concept, ()) if _ontology(c) == _ontology(curie))

    def _is_reviewed(self, line: MappingLine) -> bool:
        return (line.subject, line.predicate, line.object) in self.reviewed

    def of_reviewed(self) -> Iterator[CheckResult]:
        """Exceptions that are none: the line is gone, or passes by itself."""
        alone = _Gates(self.lexicon, self.terms, self.allowed, {}, self.counterparts)
        lines = {(line.subject, line.predicate, line.object): line for line in self.lines}
        for key in self.reviewed:
            line = lines.get(key)
            if line is None:
                yield CheckResult(
                    "violation", _REVIEWED, f"{' '.join(key)}: there is no such mapping; remove the line"
                )
            elif list(alone._wrong(line)) == list(self._wrong(line)):
                yield CheckResult(
                    "violation", _REVIEWED, f"{' '.join(key)}: it needs no exception; remove the line"
                )


def _closed(concept: str, up: Mapping[str, set[str]]) -> frozenset[str]:
    seen, wanted = set[str](), [concept]
    while wanted:
        more = up.get(wanted.pop(), set()) - seen
        seen |= more
        wanted += more
    return frozenset(seen - {concept})


def _all_words(names: Iterable[Name]) -> set[str]:
    """The words of names; the number in "2a" is one of them."""
    words = set[str]().union(*names)
    return words | {number[0] for word in words if (number := _NUMBER.match(word))}
