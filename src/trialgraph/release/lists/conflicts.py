"""The conflicts of a release as its pages list them: open ones first, the most severe first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import concept
from trialgraph.release.lists.flags import SEVERITIES
from trialgraph.release.lists.queries import Select

__all__ = ["FoundConflict", "found_conflicts"]

_FOUND: Final = """
SELECT ?conflict ?severity ?status ?kind ?brief ?message ?trial ?name
       (SAMPLE(?text) AS ?cell) (COUNT(DISTINCT ?text) AS ?cells)
       (GROUP_CONCAT(DISTINCT ?words; SEPARATOR=" / ") AS ?readings) {
  ?conflict a tg:Conflict ; tg:severity ?severity ; tg:status ?status ; tg:conflictKind/rdfs:label ?kind ;
            rdfs:comment ?message ; tg:inReport/tg:aboutTrial ?trial .
  ?trial rdfs:label ?name .
  OPTIONAL { ?conflict dcterms:title ?brief }
  OPTIONAL { ?conflict tg:concernsCell/tg:cellText ?text }
  OPTIONAL { ?conflict tg:hasCompetingReading/tg:verbatim ?words }
} GROUP BY ?conflict ?severity ?status ?kind ?brief ?message ?trial ?name ORDER BY ?name ?conflict"""


@dataclass(frozen=True, slots=True)
class FoundConflict:
    """A conflict.

    :param iri: of the conflict
    :param severity: IRI of its severity
    :param open: nobody has settled it
    :param kind: name of its kind
    :param trial: IRI of the trial, and its name
    :param cell: the one text that it is about; None where there are several, or none
    :param readings: the words in question
    """

    iri: str
    severity: str
    open: bool
    kind: str
    brief: str
    message: str
    trial: str
    name: str
    cell: str | None
    readings: str


def found_conflicts(select: Select) -> Sequence[FoundConflict]:
    """All conflicts in their order."""
    made = []
    for row in select(_FOUND):
        text = {name: text_of(term) for name, term in row.items()}
        made.append(
            FoundConflict(
                text["conflict"],
                text["severity"],
                text["status"] == concept("open").value,
                text["kind"],
                text.get("brief", ""),
                text["message"],
                text["trial"],
                text["name"],
                text.get("cell", "") if text.get("cells") == "1" else None,
                text.get("readings", ""),
            )
        )
    order = {severity: place for place, severity in enumerate(SEVERITIES)}
    return sorted(made, key=lambda one: (not one.open, order.get(one.severity, len(order))))
