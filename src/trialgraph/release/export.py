"""A release, its core, one graph of it or some trials, as a stream of bytes in any format of the table of formats.

What is not a file of the release is made on request, from its sorted lines or its store, and never held as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from trialgraph.base.errors import ReleaseError, UsageError
from trialgraph.rdf import iris
from trialgraph.rdf.formats import (
    GRAPHML,
    KGX,
    RO_CRATE,
    SSSOM_SETS,
    TABLES,
    FileFormat,
    GraphFormat,
    export_format,
)
from trialgraph.release.bridge import bridge_triples
from trialgraph.release.core import core_quads
from trialgraph.release.exports.archive import in_pieces
from trialgraph.release.exports.data_package import data_package
from trialgraph.release.exports.description import described
from trialgraph.release.exports.facts import Facts
from trialgraph.release.exports.graphml import graphml
from trialgraph.release.exports.kgx import kgx
from trialgraph.release.exports.lines import as_line, lines_of, written
from trialgraph.release.exports.ro_crate import ro_crate
from trialgraph.release.exports.sssom_sets import sssom_sets
from trialgraph.release.exports.subset import Subset, chosen_trials, subset_header
from trialgraph.release.open import Release

__all__ = ["export"]

_MASTER: Final = "dataset.nq"
_CORE: Final = "trialgraph-core.ttl"


@dataclass(frozen=True, slots=True)
class _Choice:
    """Some trials of a release: all where ``only`` is empty."""

    facts: Facts
    trials: list[NamedNode]
    only: Sequence[str]


def export(
    release: Release,
    format: str,  # noqa: A002 - as in -f
    graph: str | None = None,
    *,
    core: bool = False,
    bridge: bool = False,
    only: Sequence[str] = (),
) -> Iterator[bytes]:
    """The whole release, its core, one of its graphs, or of each of these what some trials have.

    The whole is the dataset in ``trig`` and ``nquads``, and the merge of its graphs in the other formats of RDF. One
    graph keeps its name in ``trig`` and ``nquads``; the core has none.

    :param format: a format of RDF, or one of :data:`trialgraph.rdf.formats.FILE_FORMATS` that are made of a graph
    :param graph: a graph's name (``meta``, a source's slug) or its IRI
    :param core: the core alone (:mod:`trialgraph.release.core`)
    :param bridge: with the bridge to classes of others, and the types that follow from it
    :param only: conditions (:func:`trialgraph.release.exports.subset.chosen_trials`); trials that fit any of them
    :raises UsageError: there is no such format, graph or condition, or options exclude each other; raised here,
        before the first bytes are asked for
    :raises NothingChosen: no trial fits a condition
    :raises ReleaseError: a file of the release cannot be read
    :raises InputError: the bridge of the installation cannot be read
    """
    form = export_format(format)
    if graph is not None and (core or bridge):
        raise UsageError("one graph has no core and no bridge", hint="leave out the graph")
    if isinstance(form, FileFormat):
        if graph is not None or core or bridge:
            raise UsageError(f"{form.title} has no graph, no core and no bridge", hint="leave them out")
        return _MADE[form.name](release, _choice(release, only))
    name = None if graph is None else _known(release, graph)
    choice = _choice(release, only) if only else None
    if not (name or core or bridge or choice):
        return in_pieces_of(release, f"trialgraph.{form.suffix}")
    return _lines(release, form, name, choice, core=core, bridge=bridge)


def in_pieces_of(release: Release, name: str) -> Iterator[bytes]:
    """A file of the release.

    :raises ReleaseError: it cannot be read
    """
    path = release.file(name)
    try:
        yield from in_pieces(path)
    except OSError as error:
        raise ReleaseError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _choice(release: Release, only: Sequence[str]) -> _Choice:
    facts = Facts(release)
    return _Choice(facts, chosen_trials(facts, only), only)


def _lines(
    release: Release,
    form: GraphFormat,
    graph: str | None,
    choice: _Choice | None,
    *,
    core: bool,
    bridge: bool,
) -> Iterator[bytes]:
    if core:
        lines: Iterable[str] = _core_lines(release)
    elif graph is not None:
        lines = _graph_lines(release, graph)
    else:
        lines = lines_of(release.file(_MASTER if choice else "trialgraph.nq"))
    if choice is not None and graph != "meta":
        subset = Subset(choice.facts, choice.trials, lines_of(release.file(_MASTER)))
        lines = filter(subset.holds, lines)
        if graph is None:
            lines = merge(lines, _header(release, choice.only, core=core))
    if bridge:
        lines = merge(lines, _bridge_lines(release, core=core))
    return written(lines, form, named=not core)


def _core_lines(release: Release) -> Iterator[str]:
    """The triples of the core, in order: its file is sorted. A release of an older version has no such file."""
    if _CORE not in release.manifest["files"]:
        quads = set(_parsed(release, _MASTER))
        return iter(sorted(map(as_line, core_quads(quads, _base(release), release.hash))))
    path = release.file(_CORE)
    found = parse(path=str(path), format=RdfFormat.TURTLE)
    return (as_line(quad.triple) for quad in _checked(found, str(path)))


def _graph_lines(release: Release, name: str) -> Iterator[str]:
    path = release.file("meta.nq" if name == "meta" else _MASTER)
    # By its end: the release may have been built under another base than that of today's setting.
    ending = f"/graph/{name}> .\n"
    return (line for line in lines_of(path) if line.endswith(ending))


def _header(release: Release, only: Sequence[str], *, core: bool) -> list[str]:
    made = subset_header(only, _parsed(release, "meta.nq"))
    if core:
        return sorted(map(as_line, made))
    graph = iris.graph("meta")
    return sorted(as_line(Quad(t.subject, t.predicate, t.object, graph)) for t in made)


def _bridge_lines(release: Release, *, core: bool) -> list[str]:
    triples: Iterable[Triple] = (quad.triple for quad in _parsed(release, "trialgraph.nq"))
    if core:
        path = str(release.file(_CORE))
        triples = (quad.triple for quad in _checked(parse(path=path, format=RdfFormat.TURTLE), path))
    made = bridge_triples(triples)
    if core:
        return sorted(map(as_line, made))
    graph = NamedNode(f"{_base(release)}graph/bridge")
    return sorted(as_line(Quad(t.subject, t.predicate, t.object, graph)) for t in made)


def _parsed(release: Release, name: str) -> Iterator[Quad]:
    path = release.file(name)
    try:
        found = parse(path=str(path), format=RdfFormat.N_QUADS)
    except OSError as error:
        raise ReleaseError(f"cannot be read: {error}", where=str(path)) from error
    yield from _checked(found, str(path))


def _checked(quads: Iterable[Quad], where: str) -> Iterator[Quad]:
    try:
        yield from quads
    except (OSError, SyntaxError) as error:
        raise ReleaseError(f"cannot be read: {error}", where=where) from error


def _base(release: Release) -> str:
    """The base of a release, which may have been built under another one than that of today's setting."""
    for quad in _parsed(release, _MASTER):
        if isinstance(quad.graph_name, NamedNode):
            return quad.graph_name.value.rpartition("graph/")[0]
    return iris.base()


