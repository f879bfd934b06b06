"""Examples of the values of each property, as the schema card has them, asked for when the release is written."""

from __future__ import annotations

from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import RDF, RDFS, VOID, compact
from trialgraph.release.lists.queries import Select

__all__ = ["found_examples"]

#: Example values of a property, and the longest one in characters.
EXAMPLES: Final = 4
EXAMPLE_CHARS: Final = 80
#: IRIs are shorter on the card, so that some more are looked at.
LOOKED_AT: Final = 12
#: Graphs that are not about trials, or that hold verbatim text.
NO_EXAMPLES: Final = ("provenance", "ontology", "module", "mappings", "meta", "inferred")

_PROPERTIES: Final = "SELECT DISTINCT ?property { GRAPH META { ?part " + str(VOID.property) + " ?property } }"
#: One property at a time, so that no grouping holds more than the values of one.
_VALUES: Final = f"""
SELECT ?value ?n (MIN(STR(?words)) AS ?label) {{
  {{ SELECT ?value (COUNT(*) AS ?n) {{
    GRAPH ?g {{ ?s PROPERTY ?value }} FILTER (?g NOT IN (HIDDEN))
    FILTER (!ISLITERAL(?value) || STRLEN(STR(?value)) <= {EXAMPLE_CHARS})
  }} GROUP BY ?value ORDER BY DESC(?n) ?value LIMIT {LOOKED_AT} }}
  OPTIONAL {{ ?value {RDFS.label} ?words FILTER (LANG(?words) IN ("", "en")) }}
}} GROUP BY ?value ?n ORDER BY DESC(?n) ?value"""


def found_examples(select: Select) -> dict[str, list[dict[str, Any]]]:
    """By the CURIE of a property its commonest values, with their labels and how often it has them.

    Verbatim words of the sources are not among them, as they stand under the licences of those.

    :param select: asks the graph of the release
    """
    hidden = ", ".join(str(iris.graph(name)) for name in NO_EXAMPLES)
    found = select(_PROPERTIES.replace("META", str(iris.graph("meta"))))
    named = {row["property"] for row in found if isinstance(row["property"], NamedNode)}
    properties = sorted(named - {RDF.type}, key=str)
    made: dict[str, list[dict[str, Any]]] = {}
    for one in properties:
        rows = select(_VALUES.replace("PROPERTY", str(one)).replace("HIDDEN", hidden))
        examples = [example for row in rows if (example := _example(row))]
        if examples:
            made[compact(one.value)] = examples[:EXAMPLES]
    return made


def _example(row: Any) -> dict[str, Any] | None:
    value = row["value"]
    if not isinstance(value, Literal | NamedNode):
        return None
    text = value.value if isinstance(value, Literal) else compact(value.value)
    if len(text) > EXAMPLE_CHARS:
        return None
    label = {"label": row["label"].value} if "label" in row else {}
    return {"value": text, **label, "count": int(row["n"].value)}
