"""What differs between the engines behind a SPARQL 1.1 endpoint, and cannot be asked for by the standard."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from trialgraph.remote.address import StoreAddress

__all__ = ["ENGINES", "EngineKind", "graph_store_address", "kind_of"]


def _nothing(_seconds: float) -> dict[str, str]:
    return {}


def _milliseconds(seconds: float) -> dict[str, str]:
    return {"timeout": str(max(int(seconds * 1000), 1))}


def _whole_seconds(seconds: float) -> dict[str, str]:
    return {"timeout": str(max(int(seconds), 1))}


def _with_unit(seconds: float) -> dict[str, str]:
    return {"timeout": f"{max(int(seconds), 1)}s"}


@dataclass(frozen=True, slots=True)
class EngineKind:
    """An engine.

    :param server: what its header ``Server`` holds
    :param limit: the parameters that tell it the time limit of a query, given the seconds
    :param graph_store: the path of its Graph Store Protocol, given that of its query endpoint
    :param incomplete: a header, and what it holds where the answer was cut at the time limit although its status is 200
    :param cut: a header that is there where the answer was cut at a number of rows, which it has
    :param nodes: what its names of blank nodes begin with in JSON, which no format allows
    :param truth: the column in which it answers ASK: a row for yes, none for no
    :param misses_graphs: a graph that is not in the dataset is not empty to it (it counts 1 there): such a query is
        refused
    """

    name: str
    server: re.Pattern[str]
    limit: Callable[[float], dict[str, str]] = _nothing
    graph_store: Callable[[str], str] = lambda path: path
    incomplete: tuple[str, str] = ("", "")
    cut: str = ""
    nodes: bytes = b""
    truth: str = ""
    misses_graphs: bool = False


def _beside(name: str) -> Callable[[str], str]:
    """The path with another last step."""
    return lambda path: re.sub(r"[^/]*$", name, path.partition("?")[0], count=1)


#: Oxigraph and Virtuoso are run in the tests; Fuseki and QLever stand here by their documentation.
ENGINES: Final = {
    kind.name: kind
    for kind in (
        EngineKind("oxigraph", re.compile("^Oxigraph"), graph_store=_beside("store")),
        EngineKind(
            "virtuoso",
            re.compile("^Virtuoso"),
            limit=_milliseconds,
            graph_store=_beside("sparql-graph-crud-auth"),
            incomplete=("X-SQL-State", "S1TAT"),
            cut="X-SPARQL-MaxRows",
            nodes=b"nodeID://",
            truth="__ASK_RETVAL",
            misses_graphs=True,
        ),
        EngineKind("fuseki", re.compile("Fuseki"), limit=_whole_seconds, graph_store=_beside("data")),
        EngineKind("qlever", re.compile("(?i)^QLever"), limit=_with_unit),
        EngineKind("other", re.compile("(?!)")),
    )
}


def kind_of(chosen: str, server: str) -> EngineKind:
    """The engine of an endpoint.

    :param chosen: the setting ``store_kind``
    :param server: its header ``Server``
    """
    if chosen != "auto":
        return ENGINES[chosen]
    return next((kind for kind in ENGINES.values() if kind.server.search(server)), ENGINES["other"])


def graph_store_address(address: StoreAddress, kind: EngineKind) -> StoreAddress:
    """Where the engine takes graphs."""
    return address.at(kind.graph_store(address.path))
