"""The table of settings and limits, each with its environment variable and, for most, a command-line flag.

A flag takes precedence over the variable, the variable over the default. A constant that is not in this table is an
implementation detail of its module, not a limit; ``docs/reference/settings.md`` is generated from it.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from trialgraph.base.errors import InputError, UsageError

__all__ = ["SETTINGS", "Setting", "check_settings", "give", "setting", "text_setting"]

READ: Final = ("rows", "trials", "build")
SERVE: Final = ("serve",)
# Beyond any machine, and within what clocks and kernels count.
_MOST: Final = 10**15


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its default, its unit and what it bounds.

    :param verbs: the commands that take it as a flag
    :param choices: the words that a textual setting may be; none: any
    :param zero: whether 0 is a value
    :param many: several values: separated by spaces in the variable, one flag for each
    """

    name: str
    default: int | float | str
    unit: str
    help: str
    verbs: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    zero: bool = False
    many: bool = False

    @property
    def variable(self) -> str:
        """The environment variable that overrides the default."""
        return f"TRIALGRAPH_{self.name.upper()}"

    @property
    def flag(self) -> str:
        """The option of the commands in ``verbs`` that overrides the variable."""
        return f"--{self.name.replace('_', '-')}"

    def read(self, raw: str, where: str) -> int | float | str:
        """The value that a text stands for.

        :param where: the flag or variable it came from, for the error
        :raises InputError: it is none
        """
        if isinstance(self.default, str):
            if self.choices and raw not in self.choices:
                raise InputError(
                    f"{raw[:60]!r} is no value of this setting",
                    where=where,
                    hint=f"use one of {', '.join(self.choices)}",
                )
            return raw
        try:
            value = type(self.default)(raw)
        except (ValueError, OverflowError):
            value = type(self.default)(-1)
        if not (0 < value < _MOST or (self.zero and value == 0)) or math.isnan(value):
            raise InputError(
                f"{raw[:60]!r} is not a positive number of {self.unit}",
                where=where,
                hint=f"leave it out or give a number like {self.default}",
            )
        return value


