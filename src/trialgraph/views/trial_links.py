"""Which numbers are linked to a trial, who says so, and what a reviewer decided on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from trialgraph.rdf.literals import text_of
from trialgraph.views.record_fields import Select

__all__ = ["LinkProvenance", "trial_links"]


@dataclass(frozen=True, slots=True)
class LinkProvenance:
    """A statement of a record that two numbers are of one trial.

    :param kind: ``alias`` (a former number in the same registry), ``secondary id`` or ``bridge``
    :param number: the linked number
    :param registry: its registry
    :param record: number of the record that states it
    :param registry_of_record: who published that record
    :param file: with the line or the member of the archive
    :param place: of the field in the record
    :param status: ``stated``, ``confirmed`` or ``rejected``; one that is rejected joins nothing
    :param who: the reviewer who decided on it; empty where nobody did, as are the next two
    """

    iri: str
    kind: str
    number: str
    registry: str
    record: str
    registry_of_record: str
    file: str
    place: str
    status: str
    who: str = ""
    when: str = ""
    why: str = ""


_NAMES: Final = (
    "link", "kind", "number", "registry", "record", "publisher", "file", "line", "member", "place", "status", "who",
    "when", "why",
)  # fmt: skip
_LINKS: Final = f"""
SELECT DISTINCT {" ".join(f"?{name}" for name in _NAMES)} WHERE {{
  {{ ?link tg:linksTrial ME }}
  UNION {{ ?link tg:linkStatedBy ME }}
  UNION {{ ?link tg:linkStatedBy/tg:fromRecord ME }}
  UNION {{ ?link tg:linkDecidedBy ME }}
  UNION {{ ME a tg:TrialLink . BIND (ME AS ?link) }}
  ?link tg:linkKind ?kind ; tg:linkedNumber ?number ; tg:linkedRegistry/rdfs:label ?registry ;
        tg:linkStatedAt ?place ; tg:linkStatus ?status ; tg:linkStatedBy/tg:fromRecord ?from .
  ?from dcterms:identifier ?record ; tg:inRegistry/rdfs:label ?publisher ; tg:fileName ?file .
  OPTIONAL {{ ?from tg:lineNumber ?line }}
  OPTIONAL {{ ?from tg:archiveMember ?member }}
  OPTIONAL {{
    ?link tg:linkDecidedBy ?decision .
    ?decision dcterms:creator ?who ; dcterms:date ?when ; rdfs:comment ?why
  }}
}} ORDER BY ?record ?number ?link"""


def trial_links(select: Select, subject: NamedNode) -> list[LinkProvenance]:
    """The links of a trial, those that a report or a record states, or that a decision is on.

    :param select: answers a query of these prefixes
    """
    made: list[LinkProvenance] = []
    for row in select(_LINKS.replace("ME", str(subject))):
        text = {name: text_of(row.get(name)) for name in _NAMES}
        where = text["member"] or text["line"]
        made.append(
            LinkProvenance(
                iri=text["link"],
                kind=text["kind"],
                number=text["number"],
                registry=text["registry"],
                record=text["record"],
                registry_of_record=text["publisher"],
                file=f"{text['file']}:{where}" if where else text["file"],
                place=text["place"],
                status=text["status"],
                who=text["who"],
                when=text["when"],
                why=text["why"],
            )
        )
    return made
