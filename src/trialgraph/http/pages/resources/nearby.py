"""Suggestions for an unknown IRI, for a helpful 404."""

from __future__ import annotations

import difflib
from typing import Final
from urllib.parse import unquote

from pyoxigraph import NamedNode

from trialgraph.base.errors import TrialgraphError
from trialgraph.http.lookup import iri_of, select_rows, values
from trialgraph.http.pages.links import kind_of
from trialgraph.http.site import site
from trialgraph.rdf import iris
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import DCAT, RDF, SH, SKOS, TG

__all__ = ["LISTED", "nearby", "of_kind", "titles_of"]

#: Class of the resources of a kind, where all of them have one; they are found by it without a full scan.
CLASSES: Final = {
    "trial": TG.Trial,
    "report": TG.Report,
    "row": TG.Row,
    "cell": TG.Cell,
    "reading": TG.Reading,
    "intervention": TG.Intervention,
    "dose": TG.DoseLevel,
    "condition": TG.Condition,
    "planned-outcome": TG.PlannedOutcome,
    "mechanism-claim": TG.MechanismClaim,
    "finding": TG.Finding,
    "conflict": TG.Conflict,
    "curation": TG.Curation,
    "comparison": TG.Comparison,
    "change": TG.Change,
    "same-trial": TG.SameTrialProposal,
    "mapping": TG.Mapping,
    "rule": TG.Rule,
    "source": TG.Source,
    "registry": TG.Registry,
    "reference": TG.ReferenceEntry,
    "unread": TG.UnreadLine,
}
#: Kinds whose resources have several classes, or are known by a property.
PATTERNS: Final = {
    "arm": f"{{ ?node a {TG.TreatmentArm} }} UNION {{ ?node a {TG.ControlArm} }}",
    "product": f"?node a {TG.CellProduct}",
    "drug": f"?node a {TG.DrugProduct}",
    "graph": "GRAPH ?node {}",
    "concept": f"?node a {SKOS.Concept} FILTER(STRSTARTS(STR(?node), STR(tgc:)))",
    "release": f"?node a {DCAT.Dataset}",
    "prefix": f"?node {SH.prefix} ?any",
}
LISTED: Final = frozenset({*CLASSES, *PATTERNS})
SIMILAR: Final = 3
#: A longer word resembles nothing, and comparing it takes its square.
WORD_CHARS: Final = 80


def of_kind(kind: str, first: int, count: int) -> tuple[str, ...]:
    """IRIs of a kind, in the order of the IRIs."""
    pattern = f"?node {RDF.type} {CLASSES[kind]}" if kind in CLASSES else PATTERNS[kind]
    rows = select_rows(f"SELECT DISTINCT ?node {{ {pattern} }} ORDER BY ?node OFFSET {first} LIMIT {count}")
    return tuple(iri_of(row["node"]) for row in rows)


def nearby(iri: str) -> tuple[str, ...]:
    """A few existing IRIs that are similar to an unknown one; none where there are none.

    For parts of a table first the row, report, trial and source that it would belong to, else IRIs of its kind that
    are spelled alike.
    """
    try:
        return _around(iri) or _alike(iri)
    except TrialgraphError:
        return ()  # a page can state all the same that it is not there


def _around(iri: str) -> tuple[str, ...]:
    """The source, row and report that the path of an IRI names, where they exist."""
    parts = [unquote(part) for part in iri.removeprefix(iris.base()).split("/")]
    candidates: list[NamedNode] = []
    if len(parts) > 2 and parts[2].isdecimal() and len(parts[2]) < WORD_CHARS:
        number = int(parts[2])
        candidates += [make(parts[1], number) for make in (iris.row, iris.report)]
    if len(parts) > 1 and parts[0] != "source":
        candidates.append(iris.source(parts[1]))
    if not candidates:
        return ()
    found = select_rows(
        f"SELECT DISTINCT ?node {{ {values('node', [n.value for n in candidates])} ?node a ?any }}"
    )
    there = {iri_of(row["node"]) for row in found}
    return tuple(node.value for node in candidates if node.value in there)


def _alike(iri: str) -> tuple[str, ...]:
    """IRIs of the same kind that differ in a few letters."""
    kind = kind_of(iri)
    if kind not in LISTED:
        return ()
    most = site().settings.page_rows
    known = site().once(f"nearby {kind}", lambda: of_kind(kind, 0, most))
    words = {unquote(other.rpartition("/")[2]).casefold(): other for other in known}
    word = unquote(iri.rpartition("/")[2]).casefold()[:WORD_CHARS]
    return tuple(words[near] for near in difflib.get_close_matches(word, words, n=SIMILAR, cutoff=0.6))


def titles_of(near: tuple[str, ...]) -> dict[str, str]:
    """What the trials among some IRIs are of, where their name is a registry id."""
    if not near:
        return {}
    query = (
        f"SELECT ?trial (MIN(?title) AS ?what) {{ {values('trial', near)} ?trial dcterms:identifier ?id ;"
        " tg:hasReport/dcterms:title ?title } GROUP BY ?trial"
    )
    try:
        return {iri_of(row["trial"]): text_of(row["what"]) for row in select_rows(query) if "what" in row}
    except TrialgraphError:
        return {}
