"""The process that answers saved queries for a build (``-m trialgraph.release.answers.evaluate FOLDER ANSWERS …``).

:mod:`trialgraph.release.answers.write` starts it, sends a line of JSON for each query, ``{"name", "text"}``, and reads
a line for each: ``{"files": {name: SHA-256}}``, or ``{"fault": why there is no answer}``. A process of its
own, since the engine can neither stop a query nor be kept from taking memory otherwise.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from trialgraph.rdf import iris
from trialgraph.rdf.formats import FORMATS, GRAPH_FORMATS, N_TRIPLES, RESULT_FORMATS, RESULTS_JSON
from trialgraph.rdf.result_writer import write_results
from trialgraph.rdf.wellformed import NotRepresentable, WellFormed

__all__ = ["main"]

_ENGINE_ERRORS: Final = (OSError, RuntimeError, ValueError, SyntaxError)


class _TooLarge(Exception):
    """The file would be larger than it may be."""


class _File:
    """A new file that is hashed while it is written, and of no more than some bytes."""

    def __init__(self, path: Path, most: int, *, xml: bool) -> None:
        self._file = path.open("xb")
        self._repair = WellFormed() if xml else None
        self._hash, self._left = hashlib.sha256(), most

    def write(self, data: bytes) -> int:
        """Write a piece."""
        made = self._repair(bytes(data)) if self._repair else data
        self._left -= len(made)
        if self._left < 0:
            raise _TooLarge
        self._hash.update(made)
        self._file.write(made)
        return len(data)

    def flush(self) -> None:
        """As the engine asks for it."""

    def closed(self) -> str:
        """The SHA-256 of the whole file; one that a crash leaves unfinished is told by it."""
        self._file.close()
        return self._hash.hexdigest()


def _answered(store: Store, answers: Path, name: str, text: str, most: int) -> dict[str, Any]:
    """Write the answer in each format; evaluated once, and read back for all formats but the first.

    Where there is none, no file of it is left.
    """
    try:
        results = store.query(text, base_iri=iris.base())
        graph = not isinstance(results, QuerySolutions | QueryBoolean)
        first = N_TRIPLES.name if graph else RESULTS_JSON.name
        path = answers / f"{name}.{FORMATS[first].suffix}"
        files = {path.name: _written(results, first, path, most)}
        for other in (GRAPH_FORMATS if graph else RESULT_FORMATS).values():
            if other.name != first:
                held = answers / f"{name}.{other.suffix}"
                try:
                    files[held.name] = _written(_read(path, graph=graph), other.name, held, most)
                except NotRepresentable:  # refused on request, too, with the reason
                    held.unlink()
    except _TooLarge:
        fault = "too large"
    except MemoryError:
        fault = "memory"
    except _ENGINE_ERRORS as error:
        if isinstance(error, OSError) and error.errno:
            raise  # a full disk
        fault = "engine"
    else:
        return {"files": files}
    for left in answers.glob(f"{name}.*"):
        left.unlink()
    return {"fault": fault}


def _written(results: Any, form: str, path: Path, most: int) -> str:
    file = _File(path, most, xml=FORMATS[form].is_xml)
    write_results(results, form, cast(IO[bytes], file))
    return file.closed()


def _read(path: Path, *, graph: bool) -> Any:
    if graph:
        return (quad.triple for quad in parse(path=str(path), format=RdfFormat.N_TRIPLES))
    return parse_query_results(path=str(path), format=QueryResultsFormat.JSON)


def main(folder: str, answers: str, base: str, most: str, memory: str) -> None:
    """Answer the queries of standard input, until it ends.

    :param folder: of the store
    :param answers: where the files go
    :param base: base of the IRIs that are minted
    :param most: the bytes that a file may have
    :param memory: the address space that this process may have, in bytes
    """
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    iris.use_base(base)
    store = Store.read_only(folder)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            made = _answered(store, Path(answers), asked["name"], asked["text"], int(most))
        except OSError as error:
            made = {"error": [error.errno, error.strerror]}
        print(json.dumps(made), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
