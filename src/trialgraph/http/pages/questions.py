"""``/queries/``: the saved questions, each a page with a form, and its answer in every format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import TrialgraphError, UsageError
from trialgraph.base.search_words import SearchTerm, terms_of
from trialgraph.http.negotiation import requested_type
from trialgraph.http.pages.answers import Answered, answered, by_topic
from trialgraph.http.pages.choices import grouped_choices
from trialgraph.http.pages.editor import editor_is_built
from trialgraph.http.pages.figures import is_drawn, shown_figures
from trialgraph.http.protocol.descriptions import rdf_of
from trialgraph.http.protocol.requests import safe_cells_requested
from trialgraph.http.protocol.responses import noted, stream
from trialgraph.http.protocol.spreadsheet import XLSX_SUFFIX, workbook
from trialgraph.http.site import site
from trialgraph.query.guard import Kind
from trialgraph.query.results import formats, makes_graph, offers
from trialgraph.questions.saved_queries import Parameter, SavedQuery, find_query
from trialgraph.rdf import iris
from trialgraph.rdf.formats import CSV, GRAPH_TYPES, HTML, TSV, Format
from trialgraph.rdf.vocabulary import compact
from trialgraph.release.figures.figure import Figure
from trialgraph.release.names.parameter_values import Bound
from trialgraph.views.code_samples import CodeSample, code_samples
from trialgraph.views.names import Name, abbreviations, name_of, names_by_label
from trialgraph.views.search_index import MOST_TERMS, marked

__all__ = ["blueprint"]

blueprint = Blueprint("saved", __name__, url_prefix="/queries")

#: Columns that count, by their headings; the first of them is drawn as bars.
COUNTS: Final = frozenset({"Trials", "Patients", "Readings", "Pairs"})
MOST_BARS: Final = 60
#: The column of a flag: what is as usual has no word there.
OUT_OF_LINE: Final = "Out of line"
#: Questions that are shown with the figure of another one, whose rows are the same numbers.
FIGURE_BESIDE: Final = {"doses-side-by-side": "doses-by-disease-and-tissue"}


@blueprint.get("/")
def index() -> str:
    """All questions, or those that fit what is asked for.

    :raises UsageError: it is longer than a search may be
    """
    words = " ".join(request.args.get("q", "").split())
    if len(words) > site().settings.search_chars:
        raise UsageError("this is too long to be searched for", where="q", hint="give a few words")
    terms, _ = terms_of(words, MOST_TERMS)
    topics = [(topic, [q for q in held if _fits(q, terms)]) for topic, held in by_topic()]
    return render_template(
        "queries.html", topics=[pair for pair in topics if pair[1]], words=words, whole=len(site().queries)
    )


def _fits(saved: SavedQuery, terms: Sequence[SearchTerm]) -> bool:
    texts = (saved.title, saved.topic, saved.description, *saved.keywords)
    return all(any(run.marked for text in texts for run in marked(text, (term,))) for term in terms)


@blueprint.get("/<name>")
def query(name: str) -> Response:
    """One question: by suffix or ``Accept`` a page, or its answer as data."""
    slug, dot, suffix = name.partition(".")
    try:
        saved = find_query(slug, site().queries)
    except UsageError as error:
        raise NotFound(error.line()) from None
    checked = site().pool.check(saved.sparql)
    kinds = offers(checked.kind)
    if dot:
        media_type = next((f.media_type for f in formats(checked.kind) if suffix == f.suffix), "")
        if suffix == "html":
            media_type = HTML
        if suffix == XLSX_SUFFIX and checked.kind == "SELECT":
            bound = site().bound(saved, _values())
            return noted(workbook(site().pool.check(bound.text), slug, about=_about(saved)), bound.notes)
        if not media_type:
            known = ", ".join(f".{f.suffix}" for f in formats(checked.kind))
            raise NotFound(f"this question has no .{suffix[:20]}; use one of {known}")
    else:
        # The question itself is a resource of the graph: a request for RDF of a SELECT gets its description.
        media_type = requested_type((HTML, *kinds, *GRAPH_TYPES))
    if media_type == HTML:
        return page(saved)
    if media_type not in kinds:
        return rdf_of(iris.question(slug).value, frozenset(), media_type)
    # A file by its suffix is for users and their spreadsheets; a program uses Accept.
    safe = safe_cells_requested(request.args.get("cells", ""), default=bool(dot))
    bound = site().bound(saved, _values())
    filename = f"{slug}.{suffix}" if dot else ""
    checked = site().pool.check(bound.text)
    return noted(stream(checked, kinds[media_type], media_type, safe=safe, filename=filename), bound.notes)


def _about(saved: SavedQuery) -> list[tuple[str, str]]:
    """What a workbook says of its question."""
    address = url_for("saved.query", name=saved.slug, _external=True) + _query_string()
    chosen = [(p.label, request.args.get(p.name) or p.default or "any") for p in saved.parameters]
    return [("Question", saved.title), *chosen, ("Address", address)]


def _values() -> dict[str, str]:
    """The parameters of the question in this request; ``cells`` is about its form.

    :raises UsageError: one is given twice
    """
    for name, values in request.args.lists():
        if len(values) > 1:
            raise UsageError("given more than once", where=f"parameter {name[:60]}", hint="give one value")
    return {name: value for name, value in request.args.items() if name != "cells"}


def page(saved: SavedQuery) -> Response:
    """The question with its form, and the answer for the values in the address."""
    here = site()
    error, result, bound, status = "", None, Bound(saved.sparql), 200
    try:
        bound = here.bound(saved, _values())
        result = answered(here.pool.check(bound.text), fold=True, provenance=saved.provenance)
    except TrialgraphError as problem:
        # A form that was opened for the first time, and lacks a value, is no error.
        if request.args or not isinstance(problem, UsageError):
            error, status = problem.line(), problem.http_status
    checked = here.pool.check(saved.sparql)
    values = _query_string()
    suffixes = [(f.title, f.suffix) for f in _offered(checked.kind)]
    if checked.kind == "SELECT":
        suffixes.insert(0, ("Excel", XLSX_SUFFIX))
    downloads = [
        (title, url_for("saved.query", name=f"{saved.slug}.{suffix}") + values) for title, suffix in suffixes
    ]
    names = _short_names(result) if result else {}
    fields = [(p, grouped_choices(p), _chosen(p, bound)) for p in saved.parameters]
    text = render_template(
        "query.html",
        saved=saved,
        fields=fields,
        answered=result,
        error=error,
        query=bound.text.strip(),
        notes=(*bound.notes, *_not_prepared(saved)),
        downloads=downloads if result else [],
        permanent=url_for("saved.query", name=saved.slug) + values,
        editor=editor_is_built(),
        names=names,
        short=abbreviations(names.values()),
        bars=_bars(result) if result else (-1, 0),
        figure=_figure(saved),
        flag_at=list(result.columns).index(OUT_OF_LINE) if result and OUT_OF_LINE in result.columns else -1,
        samples=samples(saved, bound.text, checked.kind) if result else (),
    )
    return make_response(text, status)


def _not_prepared(saved: SavedQuery) -> tuple[str, ...]:
    """That the answer with the default values was not prepared when the release was built, and why."""
    why = site().pool.stored.prepared.left_out.get(saved.slug) if not request.args else None
    return (f"this answer is computed on request: {why}",) if why else ()


def _chosen(parameter: Parameter, bound: Bound) -> str:
    """The value in the field of a parameter: as the form offers it, whatever its spelling in the address."""
    given = request.args.get(parameter.name, parameter.default or "")
    found = bound.values.get(parameter.name, "")
    return compact(found) if found and parameter.type == "iri" else given


def _short_names(result: Answered) -> dict[str, Name]:
    """The short clinical name of each text of the answer that has one: by its IRI, else by the name that it is."""
    made: dict[str, Name] = {}
    by_name = names_by_label()
    for cell in (cell for row in result.rows for cell in row if cell.text and not cell.number):
        name = name_of(cell.title, cell.text) if ":" in cell.title else by_name.get(cell.text.casefold())
        if name and name.long:
            made[cell.text] = name
    return made


def _bars(result: Answered) -> tuple[int, int]:
    """The column whose numbers are drawn as bars, and the largest of them; -1 where there is none."""
    for at, name in enumerate(result.columns):
        if name in COUNTS and 1 < len(result.rows) <= MOST_BARS:
            found = [int(text) for row in result.rows if (text := row[at].text.replace(",", "")).isdecimal()]
            return (at, max(found)) if found and max(found) > 1 else (-1, 0)
    return -1, 0


def _figure(saved: SavedQuery) -> Figure | None:
    """The figure of the question; with other values than the defaults there is none."""
    shown = FIGURE_BESIDE.get(saved.slug, saved.slug)
    found = next((figure for figure in shown_figures() if figure.question == shown), None)
    defaults = all(request.args.get(p.name, p.default or "") == (p.default or "") for p in saved.parameters)
    return found if found and defaults and is_drawn(found) else None


def _offered(kind: Kind) -> Sequence[Format]:
    """The formats as the page offers them: what spreadsheets read comes first."""
    first = (CSV, TSV)
    return (*first, *(f for f in formats(kind) if f not in first)) if not makes_graph(kind) else formats(kind)


def samples(saved: SavedQuery, bound: str, kind: Kind) -> Sequence[CodeSample]:
    """How to ask this question with these values elsewhere."""
    return code_samples(
        url_for("sparql.sparql", _external=True),
        url_for("saved.query", name=saved.slug, _external=True),
        _query_string(),
        bound.strip(),
        graph=makes_graph(kind),
    )


def _query_string() -> str:
    """The values of this request as they stand in an address.

    Not through url_for's keywords: a stranger's "_external" would be taken for an option.
    """
    return f"?{urlencode(list(request.args.items()))}" if request.args else ""
