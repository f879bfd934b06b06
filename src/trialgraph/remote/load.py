"""Filling an external store with a release: part by part, with a note in the store of how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from trialgraph.base.errors import StoreFailed, UsageError
from trialgraph.base.settings import Settings
from trialgraph.rdf import iris
from trialgraph.rdf.formats import TURTLE
from trialgraph.release.open import Release
from trialgraph.remote.address import StoreAddress
from trialgraph.remote.client import StoreClient
from trialgraph.remote.endpoint import Endpoint
from trialgraph.remote.graph_names import store_graph
from trialgraph.remote.load_record import LoadRecord, read_record
from trialgraph.remote.parts import graphs_of, number_of_quads, parts, with_blank_nodes

__all__ = ["GraphSender", "Loaded", "as_quads", "load"]

#: What a graph store answers to a request that it has carried out.
DONE: Final = frozenset((200, 201, 204))
NOT_THERE: Final = 404


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did.

    :param record: what the store holds now
    :param sent: parts that were sent; 0: the release was there already
    :param resumed: whether an earlier load was finished
    """

    record: LoadRecord
    sent: int
    resumed: bool


class GraphSender:
    """Sends graphs to a store by the SPARQL 1.1 Graph Store HTTP Protocol.

    :param client: of the address where the store takes graphs
    """

    def __init__(self, client: StoreClient) -> None:
        self._client = client

    def put(self, graph: str, lines: Iterable[bytes]) -> None:
        """Make a graph of these statements, whatever was in it.

        :raises StoreFailed: the store does not
        """
        self._send("PUT", graph, b"".join(lines))

    def add(self, graph: str, lines: Iterable[bytes]) -> None:
        """Add statements to a graph.

        :raises StoreFailed: the store does not
        """
        self._send("POST", graph, b"".join(lines))

    def drop(self, graph: str) -> None:
        """Remove a graph, if it is there.

        :raises StoreFailed: the store does not
        """
        self._send("DELETE", graph, b"")

    def _send(self, method: str, graph: str, body: bytes) -> None:
        base = self._client.address.path
        path = f"{base}{'&' if '?' in base else '?'}graph={quote(graph, safe='')}"
        # N-Triples are Turtle, and every store takes that
        reply = self._client.send(method, path, body, {"Content-Type": TURTLE.media_type} if body else {})
        if reply.status in DONE or (method == "DELETE" and reply.status == NOT_THERE):
            reply.read()
            return
        raise StoreFailed(
            f"the store answers {method} of a graph with status {reply.status}: {reply.text()[:200]}",
            where=self._client.address.words,
            hint="look at --graph-store, the address where it takes graphs",
            status=502,
        )


def load(
    release: Release,
    endpoint: Endpoint,
    graphs_at: Callable[[], StoreAddress],
    settings: Settings,
    *,
    replacing: bool = False,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Loaded:
    """Fill a store with a release; go on where an earlier load of the same release stopped.

    :param graphs_at: where the store takes graphs; asked when the engine of the endpoint is known
    :param settings: ``load_part_lines`` and ``store_seconds``
    :param replacing: empty what another release, or anybody, has put into the graphs of this one
    :param progress: told the parts that are done, and how many there are
    :raises UsageError: the store holds another release, or statements in a graph of this one
    :raises StoreFailed: the store cannot be reached, or does not take a part
    """
    found = read_record(endpoint, settings.store_seconds)
    client = StoreClient(graphs_at(), settings.store_seconds)
    sender = GraphSender(client)
    try:
        resumed = found is not None and found.hash == release.hash and found.done > 0 and not replacing
        if found is not None and resumed:
            record = found
        else:
            _check_empty(release, endpoint, found, settings.store_seconds, replacing=replacing)
            record = _begun(release, endpoint, sender, settings, replacing=replacing)
        before = record.done
        record = _rest(release, sender, record, progress)
    finally:
        client.close()
    return Loaded(record, record.done - before, resumed and record.done > before)


def _rest(
    release: Release, sender: GraphSender, record: LoadRecord, progress: Callable[[int, int], None]
) -> LoadRecord:
    """Send the parts that are not in the store yet."""
    # the first part is what has blank nodes
    left = () if record.complete else parts(release, record.statements, record.done - 1)
    for part in left:
        for graph, lines in part.items():
            sender.add(graph, lines)
        record = replace(record, done=record.done + 1)
        _note(sender, record)
        progress(record.done, record.parts)
    if not record.complete:
        raise StoreFailed(
            f"the release has {record.done} parts, and its manifest promises {record.parts}",
            where=str(release.path),
            hint="look at it with: trialgraph check",
        )
    return record


def _check_empty(
    release: Release, endpoint: Endpoint, found: LoadRecord | None, seconds: float, *, replacing: bool
) -> None:
    """Check that nothing stands where the release is to be.

    :raises UsageError: something does, and it is not to be replaced
    """
    if replacing or (found is not None and found.hash == release.hash):
        return  # of a load that stopped in its first part, there is nothing that the next one does not replace
    where = endpoint.client.address.words
    if found is not None:
        raise UsageError(
            f"the store holds the release {found.hash}, not {release.hash}",
            where=where,
            hint="give --replace to put this one in its place",
        )
    for graph in (store_graph("merge").value, *graphs_of(release)):
        if endpoint.rows("SELECT ?s { ?s ?p ?o } LIMIT 1", [graph], seconds):
            raise UsageError(
                f"the graph {graph} is not empty",
                where=where,
                hint="give --replace to empty it, or load into another store",
            )


def _begun(
    release: Release, endpoint: Endpoint, sender: GraphSender, settings: Settings, *, replacing: bool
) -> LoadRecord:
    """Note that the load has begun, and send what has to be sent in one piece."""
    size = settings.load_part_lines
    record = LoadRecord(release.hash, size, -(-number_of_quads(release) // size) + 1, 0)
    _note(sender, record)  # first, so that whoever serves the old release sees that it goes
    if replacing:
        for graph in _ours(endpoint, settings.store_seconds):
            sender.drop(graph)
    for graph, lines in with_blank_nodes(release).items():
        sender.put(graph, lines)
    record = replace(record, done=1)
    _note(sender, record)
    return record


def _ours(endpoint: Endpoint, seconds: float) -> Iterator[str]:
    """The graphs of a release in a store, whichever release it is."""
    spaces = (f"{iris.base()}graph/", store_graph("merge").value)
    wanted = " || ".join(f'STRSTARTS(STR(?g), "{space}")' for space in spaces)
    for (graph,) in endpoint.rows(
        f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER({wanted}) }}", (), seconds
    ):
        yield graph or ""


def _note(sender: GraphSender, record: LoadRecord) -> None:
    sender.put(store_graph("load").value, record.lines)


def as_quads(release: Release) -> Iterator[bytes]:
    """All that a store is to hold, as N-Quads for the bulk loader of an engine, with the record of a whole load."""
    merged = with_blank_nodes(release)
    size = number_of_quads(release)
    record = LoadRecord(release.hash, size, 2, 2)
    for part in (merged, *_whole(release), {store_graph("load").value: record.lines}):
        for graph, lines in part.items():
            end = f" <{graph}> .\n".encode()
            yield b"".join(line[:-3] + end for line in lines)


def _whole(release: Release) -> Iterator[dict[str, list[bytes]]]:
    return parts(release, 50_000)
