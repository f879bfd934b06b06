"""Quads in an in-memory store that answers queries on each graph, and on the merge of all in its default graph."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Quad, Store

__all__ = ["merged_store"]


def merged_store(quads: Iterable[Quad]) -> Store:
    """A store of the named graphs, and of their merge as the default graph.

    The merge is stored too: the engine's own union of graphs counts a triple of two graphs twice.
    """
    quads = frozenset(quads)
    store = Store()
    store.bulk_extend(quads)
    store.bulk_extend({Quad(q.subject, q.predicate, q.object) for q in quads})
    return store
