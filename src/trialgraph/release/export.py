"""A release, its core, or one graph of it, as a stream of bytes in one of six formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from trialgraph.base.errors import ReleaseError, UsageError
from trialgraph.rdf import iris
from trialgraph.rdf.formats import GraphFormat, export_format
from trialgraph.rdf.serialise import serialised
from trialgraph.release.bridge import bridge_triples
from trialgraph.release.core import core_quads
from trialgraph.release.open import Release

__all__ = ["export"]

_CHUNK: Final = 1 << 16


def export(
    release: Release,
    format: str,  # noqa: A002 - as in -f
    graph: str | None = None,
    *,
    core: bool = False,
    bridge: bool = False,
) -> Iterator[bytes]:
    """The whole release (a file of it, streamed), its core, or one of its graphs.

    The whole is the dataset in ``trig`` and ``nquads``, and the merge of its graphs in the other formats. One
    graph keeps its name in ``trig`` and ``nquads``; the core has none.

    :param format: ``turtle``, ``trig``, ``nquads``, ``ntriples``, ``jsonld`` or ``rdfxml``
    :param graph: a graph's name (``meta``, a source's slug) or its IRI
    :param core: the core alone (:mod:`trialgraph.release.core`)
    :param bridge: with the bridge to classes of others, and the types that follow from it
    :raises UsageError: there is no such format or graph, or a graph is asked for with core or bridge; raised here,
        before the first bytes are asked for
    :raises ReleaseError: a file of the release cannot be read
    :raises InputError: the bridge of the installation cannot be read
    """
    form = export_format(format)
    if graph is not None:
        if core or bridge:
            raise UsageError("one graph has no core and no bridge", hint="leave out the graph")
        return _one_graph(release, form, _known(release, graph))
    if core:
        return _core(release, form, bridge=bridge)
    if bridge:
        return _bridged(release, form)
    return _streamed(release, f"trialgraph.{form.suffix}")


def _core(release: Release, form: GraphFormat, *, bridge: bool) -> Iterator[bytes]:
    quads = _quads(release, "dataset.nq")
    made = core_quads(quads, _base(quads), release.hash)
    if bridge:
        made |= {Quad(*triple) for triple in bridge_triples(quad.triple for quad in made)}
    yield serialised(made, form)


def _bridged(release: Release, form: GraphFormat) -> Iterator[bytes]:
    quads = _quads(release, "trialgraph.nq")
    graph = NamedNode(f"{_base(quads)}graph/bridge")
    made = bridge_triples(quad.triple for quad in quads)
    yield serialised(quads | {Quad(t.subject, t.predicate, t.object, graph) for t in made}, form)


def _quads(release: Release, name: str) -> set[Quad]:
    path = release.file(name)
    try:
        return set(parse(path=str(path), format=RdfFormat.N_QUADS))
    except (OSError, SyntaxError) as error:
        raise ReleaseError(f"cannot be read: {error}", where=str(path)) from error


def _base(quads: Iterable[Quad]) -> str:
    """The base of a release, which may have been built under another one than that of today's setting."""
    names = (quad.graph_name for quad in quads)
    return next((n.value.rpartition("graph/")[0] for n in names if isinstance(n, NamedNode)), iris.base())


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
