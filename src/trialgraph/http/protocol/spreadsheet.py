"""The answer to a SELECT as an XLSX workbook: ``format=xlsx``, for people; it is none of the protocol's own formats.

A sheet holds the results, another says where they are from. A number is a number only where a spreadsheet keeps all
its digits; dates, ids and ranges stay text, so that none is reinterpreted. No cell is a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from flask import Response, request, url_for
from pyoxigraph import BlankNode, Literal, NamedNode

from trialgraph.base.errors import UsageError
from trialgraph.http.protocol.query_reply import client_gone, not_modified
from trialgraph.http.protocol.responses import tagged
from trialgraph.http.request_log import note_query
from trialgraph.http.site import site
from trialgraph.query.guard import Checked
from trialgraph.query.results import ResultTable, Term, read_table, too_large
from trialgraph.rdf.formats import XLSX
from trialgraph.rdf.vocabulary import XSD

__all__ = ["XLSX_SUFFIX", "workbook"]

XLSX_SUFFIX: Final = "xlsx"
_NUMBERS: Final = frozenset({XSD.integer, XSD.decimal})
#: A spreadsheet keeps fifteen digits.
_MOST_DIGITS: Final = 15
_WIDEST: Final = 60


def workbook(
    checked: Checked, name: str, seconds: float | None = None, *, about: Iterable[tuple[str, str]] = ()
) -> Response:
    """The answer as a workbook to download.

    :param name: of the file, without its suffix
    :param about: what its second sheet says first
    :raises UsageError: the query is no SELECT, or has more rows than the setting ``workbook_rows``
    :raises AnswerTooLarge: it has more than the setting ``table_bytes``
    """
    if checked.kind != "SELECT":
        raise UsageError(
            f"a {checked.kind} has no format 'xlsx'", where="format", hint="only a SELECT has one"
        )
    here, most = site(), site().settings.workbook_rows
    note_query(request.environ, checked.text)
    etag = here.etag(checked, XLSX)
    if not checked.volatile and not_modified(request.environ, etag):
        return tagged(Response(status=304), checked, etag)
    budget = here.settings.table_bytes
    with here.pool.run(
        checked, format="json", seconds=seconds, gone=client_gone(request.environ), most_bytes=budget
    ) as answer:
        table = read_table(answer, most, budget)
    assert isinstance(table, ResultTable)  # noqa: S101 - a SELECT
    if table.cut:
        raise too_large(budget, where="xlsx", hint="use csv, which has no limit")
    if table.more:
        raise UsageError(
            f"the answer has more than {most:,} rows", where="xlsx", hint="use csv, which has no limit"
        )
    lines = (
        *about,
        ("Endpoint", url_for("sparql.sparql", _external=True)),
        ("Release", here.release.hash),
        ("Licence", "Facts: CC BY 4.0. Quoted words keep the licence of their source."),
        ("How to cite", f"{request.url_root}dataset#cite"),
        ("Query", checked.text),
    )
    response = Response(_workbook(table, lines), content_type=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.xlsx")
    return tagged(response, checked, etag)


def _workbook(table: ResultTable, about: Iterable[tuple[str, str]]) -> bytes:
    """The workbook.

    :param about: what the second sheet says, line by line
    """
    from openpyxl import Workbook  # it takes 0.2 s to import, and few ask for a workbook
    from openpyxl.utils import get_column_letter

    from trialgraph.views.workbook_cells import BOLD, plain, text_cell

    book = Workbook(write_only=True)
    results: Any = book.create_sheet("Results")
    for at, name in enumerate(table.columns):
        longest = max([len(name), *(len(_text(row[at])) for row in table.rows[:200])])
        results.column_dimensions[get_column_letter(at + 1)].width = min(longest + 2, _WIDEST)
    results.freeze_panes = "A2"
    results.append([text_cell(results, name, font=BOLD) for name in table.columns])
    for row in table.rows:
        values = map(_value, row)
        results.append([plain(results, value) if isinstance(value, str) else value for value in values])
    says: Any = book.create_sheet("About")
    says.column_dimensions["A"].width, says.column_dimensions["B"].width = 20, 100
    for line in about:
        says.append([text_cell(says, text) for text in line])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _value(term: Term | None) -> str | int | float | bool | None:
    """A term as a spreadsheet holds it."""
    if term is None:
        return None
    if isinstance(term, Literal):
        if term.datatype == XSD.boolean and term.value in ("true", "false", "1", "0"):
            return term.value in ("true", "1")
        if term.datatype in _NUMBERS and (number := _number(term.value)) is not None:
            return number
    return _text(term)


def _number(text: str) -> int | float | None:
    """The number, where a spreadsheet keeps every digit of it."""
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return None
    if not exact.is_finite() or len(exact.normalize().as_tuple().digits) > _MOST_DIGITS:
        return None
    return (
        int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**_MOST_DIGITS else float(exact)
    )


def _text(term: Term | None) -> str:
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    return term.value if isinstance(term, NamedNode | Literal) else str(term or "")
