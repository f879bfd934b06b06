"""Open conflicts as lines for ``curation.tsv``: each with the decisions that may settle it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from pyoxigraph import QuerySolutions, Store

from trialgraph.base.escaping import visible
from trialgraph.extract.curation import CURATION_COLUMNS, EVIDENCE
from trialgraph.extract.decisions import choices
from trialgraph.rdf import iris
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import PREFIXES

__all__ = ["OPEN_CONFLICTS", "CurationLine", "curation_lines", "finished_line", "open_conflicts"]

#: Open conflicts with what their lines are made of; a VALUES clause in place of WHICH restricts them.
OPEN_CONFLICTS: Final = """
SELECT DISTINCT ?conflict ?row ?message ?field ?reading ?name ?value ?preferred WHERE {
  WHICH
  ?conflict a tg:Conflict ; tg:status tgc:open ; tg:inReport ?report ; rdfs:comment ?message ;
            tg:concernsCell/tg:inColumn/tg:field ?field .
  ?report tg:fromRow ?its . ?its tg:rowNumber ?row .
  OPTIONAL {
    ?conflict tg:hasCompetingReading ?reading .
    ?reading tg:readsField ?name .
    OPTIONAL { ?reading tg:value ?value }
  }
  OPTIONAL { ?conflict tg:preferredReading ?preferred }
} ORDER BY ?conflict ?reading"""
_NAMES: Final = ("conflict", "row", "message", "field", "reading", "name", "value", "preferred")


@dataclass(frozen=True, slots=True)
class CurationLine:
    """An open conflict.

    :param source: slug of its source
    :param text: the line, whose decision is one of several, and whose further cells are empty
    :param kind: of the conflict, as the line has it
    :param decisions: those that may settle it
    """

    conflict: str
    source: str
    row: int
    message: str
    text: str
    kind: str = ""
    decisions: tuple[str, ...] = ()


def open_conflicts(store: Store) -> list[CurationLine]:
    """The lines of all open conflicts of a release, by source and row."""
    found = store.query(OPEN_CONFLICTS.replace("WHICH", ""), prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)  # noqa: S101 - the query above is a SELECT
    return curation_lines({name: solution[name] for name in _NAMES} for solution in found)


def curation_lines(rows: Iterable[Mapping[str, object]]) -> list[CurationLine]:
    """The lines of the conflicts that :data:`OPEN_CONFLICTS` found."""
    by_conflict: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        texts = {name: text_of(row.get(name)) for name in _NAMES}
        by_conflict.setdefault(texts["conflict"], []).append(texts)
    made = [_line(conflict, held) for conflict, held in by_conflict.items()]
    return sorted(made, key=lambda line: (line.source, line.row, line.text))


def _line(conflict: str, held: list[dict[str, str]]) -> CurationLine:
    _, source, row, *kind = (unquote(part) for part in conflict.removeprefix(iris.base()).split("/"))
    readings = {
        row["reading"]: (row["name"], row["value"]) for row in held if row["reading"] and row["value"]
    }
    decisions = choices(
        kind[0],
        dict.fromkeys(row["field"] for row in held),
        list(readings.values()),
        preferred=bool(held[0]["preferred"]),
    )
    cells = {"row": row, "kind": "/".join(kind), "decision": " | ".join(decisions)}
    text = "\t".join(cells.get(name, "") for name in (*CURATION_COLUMNS, EVIDENCE))
    message = held[0]["message"]
    return CurationLine(conflict, source, int(row), message, text, cells["kind"], tuple(decisions))


def finished_line(row: int, kind: str, entered: Mapping[str, str]) -> str:
    """A line of ``curation.tsv`` as it is pasted: what is missing stands in capitals.

    :param entered: by column what a reviewer entered; a tab or a line break in it is a blank
    """
    cells = {name: visible(re.sub(r"\s+", " ", text)).strip() for name, text in entered.items()}
    cells |= {"row": str(row), "kind": kind}
    needed = (*CURATION_COLUMNS, *((EVIDENCE,) if cells.get("decision", "").startswith("value ") else ()))
    made = [cells.get(name) or name.upper() for name in needed]
    return "\t".join(made if EVIDENCE in needed else [*made, cells.get(EVIDENCE, "")]).rstrip("\t")