SETTINGS: Final[dict[str, Setting]] = {
    s.name: s
    for s in (
        Setting("base_iri", "https://w3id.org/trialgraph/", "IRI", "base of every IRI that is minted"),
        Setting("releases", "releases", "folder", "where build writes releases and serve looks for them"),
        Setting("manifest_bytes", 20_000_000, "bytes", "largest manifest.json of a release"),
        Setting("source_bytes", 64_000_000, "bytes", "largest source file that is read", READ),
        Setting("sidecar_bytes", 1_000_000, "bytes", "largest source.toml or curation.tsv", READ),
        Setting(
            "line_chars", 8_000, "characters", "longest line of a run-together table that is segmented", READ
        ),
        Setting("line_cuts", 800, "places", "most places where a cell of a run-together line may end", READ),
        Setting("query_seconds", 30.0, "seconds", "longest run of a query, from its admission", SERVE),
        Setting("query_bytes", 64_000, "bytes", "longest query text", SERVE),
        Setting("query_file_bytes", 256_000, "bytes", "largest file of a saved query, header included"),
        Setting("query_depth", 64, "levels", "deepest nesting of brackets in a query", SERVE),
        Setting("query_path_steps", 64, "steps", "longest property path in a query", SERVE),
        Setting("query_groups", 400, "groups", "most groups in braces in a query", SERVE),
        Setting(
            "allow_service",
            "",
            "URL",
            "an endpoint that SERVICE in a query may call; none: SERVICE is refused",
            SERVE,
            many=True,
        ),
        Setting("service_clauses", 4, "clauses", "most SERVICE clauses in a query", SERVE),
        Setting("service_calls", 4, "requests", "requests to other endpoints that run at a time", SERVE),
        Setting("service_seconds", 10.0, "seconds", "longest wait for another endpoint's answer", SERVE),
        Setting("service_bytes", 1_000_000, "bytes", "largest answer of another endpoint", SERVE),
        Setting("service_rows", 10_000, "rows", "most rows that another endpoint may answer", SERVE),
        Setting("body_bytes", 256_000, "bytes", "largest HTTP request body", SERVE),
        Setting(
            "workers", 0, "processes", "query workers; 0: one more than cores, up to 9", SERVE, zero=True
        ),
        Setting("worker_memory_bytes", 2_000_000_000, "bytes", "address space of a query worker", SERVE),
        Setting("queue", 32, "queries", "queries that may wait for a worker", SERVE),
        Setting("client_queries", 24, "queries", "queries of one client that may run or wait", SERVE),
        Setting(
            "short_seconds",
            1.0,
            "seconds",
            "processor time after which a query has to leave the last worker",
            SERVE,
        ),
        Setting("short_bytes", 16_000_000, "bytes", "likewise: longest answer of the last worker", SERVE),
        Setting("cache_answers", 2_000, "answers", "answers kept in the cache", SERVE),
        Setting("cache_bytes", 16_000_000, "bytes", "size of all kept answers; 1 keeps none", SERVE),
        Setting("cache_answer_bytes", 256_000, "bytes", "largest answer that is kept", SERVE),
        Setting("watch_seconds", 1.0, "seconds", "how often serve looks for a new release", SERVE),
        Setting("stop_seconds", 10.0, "seconds", "how long requests may still run after SIGTERM", SERVE),
        Setting(
            "trusted_proxy", "", "address", "reverse proxy whose X-Forwarded-… headers are trusted", SERVE
        ),
        Setting(
            "url_prefix",
            "",
            "path",
            "path under which a reverse proxy serves this server, like /trialgraph",
            SERVE,
        ),
        Setting("connections", 1000, "connections", "open connections that the HTTP server keeps", SERVE),
        Setting(
            "reader_bytes",
            16_000_000,
            "bytes",
            "response bytes buffered for a slow client before it blocks a thread",
            SERVE,
        ),
        Setting("server_threads", 48, "threads", "threads of the HTTP server", SERVE),
        Setting("fetch_bytes", 1_000_000_000, "bytes", "largest ontology that fetch downloads", ("fetch",)),
        Setting(
            "fetch_seconds", 60.0, "seconds", "longest silence of a server that fetch waits for", ("fetch",)
        ),
        Setting("compress_bytes", 1_000, "bytes", "shortest answer that is compressed", SERVE),
        Setting("parameters", 500, "parameters", "most parameters in an address or a form", SERVE),
        Setting("url_bytes", 220_000, "bytes", "longest address with its parameters", SERVE),
        Setting("page_rows", 500, "rows", "rows that a results page shows; downloads are whole", SERVE),
        Setting("page_seconds", 5.0, "seconds", "longest run of a query that a page is made of", SERVE),
        Setting("page_triples", 20_000, "triples", "most triples that the page of a trial is made of", SERVE),
        Setting("thing_links", 200, "links", "most links to and from a resource that its page shows", SERVE),
        Setting("source_rows", 50, "rows", "rows of a source that a page shows with all values", SERVE),
        Setting("facet_values", 100, "values", "values of a facet that the list of trials offers", SERVE),
        Setting("listed_trials", 20_000, "trials", "most trials that the list with facets holds", SERVE),
        Setting("search_chars", 200, "characters", "longest text that is searched for", SERVE),
        Setting("search_hits", 60, "hits", "most hits that a search shows", SERVE),
        Setting("drawing_seconds", 60.0, "seconds", "longest drawing of a figure; each is drawn once", SERVE),
        Setting("adornment_seconds", 2.0, "seconds", "time that a page spends on labels and choices", SERVE),
        Setting(
            "mcp_rows",
            200,
            "rows",
            "rows in an answer over MCP; it says how many were left out",
            ("mcp",),
        ),
        Setting("start_seconds", 60.0, "seconds", "longest start of a query worker", SERVE),
        Setting("retry_seconds", 10, "seconds", "what Retry-After of a 429 and 503 says", SERVE),
        Setting("parameter_chars", 1_000, "characters", "longest text for a question's parameter", SERVE),
        Setting("health_seconds", 2.0, "seconds", "a worker that answers within this is ready", SERVE),
        Setting(
            "access_log",
            "-",
            "file",
            "a line of JSON for each request; - is standard error, none is none",
            SERVE,
        ),
        Setting(
            "log_client",
            "network",
            "word",
            "what the access log records of a client's address: its network (/24, /48), none of it, or the whole",
            SERVE,
            ("network", "none", "whole"),
        ),
        Setting("metrics", "on", "word", "whether /metrics answers", SERVE, ("on", "off")),
    )
}


def setting(name: str) -> int | float:
    """The numeric setting ``name``: flag, else environment variable, else default.

    :raises InputError: what was given is no positive number
    """
    spec = SETTINGS[name]
    assert not isinstance(spec.default, str), f"{name} is a text setting"  # noqa: S101 - a bug, not an input
    raw = os.environ.get(spec.variable)
    if raw is None:
        return spec.default
    value = spec.read(raw, spec.variable)
    assert not isinstance(value, str)  # noqa: S101 - read() gives the type of the default
    return value


def text_setting(name: str) -> str:
    """The textual setting ``name``: flag, else environment variable, else default (also for an empty one).

    :raises InputError: it is none of the words that the setting may be
    """
    spec = SETTINGS[name]
    raw = os.environ.get(spec.variable)
    return str(spec.read(raw, spec.variable)) if raw else str(spec.default)


def give(name: str, raw: str) -> Callable[[], None]:
    """Set a setting for this process and those that it starts, as a flag does.

    :return: undoes it
    :raises UsageError: it is no value of that setting
    """
    spec = SETTINGS[name]
    try:
        spec.read(raw, spec.flag)
    except InputError as error:
        raise UsageError(error.what, where=error.where, hint=error.hint) from None
    before = os.environ.get(spec.variable)
    os.environ[spec.variable] = raw

    def undo() -> None:
        if before is None:
            os.environ.pop(spec.variable, None)
        else:
            os.environ[spec.variable] = before

    return undo


def check_settings() -> None:
    """Read every setting once, so that an invalid one is reported at start-up and not at the first request.

    :raises InputError: a variable holds what is no value of its setting
    """
    for name, spec in SETTINGS.items():
        if isinstance(spec.default, str):
            text_setting(name)
        else:
            setting(name)
