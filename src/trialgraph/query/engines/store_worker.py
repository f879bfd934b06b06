"""The worker process of an external store: sends it one query at a time (``-m trialgraph.query.engines.store_worker``).

It is started by :mod:`trialgraph.query.pool` and speaks the frames of :mod:`trialgraph.query.worker`; before its first
query it is sent a frame ``S`` with address, credentials and release as JSON. A query is parsed here, by the engine
that answers without a store, so that an error has its place and no store is sent what is not standard SPARQL.
What comes back is parsed too and written anew: all stores answer in the same formats, and what is malformed or cut
is seen.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from typing import IO, Any, Final, cast

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from trialgraph.base.errors import QueryRejected, QueryTimeout, StoreFailed, WorkerFailed
from trialgraph.query.columns import with_columns
from trialgraph.query.guard.standard import StandardQuery, standard
from trialgraph.query.sandbox import confine
from trialgraph.query.worker import (
    GROWTH,
    NO_JSON_LD,
    Parts,
    answer,
    message,
    open_pipes,
    peak_memory,
    receive,
    send,
)
from trialgraph.rdf import iris
from trialgraph.rdf.formats import N_TRIPLES, RESULTS_JSON
from trialgraph.rdf.result_writer import write_results
from trialgraph.rdf.wellformed import NotRepresentable
from trialgraph.remote.address import StoreAddress
from trialgraph.remote.client import Reply, StoreClient
from trialgraph.remote.endpoint import Endpoint, RepairedNodes
from trialgraph.remote.graph_names import store_graph
from trialgraph.remote.load_record import read_record

__all__ = ["main"]

#: The longest wait for the store's record, in seconds.
RECORD_SECONDS: Final = 10.0
#: Truth values in JSON.
TRUTH: Final = (b'{"head":{},"boolean":false}', b'{"head":{},"boolean":true}')


class StoreQueries:
    """Queries to one store, which is asked now and then whether it still holds the release.

    :param told: what the frame ``S`` says
    """

    def __init__(self, told: dict[str, Any]) -> None:
        self._client = StoreClient(StoreAddress(**told["address"]), RECORD_SECONDS)
        self._endpoint = Endpoint(self._client, told["kind"])
        self._hash: str = told["hash"]
        self._graphs = frozenset(told["graphs"])
        self._check_seconds: float = told["check_seconds"]
        self._checked, self._connection = 0.0, 0
        self._empty = Store()
        self._base = iris.base()

    def run(self, request: dict[str, Any], out: Parts) -> None:
        """Answer one request into ``out``.

        :raises SyntaxError: the query is none
        :raises QueryRejected: it is not standard SPARQL
        :raises StoreFailed: the store cannot be asked, holds another release, or its answer is none
        """
        until = time.monotonic() + request["seconds"]
        text = with_columns(request["text"], self._base)
        parsed = self._empty.query(text, base_iri=self._base)
        used = standard(text)
        self._check(request["seconds"])
        default, named = self._dataset(request, used)
        kind = N_TRIPLES if isinstance(parsed, QueryTriples) else RESULTS_JSON
        seconds = max(until - time.monotonic(), 0.001)
        # in the same line, so that the store's own messages have the right place
        reply = self._endpoint.ask(f"BASE <{self._base}> {used.text}", default, named, kind, seconds)
        try:
            self._convert(reply, request["format"], out, type(parsed))
        except (SyntaxError, ValueError, OSError) as error:
            self._client.close()
            if isinstance(error, BrokenPipeError | NotRepresentable) or str(error).startswith(NO_JSON_LD):
                raise
            raise self._endpoint.unusable("answers with results that are malformed or incomplete") from None
        except BaseException:
            self._client.close()
            raise

    def _convert(self, reply: Reply, form: str, out: Parts, wanted: type) -> None:
        sink = cast(IO[bytes], out)
        if wanted is QueryTriples:
            write_results(
                (quad.triple for quad in parse(cast(IO[bytes], reply), format=RdfFormat.N_TRIPLES)),
                form,
                sink,
            )
            return
        source = cast(IO[bytes], RepairedNodes(reply, self._endpoint.kind.nodes))
        results = parse_query_results(source, format=QueryResultsFormat.JSON)
        if wanted is QueryBoolean and isinstance(results, QuerySolutions):
            results = self._truth(results)
        if isinstance(results, QueryBoolean) is not (wanted is QueryBoolean):
            raise ValueError("a truth value for rows")
        write_results(results, form, sink)

    def _truth(self, rows: QuerySolutions) -> QueryBoolean:
        """The answer to ASK of an engine that gives rows.

        :raises ValueError: it is none
        """
        if [variable.value for variable in rows.variables] != [self._endpoint.kind.truth]:
            raise ValueError("rows for a truth value")
        found = parse_query_results(TRUTH[bool(list(rows))], format=QueryResultsFormat.JSON)
        return cast(QueryBoolean, found)

    def _dataset(self, request: dict[str, Any], used: StandardQuery) -> tuple[list[str], list[str]]:
        """The graphs of the default graph, and the named ones, by the names that they have in the store.

        :raises QueryRejected: several graphs would have to be merged
        """
        none = store_graph("none").value
        default, named = list(dict.fromkeys(request["default"])), list(dict.fromkeys(request["named"]))
        if not default and not named:
            default = [store_graph("merge").value]
            named = sorted(self._graphs if used.any_graph else self._graphs & used.graphs)
            self._check_graphs(used, named)
            return default, named or [none]
        known = [iri for iri in default if iri in self._graphs]
        if self._graphs.issubset(known):
            known = [store_graph("merge").value]
        if len(known) > 1:
            raise QueryRejected(
                "a default graph of several graphs cannot be asked of an external store: "
                "a statement of two of them would count twice",
                hint="name one graph, or leave FROM out to ask all",
            )
        named = [iri for iri in named if iri in self._graphs]
        self._check_graphs(used, named)
        return known or [none], named or [none]  # an unknown one is empty; a store might fetch it

    def _check_graphs(self, used: StandardQuery, named: list[str]) -> None:
        """Refuse a graph that is not in the dataset, where the engine does not take it for empty.

        :raises QueryRejected: there is one
        """
        if self._endpoint.kind.misses_graphs and (missing := used.graphs.difference(named)):
            raise QueryRejected(
                f"the dataset of this query has no graph {min(missing)}, which this store does not take for empty",
                hint="list the graphs with SELECT DISTINCT ?g { GRAPH ?g {} }",
            )

    def _check(self, seconds: float) -> None:
        """Ask the store which release it holds, on each new connection and every few seconds.

        :raises StoreFailed: it is not the one that is served
        """
        now = time.monotonic()
        if self._connection == self._client.connected and now < self._checked + self._check_seconds:
            return
        record = read_record(self._endpoint, min(RECORD_SECONDS, seconds))
        if record is None or record.hash != self._hash or not record.complete:
            found = "no release" if record is None else f"the release {record.hash}"
            part = "" if record is None or record.complete else ", not all of it"
            raise StoreFailed(
                f"the store holds {found}{part}; expected is {self._hash}", hint="load the release again"
            )
        self._checked, self._connection = now, self._client.connected


def _message(error: Exception, text: str) -> dict[str, Any]:
    """The frame ``E`` for what went wrong."""
    if isinstance(error, StoreFailed):
        # without the address, which is for the operator
        return {"kind": "store", "status": error.http_status, "text": error.what}
    if isinstance(error, QueryRejected):
        return {"kind": "rejected", "text": error.what, "where": error.where, "hint": error.hint}
    if isinstance(error, QueryTimeout):
        return {"kind": "late", "text": error.what}
    if isinstance(error, WorkerFailed):
        return {"kind": "engine", "text": error.what}
    try:
        return message(error, text)
    except Exception:
        return {"kind": "engine", "text": str(error)}


def main(memory: str, base_iri: str) -> None:
    """Serve queries until the caller closes the pipe.

    :param memory: the address space that this process may have, in bytes
    :param base_iri: base of the IRIs that are minted
    """
    source, sink = open_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    iris.use_base(base_iri)
    _, data = receive(source)
    told = json.loads(data)
    confine(int(memory), network=True)
    ready = {"graphs": told["graphs"], "confined": "external store", "fault": ""}
    send(sink, b"R", json.dumps(ready).encode())
    queries = StoreQueries(told)
    retire_at = peak_memory() + int(memory) // GROWTH
    while True:
        _, data = receive(source)
        answer(json.loads(data), sink, queries.run, lambda _: peak_memory() > retire_at, _message)


if __name__ == "__main__":
    main(*sys.argv[1:])
