"""The graph of a release as a read-only store of the query engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store

from trialgraph.base.errors import ReleaseError

if TYPE_CHECKING:  # a worker opens a store without the machinery that builds releases
    from trialgraph.release.open import Release

__all__ = ["merged", "open_folder", "open_store"]

#: The files that the store is made from, in the release's folder.
MASTERS: Final = ("dataset.nq", "meta.nq")


def open_store(release: Release) -> Store:
    """The release's graph, opened for reading; see :func:`open_folder`."""
    return open_folder(release.path)


def open_folder(folder: Path) -> Store:
    """The graph in a release's folder: named graphs, and their merge as default graph. For reading only.

    The folder ``store/`` is a cache. Where it is missing or does not open (another version of the engine),
    the graph is read from the master N-Quads into memory instead.

    :raises ReleaseError: neither the cache nor the master can be read
    """
    cache = folder / "store"
    if cache.is_dir():
        try:
            return Store.read_only(str(cache))
        except (OSError, RuntimeError, ValueError):
            pass  # the master below is the truth
    return _from_master(folder)


def _from_master(folder: Path) -> Store:
    """The graph read from the master N-Quads, in memory."""
    store = Store()
    try:
        for name in MASTERS:
            store.bulk_load(path=str(folder / name), format=RdfFormat.N_QUADS)
    except (OSError, SyntaxError, ValueError) as error:
        # Only the file's name: this message may reach a client of the endpoint.
        raise ReleaseError(
            f"{name} cannot be read", where=folder.name, hint="make the release again with: trialgraph build"
        ) from error
    store.bulk_extend([Quad(q.subject, q.predicate, q.object) for q in store])
    return store


def merged(store: Store, default: tuple[str, ...], named: tuple[str, ...]) -> Store:
    """A store in memory whose default graph is the merge of some graphs, each triple once.

    The engine's own union of several graphs counts a triple that stands in two of them twice.

    :param default: IRIs of the graphs to merge
    :param named: IRIs of the graphs to carry over as named graphs
    """
    scratch = Store()
    for iri in default:
        quads = store.quads_for_pattern(None, None, None, NamedNode(iri))
        scratch.bulk_extend(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads)
    for iri in named:
        scratch.bulk_extend(store.quads_for_pattern(None, None, None, NamedNode(iri)))
    return scratch
