"""The conflicts of a release as pages list them: the flag, the trial, what is printed, the message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from trialgraph.base.escaping import visible
from trialgraph.http.lookup import iri_of, select_rows
from trialgraph.http.pages.links import address
from trialgraph.http.site import site
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import concept
from trialgraph.views.flags import SEVERITIES, Flag, flag_of

__all__ = ["ListedConflict", "conflicts", "differences"]

#: A printed cell that is longer is told by the words in question.
PRINTED: Final = 40
QUERY: Final = """
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
class ListedConflict:
    """A conflict in a list.

    :param printed: what the source prints, where that is short
    :param severity: IRI of its severity
    """

    flag: Flag
    kind: str
    trial: str
    trial_href: str
    printed: str
    message: str
    severity: str


def conflicts() -> tuple[ListedConflict, ...]:
    """All conflicts of the release, gathered once: open ones first, the most severe first."""
    return site().once("conflicts", _gather)


def differences() -> int | None:
    """How many comparisons of reports differ; None where there are no two sources to compare."""
    if len(site().release.manifest.get("built_from", [])) < 2:
        return None
    query = "SELECT (COUNT(?one) AS ?n) { ?one tg:verdict tgc:verdict-differs }"
    return site().once("differences", lambda: int(text_of(select_rows(query)[0]["n"])))


def _gather() -> tuple[ListedConflict, ...]:
    rows = select_rows(QUERY)
    made = []
    for row in rows:
        said = {
            name: visible(text_of(row.get(name))) for name in ("brief", "kind", "message", "name", "cell")
        }
        settled = iri_of(row["status"]) != concept("open").value
        href, severity = address(iri_of(row["conflict"])), iri_of(row["severity"])
        flag = flag_of(severity, said["brief"], said["kind"], said["message"], href, settled=settled)
        whole = text_of(row.get("cells")) == "1" and len(said["cell"]) <= PRINTED
        words = visible(text_of(row.get("readings")))
        made.append(
            ListedConflict(
                flag,
                said["kind"],
                said["name"],
                address(iri_of(row["trial"])),
                said["cell"] if whole else words if len(words) <= PRINTED else "",
                said["message"],
                severity,
            )
        )
    order = {severity: place for place, severity in enumerate(SEVERITIES)}
    return tuple(sorted(made, key=lambda one: (not one.flag.open, order.get(one.severity, len(order)))))
