"""What is doubtful in a report, in a few words, and the columns of the table at which it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from trialgraph.extract.columns import columns
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import concept

__all__ = [
    "CONFLICTS",
    "SEVERITIES",
    "STATES",
    "ConflictFlag",
    "Severity",
    "columns_of_field",
    "flags_of",
    "readings_of",
    "state_of_field",
]


@dataclass(frozen=True, slots=True)
class Severity:
    """What a severity is called, and the mark of its flags (the class in the stylesheet)."""

    mark: str
    words: str


#: By the IRI of the concept, the most severe first.
SEVERITIES: Final = {
    concept("severity-error").value: Severity("error", "cannot be right"),
    concept("severity-warning").value: Severity("warn", "unusual"),
    concept("severity-notice").value: Severity("unread", "not read"),
}
#: Every open conflict with its competing readings.
CONFLICTS: Final = """
SELECT DISTINCT ?report ?conflict ?kind ?label ?message ?severity ?brief ?field ?reading ?name ?preferred {
  ?conflict a tg:Conflict ; tg:status tgc:open ; tg:inReport ?report ; tg:conflictKind ?kind ; rdfs:comment ?message ;
            tg:severity ?severity .
  ?kind skos:prefLabel ?label .
  OPTIONAL { ?conflict tg:concernsCell/tg:inColumn/tg:field ?field }
  OPTIONAL { ?conflict tg:hasCompetingReading ?reading . ?reading tg:readsField ?name }
  OPTIONAL { ?conflict dcterms:title ?brief }
  OPTIONAL { ?conflict tg:preferredReading ?preferred }
} ORDER BY ?report ?conflict ?reading"""
#: The fields of which a source says that they are not specified or do not apply.
STATES: Final = """
SELECT DISTINCT ?report ?state ?field {
  { ?report tg:fieldNotSpecified ?field BIND ("not specified" AS ?state) }
  UNION { ?report tg:fieldNotApplicable ?field BIND ("not applicable" AS ?state) }
  UNION { ?report tg:hasIntervention/tg:doseStatus tgc:dose-not-specified
          BIND ("not specified" AS ?state) BIND ("dose" AS ?field) }
} ORDER BY ?report ?state ?field"""
_UNUSUAL: Final = Severity("warn", "unusual")


@dataclass(frozen=True, slots=True)
class ConflictFlag:
    """A conflict at a value.

    :param iri: of the conflict
    :param words: two or three words
    :param message: the whole of it
    :param mark: of its severity
    :param columns: of the table, at the first of which that is shown it stands
    """

    iri: str
    words: str
    message: str
    mark: str
    columns: tuple[str, ...]


def flags_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[ConflictFlag]]:
    """By the IRI of a report its flags, from what :data:`CONFLICTS` found."""
    held: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        held.setdefault(text_of(row["conflict"]), []).append({name: text_of(row[name]) for name in row})
    made: dict[str, list[ConflictFlag]] = {}
    for iri, lines in held.items():
        first = lines[0]
        flag = ConflictFlag(
            iri,
            first.get("brief") or first["label"],
            first["message"],
            SEVERITIES.get(first["severity"], _UNUSUAL).mark,
            _columns(lines),
        )
        made.setdefault(first["report"], []).append(flag)
    return made


def _columns(lines: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """The columns that a conflict is about: those of the readings that are in question, then those of the field."""
    preferred = [line["name"] for line in lines if line.get("reading", "-") == line.get("preferred")]
    known, places = _by_reading(), _places()
    of = [column for line in lines if "name" in line for column in known.get(line["name"], ())]
    # The parts are in question before the whole.
    of.sort(key=lambda column: (column == "n_total", places[column]))
    first = [column for name in preferred for column in known.get(name, ())]
    rest = [column for line in lines if "field" in line for column in columns_of_field(line["field"])]
    return tuple(dict.fromkeys((*first, *of, *rest)))


@cache
def _places() -> Mapping[str, int]:
    return {flat.name: place for place, flat in enumerate(flat for kind in columns() for flat in kind.flat)}


@cache
def _by_reading() -> Mapping[str, tuple[str, ...]]:
    """By the name of a reading the columns of the table that it fills."""
    made: dict[str, tuple[str, ...]] = {}
    for column in columns():
        flat = [one.name for one in column.flat]
        for name in sorted(column.readings):
            alike = [
                one for one in flat if one == name or one.removesuffix("s") == name or one.startswith(name)
            ]
            made[name] = tuple(dict.fromkeys((*alike, *(flat if len(flat) == 1 else ()))))
    return made


def readings_of(names: Iterable[str]) -> frozenset[str]:
    """The names of the readings that fill these columns."""
    wanted = frozenset(names)
    return frozenset(name for name, columns_ in _by_reading().items() if wanted.intersection(columns_))


@cache
def _fields() -> Mapping[str, tuple[str, ...]]:
    by_field = {column.key: tuple(one.name for one in column.flat) for column in columns()}
    # The dose alone is not specified where the cell states a route.
    return by_field | {"dose": tuple(name for name in by_field["administration"] if name.startswith("dose"))}


def columns_of_field(field: str) -> tuple[str, ...]:
    """The columns of the table that a field fills, by its name or its key."""
    return _fields().get(field.replace(" ", "-"), ())


def state_of_field(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """By the IRI of a report the columns whose field has a state of its own, from what :data:`STATES` found."""
    made: dict[str, dict[str, str]] = {}
    for row in rows:
        key = text_of(row["field"]).rpartition("/")[2].removeprefix("field-")
        for column in columns_of_field(key):
            made.setdefault(text_of(row["report"]), {})[column] = text_of(row["state"])
    return made
