"""A thing of the graph -> what the release says of it, as RDF."""

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

#: From a trial or a report to all that it is made of; each step may be left out.
PARTS: Final = (
    "tg:hasReport?/(tg:condition|tg:hasArm|tg:hasIntervention|tg:plansOutcome|tg:hasFinding|tg:claimsMechanism"
    "|tg:hasConflict)?/(tg:ofProduct|tg:hasDoseLevel|tg:combinedWith)?"
)

#: What an IRI is in the release, if anything; a graph may be known by what is in it alone.
EXISTS: Final = """
SELECT DISTINCT ?iri ?type {
  WANTED
  FILTER EXISTS { { ?iri ?p ?o } UNION { ?s ?q ?iri } }
  OPTIONAL { ?iri a ?type }
}"""
#: Of the graphs that speak of a thing.
LICENCES: Final = """
SELECT DISTINCT ?licence {
  { SELECT DISTINCT ?graph { GRAPH ?graph { THING ?p ?o } } }
  GRAPH META { ?graph dcterms:license ?licence }
} ORDER BY ?licence"""


def types_of(wanted: Iterable[str]) -> dict[str, frozenset[str]]:
    """The classes of those IRIs that the release speaks of."""
    made: dict[str, set[str]] = {}
    for row in select_rows(EXISTS.replace("WANTED", values("iri", wanted))):
        made.setdefault(iri_of(row["iri"]), set()).add(iri_of(row.get("type")))
    return {iri: frozenset(types) for iri, types in made.items()}


def rdf_of(iri: str, types: frozenset[str], media_type: str) -> Response:
    """The RDF of a thing, with the licences of the graphs that speak of it.

    :param media_type: one of those that a CONSTRUCT is answered in
    """
    response = stream(site().pool.check(_query(iri, types)), GRAPH_TYPES[media_type], media_type)
    asked = LICENCES.replace("META", str(iris.graph("meta"))).replace("THING", str(NamedNode(iri)))
    for row in select_rows(asked):
        response.headers.add("Link", f'<{iri_of(row["licence"])}>; rel="license"')
    return response


def _query(iri: str, types: frozenset[str]) -> str:
    """What the RDF of a thing holds: a trial or report with all of its parts, anything else with its neighbours."""
    me, most = NamedNode(iri), site().settings.thing_links
    if types & {TG.Trial.value, TG.Report.value}:
        body = f"CONSTRUCT {{ ?s ?p ?o }} {{ {{ SELECT DISTINCT ?s {{ {me} {PARTS} ?s }} }} ?s ?p ?o }}"
    else:
        body = f"""
CONSTRUCT {{ ?s ?p ?o }} {{
  {{ VALUES ?s {{ {me} }} ?s ?p ?o }}
  UNION {{ {me} oa:hasSelector ?s . ?s ?p ?o }}
  UNION {{ {me} ?any ?s . ?s rdfs:label ?o . BIND(rdfs:label AS ?p) }}
  UNION {{ SELECT ?s ?p ?o {{ VALUES ?o {{ {me} }} ?s ?p ?o FILTER(isIRI(?s)) }} LIMIT {most} }}
}}"""
    return prologue() + body
