"""Request parsing of the SPARQL protocol: the three ways to send a query, and the errors of malformed requests.

SPARQL 1.1 Protocol, 2.1; the method QUERY after its HTTP draft. Text that is not UTF-8 is refused: a replacement
character would silently change the query.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from flask import request
from werkzeug.datastructures import MultiDict

from trialgraph.base.errors import QueryRejected, UsageError
from trialgraph.http.site import site
from trialgraph.rdf.formats import FORM, SPARQL_QUERY, SPARQL_UPDATE
from trialgraph.rdf.vocabulary import DEFAULT_GRAPH_NAMES

__all__ = ["METHODS", "READ_ONLY", "QueryOperation", "parameters", "read_request"]

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


def read_request() -> QueryOperation:
    """The protocol request in this HTTP request.

    :raises QueryRejected: it is none, or it is an update
    :raises UsageError: its time limit is no number
    """
    values = parameters()
    posted = request.method in ("POST", "QUERY")
    direct = _posted(values) if posted else None
    if "update" in values:
        raise _update()
    queries = [*values.getlist("query"), *([] if direct is None else [direct])]
    if len(queries) > 1:
        raise QueryRejected("more than one query in a request", hint="send one")
    if not queries and posted:
        raise QueryRejected("there is no query in this request", hint="send query=…")
    return QueryOperation(
        query=queries[0] if queries else None,
        default_graphs=_default_graphs(values),
        named_graphs=tuple(values.getlist("named-graph-uri")),
        format=values.get("format", ""),
        seconds=_seconds(values.get("timeout", "")),
        values=values,
    )


def _default_graphs(values: Values) -> tuple[str, ...]:
    """The graphs of the default graph; none where none are given, or where a client means the default graph itself.

    rdflib's ``Dataset`` names its own default graph in each request. The default graph here is the merge of all graphs,
    so that whatever is named beside it adds nothing.
    """
    named = values.getlist("default-graph-uri")
    if DEFAULT_GRAPH_NAMES.isdisjoint(named):
        return tuple(named)
    # Without any parameter the query has all graphs; named-graph-uri alone would leave the default graph empty.
    return tuple(sorted(site().pool.graphs)) if "named-graph-uri" in values else ()


def parameters() -> Values:
    """The parameters in the address of this request.

    :raises QueryRejected: they are not UTF-8, or too many
    """
    return _pairs(request.query_string, "the address")


def _posted(values: Values) -> str | None:
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
    body = request.get_data(cache=False)
    if content_type == SPARQL_QUERY:
        return _text(body, "the query")
    values.update(_pairs(body, "the form"))
    return None


def _pairs(raw: bytes, what: str) -> Values:
    """The parameters in an address or a form."""
    most = site().settings.parameters
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
