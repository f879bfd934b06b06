"""The graph of a release as a read-only store of the query engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store

from trialgraph.base.errors import ReleaseError
from trialgraph.release.manifest import MANIFEST, read_manifest
from trialgraph.release.open import sha256_of
from trialgraph.release.store_check import STORE, count_fault, file_fault, stamp

if TYPE_CHECKING:  # a worker opens a store without the machinery that builds releases
    from trialgraph.release.open import Release

__all__ = ["merged", "open_folder", "open_store", "opened", "verified"]

#: The files that the store is made from, in the release's folder.
MASTERS: Final = ("dataset.nq", "meta.nq")
#: What the engine and the file system raise where a store cannot be read.
ENGINE_ERRORS: Final = (OSError, RuntimeError, ValueError, SyntaxError)


def open_store(release: Release) -> Store:
    """The release's graph, opened for reading; see :func:`open_folder`."""
    return open_folder(release.path)


def open_folder(folder: Path) -> Store:
    """The graph in a release's folder: named graphs, and their merge as default graph. For reading only.

    :raises ReleaseError: neither the store nor the master can be read
    """
    return opened(folder)[0]


def verified(folder: Path) -> str:
    """Compare the store of a release with its manifest: for :func:`opened`; empty where it is not as it was built."""
    try:
        before = stamp(folder / STORE)
        return "" if _fault(folder, Store.read_only(str(folder / STORE))) else before
    except ENGINE_ERRORS:
        return ""


def opened(folder: Path, known: str = "") -> tuple[Store, str]:
    """The graph in a release's folder, and why it does not come from its store; empty where it does.

    The folder ``store/`` is a cache. Where it is missing, does not open (another version of the engine) or is not as it
    was built (:mod:`trialgraph.release.store_check`), the graph is read from the master N-Quads into memory instead.

    :param known: what :func:`verified` gave: a store that has not changed since is not compared again
    :raises ReleaseError: neither the store nor the master can be read, or the master is not as it was built
    """
    cache = folder / STORE
    fault = "it is missing"
    if cache.is_dir():
        try:
            store = Store.read_only(str(cache))
            fault = "" if known and stamp(cache) == known else _fault(folder, store)
        except ENGINE_ERRORS:
            fault = "it does not open"
        else:
            if not fault:
                return store, ""
    return _from_master(folder), fault


def _fault(folder: Path, store: Store) -> str:
    manifest = _manifest(folder)
    return file_fault(folder / STORE, manifest) if STORE in manifest else count_fault(store, manifest)


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release that was opened before, so within the limits; none for a bare folder of a graph."""
    path = folder / MANIFEST
    return read_manifest(folder, path.stat().st_size) if path.exists() else {}


def _from_master(folder: Path) -> Store:
    """The graph read from the master N-Quads, in memory."""
    store = Store()
    name = MASTERS[0]
    try:
        digests = _manifest(folder).get("files", {})
        for name in MASTERS:
            if name in digests and sha256_of(folder / name) != digests[name]:
                raise ValueError(f"{name} is not as it was built")
            store.bulk_load(path=str(folder / name), format=RdfFormat.N_QUADS)
    except ENGINE_ERRORS as error:
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
