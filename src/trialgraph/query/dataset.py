"""A query with the dataset that the request gives: it replaces the query's own ``FROM``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from trialgraph.base.errors import QueryRejected
from trialgraph.base.settings import Settings
from trialgraph.query.guard import Checked, check

__all__ = ["check_with_dataset"]


def check_with_dataset(
    query: str,
    default_graphs: Sequence[str],
    named_graphs: Sequence[str],
    graphs: Collection[str],
    services: Collection[str] = (),
    *,
    settings: Settings,
) -> Checked:
    """The query with its dataset, if it may be run.

    A dataset given by parameters replaces the query's own ``FROM`` (SPARQL 1.1 Protocol, 2.1.4), which may then name
    any graph. There, unlike in ``FROM``, an unknown ``http(s)`` IRI denotes an empty graph: clients are set up for many
    endpoints, and the tests of the protocol name graphs that a server does not hold.

    :param default_graphs: the parameters ``default-graph-uri``
    :param named_graphs: the parameters ``named-graph-uri``
    :param graphs: IRIs of the named graphs that exist
    :param services: endpoints that it may call; :func:`trialgraph.query.federation.joined` has to call them before the
        query can run
    :raises QueryRejected: it may not
    """
    for iri in (*default_graphs, *named_graphs):
        if iri not in graphs and not _nameable(iri):
            raise QueryRejected(
                "this release has no such graph, and nothing is fetched or read",
                where="default-graph-uri" if iri in default_graphs else "named-graph-uri",
                hint="list the graphs with SELECT DISTINCT ?g { GRAPH ?g {} }",
                status=403,
            )
    if not default_graphs and not named_graphs:
        return check(query, graphs, services, settings=settings)
    checked = check(query, None, services, settings=settings)
    return replace(checked, default_graphs=tuple(default_graphs), named_graphs=tuple(named_graphs))


def _nameable(iri: str) -> bool:
    """Whether an IRI could name a graph that this release does not have: absolute, ``http(s)``, well-formed."""
    if not iri.startswith(("http:", "https:")):
        return False
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True
