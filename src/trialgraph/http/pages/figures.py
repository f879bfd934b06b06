"""``/figures/``: charts of the release, each with its table, its query and its data."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound

from trialgraph.base.errors import AnswerTooLarge, TrialgraphError, WorkerFailed
from trialgraph.http.pages.answers import answered
from trialgraph.http.pages.trials import index_of_trials
from trialgraph.http.site import LIVE, PICTURE, site
from trialgraph.query.results import ResultTable, read_table
from trialgraph.questions.saved_queries import SavedQuery
from trialgraph.rdf.formats import PNG, SVG
from trialgraph.rdf.literals import text_of
from trialgraph.release.figures.figure import FIGURES, Drawn, Figure, Row, draw_figures, request_of
from trialgraph.release.figures.prepared import drawn_before, links_of

__all__ = ["blueprint", "draw_all", "is_drawn", "shown_figures"]

blueprint = Blueprint("figures", __name__, url_prefix="/figures")

TYPES: Final = {"svg": SVG, "png": PNG}
BY_SLUG: Final = {figure.slug: figure for figure in FIGURES}


def shown_figures() -> list[Figure]:
    """The figures whose question is among those of this installation."""
    return [figure for figure in FIGURES if figure.question in site().queries]


@blueprint.get("/")
def index() -> str:
    """All figures."""
    return render_template("figures.html", figures=shown_figures())


@blueprint.get("/<name>")
def figure(name: str) -> Response:
    """A figure as a page, or its picture by suffix."""
    slug, _, suffix = name.partition(".")
    found = BY_SLUG.get(slug)
    if found not in shown_figures() or found is None or suffix not in ("", "html", *TYPES):
        raise NotFound("there is no such figure; /figures/ lists them")
    return _picture(found, suffix) if suffix in TYPES else _page(found)


def _picture(figure: Figure, suffix: str) -> Response:
    # The page names its release, whose picture this must be: this server may have another one already, or not yet.
    here = site()
    if not here.is_named(request.args.get("release", "")):
        raise NotFound("this server does not have that release")
    if here is not current_app.extensions[LIVE].site and not here.has(_name(figure)):
        raise NotFound("that release was replaced, and the figure was not drawn before")
    drawn = _drawn(figure)
    if drawn is None:
        raise NotFound("this release has no data for this figure")
    svg = _linked(drawn.narrow if request.args.get("size") == "narrow" else drawn.svg)
    response = make_response(svg if suffix == "svg" else drawn.png)
    response.content_type = TYPES[suffix]
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    if "download" in request.args:
        response.headers["Content-Disposition"] = f'attachment; filename="trialgraph-{figure.slug}.{suffix}"'
    response.make_conditional(request)
    return response


def _page(figure: Figure) -> Response:
    """The picture with links into it, and the same as a table."""
    saved = site().queries[figure.question]
    try:
        drawn, error = _drawn(figure), ""
    except (AnswerTooLarge, WorkerFailed) as failed:
        drawn, error = None, failed.line()
    checked = site().pool.check(saved.bind())
    page = render_template(
        "figure.html",
        figure=figure,
        saved=saved,
        # made by the drawing process from our own chart; texts in it are escaped by the renderer
        svg=Markup(_linked(drawn.svg)) if drawn else "",  # noqa: S704
        error=error,
        answered=answered(checked, fold=True),
        query=checked.text.strip(),
    )
    return make_response(page)


def draw_all(app: Flask) -> None:
    """Draw the figures that the release lacks, so that nobody waits for them; what fails is told to who asks for it."""
    with app.test_request_context():
        for figure in shown_figures():
            with suppress(TrialgraphError):
                _drawn(figure)


def _drawn(figure: Figure) -> Drawn | None:
    """The picture, drawn once for a release; None where there is nothing to show.

    :raises AnswerTooLarge: it has more marks than can be drawn
    """

    def make() -> Drawn | AnswerTooLarge | None:
        try:
            rows = _rows(site().queries[figure.question])
        except AnswerTooLarge as error:
            return error  # it stays so for this release
        if not rows:
            return None
        wanted = request_of(figure, rows, links_of(figure, rows, index_of_trials().bits))
        found = drawn_before(site().release, figure, wanted)
        return found or draw_figures([wanted], site().settings.drawing_seconds)[0]

    made = site().once(_name(figure), make)
    if isinstance(made, AnswerTooLarge):
        raise made
    return made


def _name(figure: Figure) -> str:
    """Under which a release keeps the picture."""
    return f"{PICTURE}{figure.slug}"


def is_drawn(figure: Figure) -> bool:
    """Whether there is a picture, or there may be one."""
    try:
        return not site().has(_name(figure)) or _drawn(figure) is not None
    except AnswerTooLarge:
        return False


def _linked(svg: str) -> str:
    """A picture with its links below the root of this site."""
    return svg.replace(' xlink:href="/', f' xlink:href="{escape(request.script_root)}/')


def _rows(saved: SavedQuery) -> Sequence[Row]:
    """The rows of the question as texts."""
    most, marks = site().settings.page_bytes, site().settings.figure_marks
    hint = "the table below has a part of it, a download has all"
    with site().pool.run(saved.bind(), most_bytes=most) as answer:
        table = read_table(answer, marks, most)
    assert isinstance(table, ResultTable)  # noqa: S101 - a SELECT
    if table.more or table.cut:
        raise AnswerTooLarge(f"this picture would have more than {marks:,} marks", hint=hint)
    return [
        {name: text_of(term) for name, term in zip(table.columns, row, strict=True)} for row in table.rows
    ]