def _known(release: Release, graph: str) -> str:
    names = release.manifest["counts"]["graphs"]
    name = graph.rpartition("/graph/")[2]
    if name not in names:
        raise UsageError(f"there is no graph {graph!r}", hint=f"use one of {', '.join(sorted(names))}")
    return str(name)


def _as_graphml(release: Release, choice: _Choice) -> Iterator[bytes]:
    return graphml(choice.facts, choice.trials, release.hash, " | ".join(choice.only))


def _as_tables(release: Release, choice: _Choice) -> Iterator[bytes]:
    return data_package(choice.facts, choice.trials, described(release, choice.facts))


def _as_sssom(release: Release, choice: _Choice) -> Iterator[bytes]:
    _only_whole(choice, "the mappings are those of all trials")
    return sssom_sets(choice.facts, described(release, choice.facts))


def _only_whole(choice: _Choice, why: str) -> None:
    if choice.only:
        raise UsageError(why, hint="leave out --only, or take another format")


def _as_crate(release: Release, choice: _Choice) -> Iterator[bytes]:
    _only_whole(choice, "an RO-Crate is a whole release")
    return ro_crate(release, choice.facts, described(release, choice.facts))


#: What makes each file that is not RDF, by the name of its format.
_MADE: Final[Mapping[str, Callable[[Release, _Choice], Iterator[bytes]]]] = {
    KGX.name: lambda _, choice: kgx(choice.facts, choice.trials),
    GRAPHML.name: _as_graphml,
    TABLES.name: _as_tables,
    SSSOM_SETS.name: _as_sssom,
    RO_CRATE.name: _as_crate,
}
