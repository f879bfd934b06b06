"""Provenance of a value: the characters, the rule and the mapping behind an IRI of the graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store, Variable

from trialgraph.base.errors import UsageError
from trialgraph.extract.text.registries import registry_number
from trialgraph.rdf import iris
from trialgraph.rdf.literals import text as text_literal
from trialgraph.rdf.provenance_labels import provenance_label
from trialgraph.rdf.vocabulary import PREFIXES, RDFS, TG, expand
from trialgraph.release.names.parameter_values import Meaning, ParameterValues, meaning
from trialgraph.terminology.values import concept_named
from trialgraph.views.reading_use import USE, USE_NAMES, ReadingUse, reading_uses
from trialgraph.views.record_fields import FieldProvenance, record_fields
from trialgraph.views.trial_links import LinkProvenance, trial_links

__all__ = ["READINGS", "Explained", "ReadingProvenance", "explain", "find_subject"]

#: No name of a term is longer.
MOST_CHARS: Final = 1_000
MOST_LISTED: Final = 6


@dataclass(frozen=True, slots=True)
class ReadingProvenance:
    """One reading, down to its characters.

    :param use: whether it is in use, in words
    :param reads: what was read: ``n_total``, ``dose``, ``outcome`` …
    :param value: the value or the concept's label, with its IRI behind it where it has one
    :param row: its number in the source, from 1; 0: it was read from a record
    :param line: number of the line in the source, from 1; of a record where it begins, 0 in an archive
    :param before: the line's characters before the verbatim ones
    :param after: those behind them
    :param offsets: half-open, in code points: of the source, or of the cell's own text where it has an address
    :param address: where the cell of a grid, or a text of a record, stands; empty in a text
    :param record: number of the record that it was read from; then there is no row
    :param mapping: the mapping in words, empty where none was needed
    """

    reads: str
    value: str
    concept: str
    source: str
    row: int
    line: int
    field: str
    before: str
    verbatim: str
    after: str
    offsets: tuple[int, int]
    rule: str
    says: str
    mapping: str
    iri: str = ""
    label: str = ""
    use: str = ""
    address: str = ""
    record: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """A node of the graph and the readings that it rests on.

    :param left_out: how many more readings and fields there are
    :param fields: what records of registries state in fields of their own
    :param links: which numbers records say are of its trial, with what reviewers decided on that; all of them
    """

    iri: str
    label: str
    readings: tuple[ReadingProvenance, ...]
    left_out: int = 0
    fields: tuple[FieldProvenance, ...] = ()
    links: tuple[LinkProvenance, ...] = ()


#: From a node to the readings it rests on: its own, of a trial or a report those of all parts; to those that compete in
#: it; of a comparison to those of both sides.
READINGS: Final = """
  { ?subject tg:readFrom ?reading }
  UNION { ?subject tg:hasReport?/tg:fromRow/tg:hasCell/^tg:fromCell ?reading
          FILTER EXISTS { ?node tg:readFrom ?reading } }
  UNION { ?subject tg:hasReport?/tg:fromRecord/tg:hasCell/^tg:fromCell ?reading
          FILTER EXISTS { ?node tg:readFrom ?reading } }
  UNION { ?subject tg:hasCompetingReading ?reading }
  UNION { ?subject tg:leftReading|tg:rightReading ?reading }
  UNION { ?subject tg:concernsCell/^tg:fromCell ?reading }
  UNION { ?reading tg:fromCell ?subject }
  UNION { ?subject tg:hasCell/^tg:fromCell ?reading }
  UNION { ?subject a tg:Reading . BIND(?subject AS ?reading) }
