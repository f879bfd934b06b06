"""The page of any resource: its statements, the statements that refer to it, and its source text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import render_template
from pyoxigraph import NamedNode

from trialgraph.base.errors import QueryTimeout
from trialgraph.http.lookup import Rows, iri_of, select_rows
from trialgraph.http.pages.links import address, local, outside
from trialgraph.http.pages.resources.reading_page import reading_page
from trialgraph.http.pages.resources.settle import forms_of_conflicts
from trialgraph.http.pages.resources.source_behind import source_behind
from trialgraph.http.pages.resources.source_text import spelled_out
from trialgraph.http.pages.terms import DisplayTerm, display_term
from trialgraph.http.pages.trials import index_of_trials, list_address
from trialgraph.http.site import site
from trialgraph.query.results import Term
from trialgraph.rdf.formats import DOCUMENT_FORMATS
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.provenance_labels import provenance_label
from trialgraph.rdf.vocabulary import OWL, PREFIXES, RDF, RDFS, SKOS, TG, compact
from trialgraph.release.lists.facets import FACETS
from trialgraph.terminology.values import value_named
from trialgraph.views.record_fields import record_fields
from trialgraph.views.record_text import RecordLine, record_text

__all__ = ["PropertyValues", "alternates", "facts_of", "resource_page"]

DEFINITIONS: Final = (SKOS.definition.value, PREFIXES["obo"] + "IAO_0000115", RDFS.comment.value)
NAMES: Final = (RDFS.label.value, SKOS.prefLabel.value)
#: Properties whose IRIs are numbers.
NUMBERED: Final = {"IAO:0000115": "definition", "IAO:0100001": "replaced by"}
SKIPPED: Final = (*NAMES, RDF.type.value)
#: Classes whose pages list trials: our concepts and external terms.
CONCEPTS: Final = frozenset({SKOS.Concept.value, OWL.Class.value})
#: How the classes of records and of their parts begin.
RECORD: Final = TG.Record.value
#: The reviewed scopes that stand beside a term.
SCOPES: Final = "SELECT DISTINCT ?scope { ?scope tg:standsBeside TERM ; a tg:Scope } ORDER BY ?scope"
#: A term and what is narrower; what means exactly the same counts as the term.
NARROWER: Final = """
SELECT DISTINCT ?value {
  TERM (skos:exactMatch|^skos:exactMatch)* ?top .
  ?value (rdfs:subClassOf|skos:broader|tg:hasPhasePart)* ?top
}"""


@dataclass(frozen=True, slots=True)
class PropertyValues:
    """A property with its values, for display.

    :param more: there are more values than these
    """

    name: DisplayTerm
    values: tuple[DisplayTerm, ...]
    more: bool = False


def alternates(path: str) -> list[tuple[str, str, str]]:
    """Name, URL and media type of the RDF formats of a resource."""
    return [(form.title, f"{path}.{form.suffix}", form.media_type) for form in DOCUMENT_FORMATS]


def resource_page(iri: str, types: frozenset[str], path: str) -> str:
    """The page of a resource without a specific page.

    :param path: its address here, without suffix
    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.select_rows`
    """
    me, most = NamedNode(iri), site().settings.thing_links
    out = select_rows(f"SELECT ?p ?term {{ {me} ?p ?term }} ORDER BY ?p ?term LIMIT {most + 1}")
    into = _optional_rows(f"SELECT ?p ?term {{ ?term ?p {me} FILTER(isIRI(?term)) }} LIMIT {most + 1}")
    labels = site().labels(_named([*out, *into], types))
    label = next((text_of(r["term"]) for r in out if iri_of(r["p"]) in NAMES), "")
    defined: dict[str, str] = {iri_of(row["p"]): text_of(row["term"]) for row in out}
    defining = [name for name in DEFINITIONS if name in defined]
    shared = {
        "iri": iri,
        "curie": compact(iri),
        "label": spelled_out(label) or provenance_label(iri) or compact(iri),
        "types": [display_term(NamedNode(t), labels) for t in sorted(types) if t],
        "properties": _gathered(out[:most], labels, (*SKIPPED, *defining[:1])),
        "cut": len(out) > most,
        "into": _gathered(into[:most], labels),
        "into_cut": len(into) > most,
        "alternates": alternates(path),
        "address": address,
    }
    if TG.Reading.value in types:
        return reading_page(iri, path, shared)
    return render_template(
        "resource.html",
        **shared,
        **_trials_of(iri, types),
        path=path,
        outside=outside(iri) if not local(iri) else "",
        definition=spelled_out(defined[defining[0]]) if defining else "",
        **source_behind(iri, most)._asdict(),
        record=list(_record_of(me, types)),
        form=forms_of_conflicts([iri]).get(iri) if TG.Conflict.value in types else None,
    )


def _record_of(me: NamedNode, types: frozenset[str]) -> Iterator[RecordLine]:
    """The record that a report, or a part of a record, is of: as JSON; the values of a part are marked."""
    part = any(name.startswith(RECORD) for name in types) and TG.Record.value not in types
    if not part and not types & {TG.Report.value, TG.Record.value}:
        return
    of = "?report tg:fromRecord ?record . { BIND (ME AS ?report) } UNION { ?report tg:fromRecord ME }"
    of += " UNION { ?report tg:hasRecordPart+ ME }"
    for row in _optional_rows(f"SELECT DISTINCT ?report {{ {of.replace('ME', str(me))} }} LIMIT 1"):
        fields = record_fields(_optional_rows, NamedNode(iri_of(row["report"])))
        for line in record_text(fields, me.value if part else ""):
            yield replace(line, value=spelled_out(line.value)) if line.value else line


def _trials_of(iri: str, types: frozenset[str]) -> dict[str, Any]:
    """The trials of a term: by its reviewed scope where one stands beside it, and by the tree of its ontology."""
    if not types & CONCEPTS:
        return {"concept": False}
    lists, value = site().lists(), value_named(iri)
    narrower = _optional_rows(NARROWER.replace("TERM", str(NamedNode(iri))))
    in_tree = lists.linked(iri_of(row["value"]) for row in narrower)
    beside = [iri_of(row["scope"]) for row in _optional_rows(SCOPES.replace("TERM", str(value)))]
    trials = lists.linked(beside) if beside else in_tree
    return {
        "concept": True,
        "listed": _list_of(value.value) if in_tree or beside else "",
        "trials": _trials(trials, in_tree),
        "number": trials.bit_count(),
        "scope": address(beside[0]) if beside else "",
        "tree": compact(value.value).partition(":")[0],
        "number_in_tree": in_tree.bit_count(),
        "left_out": _trials(in_tree & ~trials, in_tree),
        "number_left_out": (in_tree & ~trials).bit_count(),
    }


def _trials(bits: int, in_tree: int) -> list[tuple[str, str, bool]]:
    """The first trials of a set: address, label, and whether they are in the tree."""
    found = site().lists().trials(bits, site().settings.thing_links)
    return [(address(iri), label, bool(in_tree >> place & 1)) for place, iri, label in found]


def facts_of(iri: str) -> tuple[str, list[PropertyValues]]:
    """The label of a resource, and its statements other than label and classes."""
    most = site().settings.thing_links
    out = select_rows(f"SELECT ?p ?term {{ {NamedNode(iri)} ?p ?term }} ORDER BY ?p ?term LIMIT {most}")
    label = next((text_of(r["term"]) for r in out if iri_of(r["p"]) in NAMES), "")
    return label or provenance_label(iri) or compact(iri), _gathered(
        out, site().labels(_named(out, ())), SKIPPED
    )


def _optional_rows(query: str) -> Rows:
    """The rows of a query that is optional for a page; none where it takes too long."""
    try:
        return select_rows(query)
    except QueryTimeout:
        return ()


def _named(rows: Iterable[dict[str, Term]], types: Iterable[str]) -> list[NamedNode]:
    named = [term for row in rows for term in row.values() if isinstance(term, NamedNode)]
    return named + [NamedNode(t) for t in types if t]


def _list_of(iri: str) -> str:
    """The list of the trials that are linked to a term, where it can be restricted to it."""
    held = index_of_trials().bits
    return next((list_address(**{facet.name: [iri]}) for facet in FACETS if iri in held[facet.name]), "")


def _name(name: DisplayTerm) -> DisplayTerm:
    """What a property is called; one of others without a label by the words of its IRI: ``has synonym``."""
    local = name.text.rpartition(":")[2] if name.text == compact(name.title or name.text) else ""
    if name.text in NUMBERED:
        return replace(name, text=NUMBERED[name.text])
    if not local or "://" in name.text:
        return name
    return replace(name, text=re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local).replace("_", " ").lower())


def _plain(value: DisplayTerm) -> DisplayTerm:
    """A value with control characters, bidirectional ones too, made visible."""
    return replace(value, text=spelled_out(value.text))


def _gathered(
    rows: Sequence[dict[str, Term]], labels: dict[str, str], skip: Sequence[str] = ()
) -> list[PropertyValues]:
    """Rows of property and term, gathered by property, in the order of their names."""
    by_name: dict[str, list[Term]] = defaultdict(list)
    for row in rows:
        if iri_of(row["p"]) not in skip:
            by_name[iri_of(row["p"])].append(row["term"])
    made = [
        PropertyValues(
            _name(display_term(NamedNode(name), labels)),
            tuple(_plain(display_term(term, labels)) for term in terms),
        )
        for name, terms in by_name.items()
    ]
    return sorted(made, key=lambda found: found.name.text.casefold())
