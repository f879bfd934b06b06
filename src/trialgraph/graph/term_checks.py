"""Whether the terms of other ontologies that are written anywhere exist, are current and are called so.

Also how many mentions of the sources are linked to a concept, and what might be meant by those that are not.
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from trialgraph.graph.check_result import CheckResult
from trialgraph.rdf import iris
from trialgraph.rdf.lines import in_line, iri, term
from trialgraph.rdf.statements import Statement, Term, statements_of
from trialgraph.rdf.vocabulary import OWL, RDFS, TG, compact
from trialgraph.terminology.lexicon import NO_TERM, REFERENCE, Concept, Lexicon, MappingLine, fold
from trialgraph.terminology.module import REPLACED_BY, in_use, ontology_of

__all__ = [
    "Known",
    "Mentions",
    "TermFigures",
    "known_terms",
    "mentions",
    "report",
    "term_figures",
    "term_findings",
    "term_findings_of",
]

#: Fields whose words are linked to concepts, and the name of the concept file of each.
FIELDS: Final[Mapping[str, str]] = {
    "disease": "disease",
    "qualifier": "qualifier",
    "cell_source": "cell_type",
    "tissue": "tissue",
    "donor": "donor",
    "route": "route",
    "method": "method",
    "phase": "phase",
    "outcome": "outcome",
    "mechanism": "mechanism",
    "combined_with": "product",
}
# Graphs that hold what a source says, or what follows from it.
_NO_DATA: Final = ("module", "mappings", "meta")
# Readings that name nothing, or a reading that competes with the one that is counted.
_NAMES_NOTHING: Final = ("phase.not-stated", "phase.not-applicable", "conflict.")
_LABEL: Final = in_line(RDFS.label)
_REPLACED: Final = in_line(REPLACED_BY)
_OF_TERMS: Final = frozenset({_LABEL, _REPLACED, in_line(OWL.deprecated)})
_SIMILAR: Final = 0.6
_CANDIDATES: Final = 3


@dataclass(frozen=True, slots=True)
class Known:
    """What the module says of a term: its labels, and whether it is obsolete, and since then called what."""

    labels: frozenset[str]
    obsolete: bool
    replaced_by: str


@dataclass(frozen=True, slots=True)
class TermFigures:
    """How many external ids the concept files name, and how many of them exist, are current and called so."""

    named: int
    existing: int
    current: int
    labelled: int


@dataclass(frozen=True, slots=True)
class Mentions:
    """The words of one field: how many lead to an external term, how many to a concept that has none.

    :param loose: words that lead nowhere, with how often, most often first, and the nearest forms of the lexicon
    """

    field: str
    total: int
    linked: int
    without_term: int
    loose: tuple[tuple[str, int, tuple[str, ...]], ...]


def known_terms(quads: Iterable[Quad]) -> dict[str, Known]:
    """The terms of the graph ``module``, by CURIE."""
    return _known(statements_of(quads))


def _known(stated: Iterable[Statement]) -> dict[str, Known]:
    module = in_line(iris.graph("module"))
    labels: dict[str, set[str]] = defaultdict(set)
    obsolete: set[str] = set()
    replaced: dict[str, str] = {}
    for subject, predicate, value, graph in stated:
        if graph == module and predicate in _OF_TERMS and subject.startswith(b"<"):
            curie, said = compact(iri(subject)), _value(term(value))
            if predicate == _LABEL:
                labels[curie].add(said)
            elif predicate == _REPLACED:
                replaced[curie] = compact(said)
            elif said == "true":
                obsolete.add(curie)
    return {c: Known(frozenset(labels[c]), c in obsolete, replaced.get(c, "")) for c in {*labels, *obsolete}}


def _value(node: object) -> str:
    return node.value if isinstance(node, NamedNode | Literal) else str(node)


def term_findings(lexicon: Lexicon, quads: Iterable[Quad]) -> tuple[CheckResult, ...]:
    """Lines of the concept files and statements of the data whose external id is absent, obsolete or renamed.

    :param quads: all graphs of a build but ``meta``
    :returns: a violation for each, naming the file or the node, the term and the replacement; a warning where only
        the label differs from the recorded one
    """
    return term_findings_of(lexicon, statements_of(quads))


def term_findings_of(lexicon: Lexicon, stated: Sequence[Statement]) -> tuple[CheckResult, ...]:
    """The same of quads that are statements already."""
    known = _known(stated)
    return tuple(sorted({*_in_files(lexicon, known), *_in_data(stated, known)}))


def _in_files(lexicon: Lexicon, known: Mapping[str, Known]) -> Iterator[CheckResult]:
    called: dict[str, list[str]] = defaultdict(list)
    for curie, about in known.items():
        for label in () if about.obsolete else about.labels:
            called[label].append(curie)
    for lines in lexicon.lines.values():
        for line in lines:
            if not line.literal and line.object != NO_TERM:
                yield from _line(line, known, called)
    for concept in lexicon.concepts.values():
        if not concept.external:
            what = f"{concept.id} ({concept.label}) leads to no term and is not recorded as having none"
            yield CheckResult("violation", f"ontology/concepts/{concept.field}.sssom.tsv", what)
        for what in _value_of(concept, lexicon):
            yield CheckResult("violation", f"ontology/concepts/{concept.field}.sssom.tsv", what)


def _value_of(concept: Concept, lexicon: Lexicon) -> Iterator[str]:
    """Why the IRI by which a concept stands in the data would not be one for good (decisions/0029)."""
    name, prefix = f"{concept.id} ({concept.label})", REFERENCE.get(concept.field)
    if lexicon.own_values is None:
        return
    exact = [curie for curie in concept.exact if curie.partition(":")[0] == prefix]
    if prefix is None:
        if concept.id in lexicon.own_values:
            yield f"{name} stands in own_values.tsv, and all values of {concept.field} are concepts of ours"
        return
    if len(exact) > 1:
        yield f"{name} is exactly {' and '.join(exact)}: which of them is the value?"
    if concept.external and not exact and concept.id not in lexicon.own_values:
        yield f"{name} has no exact match in {prefix}: list it in own_values.tsv, so that it remains the value"
    places = (m.object for m in concept.external if m.predicate == "skos:broadMatch")
    if concept.id in lexicon.own_values and not any(place.startswith(f"{prefix}:") for place in places):
        yield f"{name} is a value and has no broader term in {prefix}: hierarchy queries would miss it"


def _line(
    line: MappingLine, known: Mapping[str, Known], called: Mapping[str, list[str]]
) -> Iterator[CheckResult]:
    stem, _, number = line.id.partition("/")
    where = f"ontology/concepts/{stem}.sssom.tsv:{number}"
    about = known.get(line.object)
    if about is None:
        prefix = line.object.partition(":")[0] + ":"
        same = " ".join(sorted(c for c in called.get(line.object_label, ()) if c.startswith(prefix)))
        hint = f"{same} is called {line.object_label!r}" if same else "correct the id, or run: make module"
        yield CheckResult("violation", where, f"{line.object} is not in the module; {hint}")
    elif about.obsolete:
        yield CheckResult("violation", where, f"{line.object} {_is_obsolete(about)}")
    elif line.object_label not in about.labels:
        names = " or ".join(sorted(map(repr, about.labels)))
        yield CheckResult("warning", where, f"{line.object} is called {names}, here {line.object_label!r}")


def _is_obsolete(about: Known) -> str:
    hint = f"use {about.replaced_by}" if about.replaced_by else "it has no replacement: choose another term"
    return f"is obsolete; {hint}"


def _in_data(stated: Iterable[Statement], known: Mapping[str, Known]) -> Iterator[CheckResult]:
    left_out = {in_line(iris.graph(name)) for name in _NO_DATA}
    # What is wrong with a value, by the value: there are few, and each stands in many statements.
    wrong: dict[Term, str] = {}
    for subject, predicate, value, graph in stated:
        if graph in left_out or not value.startswith(b"<"):
            continue
        why = wrong.get(value)
        if why is None:
            why = wrong[value] = _why(compact(iri(value)), known)
        if why:
            name = f"{compact(iri(predicate))}: {compact(iri(value))}"
            yield CheckResult("violation", _value(term(subject)), f"{name} {why}")


def _why(curie: str, known: Mapping[str, Known]) -> str:
    """What is wrong with a term that the data use; empty where nothing is, or it is none of the module's."""
    if not _of_others(curie):
        return ""
    about = known.get(curie)
    if about is None:
        return "is not in the module"
    return _is_obsolete(about) if about.obsolete else ""


