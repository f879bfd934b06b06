"""The exception hierarchy: every error that trialgraph raises deliberately, with its exit code and HTTP status.

::

    TrialgraphError            exit code 2 unless stated otherwise
    ├── InputError             a source, setting or file is missing, unreadable or malformed
    │   ├── UsageError         the caller asked for something that does not exist (slug, format, parameter)
    │   │   └── NothingChosen  exit code 1: no trial fits a condition of a subset (release/exports/subset.py)
    │   └── BrokenQuery        HTTP 500: the file of a saved query is malformed; the others are answered
    ├── Findings               exit code 1: the work was done, and something needs manual review
    │   └── Refused            the graph has violations: no release is written, the current one stays
    ├── ReleaseError           a release directory is missing, damaged or cannot be written
    ├── QueryRejected          HTTP 400/403: the guard or the engine refuses the query, with the reason
    │   └── AnswerTooLarge     exit code 3, HTTP 413: the answer is longer than what it is for can hold
    ├── QueryTimeout           exit code 3, HTTP 503: stopped at the time limit
    ├── WorkerFailed           HTTP 500: the worker died while it ran the query
    ├── ServiceFailed          HTTP 502/504: a remote endpoint named by SERVICE gives no usable answer
    ├── StoreFailed            HTTP 503/502: the external store cannot be used, or its answer is none
    └── Overloaded             HTTP 503: the queue of waiting queries is full
        └── TooManyQueries     HTTP 429: this client has its share of running and waiting queries already

A message is one line without control characters: where, what is wrong, and a hint how to fix it.
"""

from __future__ import annotations

from collections.abc import Sequence

from trialgraph.base.escaping import visible

__all__ = [
    "AnswerTooLarge",
    "BrokenQuery",
    "Findings",
    "InputError",
    "Overloaded",
    "QueryRejected",
    "QueryTimeout",
    "Refused",
    "ReleaseError",
    "ServiceFailed",
    "StoreFailed",
    "TooManyQueries",
    "TrialgraphError",
    "UsageError",
    "WorkerFailed",
]


class TrialgraphError(Exception):
    """Base of all errors raised deliberately.

    :param what: what is wrong, in one line
    :param where: ``file:line:column`` or the part of it that is known
    :param hint: how to fix it
    """

    exit_code = 2
    http_status = 500

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what, self.where, self.hint = what, where, hint
        super().__init__(self.line())

    def line(self) -> str:
        """``where: what; hint`` on one line."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.hint:
            text = f"{text}; {self.hint}"
        return visible(" ".join(text.split()))


class InputError(TrialgraphError):
    """A source, a setting or a file is missing, unreadable or malformed."""

    http_status = 400


class UsageError(InputError):
    """The caller named something that does not exist or gave an invalid value."""


class BrokenQuery(InputError):
    """The file of a saved query is malformed: this query cannot be answered, the others can."""

    http_status = 500


class Findings(TrialgraphError):
    """The work was done, and part of the result needs manual review (an unread row, a violation)."""

    exit_code = 1


class Refused(Findings):
    """The graph has violations: no release is written, the current one stays.

    :param lines: each violation as one line that names file and term
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = tuple(lines)
        what = f"{len(self.lines)} violations: no release is written"
        super().__init__(what, hint="the current one stays; correct them and build again")
        for line in self.lines:
            self.add_note(line)  # printed with a traceback


class ReleaseError(TrialgraphError):
    """A release directory is missing, damaged or cannot be written."""


class QueryRejected(TrialgraphError):
    """A query that is not run.

    :param status: the HTTP status that says why: 400 malformed, 403 not allowed, 406, 413, 415 …
    """

    http_status = 400

    def __init__(self, what: str, *, where: str = "", hint: str = "", status: int = 400) -> None:
        super().__init__(what, where=where, hint=hint)
        self.http_status = status


class AnswerTooLarge(QueryRejected):
    """An answer is longer than what is to be made of it can hold."""

    exit_code = 3

    def __init__(self, what: str, *, where: str = "", hint: str = "", status: int = 413) -> None:
        super().__init__(what, where=where, hint=hint, status=status)


class QueryTimeout(TrialgraphError):
    """A query was stopped at its time limit."""

    exit_code = 3
    http_status = 503


class WorkerFailed(TrialgraphError):
    """The worker process died while it ran the query."""

    exit_code = 3
    http_status = 500


class ServiceFailed(TrialgraphError):
    """A remote endpoint, queried through ``SERVICE``, gives no usable answer.

    :param status: 502, or 504 where it was too slow
    """

    exit_code = 3
    http_status = 502

    def __init__(self, what: str, *, where: str = "", hint: str = "", status: int = 502) -> None:
        super().__init__(what, where=where, hint=hint)
        self.http_status = status


class StoreFailed(TrialgraphError):
    """The external store (``serve --store``, ``load``) cannot be used, or its answer is none.

    :param status: 503: it cannot be reached, refuses us or holds another release; 502: its answer is malformed or cut
    """

    http_status = 503

    def __init__(self, what: str, *, where: str = "", hint: str = "", status: int = 503) -> None:
        super().__init__(what, where=where, hint=hint)
        self.http_status = status


class Overloaded(TrialgraphError):
    """Too many queries are waiting already."""

    exit_code = 3
    http_status = 503


class TooManyQueries(Overloaded):
    """A client has its share of running and waiting queries already."""

    http_status = 429
