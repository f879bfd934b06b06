"""The graphs of an external store: those of the release, and those that are only there."""

from __future__ import annotations

from pyoxigraph import NamedNode

from trialgraph.rdf import iris

__all__ = ["named_graph", "store_graph"]


def named_graph(name: str) -> NamedNode:
    """The graph of a release by its name in the manifest, which is that of its IRI."""
    return NamedNode(f"{iris.base()}graph/{name}")


def store_graph(name: str) -> NamedNode:
    """A graph of a store that is none of the release: ``merge``, ``load``, or ``none``, which is empty."""
    return iris.mint("store", name)
