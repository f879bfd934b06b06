"""The queries over a whole release whose answers pages need, asked once when the release is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from trialgraph.base.settings import Settings
from trialgraph.questions.saved_queries import read_queries
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import DCTERMS, OWL, PREFIXES, RDFS, SKOS, TG, XSD
from trialgraph.release.names.term_names import names_query

__all__ = [
    "LICENCES",
    "MEASURES",
    "ONE_OF_EACH",
    "REPORTED_DOSES",
    "RULES",
    "SOURCES",
    "SOURCE_CARDS",
    "SOURCE_FILES",
    "Select",
    "Term",
    "answered",
    "decoded",
    "licences_query",
    "select_from",
    "whole_queries",
    "words_query",
]

#: A SELECT, without prefixes, to its rows: a term for each variable that is bound.
Select = Callable[[str], Iterable[Mapping[str, Any]]]
Term = NamedNode | Literal

#: What is told of each source, with the number of open conflicts in it.
SOURCE_CARDS: Final = """
SELECT ?source ?title ?citation ?doi ?table ?issued ?retrieved ?licence (COUNT(DISTINCT ?conflict) AS ?flagged) {
  ?source a tg:Source ; rdfs:label ?title .
  OPTIONAL { ?source dcterms:bibliographicCitation ?citation }
  OPTIONAL { ?source dcterms:source ?doi }
  OPTIONAL { ?source tg:tableNumber ?table }
  OPTIONAL { ?source dcterms:issued ?issued }
  OPTIONAL { ?source dcterms:date ?retrieved }
  OPTIONAL { ?source dcterms:license ?licence }
  OPTIONAL { ?report tg:fromSource ?source ; tg:hasConflict ?conflict . ?conflict tg:status tgc:open }
} GROUP BY ?source ?title ?citation ?doi ?table ?issued ?retrieved ?licence ORDER BY ?title ?source"""
#: How each source is cited.
SOURCES: Final = """
SELECT ?source (MIN(?t) AS ?title) (MIN(?d) AS ?document) (MIN(?l) AS ?licence) (MIN(?i) AS ?issued) {
  ?source a tg:Source
  OPTIONAL { ?source dcterms:title ?t } OPTIONAL { ?source dcterms:source ?d }
  OPTIONAL { ?source dcterms:license ?l } OPTIONAL { ?source dcterms:issued ?i }
} GROUP BY ?source ORDER BY ?source"""
#: The files of the sources.
SOURCE_FILES: Final = f"""
SELECT ?source ?title ?doi ?licence ?issued ?sha256 {{
  ?source a {TG.Source} ; {TG.sha256} ?sha256 .
  OPTIONAL {{ ?source {DCTERMS.title} ?title }}
  OPTIONAL {{ ?source {DCTERMS.source} ?doi }}
  OPTIONAL {{ ?source {DCTERMS.license} ?licence }}
  OPTIONAL {{ ?source {DCTERMS.issued} ?issued }}
}} ORDER BY ?source"""
LICENCES: Final = (
    "SELECT ?part ?licence {{ GRAPH {meta} {{ ?part {property} ?licence }} }} ORDER BY ?part ?licence"
)
#: An IRI of each kind that people link to.
ONE_OF_EACH: Final = f"""
SELECT ?kind (MIN(STR(?one)) AS ?iri) {{
  {{ ?one {TG.registeredAs} ?id BIND ("registered" AS ?kind) }}
  UNION {{ ?one a {TG.Trial} FILTER NOT EXISTS {{ ?one {TG.registeredAs} ?id }} BIND ("unregistered" AS ?kind) }}
  UNION {{ ?one a {TG.Report} BIND ("report" AS ?kind) }}
  UNION {{ ?one a {OWL.Class} FILTER (STRSTARTS(STR(?one), "{PREFIXES["tg"]}")) BIND ("term" AS ?kind) }}
  UNION {{ ?one a {SKOS.Concept} FILTER (STRSTARTS(STR(?one), "{PREFIXES["tgc"]}")) BIND ("concept" AS ?kind) }}
  UNION {{ GRAPH ?one {{ ?s a {TG.Report} }} BIND ("graph" AS ?kind) }}
}} GROUP BY ?kind"""
#: What each outcome measures, by the outcome ladder.
MEASURES: Final = (
    "SELECT ?outcome ?label { ?outcome tg:measuresConcept/rdfs:label ?label } ORDER BY ?outcome ?label"
)
#: What is known of each rule.
RULES: Final = (
    "SELECT ?rule ?ruleName ?says ?example ?gives"
    " { ?rule tg:gives ?gives ; tg:example ?example ; rdfs:label ?ruleName ; skos:definition ?says } ORDER BY ?rule"
)
#: By UCUM code, which has unit and basis, the different lower ends of all dose levels.
REPORTED_DOSES: Final = "SELECT DISTINCT ?unit ?low { ?level tg:ucumCode ?unit ; tg:doseLow ?low }"


def words_query() -> str:
    """Label and definition of each class and property."""
    return (
        f"SELECT ?term ?label ?definition {{ GRAPH {iris.graph('ontology')} {{\n"
        f'  ?term {RDFS.label} ?label FILTER (ISIRI(?term) && LANG(?label) IN ("", "en"))\n'
        f'  OPTIONAL {{ ?term {SKOS.definition} ?definition FILTER (LANG(?definition) IN ("", "en")) }}\n'
        "} } ORDER BY ?term ?label ?definition"
    )


def licences_query() -> str:
    """The licences of the graphs and the files."""
    return LICENCES.format(meta=iris.graph("meta"), property=DCTERMS.license)


def whole_queries(settings: Settings) -> tuple[str, ...]:
    """The queries whose answers are kept: those above, the names of all terms, and what forms offer."""
    offered = {
        parameter.values_query: None
        for saved in read_queries(settings=settings).values()
        for parameter in saved.parameters
        if parameter.values is None and parameter.values_query
    }
    first = (
        SOURCE_CARDS,
        SOURCES,
        SOURCE_FILES,
        licences_query(),
        ONE_OF_EACH,
        MEASURES,
        RULES,
        REPORTED_DOSES,
        words_query(),
    )
    return (*first, names_query(), *offered)


def select_from(store: Store) -> Select:
    """What asks a store that this process has open."""

    def select(query: str) -> Iterator[Mapping[str, Any]]:
        found = store.query(query, prefixes=dict(PREFIXES))
        assert isinstance(found, QuerySolutions)  # noqa: S101 - the queries here are SELECTs
        names = [variable.value for variable in found.variables]
        return ({n: value for n, value in zip(names, row, strict=True) if value is not None} for row in found)

    return select


def answered(select: Select, query: str) -> dict[str, Any]:
    """The answer to a query, as JSON has it; one without an order is given one.

    A term is a text for an IRI, else a list: the text of a literal, and ``@`` and its language, or its datatype.
    """
    held = list(select(query))
    names = sorted({name for row in held for name in row}, key=lambda name: _place(name, query))
    rows = [[_coded(row.get(name)) for name in names] for row in held]
    return {"names": names, "rows": rows if "ORDER BY" in query else sorted(rows, key=str)}


def _place(name: str, query: str) -> int:
    """Where a variable stands first, which is in the order of the columns."""
    found = re.search(rf"[?$]{name}\b", query)
    return found.start() if found else len(query)


def _coded(term: Any) -> str | list[str] | None:
    if term is None or isinstance(term, NamedNode):
        return term.value if term is not None else None
    assert isinstance(term, Literal)  # noqa: S101 - the data have no blank nodes, and no query here asks for any
    if term.language:
        return [term.value, f"@{term.language}"]
    return [term.value] if term.datatype == XSD.string else [term.value, term.datatype.value]


def decoded(coded: str | list[str] | None) -> Term | None:
    """The term that :func:`answered` wrote."""
    if coded is None or isinstance(coded, str):
        return NamedNode(coded) if coded is not None else None
    text, *kind = coded
    if not kind:
        return Literal(text)
    return (
        Literal(text, language=kind[0][1:])
        if kind[0][0] == "@"
        else Literal(text, datatype=NamedNode(kind[0]))
    )