"""
_READINGS: Final = (
    f"SELECT DISTINCT ?reading ?subject WHERE {{ {READINGS} UNION {{ ?reading tg:concept ?subject }} }}"
)
_PROVENANCE: Final = """
SELECT ?reading ?reads ?value ?conceptLabel ?concept ?source ?row ?line ?field ?verbatim ?start ?rule ?says
       ?surface ?justification ?release ?cell ?address ?record WHERE {
  ?reading tg:readsField ?reads ; tg:verbatim ?verbatim ; tg:startOffset ?start ; tg:byRule ?r ; tg:fromCell ?cell .
  ?r rdfs:label ?rule ; skos:definition ?says .
  ?cell tg:inColumn/tg:field ?field .
  ?rowNode tg:hasCell ?cell ; tg:fromSource ?source .
  OPTIONAL { ?rowNode tg:rowNumber ?row }
  OPTIONAL { ?rowNode tg:lineNumber ?line }
  OPTIONAL { ?rowNode a tg:Record ; dcterms:identifier ?record }
  OPTIONAL { ?cell oa:hasSelector/rdf:value ?address }
  OPTIONAL { ?reading tg:value ?value }
  OPTIONAL { ?reading tg:concept ?concept . OPTIONAL { ?concept skos:prefLabel|rdfs:label ?conceptLabel } }
  OPTIONAL { ?reading tg:byMapping ?m . ?m sssom:subject_label ?surface ; sssom:mapping_justification ?justification .
             OPTIONAL { ?m sssom:mapping_date ?release } }
} LIMIT 1"""
_ROW: Final = """
SELECT ?member ?text ?start WHERE {
  ?row tg:hasCell ?member , ?cell . ?cell tg:cellText ?text ; tg:inColumn/tg:columnNumber ?n .
  ?cell (oa:hasSelector/oa:start|oa:hasSelector/oa:refinedBy/oa:start) ?start .
} ORDER BY ?start ?n"""
_CELL: Final = """
SELECT ?member ?text ?start WHERE {
  ?member tg:cellText ?text ; oa:hasSelector/oa:refinedBy/oa:start ?start .
}"""


def find_subject(store: Store, name: str) -> NamedNode:
    """The node that a user names: an IRI, a CURIE, ``report/<source>/<row>``, ``NCT…`` or another registry id.

    A registry id may be in any spelling, and a former one of its trial. An id of a thing that is a value of the data,
    in whatever vocabulary, names that value, as does its name where it has but one meaning.

    :raises UsageError: the graph has no statement about it
    """
    tried = []
    if "://" in name or ":" in name:
        try:
            concept = concept_named(name)
            tried += [expand(concept.curie)] if concept else []
            tried.append(expand(name))
        except UsageError:
            tried = []
    elif _plain(name):
        tried = [NamedNode(iris.base() + name), iris.trial(*name.split("/"))]
    if number := registry_number(name.strip().removeprefix(iris.base()).removeprefix("trial/")):
        tried.append(iris.trial(number))
        tried += trials_once_called(store, number)
    for node in tried:
        if next(store.quads_for_pattern(node, None, None, None), None) is not None:
            return node
    names = ParameterValues.of_store(store).names
    means = meaning(name, names, {}) if len(name) <= MOST_CHARS else Meaning()
    if len(means.values) == 1:
        return NamedNode(means.values[0])
    if means.values:
        may = ", ".join(names.label(value) for value in means.values[:MOST_LISTED])
        raise UsageError(f"{name[:80]!r} has several meanings", hint=f"give one of {may}")
    raise UsageError(
        f"nothing in the graph is named {name[:80]!r}",
        hint="give an IRI of the graph, report/SOURCE/ROW, trial/ID or a registry id like NCT01741857",
    )


def trials_once_called(store: Store, number: str) -> list[NamedNode]:
    """The trials, one at most in a sound graph, that have a number for a former one."""
    found = store.quads_for_pattern(None, TG.formerIdentifier, text_literal(number), None)
    return list(dict.fromkeys(quad.subject for quad in found if isinstance(quad.subject, NamedNode)))


def _plain(name: str) -> bool:
    return bool(name) and all(c.isalnum() or c in "/-_.%" for c in name)


def explain(store: Store, name: str, most: int | None = None) -> Explained:
    """The readings that a node of the graph rests on, down to the characters.

    :param most: the most readings to show; None: all
    :raises UsageError: the graph has no statement about it, or it is not based on any reading
    """
    subject = find_subject(store, name)
    found_readings = [s["reading"] for s in _rows(store, _READINGS, subject=subject)]
    readings = sorted(found_readings, key=str)[:most]
    found = [
        one for reading in readings if isinstance(reading, NamedNode) for one in _provenance(store, reading)
    ]
    every = record_fields(partial(_selected, store), subject)
    fields = every if most is None else every[: max(most - len(found), 0)]
    links = trial_links(partial(_selected, store), subject)
    if not found and not fields and not links:
        raise UsageError(
            f"{subject.value} is not based on any reading",
            hint="ask for a trial, report, arm, dose, outcome, cell, comparison or a value",
        )
    labels = (q.object for q in store.quads_for_pattern(subject, RDFS.label, None, None))
    label = next((o.value for o in labels if isinstance(o, Literal)), "")
    return Explained(
        subject.value,
        label or provenance_label(subject.value),
        tuple(sorted(found, key=lambda i: (i.source, i.row, i.offsets, i.rule, i.value))),
        len(found_readings) - len(readings) + len(every) - len(fields),
        tuple(fields),
        tuple(links),
    )


def _rows(store: Store, query: str, **bound: NamedNode) -> Iterator[QuerySolution]:
    found = store.query(
        query, prefixes=dict(PREFIXES), substitutions={Variable(k): v for k, v in bound.items()}
    )
    assert isinstance(found, QuerySolutions)  # noqa: S101 - the queries above are SELECTs
    yield from found


def _selected(store: Store, query: str) -> Iterator[dict[str, object]]:
    """The rows of a query, by the names of its variables."""
    found = store.query(query, prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)  # noqa: S101 - a SELECT of ours
    names = [variable.value for variable in found.variables]
    return ({name: row[name] for name in names} for row in found)


def _use(store: Store, reading: NamedNode) -> ReadingUse:
    found = _rows(store, USE.replace("WHICH", f"VALUES ?reading {{ {reading} }}"))
    return reading_uses({name: s[name] for name in USE_NAMES} for s in found)[reading.value]


def _provenance(store: Store, reading: NamedNode) -> Iterator[ReadingProvenance]:
    use = _use(store, reading)
    for s in _rows(store, _PROVENANCE, reading=reading):
        bound = {name: s[name] for name in _NAMES}
        text = {k: getattr(v, "value", "") if v is not None else "" for k, v in bound.items()}
        cell = bound["cell"]
        assert isinstance(cell, NamedNode)  # noqa: S101 - data have no blank nodes
        start = int(text["start"])
        end = start + len(text["verbatim"])
        before, after = _around(store, cell, start, end, whole_row=not text["address"])
        mapping = ""
        if text["surface"]:
            by = text["justification"].rsplit("/", 1)[-1]
            mapping = f"{text['surface']!r} is {text['conceptLabel']} ({by}, {text['release']})"
        yield ReadingProvenance(
            reads=text["reads"],
            value=text["conceptLabel"] or text["value"],
            concept=text["concept"],
            source=_slug(text["source"]),
            row=int(text["row"] or 0),
            line=int(text["line"] or 0),
            field=text["field"],
            before=before,
            verbatim=text["verbatim"],
            after=after,
            offsets=(start, end),
            rule=text["rule"],
            says=text["says"],
            mapping=mapping,
            iri=reading.value,
            label=use.label,
            use=use.words,
            address=text["address"],
            record=text["record"],
        )


def _slug(source: str) -> str:
    return unquote(source.rsplit("/", 1)[-1])


_NAMES: Final = (
    "reads", "value", "conceptLabel", "concept", "source", "row", "line", "field", "verbatim", "start", "rule",
    "says", "surface", "justification", "release", "cell", "address", "record",
)  # fmt: skip


def _around(store: Store, cell: NamedNode, start: int, end: int, *, whole_row: bool) -> tuple[str, str]:
    """The characters before and behind a span: of its line, put together from the row's cells, or of its cell."""
    pieces = []
    for s in _rows(store, _ROW, member=cell) if whole_row else _rows(store, _CELL, member=cell):
        text, at = s["text"], s["start"]
        assert isinstance(text, Literal)  # noqa: S101 - cell texts are literals
        assert isinstance(at, Literal)  # noqa: S101 - offsets are literals
        pieces.append((int(at.value), text.value))
    line = "".join(text for _, text in pieces)
    first = pieces[0][0] if pieces else start
    return line[: start - first], line[end - first :]
