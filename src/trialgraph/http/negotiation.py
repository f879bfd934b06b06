"""Content negotiation: which of the offered media types a request prefers (RFC 9110, 12.5.1).

werkzeug parses the ``Accept`` header and finds the best match; its ranges are normalised in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from flask import Response, after_this_request, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from trialgraph.base.errors import QueryRejected

__all__ = ["negotiate", "requested_type", "varied"]

#: What is chosen for a header of so many characters is remembered: programs send the same ones again and again.
REMEMBERED_CHARS: Final = 300

#: Parameters that our types carry anyway, so that naming one narrows nothing.
CARRIED: Final = frozenset({"charset=utf-8", 'charset="utf-8"', "header=present"})


def requested_type(offered: Iterable[str], default: str = "") -> str:
    """The media type for the present request, whose response then varies by ``Accept``.

    :param offered: media types, the preferred one first
    :param default: what to answer with where nothing that is offered is acceptable; empty: refuse
    :raises QueryRejected: 406, nothing that is offered is acceptable, and there is no default
    """
    after_this_request(varied)
    try:
        return negotiate(request.headers.get("Accept"), offered)
    except QueryRejected:
        if default:
            return default
        raise


def negotiate(header: str | None, offered: Iterable[str]) -> str:
    """The offered media type that an ``Accept`` header prefers.

    The most specific range that matches an offer gives its weight, so ``text/csv;q=0, */*`` excludes CSV. Among
    equals the one whose range is the more specific, then the first offered.

    :param header: the header; None or empty: anything
    :param offered: media types, the preferred one first
    :raises QueryRejected: 406, nothing that is offered is acceptable
    """
    offered = tuple(dict.fromkeys(offered))
    choose = _remembered if len(header or "") <= REMEMBERED_CHARS else _chosen
    chosen = choose(header, offered)
    if chosen is None:
        raise QueryRejected(
            "none of the formats available here is acceptable to you",
            where="Accept",
            hint=f"accept one of {', '.join(offered)}",
            status=406,
        )
    return chosen


def _chosen(header: str | None, offered: tuple[str, ...]) -> str | None:
    return _normalised(header).best_match(offered)


_remembered = lru_cache(maxsize=512)(_chosen)


def _normalised(header: str | None) -> MIMEAccept:
    """The media ranges of an ``Accept`` header, each once, without parameters; malformed ones are left out.

    Of the ranges for one type, one with parameters that our types carry goes before one without any, and this before
    one with others (``text/csv;header=absent``), which still accepts the type where it stands alone.
    """
    best: dict[str, tuple[int, float]] = {}
    for value, weight in parse_accept_header(header or "*/*", MIMEAccept):
        name, *parameters = value.lower().replace(" ", "").split(";")
        name = "*/*" if name == "*" else name  # as Java's old client writes it
        rank = 0 if not parameters else 1 if CARRIED.issuperset(parameters) else -1
        best[name] = max(best.get(name, (rank, weight)), (rank, weight))
    if not best and not (header or "").strip(" ,"):
        best["*/*"] = (0, 1.0)
    return MIMEAccept([(name, weight) for name, (_, weight) in best.items()])


def varied(response: Response) -> Response:
    """The response with ``Accept`` as what it depends on."""
    response.vary.add("Accept")
    return response
