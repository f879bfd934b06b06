"""Answers that the release has as files: whole graphs, and saved queries with their default values."""

from __future__ import annotations

import threading
from collections.abc import Collection
from typing import Final

from trialgraph.base.errors import QueryRejected
from trialgraph.query.answer import Answer
from trialgraph.query.guard import Checked
from trialgraph.query.guard.normal_form import normal_form
from trialgraph.query.guard.whole_graph import DEFAULT_GRAPH, whole_graph
from trialgraph.rdf.formats import N3, TRIG, TURTLE
from trialgraph.release.answers.open import PreparedAnswers
from trialgraph.release.files.graph_files import graph_blocks, graph_file, merge_file
from trialgraph.release.files.stored_file import PIECE, StoredFile
from trialgraph.release.open import Release

__all__ = ["FileAnswer", "StoredAnswers"]

#: Formats of which the Turtle of a graph is a document.
_AS_TURTLE: Final = frozenset({TURTLE.name, TRIG.name, N3.name})


class StoredAnswers:
    """The files of a release that are answers. Use from any thread.

    :param graphs: IRIs of its named graphs
    :param most: the bytes that an answer may have; a whole graph may have any number, as it is a file to download
    """

    def __init__(self, release: Release, graphs: Collection[str], most: int) -> None:
        self._release, self._graphs, self._most = release, graphs, most
        self.prepared = PreparedAnswers.of(release)
        self._slugs = {normal_form(text): slug for slug, text in self.prepared.texts.items()}
        #: By the number of terminals, most queries are told from these before theirs are looked at.
        self._terminals = {number for number, _ in self._slugs}
        self._blocks: dict[str, StoredFile] | None = None
        self._lock = threading.Lock()

    def find(self, checked: Checked, format_name: str) -> StoredFile | None:
        """The answer to a query in a format as a file, which takes no worker and no place in a queue; None: no file."""
        graph = self.graph(checked)
        return self.answer(checked, format_name) if graph is None else self.graph_file(graph, format_name)

    def graph(self, checked: Checked) -> str | None:
        """The graph of which a query asks for all triples (:func:`~trialgraph.query.guard.whole_graph.whole_graph`)."""
        return None if checked.services else whole_graph(checked, self._graphs)

    def graph_file(self, graph: str, format_name: str) -> StoredFile | None:
        """All triples of a graph in a format; None where the release has no file of them.

        :param graph: the IRI of a named graph; empty: the merge of all
        """
        if graph == DEFAULT_GRAPH:
            return merge_file(self._release, format_name)
        if format_name not in _AS_TURTLE:
            return graph_file(self._release, graph, format_name)
        with self._lock:
            if self._blocks is None:
                self._blocks = graph_blocks(self._release)
        found = self._blocks.get(graph)
        return found if found and found.path.is_file() else None

    def answer(self, checked: Checked, format_name: str) -> StoredFile | None:
        """The prepared answer to a query in a format; None where there is none, or it is longer than answers may be."""
        dataset = checked.default_graphs or checked.named_graphs
        if checked.terminals not in self._terminals or checked.volatile or checked.services or dataset:
            return None
        try:
            slug = self._slugs.get(normal_form(checked.text))
        except QueryRejected:
            return None
        found = self.prepared.find(slug, format_name) if slug else None
        return found if found and found.size <= self._most else None


class FileAnswer(Answer):
    """An answer that is read from a file.

    :param most: the bytes after which it ends; 0: it has no limit
    :raises OSError: the file cannot be read
    """

    def __init__(self, stored: StoredFile, most: int) -> None:
        self._file = stored.opened()
        self._left, self._most = stored.size, most
        self._first = None
        self._done = False

    def __next__(self) -> bytes:
        wanted = min(PIECE, self._most) if self._most else PIECE
        piece = b"" if self._done else self._file.read(wanted) or b""
        self._left -= len(piece)
        if self._most:
            self._most -= len(piece)
            self.cut = not self._most and self._left > 0
        if self.cut or not piece or not self._left:
            self._done = True
        if not piece:
            raise StopIteration
        return piece

    def close(self) -> None:
        """Close the file."""
        self._file.close()
