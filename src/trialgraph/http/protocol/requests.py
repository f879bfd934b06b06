"""Request parsing of the SPARQL protocol: the three ways to send a query, and the errors of malformed requests.

SPARQL 1.1 Protocol, 2.1; the method QUERY after its HTTP draft. Text that is not UTF-8 is refused: a replacement
character would silently change the query.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request

from trialgraph.base.errors import QueryRejected, UsageError
from trialgraph.http.negotiation import negotiate
from trialgraph.http.protocol.spreadsheet import XLSX_SUFFIX
from trialgraph.http.site import Site
from trialgraph.query.guard import Checked
from trialgraph.query.results import find_format, offers
from trialgraph.rdf.formats import FORM, HTML, SPARQL_QUERY, SPARQL_UPDATE, XLSX, Format
from trialgraph.rdf.vocabulary import DEFAULT_GRAPH_NAMES

__all__ = [
    "METHODS",
    "READ_ONLY",
    "AskedQuery",
    "QueryOperation",
    "check_length",
    "parameters",
    "read_query",
    "read_request",
    "safe_cells_requested",
]

#: Methods of a query operation; HEAD and OPTIONS come with them.
METHODS: Final = ("GET", "POST", "QUERY")
#: Character sets whose texts are UTF-8 as they stand.
CHARSETS: Final = ("utf-8", "utf8", "us-ascii", "ascii")

READ_ONLY: Final = "updates are not allowed: this data is read-only"

Values = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class QueryOperation:
    """A protocol request.

    :param query: None where there is none
    :param values: all its parameters, of the address and of the form
    """

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str
    seconds: float | None
    values: Values


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """A query that may be run, and how its answer is to be written.

    :param format: None for a page or a workbook
    :param safe: CSV and TSV for spreadsheets
    :param filename: what a browser saves it as; empty: it shows it
    """

    checked: Checked
    media_type: str
    format: Format | None = None
    safe: bool = False
    filename: str = ""


def check_length(request: Request, here: Site) -> None:
    """Refuse an address that is longer than any question needs.

    :raises QueryRejected: 414
    """
    limit = here.settings.url_bytes
    if len(request.query_string) + len(request.path) > limit:
        raise QueryRejected(f"the address is longer than {limit} bytes", hint="send it by POST", status=414)


def read_query(operation: QueryOperation, here: Site, accept: str | None) -> AskedQuery:
    """The query of an operation, which has one.

    :param accept: the header ``Accept``
    :raises QueryRejected: it may not be run, or no format of its answers is acceptable (406)
    :raises UsageError: it asks for a format that there is none of
    """
    checked = here.pool.check(
        operation.query or "",
        operation.default_graphs,
        operation.named_graphs,
        services=here.federation.allowed,
    )
    wanted = operation.format.strip().lower()
    if wanted == XLSX_SUFFIX:
        return AskedQuery(checked, XLSX)
    kinds = offers(checked.kind)
    if operation.format.lower() == "html":
        return AskedQuery(checked, HTML)
    if operation.format:
        media_type = find_format(checked.kind, operation.format).media_type
    else:
        media_type = negotiate(accept, (*kinds, HTML))
    if media_type == HTML:
        return AskedQuery(checked, HTML)
    # what a browser asks for goes to a person and their spreadsheet, all else to a program
    safe = safe_cells_requested(operation.values.get("cells", ""), default=HTML in (accept or ""))
    format_ = kinds[media_type]
    return AskedQuery(checked, media_type, format_, safe, f"answer.{format_.suffix}" if safe else "")


def safe_cells_requested(value: str, default: bool) -> bool:
    """Whether a spreadsheet's variant of CSV is wanted, by the parameter ``cells``.

    :raises UsageError: it is neither ``safe`` nor ``exact``
    """
    if value not in ("", "safe", "exact"):
        raise UsageError(f"{value[:60]!r} is not valid", where="parameter cells", hint="give safe or exact")
    return value == "safe" if value else default


def read_request(request: Request, here: Site) -> QueryOperation:
    """The protocol request in a request of HTTP.

    :param here: what it asks

    :raises QueryRejected: it is none, or it is an update
    :raises UsageError: its time limit is no number
    """
    values = parameters(request, here)
    posted = request.method in ("POST", "QUERY")
    direct = _posted(request, values, here.settings.parameters) if posted else None
    if "update" in values:
        raise _update()
    queries = [*values.getlist("query"), *([] if direct is None else [direct])]
    if len(queries) > 1:
        raise QueryRejected("more than one query in a request", hint="send one")
    if not queries and posted:
        raise QueryRejected("there is no query in this request", hint="send query=…")
    return QueryOperation(
        query=queries[0] if queries else None,
        default_graphs=_default_graphs(values, here),
        named_graphs=tuple(values.getlist("named-graph-uri")),
        format=values.get("format", ""),
        seconds=_seconds(values.get("timeout", "")),
        values=values,
    )


def _default_graphs(values: Values, here: Site) -> tuple[str, ...]:
    """The graphs of the default graph; none where none are given, or where a client means the default graph itself.

    rdflib's ``Dataset`` names its own default graph in each request. The default graph here is the merge of all graphs,
    so that whatever is named beside it adds nothing.
    """
    named = values.getlist("default-graph-uri")
    if DEFAULT_GRAPH_NAMES.isdisjoint(named):
        return tuple(named)
    # Without any parameter the query has all graphs; named-graph-uri alone would leave the default graph empty.
    return tuple(sorted(here.pool.graphs)) if "named-graph-uri" in values else ()


def parameters(request: Request, here: Site) -> Values:
    """The parameters in the address of a request.

    :raises QueryRejected: they are not UTF-8, or too many
    """
    return _pairs(request.query_string, "the address", here.settings.parameters)


def _posted(request: Request, values: Values, most: int) -> str | None:
    """The query that is the body itself; a form's fields go into ``values``."""
    content_type = request.mimetype
    if content_type == SPARQL_UPDATE:
        raise _update()
    if content_type not in (FORM, SPARQL_QUERY):
        raise _unsupported("a query cannot be sent in this content type", "Content-Type")
    charset = request.mimetype_params.get("charset", CHARSETS[0])
    if charset.lower() not in CHARSETS:
        raise _unsupported("a query cannot be sent in this character set", "Content-Type", "send UTF-8")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _unsupported("a query cannot be sent compressed", "Content-Encoding", "send it as it is")
    body = request.get_data()  # kept, as a page on an error shows the query
    if content_type == SPARQL_QUERY:
        return _text(body, "the query")
    values.update(_pairs(body, "the form", most))
    return None


def _pairs(raw: bytes, what: str, most: int) -> Values:
    """The parameters in an address or a form."""
    try:
        found = parse_qsl(
            _text(raw, what), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=most
        )
    except UnicodeDecodeError:
        raise QueryRejected(f"{what} is not UTF-8", hint="percent-encode UTF-8") from None
    except ValueError:
        raise QueryRejected(
            f"{what} has more than {most} parameters", hint="send fewer", status=413
        ) from None
    return MultiDict(found)


def _text(raw: bytes, what: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryRejected(f"{what} is not UTF-8", where=f"byte {error.start}", hint="send UTF-8") from None


def _unsupported(what: str, where: str, hint: str = "") -> QueryRejected:
    return QueryRejected(
        what, where=where, hint=hint or f"use {FORM} with query=, or {SPARQL_QUERY}", status=415
    )


def _update() -> QueryRejected:
    return QueryRejected(
        READ_ONLY,
        hint="send SELECT, ASK, CONSTRUCT or DESCRIBE",
        status=403,
    )


def _seconds(text: str) -> float | None:
    """The time limit that a client asks for."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise UsageError("this is not a number of seconds", where="timeout", hint="give one like 5")
    return seconds
