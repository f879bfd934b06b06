"""Whether a reading is in use, and what overruled it: another reading by its rule, or a reviewer's decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from trialgraph.rdf.literals import text_of
from trialgraph.rdf.provenance_labels import reading_label

__all__ = ["USE", "USE_NAMES", "Overruling", "ReadingUse", "reading_uses"]

#: Of the readings that WHICH binds: what overruled each, the conflicts that it competes in, and whether anything but
#: its report rests on it or states its value.
USE: Final = """
SELECT DISTINCT ?reading ?ownRule ?said ?by ?byLabel ?bySaid ?rule ?ruleName ?says ?decision ?conflict ?kindLabel
       ?status ?message ?unread ?part WHERE {
  WHICH
  ?reading tg:readsField ?name ; tg:byRule/rdfs:label ?ownRule ; tg:verbatim ?words .
  OPTIONAL { ?reading tg:value ?value }
  BIND (COALESCE(STR(?value), ?words) AS ?said)
  BIND (?name = "unread" AS ?unread)
  OPTIONAL { ?reading tg:overruledBy ?by .
             OPTIONAL { ?by rdfs:label ?byLabel }
             OPTIONAL { ?by tg:byRule ?rule ; tg:verbatim ?byWords . ?rule rdfs:label ?ruleName ; skos:definition ?says
                        OPTIONAL { ?by tg:value ?byValue } BIND (COALESCE(STR(?byValue), ?byWords) AS ?bySaid) }
             OPTIONAL { ?by tg:decision ?decision } }
  OPTIONAL { ?conflict tg:hasCompetingReading ?reading ; tg:conflictKind/skos:prefLabel ?kindLabel ;
                       tg:status/skos:prefLabel ?status ; rdfs:comment ?message }
  OPTIONAL { ?part tg:readFrom ?reading }
} ORDER BY ?reading ?by ?conflict ?part"""
#: Its variables.
USE_NAMES: Final = (
    "reading", "ownRule", "said", "by", "byLabel", "bySaid", "rule", "ruleName", "says", "decision", "conflict",
    "kindLabel", "status", "message", "unread", "part",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Overruling:
    """What is used in place of a reading.

    :param iri: of the reading or the decision
    :param rule: of a reading, the IRI of its rule, and its name and meaning
    :param decision: of a decision, its words
    """

    iri: str
    label: str
    rule: str
    rule_name: str
    says: str
    decision: str


@dataclass(frozen=True, slots=True)
class ReadingUse:
    """Whether a reading is in use.

    :param words: the same as a sentence
    :param overruled_by: what is used in its place, decisions first
    :param conflicts: those that it competes in: IRI, kind and status, message
    """

    reading: str
    label: str
    in_use: bool
    words: str
    overruled_by: tuple[Overruling, ...]
    conflicts: tuple[tuple[str, str, str], ...]


def reading_uses(rows: Iterable[Mapping[str, object]]) -> dict[str, ReadingUse]:
    """By IRI of the reading, from the rows that :data:`USE` found."""
    held: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        texts = {name: text_of(row.get(name)) for name in USE_NAMES}
        held.setdefault(texts["reading"], []).append(texts)
    return {reading: _use(found) for reading, found in held.items()}


def _use(rows: list[dict[str, str]]) -> ReadingUse:
    first = rows[0]
    by = {
        row["by"]: Overruling(
            row["by"],
            row["byLabel"] or reading_label(row["by"], row["ruleName"], row["bySaid"]),
            *(row[name] for name in ("rule", "ruleName", "says", "decision")),
        )
        for row in rows
        if row["by"]
    }
    overruled = tuple(sorted(by.values(), key=lambda one: (not one.decision, one.iri)))
    conflicts = {
        row["conflict"]: (row["conflict"], f"{row['kindLabel']}, {row['status']}", row["message"])
        for row in rows
        if row["conflict"]
    }
    in_use = not overruled and first["unread"] != "true" and any(row["part"] for row in rows)
    words = _words(in_use, overruled, bool(conflicts), first["unread"] == "true")
    label = reading_label(first["reading"], first["ownRule"], first["said"])
    return ReadingUse(first["reading"], label, in_use, words, overruled, tuple(conflicts.values()))


def _words(in_use: bool, overruled: tuple[Overruling, ...], competes: bool, unread: bool) -> str:
    if overruled:
        by = overruled[0]
        if by.decision:
            return f"Not in use: overruled by a reviewer ({by.label}: {by.decision})."
        return f"Not in use: overruled by {by.label}, by the rule {by.rule_name}."
    if unread:
        return "Not in use: no rule reads a value of these characters."
    if in_use:
        return "In use: the report states it." + (" It competes with another reading." if competes else "")
    if competes:
        return "Not in use: it only competes in a conflict, and none of the competing readings is stated."
    return "Not in use: nothing that is stated rests on it."
