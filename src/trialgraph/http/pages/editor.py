"""``/editor.json``: autocompletion and example queries for the SPARQL editor."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, current_app, jsonify, request
from pyoxigraph import Literal, NamedNode

from trialgraph.base.errors import TrialgraphError, UsageError
from trialgraph.http.headers import HEADERS
from trialgraph.http.site import site
from trialgraph.query.results import ResultTable, read_table
from trialgraph.questions.saved_queries import SavedQuery
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES, RDF, RDFS, SKOS

__all__ = ["EDITOR_POLICY", "blueprint", "editor_is_built"]

blueprint = Blueprint("editor", __name__)

#: What `make editor` puts there; without node the page keeps its plain form.
BUNDLE: Final = "editor/yasgui.min.js"
#: The table of results sets the widths of its columns by style attributes. Scripts stay files of this server.
EDITOR_POLICY: Final = f"{HEADERS['Content-Security-Policy']}; style-src 'self' 'unsafe-inline'"
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
            {"title": saved.title, "topic": saved.topic, "query": _example(saved).strip()}
            for saved in site().queries.values()
        ],
    )
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


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
    with site().pool.run(completed, seconds=site().settings.adornment_seconds) as answer:
        table = read_table(answer)
    assert isinstance(table, ResultTable)  # noqa: S101 - a SELECT
    return [
        (term.value, label.value if isinstance(label, Literal) else "")
        for term, label in table.rows
        if isinstance(term, NamedNode)
    ]
