"""A release, or one graph of it, as a stream of bytes in one of six formats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import RdfFormat, parse

from trialgraph.base.errors import ReleaseError, UsageError
from trialgraph.rdf.formats import GraphFormat, export_format
from trialgraph.rdf.serialise import serialised
from trialgraph.release.open import Release

__all__ = ["export"]

_CHUNK: Final = 1 << 16


def export(release: Release, format: str, graph: str | None = None) -> Iterator[bytes]:  # noqa: A002 - as in -f
    """The whole release (a file of it, streamed), or one of its graphs.

    The whole is the dataset in ``trig`` and ``nquads``, and the merge of its graphs in the other formats. One
    graph keeps its name in ``trig`` and ``nquads``.

    :param format: ``turtle``, ``trig``, ``nquads``, ``ntriples``, ``jsonld`` or ``rdfxml``
    :param graph: a graph's name (``meta``, a source's slug) or its IRI
    :raises UsageError: there is no such format or graph; raised here, before the first bytes are asked for
    :raises ReleaseError: a file of the release cannot be read
    """
    form = export_format(format)
    if graph is None:
        return _streamed(release, f"trialgraph.{form.suffix}")
    return _one_graph(release, form, _known(release, graph))


def _known(release: Release, graph: str) -> str:
    names = release.manifest["counts"]["graphs"]
    name = graph.rpartition("/graph/")[2]
    if name not in names:
        raise UsageError(f"there is no graph {graph!r}", hint=f"use one of {', '.join(sorted(names))}")
    return name


def _streamed(release: Release, name: str) -> Iterator[bytes]:
    path = release.file(name)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise ReleaseError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _one_graph(release: Release, form: GraphFormat, name: str) -> Iterator[bytes]:
    path = release.file("meta.nq" if name == "meta" else "dataset.nq")
    # By its end: the release may have been built under another base than that of today's setting.
    ending = f"/graph/{name}> ."
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            lines = "".join(line for line in file if line.rstrip("\n").endswith(ending))
        quads = set(parse(lines, format=RdfFormat.N_QUADS))
    except (OSError, SyntaxError) as error:
        raise ReleaseError(f"cannot be read: {error}", where=str(path)) from error
    yield serialised(quads, form)
