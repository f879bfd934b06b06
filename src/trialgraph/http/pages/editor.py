"""``/editor.json`` and ``/editor/names``: completion, example queries, and what to call the IRIs of an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, current_app, jsonify, request
from pyoxigraph import Literal, NamedNode

from trialgraph.base.errors import TrialgraphError, UsageError
from trialgraph.http.pages.links import address
from trialgraph.http.site import site
from trialgraph.query.results import whole_table
from trialgraph.questions.saved_queries import SavedQuery
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES, RDF, RDFS, SKOS, compact

__all__ = ["blueprint", "class_query", "editor_is_built", "property_query"]

blueprint = Blueprint("editor", __name__)

#: What `make editor` puts there; without node the page keeps its plain form.
BUNDLE: Final = "editor/yasgui.min.js"
#: IRIs of an answer that are named at a time.
MOST_NAMES: Final = 500
LABEL: Final = f'OPTIONAL {{ ?term {RDFS.label}|{SKOS.prefLabel} ?label FILTER(LANG(?label) IN ("", "en")) }}'
# The description of the release itself is left out: its words would drown those of the trials.
CLASSES: Final = f"""
SELECT ?term (MIN(?label) AS ?words) {{
  {{ SELECT DISTINCT ?term {{ GRAPH ?g {{ ?s {RDF.type} ?term }} FILTER(?g != META) }} }} {LABEL}
}} GROUP BY ?term ORDER BY ?term
"""
PROPERTIES: Final = f"""
SELECT ?term (MIN(?label) AS ?words) {{
  {{ SELECT DISTINCT ?term {{ GRAPH ?g {{ ?s ?term ?o }} FILTER(?g != META) }} }} {LABEL}
}} GROUP BY ?term ORDER BY ?term
"""


def editor_is_built() -> bool:
    """Whether this installation holds the editor."""
    return current_app.static_folder is not None and (Path(current_app.static_folder) / BUNDLE).is_file()


@blueprint.get("/editor.json")
def words() -> Response:
    """Prefixes, classes and properties in use with their labels, and the questions with their queries."""
    response = jsonify(
        prefixes=dict(PREFIXES),
        classes=_kept("editor classes", CLASSES),
        properties=_kept("editor properties", PROPERTIES),
        questions=[
            {
                "slug": saved.slug,
                "title": saved.title,
                "topic": saved.topic,
                "query": _example(saved).strip(),
            }
            for saved in site().queries.values()
        ],
    )
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.post("/editor/names")
def names() -> Response:
    """Label, short name and page of each IRI in the body, a JSON list; what has neither is left out.

    :raises UsageError: the body is no list of IRIs, or too long
    """
    asked = request.get_json(silent=True)
    if not isinstance(asked, list) or not all(isinstance(iri, str) for iri in asked):
        raise UsageError("the body is not a JSON list of IRIs", hint='send ["https://…", …]')
    if len(asked) > MOST_NAMES:
        raise UsageError(f"more than {MOST_NAMES} IRIs", hint="ask in parts")
    nodes = {iri: node for iri in asked if (node := _node(iri))}
    labels = site().labels(nodes.values())
    return jsonify(
        {
            iri: {
                "label": labels.get(iri, ""),
                "curie": curie if (curie := compact(iri)) != iri else "",
                "href": address(iri, known=iri in labels),
            }
            for iri in nodes
        }
    )


def _node(iri: str) -> NamedNode | None:
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def class_query(name: str) -> str:
    """A query for the resources of a class.

    :param name: its local name where it is ours, else its CURIE
    """
    term, variable = _term(name)
    return (
        f"{_prologue(term)}\nSELECT ?{variable} ?{variable}Label\nWHERE {{\n  ?{variable} a {term} .\n"
        f"  OPTIONAL {{ ?{variable} rdfs:label ?{variable}Label }}\n}}\nORDER BY ?{variable}Label\nLIMIT 100"
    )


def property_query(owner: str, name: str) -> str:
    """A query for the values of a property.

    :param owner: the class that has it, as in :func:`class_query`
    :param name: its CURIE
    """
    _, subject = _term(owner)
    return (
        f"{_prologue(name)}\nSELECT ?{subject} ?{subject}Label ?value ?valueLabel\n"
        f"WHERE {{\n  ?{subject} {name} ?value .\n"
        f"  OPTIONAL {{ ?{subject} rdfs:label ?{subject}Label }}\n"
        f"  OPTIONAL {{ ?value rdfs:label ?valueLabel }}\n}}\nORDER BY ?{subject}Label\nLIMIT 100"
    )


def _term(name: str) -> tuple[str, str]:
    """The CURIE of a class, and a variable for its resources."""
    local = name.rpartition(":")[2]
    return (name if ":" in name else f"tg:{name}"), local[0].lower() + local[1:]


def _prologue(term: str) -> str:
    used = dict.fromkeys((term.partition(":")[0], "rdfs"))
    return "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in used)


def _example(saved: SavedQuery) -> str:
    """The query with its defaults, and the first choice where a needed value has no default."""
    needed = [p for p in saved.parameters if p.required and p.default is None]
    try:
        return saved.bind({p.name: next((value for value, _ in site().choices(p)), "") for p in needed})
    except UsageError:
        return saved.sparql


def _kept(name: str, query: str) -> list[tuple[str, str]]:
    """IRI and label of each term, looked up once; none while the workers are busy, as completion is optional."""
    try:
        return site().once(name, lambda: _terms(query))
    except TrialgraphError:
        return []


def _terms(query: str) -> list[tuple[str, str]]:
    completed = query.replace("META", str(iris.graph("meta")))
    settings = site().settings
    most = settings.gathered_bytes
    with site().pool.run(completed, seconds=settings.adornment_seconds, most_bytes=most) as answer:
        table = whole_table(answer, most)
    return [
        (term.value, label.value if isinstance(label, Literal) else "")
        for term, label in table.rows
        if isinstance(term, NamedNode)
    ]
