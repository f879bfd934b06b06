"""The schema card: what is in a release, on one page, for language models and people who write queries.

Counts are taken from the release's own description, words and examples from its lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Triple

from trialgraph.graph.description.graphs import words
from trialgraph.questions.saved_queries import SavedQuery
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import DCTERMS, HERE, PREFIXES, VOID, VOID_EXT, compact
from trialgraph.release.lists.lists import Lists
from trialgraph.release.lists.queries import words_query
from trialgraph.release.open import Release
from trialgraph.views.pitfalls import PITFALLS

__all__ = ["schema_card"]

_CLASS: Final = getattr(VOID, "class")

Described = Mapping[NamedNode, Mapping[NamedNode, list[Any]]]


def schema_card(
    release: Release, described: Iterable[Triple], queries: Iterable[SavedQuery], lists: Lists
) -> dict[str, Any]:
    """The card, as JSON has it. Addresses on this server begin with :data:`trialgraph.rdf.vocabulary.HERE`.

    :param described: the graph ``meta`` of the release
    :param lists: what was found of its whole graph when it was written
    """
    by_subject = _by_subject(described)
    whole = by_subject.get(iris.release(release.hash), {})
    terms = _terms(lists)
    counts = release.manifest.get("counts", {})
    return {
        "about": "Clinical trials read out of published tables, as RDF. One trial may have several reports, one "
        "for each source; numbers stand on reports and what hangs on them.",
        "release": release.hash,
        "sparql": f"{HERE}sparql",
        "dataset": f"{HERE}dataset",
        "description": f"{HERE}.well-known/void",
        "counts": {
            name: counts[name] for name in ("trials", "reports", "triples", "conflicts") if name in counts
        },
        "prefixes": _prefixes(whole, by_subject),
        "graphs": _graphs(release, by_subject),
        "default_graph": "All named graphs merged, each triple once. GRAPH is needed only to ask where one stands.",
        "classes": _classes(whole, by_subject, terms),
        "properties": _properties(whole, by_subject, terms, lists.examples),
        "pitfalls": [{"title": p.title, "text": p.text, "query": p.query} for p in PITFALLS],
        "questions": [_question(query) for query in queries],
    }


def _by_subject(triples: Iterable[Triple]) -> Described:
    made: dict[NamedNode, dict[NamedNode, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for t in triples:
        if isinstance(t.subject, NamedNode):
            made[t.subject][t.predicate].append(t.object)
    return {subject: dict(facts) for subject, facts in made.items()}


def _number(facts: Mapping[NamedNode, list[Any]], predicate: NamedNode) -> int:
    return int(facts[predicate][0].value) if predicate in facts else 0


def _graphs(release: Release, by_subject: Described) -> list[dict[str, Any]]:
    made = []
    for name, triples in release.manifest.get("counts", {}).get("graphs", {}).items():
        licences = by_subject.get(iris.graph(name), {}).get(DCTERMS.license, [])
        made.append(
            {
                "name": name,
                "iri": iris.graph(name).value,
                "about": words(name),
                "triples": triples,
                "licences": sorted(licence.value for licence in licences),
            }
        )
    return made


def _parts(
    facts: Mapping[NamedNode, list[Any]], by_subject: Described, link: NamedNode
) -> list[dict[NamedNode, Any]]:
    return [dict(by_subject[node]) for node in facts.get(link, []) if node in by_subject]


def _classes(
    whole: Mapping[NamedNode, list[Any]], by_subject: Described, terms: Mapping[str, tuple[str, str]]
) -> list[dict[str, Any]]:
    made = []
    for part in _parts(whole, by_subject, VOID.classPartition):
        curie = compact(part[_CLASS][0].value)
        inner = _parts(part, by_subject, VOID.propertyPartition)
        made.append(
            {
                "class": curie,
                **_worded(curie, terms),
                "count": _number(part, VOID.entities),
                "properties": sorted(compact(p[VOID.property][0].value) for p in inner),
            }
        )
    return sorted(made, key=lambda one: (not one["class"].startswith("tg:"), one["class"]))


def _properties(
    whole: Mapping[NamedNode, list[Any]],
    by_subject: Described,
    terms: Mapping[str, tuple[str, str]],
    examples: Mapping[str, list[dict[str, Any]]],
) -> list[dict[str, Any]]:
    inferred = _inferred(by_subject)
    domains: dict[str, dict[str, int]] = defaultdict(dict)
    ranges: dict[str, set[str]] = defaultdict(set)
    for cls in _parts(whole, by_subject, VOID.classPartition):
        name = compact(cls[_CLASS][0].value)
        for part in () if name in inferred else _parts(cls, by_subject, VOID.propertyPartition):
            curie = compact(part[VOID.property][0].value)
            domains[curie][name] = _number(part, VOID.triples)
            ends = [p[_CLASS][0] for p in _parts(part, by_subject, VOID.classPartition)]
            ends += [p[VOID_EXT.datatype][0] for p in _parts(part, by_subject, VOID_EXT.datatypePartition)]
            ranges[curie] |= {compact(end.value) for end in ends} - inferred
    made = []
    for part in _parts(whole, by_subject, VOID.propertyPartition):
        curie = compact(part[VOID.property][0].value)
        made.append(
            {
                "property": curie,
                **_worded(curie, terms),
                "triples": _number(part, VOID.triples),
                "from": dict(sorted(domains[curie].items())),
                "to": sorted(ranges[curie]),
                "examples": examples.get(curie, []),
            }
        )
    return sorted(made, key=lambda one: (not one["property"].startswith("tg:"), one["property"]))


def _inferred(by_subject: Described) -> frozenset[str]:
    """Classes of trials that rules infer: they share all properties of a trial."""
    facts = by_subject.get(iris.graph("inferred"), {})
    return frozenset(
        compact(part[_CLASS][0].value) for part in _parts(facts, by_subject, VOID.classPartition)
    )


def _worded(curie: str, terms: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    label, definition = terms.get(curie, ("", ""))
    return {key: value for key, value in (("label", label), ("definition", definition)) if value}


def _prefixes(whole: Mapping[NamedNode, list[Any]], by_subject: Described) -> dict[str, str]:
    """The prefixes of what the card names, and of the terms that values are."""
    used = {"tgc", "obo", "xsd"}
    for link, term in ((VOID.classPartition, _CLASS), (VOID.propertyPartition, VOID.property)):
        used |= {compact(part[term][0].value).partition(":")[0] for part in _parts(whole, by_subject, link)}
    used |= {prefix for prefix in PREFIXES if prefix.isupper()}
    return {prefix: PREFIXES[prefix] for prefix in sorted(used & PREFIXES.keys())}


def _question(query: SavedQuery) -> dict[str, Any]:
    return {
        "slug": query.slug,
        "question": query.title,
        "description": query.description,
        "parameters": [parameter.name for parameter in query.parameters],
        "address": f"{HERE}queries/{query.slug}",
    }


def _terms(lists: Lists) -> dict[str, tuple[str, str]]:
    """Label and definition of our classes and properties."""
    _, rows = lists.answer(words_query()) or ((), [])
    made: dict[str, tuple[str, str]] = {}
    for term, label, *definition in rows:
        if isinstance(term, NamedNode) and isinstance(label, Literal):
            said = definition[0] if definition else None
            made.setdefault(
                compact(term.value), (label.value, said.value if isinstance(said, Literal) else "")
            )
    return made
