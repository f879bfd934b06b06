"""What the graph ``module`` says of the terms of other ontologies: names, places in a hierarchy, codelists."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import OWL, RDFS, SKOS, compact, expand
from trialgraph.terminology.branches import Branch
from trialgraph.terminology.folding import GREEK, singular

__all__ = ["Name", "Term", "Terms", "external_terms", "names_of"]

_UP: Final = frozenset({RDFS.subClassOf, expand("skos:broader")})
# Which set of a term the values of a predicate go to.
_INTO: Final = {
    **{p.value: "broader" for p in _UP},
    **{expand(f"oboInOwl:has{scope}Synonym").value: "names" for scope in ("Exact", "Related")},
    **{expand(curie).value: "names" for curie in ("skos:altLabel", "skos:notation")},
    RDFS.label.value: "labels",
    SKOS.inScheme.value: "codelists",
    expand("meshv:treeNumber").value: "tree_numbers",
    OWL.deprecated.value: "obsolete",
}
# Words that say nothing of what is named, in English names.
_EMPTY: Final = frozenset({"a", "an", "by", "in", "of", "on", "or", "the", "to", "with"})
_ROMAN: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_ROMAN_NUMBER: Final = re.compile(r"(i{1,3}|iv)([abc]?)")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
# An abbreviation of fewer letters means several things.
_LONG: Final = 4

Name = frozenset[str]


@dataclass(slots=True)
class Term:
    """A term of another ontology.

    :param names: synonyms and notations, without the labels
    :param obsolete: not empty where it is
    """

    labels: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    broader: set[str] = field(default_factory=set)
    codelists: set[str] = field(default_factory=set)
    tree_numbers: set[str] = field(default_factory=set)
    obsolete: set[str] = field(default_factory=set)


class Terms:
    """The terms of the module, by CURIE."""

    def __init__(self, terms: dict[str, Term]) -> None:
        self._terms = terms
        self._above: dict[str, frozenset[str]] = {}
        self._labelled: dict[tuple[str, str], set[str]] = defaultdict(set)
        for curie, term in terms.items():
            for label in () if term.obsolete else term.labels:
                self._labelled[curie.partition(":")[0], label.casefold()].add(curie)

    def get(self, curie: str) -> Term | None:
        """The term, or None where the module lacks it."""
        return self._terms.get(curie)

    def called(self, ontology: str, label: str) -> Collection[str]:
        """The current terms of an ontology with that label."""
        return self._labelled.get((ontology, label.casefold()), ())

    def above(self, curie: str) -> frozenset[str]:
        """All that is broader than a term, and the term itself."""
        if curie not in self._above:
            seen, wanted = {curie}, [curie]
            while wanted:
                term = self._terms.get(wanted.pop())
                more = (term.broader if term else set()) - seen
                seen |= more
                wanted += more
            self._above[curie] = frozenset(seen)
        return self._above[curie]

    def is_below(self, curie: str, other: str) -> bool:
        """Whether a term is narrower than another, or is it: by its tree, or by its MeSH tree numbers."""
        if other in self.above(curie):
            return True
        one, two = self._terms.get(curie), self._terms.get(other)
        if one is None or two is None:
            return False
        return any(_in_tree(number, root) for number in one.tree_numbers for root in two.tree_numbers)

    def has_tree(self, curie: str) -> bool:
        """Whether the module says what is broader than the term."""
        term = self._terms.get(curie)
        return term is not None and bool(term.broader or term.tree_numbers)

    def in_branch(self, curie: str, branch: Branch) -> bool:
        """Whether a term is in a branch of its ontology."""
        term = self._terms.get(curie)
        if term is None:
            return False
        if branch.by == "subclass":
            return not self.above(curie).isdisjoint(branch.roots)
        if branch.by == "codelist":
            return not term.codelists.isdisjoint(branch.roots)
        if branch.by == "tree":
            return any(_in_branch(number, root) for number in term.tree_numbers for root in branch.roots)
        return branch.by == "any" or curie in branch.roots


def _in_tree(number: str, root: str) -> bool:
    return number == root or number.startswith(f"{root}.")


def _in_branch(number: str, root: str) -> bool:
    number = number.removeprefix("MESH:")  # a tree number is a node there
    # "C" is a whole category, "C10" and "C10.114" parts of it.
    return number.startswith(root) if len(root) == 1 else _in_tree(number, root)


def external_terms(quads: Iterable[Quad]) -> Terms:
    """The terms of the graph ``module``, and the places that our own ontology gives our concepts."""
    module, ontology = iris.graph("module"), iris.graph("ontology")
    made: dict[str, Term] = defaultdict(Term)
    curies: dict[str, str] = {}
    for quad in quads:
        graph = quad.graph_name
        if graph == module or (graph == ontology and quad.predicate in _UP):
            subject, value, into = quad.subject, quad.object, _INTO.get(quad.predicate.value)
            if into and isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                name = subject.value
                if name not in curies:
                    curies[name] = compact(name)
                short = compact(value.value) if isinstance(value, NamedNode) else value.value
                getattr(made[curies[name]], into).add(short)
    return Terms(dict(made))


def names_of(texts: Iterable[str], ignored: Collection[str] = ()) -> set[Name]:
    """Names as sets of words, so that "Arthritis, Rheumatoid" is rheumatoid arthritis; abbreviations of three are none.

    Each name also as one word, so that "intra-arterial" is intraarterial.
    """
    made: set[Name] = set()
    for text in texts:
        if not (text.isupper() and text.isalnum() and len(text) < _LONG):
            words = [word for word in _words(text) if word not in ignored]
            made |= {frozenset(words), frozenset({"".join(words)})}
    return made - {frozenset(), frozenset({""})}


@lru_cache(maxsize=1 << 14)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_each_word(text))


def _each_word(text: str) -> Iterator[str]:
    spelled = _CAMEL.sub(" ", text).replace("+", " positive ")
    for word in re.findall(r"\w+", spelled.lower().translate(GREEK)):
        number = _ROMAN_NUMBER.fullmatch(word)
        if number:
            yield _ROMAN[number[1]] + number[2]
        elif word not in _EMPTY:
            yield singular(word)
