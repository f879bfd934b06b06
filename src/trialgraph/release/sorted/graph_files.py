"""Files of one large named graph, written of its lines: N-Triples, and of these RDF/XML and JSON-LD.

Turtle has none: that of a graph is a block of ``trialgraph.trig``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from trialgraph.rdf.formats import JSON_LD, N_TRIPLES, RDF_XML, GraphFormat
from trialgraph.release.sorted.exports import write_graph
from trialgraph.release.sorted.output import HashedFile

__all__ = ["GRAPH_FILE", "graph_file_name", "write_graph_files"]

#: With what the names of such files begin.
GRAPH_FILE: Final = "graph-"
_AT_ONCE: Final = 1 << 20


def graph_file_name(graph: str, form: GraphFormat) -> str:
    """The name of the file of a graph in a format.

    :param graph: its IRI
    """
    return f"{GRAPH_FILE}{graph.rpartition('/graph/')[2]}.{form.suffix}"


def write_graph_files(graph: str, lines: Path, folder: Path, prefixes: Mapping[str, str]) -> list[HashedFile]:
    """Write a graph by itself.

    :param graph: its IRI
    :param lines: its N-Quads, what is stated of a subject together
    :param folder: where the files go
    :param prefixes: those of which a term occurs
    :raises OSError: the disk is full …
    """
    triples = HashedFile(folder / graph_file_name(graph, N_TRIPLES))
    end = len(f" <{graph}> .\n".encode())
    with triples, lines.open("rb") as quads:
        while some := quads.readlines(_AT_ONCE):
            triples.write(b"".join(line[:-end] + b" .\n" for line in some))
    others = [(form, folder / graph_file_name(graph, form)) for form in (RDF_XML, JSON_LD)]
    return [triples, *write_graph(triples.path, others, prefixes)]