def _of_others(curie: str) -> bool:
    """Whether a CURIE is of an ontology of the module: not of schema.org or QUDT, which are vocabularies too."""
    if curie.startswith("obo:"):
        return True
    prefix = curie.partition(":")[0]
    return prefix.isupper() and ontology_of(curie) is not None


def term_figures(lexicon: Lexicon, quads: Iterable[Quad]) -> TermFigures:
    """The external ids of the concept files, counted once each."""
    known = known_terms(quads)
    named = in_use(lexicon)
    existing = {curie for curie in named if curie in known}
    current = {curie for curie in existing if not known[curie].obsolete}
    renamed = {
        line.object
        for lines in lexicon.lines.values()
        for line in lines
        if line.object in current and line.object_label not in known[line.object].labels
    }
    return TermFigures(len(named), len(existing), len(current), len(current - renamed))


def mentions(lexicon: Lexicon, quads: Iterable[Quad]) -> tuple[Mentions, ...]:
    """For each field how many of its mentions in the sources are linked, and those that are not.

    A tissue is counted where a product states it, since most are part of the name of the cell.
    """
    words: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for field, verbatim, concept in _readings(quads):
        words[field][verbatim, concept] += 1
    made = []
    for field, stem in FIELDS.items():
        found = words[field]
        loose = Counter({verbatim: n for (verbatim, concept), n in found.items() if not concept})
        bare = sum(n for (_, concept), n in found.items() if _without_term(concept, lexicon))
        linked = found.total() - bare - loose.total()
        nearest = tuple((text, n, _nearest(text, stem, lexicon)) for text, n in loose.most_common())
        made.append(Mentions(field, found.total(), linked, bare, nearest))
    return tuple(made)


