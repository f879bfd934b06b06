"""``/trials``: the evidence table; the URL holds its state, and a suffix makes a file of it."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.exceptions import NotFound

from trialgraph.extract.columns import columns
from trialgraph.extract.registries.record_columns import RECORD_COLUMNS
from trialgraph.http.lookup import iri_of, select_rows, values
from trialgraph.http.negotiation import requested_type
from trialgraph.http.pages.links import address
from trialgraph.http.pages.trials.downloads import FILES, file_of
from trialgraph.http.pages.trials.page import page_of
from trialgraph.http.pages.trials.record_words import record_words
from trialgraph.http.pages.trials.state import COMPOSED, every_column, requested_state
from trialgraph.http.protocol.responses import noted
from trialgraph.rdf import iris
from trialgraph.rdf.formats import HTML
from trialgraph.rdf.literals import text_of
from trialgraph.rdf.vocabulary import TG
from trialgraph.release.lists.flags import readings_of

__all__ = ["blueprint"]

blueprint = Blueprint("trials", __name__)


@blueprint.get("/trials")
@blueprint.get("/trials.<suffix>")
def index(suffix: str = "") -> Response:
    """The table: a page, or a file by suffix or ``Accept``."""
    if suffix and suffix not in (*FILES, "html"):
        known = ", ".join(f".{name}" for name in FILES)
        raise NotFound(f"the list of trials has no .{suffix[:20]}; use one of {known}")
    state = requested_state()
    if not suffix and len(request.args.getlist("columns")) > 1:
        # A form sends each column by itself; the address that one keeps has them in one parameter.
        return make_response(redirect(state.address(), 303))
    media_type = FILES.get(suffix, HTML) if suffix else requested_type((HTML, *FILES.values()))
    if media_type == HTML:
        return make_response(page_of(state))
    return noted(file_of(state, media_type, by_suffix=bool(suffix)), state.notes)


@blueprint.get("/trials/<source>/<row>/<column>")
def words(source: str, row: str, column: str) -> Response:
    """From a value of the table to the words that it was read from: to its reading, or else to the report.

    :param row: number of the row, or name of the record: a field of that leads to its place in the record's JSON
    """
    known = {name for kind in columns() for name in (flat.name for flat in kind.flat)}
    names = [name for name in COMPOSED.get(column, (column,)) if name in known]
    report, of_record = iris.report(source, row), not row.isdecimal()
    if not names and column not in every_column():
        raise NotFound("the table of trials has no such column")
    if not names or (of_record and column in RECORD_COLUMNS):
        return make_response(redirect(record_words(report.value, column), 303))
    rows = select_rows(
        f"SELECT ?reading ?name (COUNT(?by) AS ?overruled) {{ {values('report', [report.value])}"
        f" ?report {TG.fromRecord if of_record else TG.fromRow}/tg:hasCell/^tg:fromCell ?reading ."
        " ?reading tg:readsField ?name"
        " FILTER EXISTS { ?node tg:readFrom ?reading } OPTIONAL { ?reading tg:overruledBy ?by } }"
        " GROUP BY ?reading ?name ORDER BY ?overruled ?reading"
    )
    held = [(text_of(one["name"]), iri_of(one["reading"])) for one in rows]
    exact = [iri for one in names for name, iri in held if name in readings_of([one])]
    if of_record and not exact:
        return make_response(redirect(record_words(report.value, column), 303))
    of = {
        name for kind in columns() if any(flat.name in names for flat in kind.flat) for name in kind.readings
    }
    field = [iri for name, iri in held if name in of]
    return make_response(redirect(address(next(iter((*exact, *field)), report.value)), 303))
