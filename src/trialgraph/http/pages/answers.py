"""The query form, and the page of an answer as a table. Plain HTML, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request, url_for
from markupsafe import Markup
from pyoxigraph import NamedNode

from trialgraph.http.pages.editor import class_query, editor_is_built, property_query
from trialgraph.http.pages.reading_links import with_reading_links
from trialgraph.http.pages.terms import LINK_CHARS, DisplayTerm, display_table, folded
from trialgraph.http.request_log import note_query
from trialgraph.http.site import site
from trialgraph.query.guard import Checked
from trialgraph.query.results import (
    ResultTable,
    formats,
    makes_graph,
    part_in_words,
    read_graph,
    read_table,
)
from trialgraph.questions.saved_queries import SavedQuery
from trialgraph.rdf import iris
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.views.figures.core_picture import core_svg

__all__ = ["Answered", "answer_page", "answered", "by_topic", "query_form"]

FIRST_PREFIXES: Final = ("tg", "tgc", "rdfs", "obo")
NO_PROVENANCE: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({})
EXAMPLE: Final = """
SELECT ?trial ?label {
  ?trial a tg:Trial ; rdfs:label ?label .
}
ORDER BY ?label
LIMIT 50
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as a page shows it.

    :param truth: of an ASK; None for a table
    :param more: there are more rows than these
    :param part: which part of the answer is shown, in words; empty: the whole
    """

    columns: Sequence[str]
    rows: list[list[DisplayTerm]]
    more: bool
    truth: bool | None = None
    part: str = ""

    @property
    def cut_cells(self) -> bool:
        """Whether a cell is too long to be shown whole."""
        return any(cell.cut for row in self.rows for cell in row)


def answered(
    checked: Checked,
    seconds: float | None = None,
    *,
    fold: bool = False,
    provenance: Mapping[str, tuple[str, str]] = NO_PROVENANCE,
) -> Answered:
    """Run a query for a page.

    :param provenance: columns whose values link to their readings, as in
        :attr:`trialgraph.questions.saved_queries.SavedQuery.provenance`
    :param fold: show label columns as the words of links (:func:`~trialgraph.http.pages.terms.folded`)
    :raises TrialgraphError: as :meth:`trialgraph.query.pool.Pool.run`
    """
    here, settings = site(), site().settings
    note_query(request.environ, checked.text)
    graph, most = makes_graph(checked.kind), settings.page_bytes
    form = "ntriples" if graph else "json"
    with here.pool.run(checked, format=form, seconds=seconds, most_bytes=most) as answer:
        table = (read_graph if graph else read_table)(answer, settings.page_rows, most)
    if isinstance(table, bool):
        return Answered((), [], more=False, truth=table)
    columns: Sequence[str] = table.columns
    labels = here.labels(_named(table))
    shown = display_table(table, labels, readable=fold, chars=settings.page_chars)
    rows = with_reading_links(table, shown, provenance)
    if fold:
        columns, rows = folded(columns, rows)
    if graph and not table.more:
        rows.sort(key=lambda row: [cell.text for cell in row])  # a graph has no order of its own
    return Answered(columns, rows, table.more, part=part_in_words(table, most))


def _named(table: ResultTable) -> list[NamedNode]:
    return [term for row in table.rows for term in row if isinstance(term, NamedNode)]


def by_topic() -> list[tuple[str, list[SavedQuery]]]:
    """The saved queries under their topics."""
    queries = site().queries.values()
    return [(topic, list(group)) for topic, group in groupby(queries, key=lambda query: query.topic)]


def query_form() -> Response:
    """The editor; or the form to write a query in, without script or where the editor is not built."""
    start = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in FIRST_PREFIXES)
    page = render_template(
        "sparql.html",
        query=start + EXAMPLE,
        graphs=[(iris.graph_name(NamedNode(iri)), iri, _count_of(iri)) for iri in sorted(site().pool.graphs)],
        questions=by_topic(),
        editor=editor_is_built(),
        page_bytes=site().settings.page_bytes,
        page_chars=site().settings.page_chars,
        picture=Markup(core_svg(_query_link)),  # noqa: S704 - drawn here, its texts are escaped
    )
    return make_response(page)


def _query_link(owner: str, term: str) -> tuple[str, str]:
    """Where a name in the picture of the core leads: to a query about it, and that query."""
    query = property_query(owner, term) if term else class_query(owner)
    return f"{url_for('sparql.sparql')}?{urlencode({'query': query})}", query


def _count_of(graph: str) -> int:
    counts = site().release.manifest.get("counts", {}).get("graphs", {})
    return int(counts.get(iris.graph_name(NamedNode(graph)), 0))


def answer_page(checked: Checked, seconds: float | None = None, text: str | None = None) -> Response:
    """The answer to a query as a table, with the query to go on from.

    :param text: the original query, where a rewritten one is run
    """
    result = answered(checked, seconds)
    text = text or checked.text
    sent = [
        ("query", text),
        *(("default-graph-uri", iri) for iri in checked.default_graphs),
        *(("named-graph-uri", iri) for iri in checked.named_graphs),
    ]
    endpoint = url_for("sparql.sparql")
    link = f"{endpoint}?{urlencode(sent)}"
    # what fits into no address is sent again by the form below it
    fits = len(link) < LINK_CHARS
    downloads = [(f.name, f"{link}&format={f.name}") for f in formats(checked.kind)] if fits else []
    return make_response(render_template("results.html", answered=result, query=text, downloads=downloads))