def _readings(quads: Iterable[Quad]) -> Iterator[tuple[str, str, str]]:
    """Field, words and concept (or nothing) of each mention."""
    about: dict[str, dict[NamedNode, object]] = defaultdict(dict)
    wanted = {TG.readsField, TG.verbatim, TG.concept, TG.byRule}
    for quad in quads:
        if quad.predicate in wanted and isinstance(quad.subject, NamedNode):
            about[quad.subject.value][quad.predicate] = quad.object
        elif quad.predicate == TG.tissueSource:
            yield "tissue", "", compact(_value(quad.object))
    for reading in about.values():
        field, rule = (_value(reading.get(p, Literal(""))) for p in (TG.readsField, TG.byRule))
        if field in FIELDS and not rule.rpartition("/")[2].startswith(_NAMES_NOTHING):
            yield field, _value(reading[TG.verbatim]), compact(_value(reading.get(TG.concept, Literal(""))))


def _without_term(curie: str, lexicon: Lexicon) -> bool:
    """Whether a concept of ours is recorded as having no term in another ontology."""
    concept = lexicon.concepts.get(curie)
    return concept is not None and all(line.object == NO_TERM for line in concept.external)


def _nearest(text: str, stem: str, lexicon: Lexicon) -> tuple[str, ...]:
    """What an ambiguous abbreviation may mean, else surface forms that are spelled alike: no more than hints."""
    if several := lexicon.candidates(stem, text):
        return tuple(candidate.label for candidate in several)
    forms = {fold(surface): surface for surface in lexicon.surfaces(stem)}
    found = difflib.get_close_matches(fold(text), forms, n=_CANDIDATES, cutoff=_SIMILAR)
    return tuple(forms[form] for form in found)


def report(figures: TermFigures, found: Iterable[Mentions]) -> Iterator[str]:
    """The figures in lines, for people."""
    yield (
        f"terms of other ontologies: {figures.named} named, {_share(figures.existing, figures.named)} exist, "
        f"{_share(figures.current, figures.named)} are current, {_share(figures.labelled, figures.named)} are "
        "called as recorded"
    )
    for one in found:
        if one.total:
            covered = one.linked + one.without_term
            yield (
                f"{one.field}: {one.total} mentions, {_share(one.linked, one.total)} linked to a term, "
                f"{one.without_term} to a concept recorded as having none, {one.total - covered} to nothing"
            )
        for words, times, nearest in one.loose:
            hint = (
                f"perhaps {' or '.join(nearest)}? (a suggestion)" if nearest else "nothing is spelled alike"
            )
            yield f"{one.field}: {words!r} is linked to nothing (× {times}); {hint}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.4g} %" if whole else "none"
