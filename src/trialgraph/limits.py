"""The one table of settings and limits, each with its environment variable.

A limit that is not in this table does not exist; ``docs/reference/settings.md`` is generated from it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from trialgraph.errors import InputError

__all__ = ["SETTINGS", "Setting", "setting", "text_setting"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its default, its unit and what it bounds."""

    name: str
    default: int | float | str
    unit: str
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that overrides the default."""
        return f"TRIALGRAPH_{self.name.upper()}"


SETTINGS: Final[dict[str, Setting]] = {
    s.name: s
    for s in (
        Setting("base_iri", "https://w3id.org/trialgraph/", "IRI", "base of every IRI that is minted"),
        Setting("releases", "releases", "folder", "where build writes releases and serve looks for them"),
        Setting("source_bytes", 64_000_000, "bytes", "largest source file that is read"),
        Setting("line_chars", 8_000, "characters", "longest line of a run-together table that is segmented"),
        Setting("line_cuts", 800, "places", "most places where a cell of a run-together line may end"),
        Setting("query_seconds", 30.0, "seconds", "longest run of a query, from its admission"),
        Setting("query_bytes", 64_000, "bytes", "longest query text"),
        Setting("query_depth", 64, "levels", "deepest nesting of brackets in a query"),
        Setting("query_path_steps", 64, "steps", "longest property path in a query"),
        Setting("query_groups", 400, "groups", "most groups in braces in a query"),
        Setting("body_bytes", 256_000, "bytes", "largest HTTP request body"),
        Setting("workers", 2, "processes", "query workers"),
        Setting("worker_memory_bytes", 2_000_000_000, "bytes", "address space of a query worker"),
        Setting("queue", 32, "queries", "queries that may wait for a worker"),
        Setting("connections", 1000, "connections", "open connections that the HTTP server keeps"),
        Setting("server_threads", 48, "threads", "threads of the HTTP server"),
        Setting("fetch_bytes", 1_000_000_000, "bytes", "largest ontology that fetch downloads"),
        Setting("fetch_seconds", 60.0, "seconds", "longest silence of a server that fetch waits for"),
        Setting("page_rows", 500, "rows", "rows that a results page shows; downloads are whole"),
    )
}


def setting(name: str) -> int | float:
    """The numeric setting ``name``: environment variable, else default.

    :raises InputError: the variable holds no positive number
    """
    spec = SETTINGS[name]
    raw = os.environ.get(spec.variable)
    assert not isinstance(spec.default, str), f"{name} is a text setting"  # noqa: S101 - a bug, not an input
    if raw is None:
        return spec.default
    try:
        value = type(spec.default)(raw)
    except ValueError:
        value = type(spec.default)(0)
    if not value > 0:
        raise InputError(
            f"{raw!r} is not a positive number of {spec.unit}",
            where=spec.variable,
            mend=f"unset it or give a number like {spec.default}",
        )
    return value


def text_setting(name: str) -> str:
    """The textual setting ``name``: environment variable, else default."""
    spec = SETTINGS[name]
    return os.environ.get(spec.variable) or str(spec.default)
