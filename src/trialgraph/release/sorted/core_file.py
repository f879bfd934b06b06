"""The core as a Turtle file: the facts in a run of their own, merged with the little that is no fact."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from trialgraph.rdf.formats import TURTLE
from trialgraph.rdf.lines import lines_with, sorted_lines
from trialgraph.rdf.vocabulary import PREFIXES
from trialgraph.release.core import Core
from trialgraph.release.sorted.exports import write_graph
from trialgraph.release.sorted.output import HashedFile
from trialgraph.release.sorted.runs import LineFile, merged_lines, write_run

__all__ = ["CoreFacts", "terms_in", "write_core"]

_AT_ONCE = 1 << 13


def terms_in(dataset: Path, graphs: Iterable[str]) -> list[Quad]:
    """The quads of some graphs of a file of N-Quads.

    :param graphs: their IRIs
    """
    ends = tuple(f" <{name}> .\n".encode() for name in graphs)
    lines = (line for line in lines_with(LineFile(dataset), ends) if line.endswith(ends))
    return list(parse(b"".join(lines), format=RdfFormat.N_QUADS))


class CoreFacts:
    """The facts of the core, written as they come; their subjects must come in order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("xb")
        self._held: list[Triple] = []

    def add(self, facts: Iterable[Triple]) -> None:
        """The facts of the next subject."""
        self._held += facts
        if len(self._held) > _AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        text = serialize(self._held, format=RdfFormat.N_TRIPLES)
        # Those of a subject stand in the order of its graphs.
        self._file.writelines(sorted({line + b"\n" for line in (text or b"").split(b"\n") if line}))
        self._held = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._flush()
        finally:
            self._file.close()


def write_core(facts: Path, core: Core, digest: str, path: Path) -> HashedFile:
    """Write the core.

    :param facts: those that :class:`CoreFacts` wrote; the file is removed
    :param core: has noted them
    :param digest: the release's hash
    :raises OSError: the disk is full …
    """
    rest, whole = facts.with_suffix(".rest"), facts.with_suffix(".whole")
    write_run(sorted_lines(Quad(t.subject, t.predicate, t.object) for t in core.rest(digest)), rest)
    unseen = {prefix: f"<{space}".encode() for prefix, space in PREFIXES.items()}
    with whole.open("xb") as file:
        for line in merged_lines([facts, rest]):
            unseen = {prefix: space for prefix, space in unseen.items() if space not in line}
            file.write(line)
    prefixes = {prefix: space for prefix, space in PREFIXES.items() if prefix not in unseen}
    (made,) = write_graph(whole, [(TURTLE, path)], prefixes)
    for done in (facts, rest, whole):
        done.unlink()
    return made
