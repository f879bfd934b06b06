"""Links from values in the answer to a saved question to the readings they come from (provenance)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pyoxigraph import Literal, NamedNode

from trialgraph.base.errors import TrialgraphError
from trialgraph.http.lookup import iri_of, select_each
from trialgraph.http.pages.links import address
from trialgraph.http.pages.terms import DisplayTerm
from trialgraph.query.results import ResultTable
from trialgraph.rdf.literals import text_of

__all__ = ["with_reading_links"]

#: From a report, arm or dose to what it was read from; from a trial by way of its reports.
READINGS = """
SELECT ?node ?value (MIN(?reading) AS ?first) {{
  {nodes}
  {{ ?node tg:readFrom ?reading }}
  UNION
  {{ ?node tg:hasReport?/tg:fromRow/tg:hasCell/^tg:fromCell ?reading FILTER EXISTS {{ ?any tg:readFrom ?reading }} }}
  UNION
  {{ ?node tg:hasReport?/tg:fromRecord/tg:hasCell/^tg:fromCell ?reading
     FILTER EXISTS {{ ?any tg:readFrom ?reading }} }}
  ?reading tg:readsField "{field}" .
  OPTIONAL {{ ?reading tg:value ?value }}
}} GROUP BY ?node ?value ORDER BY ?node ?first
"""


def with_reading_links(
    table: ResultTable, rows: list[list[DisplayTerm]], provenance: Mapping[str, tuple[str, str]]
) -> list[list[DisplayTerm]]:
    """The rows with a link from each value to its reading, or else to the node that has the value.

    :param rows: one for each row of the table, with the same columns
    :param provenance: as in :class:`~trialgraph.questions.saved_queries.SavedQuery`
    """
    for column, (of, field) in provenance.items():
        if column not in table.columns or of not in table.columns:
            continue
        at, beside = table.columns.index(column), table.columns.index(of)
        nodes = {term.value for row in table.rows if isinstance(term := row[beside], NamedNode)}
        readings = _readings(nodes, field)
        for row, cells in zip(table.rows, rows, strict=True):
            node, value = row[beside], row[at]
            if isinstance(node, NamedNode) and isinstance(value, Literal):
                found = (
                    readings.get((node.value, value.value)) or readings.get((node.value, "")) or node.value
                )
                cells[at] = replace(cells[at], href=address(found), title="where it was read", quiet=True)
    return rows


def _readings(nodes: set[str], field: str) -> dict[tuple[str, str], str]:
    """Node and value -> reading; under no value the only reading of a node, as a range is one reading."""
    if not nodes:
        return {}
    try:
        found = select_each(READINGS.format(nodes="WHICH", field=field), "node", sorted(nodes))
    except TrialgraphError:
        return {}  # a table whose numbers lead nowhere is better than none
    made: dict[tuple[str, str], str] = {}
    by_node: dict[str, set[str]] = {}
    for row in found:
        node, reading = iri_of(row["node"]), iri_of(row["first"])
        made[node, text_of(row.get("value"))] = reading
        by_node.setdefault(node, set()).add(reading)
    return made | {(node, ""): next(iter(all_)) for node, all_ in by_node.items() if len(all_) == 1}
