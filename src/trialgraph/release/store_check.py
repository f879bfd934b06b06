"""Whether the store of a release holds what the build wrote: its files against the checksums of the manifest.

The engine does not notice all damage by itself. With its own list of files cut short, it opens an empty graph and
answers as if that were right; a block with a wrong checksum is an error only where a row is read from it: inside an
expression the error leaves a value unbound, and rows are missing from an answer that looks whole. So all bytes are
compared, once for each server and release; a worker that starts later compares sizes and times of the files with what
was compared then (:func:`stamp`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pyoxigraph import QuerySolutions, Store

from trialgraph.rdf import iris
from trialgraph.release.open import sha256_of

__all__ = ["RECORD", "STORE", "checksums", "count_fault", "file_fault", "stamp", "store_files"]

#: The folder of the store, and the member of the manifest with the checksums of its files.
STORE: Final = "store"
#: The record of what was compared (:mod:`trialgraph.release.store_record`); earlier versions pass over it.
RECORD: Final = "IDENTITY-compared.json"
#: Files that hold nothing of the graph, or that the engine writes anew whenever it opens the store.
NOT_OF_THE_GRAPH: Final = ("LOG", "LOCK", "IDENTITY", "OPTIONS", f".{RECORD}")
#: Files that are read at a time; computing a checksum does not hold Python's lock.
AT_A_TIME: Final = 2

DEFAULT: Final = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
NAMED: Final = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a store that holds something of the graph, by name.

    :param folder: of the store itself
    """
    from concurrent.futures import ThreadPoolExecutor  # a worker does not need it

    paths = store_files(folder)
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        return {path.name: digest for path, digest in zip(paths, threads.map(sha256_of, paths), strict=True)}


def stamp(folder: Path) -> str:
    """A digest of the names, sizes and times of a store's files, by which a later change shows."""
    found = [(path.name, path.stat()) for path in store_files(folder)]
    lines = [f"{name} {about.st_size} {about.st_mtime_ns}" for name, about in found]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def file_fault(folder: Path, manifest: Mapping[str, Any]) -> str:
    """In which way the files of a store are not those of the manifest; empty where they are, or it lists none."""
    listed = manifest.get(STORE)
    if not listed:
        return ""
    if not folder.is_dir():
        return "it is missing"
    found = checksums(folder)
    for name in sorted({*listed, *found}):
        if name not in found:
            return f"its file {name} is missing"
        if listed.get(name) != found[name]:
            return f"its file {name} is not as it was written"
    return ""


def count_fault(store: Store, manifest: Mapping[str, Any]) -> str:
    """In which way the number of triples differs from the manifest's; empty where it does not, or none is stated.

    For releases whose manifest has no checksums of the store: it reads the whole graph.
    """
    counts = manifest.get("counts", {})
    if "triples" in counts and (found := _counted(store, DEFAULT).get("", 0)) != counts["triples"]:
        return f"it holds {found} triples and not {counts['triples']}"
    if "graphs" in counts:
        named = {iris.graph_name(iri): n for iri, n in _counted(store, NAMED).items()}
        for name in sorted({*counts["graphs"], *named}):
            if named.get(name, 0) != counts["graphs"].get(name, 0):
                return f"its graph {name} does not hold the triples that the manifest states"
    return ""


def _counted(store: Store, query: str) -> dict[Any, int]:
    """The number in each row, by the row's first other column, or by an empty text."""
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)  # noqa: S101 - it is a SELECT
    made: dict[Any, int] = {}
    for row in solutions:
        *keys, number = list(row)
        made[keys[0] if keys else ""] = int(number.value)
    return made


def store_files(folder: Path) -> list[Path]:
    """The files of a store that hold something of the graph."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith(NOT_OF_THE_GRAPH))
