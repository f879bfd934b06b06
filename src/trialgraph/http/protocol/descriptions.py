"""RDF descriptions of resources (linked data): the triples of the release about one IRI."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Response
from pyoxigraph import NamedNode

from trialgraph.http.lookup import iri_of, prologue, select_rows, values
from trialgraph.http.protocol.responses import stream
from trialgraph.http.site import site
from trialgraph.rdf import iris
from trialgraph.rdf.formats import GRAPH_TYPES
from trialgraph.rdf.vocabulary import TG

__all__ = ["PARTS", "rdf_of", "types_of"]

#: From a trial or a report to all of its parts; each step is optional.
PARTS: Final = (
    "tg:hasReport?/(tg:condition|tg:hasArm|tg:hasArm/tg:receives|tg:hasIntervention|tg:plansOutcome|tg:hasFinding"
    "|tg:claimsMechanism|tg:hasConflict)?/(tg:ofProduct|tg:hasDoseLevel|tg:combinedWith)?"
)

#: The classes of an IRI in the release; a graph may be known by its content alone.
EXISTS: Final = """
SELECT DISTINCT ?iri ?type {
  IRIS
  FILTER EXISTS { { ?iri ?p ?o } UNION { ?s ?q ?iri } }
  OPTIONAL { ?iri a ?type }
}"""
#: Of the graphs with statements about a resource.
LICENCES: Final = """
SELECT DISTINCT ?licence {
  { SELECT DISTINCT ?graph { GRAPH ?graph { RESOURCE ?p ?o } } }
  GRAPH META { ?graph dcterms:license ?licence }
} ORDER BY ?licence"""


def types_of(candidates: Iterable[str]) -> dict[str, frozenset[str]]:
    """The classes of those IRIs that the release describes."""
    made: dict[str, set[str]] = {}
    for row in select_rows(EXISTS.replace("IRIS", values("iri", candidates))):
        made.setdefault(iri_of(row["iri"]), set()).add(iri_of(row.get("type")))
    return {iri: frozenset(types) for iri, types in made.items()}


def rdf_of(iri: str, types: frozenset[str], media_type: str) -> Response:
    """The RDF of a resource, with the licences of the graphs that describe it.

    :param media_type: one of those that a CONSTRUCT is answered in
    """
    response = stream(site().pool.check(_query(iri, types)), GRAPH_TYPES[media_type], media_type)
    licences = LICENCES.replace("META", str(iris.graph("meta"))).replace("RESOURCE", str(NamedNode(iri)))
    for row in select_rows(licences):
        response.headers.add("Link", f'<{iri_of(row["licence"])}>; rel="license"')
    return response


def _query(iri: str, types: frozenset[str]) -> str:
    """The query for a resource: a trial or report with all of its parts, anything else with its neighbours."""
    me, most = NamedNode(iri), site().settings.thing_links
    if types & {TG.Trial.value, TG.Report.value}:
        body = f"CONSTRUCT {{ ?s ?p ?o }} {{ {{ SELECT DISTINCT ?s {{ {me} {PARTS} ?s }} }} ?s ?p ?o }}"
    else:
        body = f"""
CONSTRUCT {{ ?s ?p ?o }} {{
  {{ VALUES ?s {{ {me} }} ?s ?p ?o }}
  UNION {{ {me} oa:hasSelector|oa:hasSelector/oa:refinedBy|tg:inColumn ?s . ?s ?p ?o }}
  UNION {{ {me} ?any ?s . ?s rdfs:label ?o . BIND(rdfs:label AS ?p) }}
  UNION {{ SELECT ?s ?p ?o {{ VALUES ?o {{ {me} }} ?s ?p ?o FILTER(isIRI(?s)) }} LIMIT {most} }}
}}"""
    return prologue() + body
