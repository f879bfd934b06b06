"""Writing a release: one immutable, checksummed build of the graph in a content-addressed folder.

``releases/<hash>/`` holds the master ``dataset.nq`` (all graphs but ``meta``; its SHA-256 is the hash), ``meta.nq``,
the exports, the core, ``trials.csv``, ``trials-all.csv``, the search index, the lists, the store, the answers of the
saved queries and ``manifest.json``;
``releases/current`` is a link to the release that is served. A release is written aside and renamed: whenever a build
is killed, ``current`` leads to a whole release. All files but the manifest, the store, the search index and the lists
have the same bytes on any machine; those of the index and the lists depend on the version of SQLite only.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from pyoxigraph import NamedNode, Quad, Store

from trialgraph.base.errors import Refused, ReleaseError
from trialgraph.base.settings import Settings
from trialgraph.extract.sources import Source
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.checks import check_description
from trialgraph.questions.saved_queries import SavedQuery
from trialgraph.rdf import iris
from trialgraph.rdf.lines import QuadLines, Statement, sorted_lines
from trialgraph.rdf.prefixes import prefix_map
from trialgraph.rdf.serialise import canonical
from trialgraph.release.answers.open import answers_fault
from trialgraph.release.answers.write import ANSWERS, write_answers
from trialgraph.release.core import OF_TERMS, Core
from trialgraph.release.figures.prepared import FOLDER as FIGURES
from trialgraph.release.figures.prepared import figures_fault, write_figures
from trialgraph.release.lists.examples import found_examples
from trialgraph.release.lists.gathered import gathered as gathered_lists
from trialgraph.release.lists.lists_file import LISTS_FILE, write_lists
from trialgraph.release.lists.queries import select_from
from trialgraph.release.manifest import ALL_COLUMNS, MANIFEST
from trialgraph.release.manifest_content import counted, counted_with, manifest_of
from trialgraph.release.open import Release, damaged, open_release, sha256_of
from trialgraph.release.progress import Progress, Step
from trialgraph.release.publish import building, published, write
from trialgraph.release.search.search_file import SEARCH_FILE, search_file
from trialgraph.release.sorted.core_file import CoreFacts, terms_in, write_core
from trialgraph.release.sorted.exports import (
    dataset_formats,
    graph_formats,
    quads_of,
    write_dataset,
    write_graph,
)
from trialgraph.release.sorted.filled_store import filled_store
from trialgraph.release.sorted.gathered import Gathered, gathered
from trialgraph.release.sorted.graph_files import write_graph_files
from trialgraph.release.sorted.master import Master, Whole, parts_of, write_master, write_whole
from trialgraph.release.sorted.output import HashedFile
from trialgraph.release.sorted.runs import LineFile, merged_lines, write_run
from trialgraph.release.store_check import STORE, checksums, file_fault
from trialgraph.release.store_record import remember

__all__ = ["Contents", "Describe", "Describer", "released", "write_release", "writing"]

#: What makes the graph ``meta`` from the hash, the counts of the other graphs, and size and SHA-256 of the files that
#: do not hold it.
Describe = Callable[[str, Mapping[str, Any], Mapping[str, tuple[int, str]]], Iterable[Quad]]


class Describing(Protocol):
    """What makes it when it has seen each subject of the other graphs."""

    def add(self, subject: bytes, about: list[Statement]) -> None:
        """All that is stated of a subject."""

    def __call__(
        self, digest: str, counts: Mapping[str, Any], files: Mapping[str, tuple[int, str]]
    ) -> Iterable[Quad]:
        """The graph ``meta``."""


#: What makes that from the other graphs.
Describer = Callable[[QuadLines], Describing]


@dataclass(frozen=True, slots=True)
class _Made:
    """A description that has seen the other graphs already."""

    describe: Describe

    def add(self, subject: bytes, about: list[Statement]) -> None:
        """Nothing to see."""

    def __call__(
        self, digest: str, counts: Mapping[str, Any], files: Mapping[str, tuple[int, str]]
    ) -> Iterable[Quad]:
        """The graph ``meta``."""
        return self.describe(digest, counts, files)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a release holds beside its graph.

    :param read: the sources that were read
    :param tables: files of text by name
    :param findings: what the checks found; those of severity ``violation`` are counted
    :param inputs_digest: of all that shapes it, by which the next build knows whether anything has changed
    :param queries: the saved queries whose answers are prepared
    """

    read: Sequence[Source]
    tables: Mapping[str, str]
    findings: Sequence[CheckResult]
    inputs_digest: str
    queries: Sequence[SavedQuery] = ()


def write_release(
    quads: Iterable[Quad],
    *,
    describe: Describe,
    settings: Settings,
    releases: str | Path | None = None,
    read: Sequence[Source] = (),
    trials_csv: str = "",
    all_columns_csv: str = "",
    findings: Sequence[CheckResult] = (),
    inputs_digest: str = "",
) -> Release:
    """Write a release of a graph that is in memory, and make it the current one.

    :param quads: all named graphs but ``meta``; blank nodes are named by RDFC-1.0
    :param describe: makes the graph ``meta``
    :param settings: ``releases``, ``manifest_bytes``
    :param releases: the folder of releases; None: the setting
    :param read: the sources that were read
    :param trials_csv: the table of reports, as text
    :param all_columns_csv: the same with every column; empty: the release has no such file
    :param findings: what the checks found; those of severity ``violation`` are counted
    :param inputs_digest: of all that shapes it, by which the next build knows whether anything has changed
    :raises Refused: the description lacks what a release must say of itself
    :raises ReleaseError: the disk is full, read-only or fails otherwise
    """
    lines = sorted_lines(canonical(quads))
    tables = {"trials.csv": trials_csv} | ({ALL_COLUMNS: all_columns_csv} if all_columns_csv else {})
    contents = Contents(read, tables, findings, inputs_digest)
    home = Path(releases if releases is not None else settings.releases)
    with writing(home) as folder:
        run = folder / "one.run"
        write_run(lines, run)
        return released(home, folder, [run], lambda _: _Made(describe), contents, settings)


@contextmanager
def writing(home: Path) -> Iterator[Path]:
    """A folder in which a release is made: sorted runs first, which :func:`released` makes the release of.

    :param home: the folder of releases
    :raises ReleaseError: the disk is full, read-only or fails otherwise
    """
    try:
        with building(home) as folder:
            yield folder
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or error
        raise ReleaseError(
            f"the release cannot be written: {why}",
            where=str(home),
            hint="make room or build elsewhere with -o",
        ) from error


def released(
    home: Path,
    folder: Path,
    runs: Sequence[Path],
    describer: Describer,
    contents: Contents,
    settings: Settings,
    progress: Progress = lambda _: None,
) -> Release:
    """Make a release of sorted runs, and make it the current one.

    :param folder: of :func:`writing`
    :param runs: of all graphs but ``meta``, in the folder; they are removed
    :raises Refused: the description lacks what a release must say of itself
    :raises OSError: the disk is full, read-only …
    """
    manifest = _Writer(folder, contents, settings, progress).written(runs, describer)
    write(folder / MANIFEST, _json(manifest))
    final = published(home, folder, manifest["hash"], same=lambda old: _same(old, manifest, settings))
    remember(final)  # both ways: what stood there was compared, and what was written has just been read
    return open_release(final, settings)


class _Writer:
    """Writes the files and the store of a release, each in one pass over what is sorted."""

    def __init__(self, folder: Path, contents: Contents, settings: Settings, progress: Progress) -> None:
        self.folder = folder
        self.progress = progress
        self.contents = contents
        self.settings = settings
        self.dataset = folder / "dataset.nq"
        self.files: dict[str, tuple[int, str]] = {}

    def written(self, runs: Sequence[Path], describer: Describer) -> dict[str, Any]:
        """The manifest of what was written."""
        self.progress("merging")
        master = write_master(merged_lines(runs), self.dataset)
        self.files["dataset.nq"] = (self.dataset.stat().st_size, master.digest)
        for run in runs:
            run.unlink()
        for name, text in self.contents.tables.items():
            self._small(name, text.encode("utf-8"))
        self.progress("describing")
        description = describer(LineFile(self.dataset))
        found = self._core(master, description)
        self._small("prefixes.json", (json.dumps(prefix_map(), indent=1) + "\n").encode("utf-8"))
        findings = [*self.contents.findings, *map(_not_xml, found.not_xml)]
        counts = counted(found, master, findings)
        meta = set(description(master.digest, counts, self.files))
        if lacking := [f.line() for f in check_description(meta) if f.severity == "violation"]:
            raise Refused(lacking)
        lines = sorted_lines(meta)
        self._small("meta.nq", b"".join(lines))
        number = len(lines) + sum(master.graphs.values())
        whole = self._formats(number)
        self.progress("writing the search index")
        self._small(SEARCH_FILE, search_file(self.folder / "trialgraph.nt"))
        known = self._write_lists(filled_store(self.folder, number, whole.triples, self.progress))
        counts = counted_with(counts, whole.triples, len(lines))
        inputs = self.contents.inputs_digest
        made = manifest_of(master.digest, found, counts, self.files, self.contents.read, findings, inputs)
        # The store is closed: nothing above keeps it.
        answers = write_answers(self.folder, self.contents.queries, self.settings, self.progress)
        self.progress("drawing the figures")
        figures = write_figures(self.folder, known, self.settings)
        return made | {STORE: checksums(self.folder / STORE), ANSWERS: answers, FIGURES: figures}

    def _write_lists(self, store: Store) -> dict[str, frozenset[str]]:
        """Write the lists of the pages; the values of each facet."""
        self.progress("writing the lists")
        tables = self.contents.tables
        cells = tables.get(ALL_COLUMNS) or tables.get("trials.csv", "")
        path = self.folder / LISTS_FILE
        select = select_from(store)
        lists = replace(gathered_lists(select, cells, self.settings), examples=found_examples(select))
        write_lists(path, lists)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        self.files[LISTS_FILE] = path.stat().st_size, sha256_of(path)
        return {facet: frozenset(values) for facet, values in lists.index.bits.items()}

    def _small(self, name: str, content: bytes) -> None:
        write(self.folder / name, content)
        self.files[name] = len(content), hashlib.sha256(content).hexdigest()

    def _add(self, file: HashedFile) -> None:
        self.files[file.path.name] = file.size, file.digest

    def _core(self, master: Master, description: Describing) -> Gathered:
        """Write the core, and gather what the manifest and the description state on the way."""
        core = Core(terms_in(self.dataset, (iris.graph(name).value for name in OF_TERMS)), iris.base())
        facts = self.folder / "core.facts"
        with CoreFacts(facts) as file:
            found = gathered(LineFile(self.dataset), core, file.add, description.add)
        self._add(write_core(facts, core, master.digest, self.folder / "trialgraph-core.ttl"))
        return found

    def _formats(self, number: int) -> Whole:
        """Write all formats of the whole graph.

        :param number: of its quads
        """
        step = Step(self.progress, "writing N-Quads and N-Triples", "quads", number)
        parts = self.folder / "parts"
        parts.mkdir()
        part = parts_of(parts)
        merged = merged_lines([self.dataset, self.folder / "meta.nq"])
        with (
            HashedFile(self.folder / "trialgraph.nq") as quads,
            HashedFile(self.folder / "trialgraph.nt") as triples,
        ):
            whole = write_whole(merged, quads, triples, part, step.add)
        self._add(quads)
        self._add(triples)
        others = [(form, self.folder / f"trialgraph.{form.suffix}") for form in graph_formats()]
        step = Step(self.progress, "writing the other formats", "triples", whole.triples)
        for made in write_graph(self.folder / "trialgraph.nt", others, whole.prefixes, step.add):
            self._add(made)
        for form in dataset_formats():
            self.progress(f"writing {form.title}")
            stated = quads_of(map(part, whole.graphs))
            self._add(write_dataset(stated, self.folder / f"trialgraph.{form.suffix}", form, whole.prefixes))
        for graph in whole.graphs:
            if part(graph).stat().st_size > self.settings.graph_file_bytes:
                self.progress(f"writing the graph {iris.graph_name(NamedNode(graph))}")
                for made in write_graph_files(graph, part(graph), self.folder, whole.prefixes):
                    self._add(made)
        for done in parts.iterdir():
            done.unlink()
        parts.rmdir()
        return whole


def _not_xml(quad: Quad) -> CheckResult:
    return CheckResult(
        "warning", str(quad.subject), f"{quad.predicate} holds a character that RDF/XML cannot: U+FFFD there"
    )


def _same(old: Path, manifest: Mapping[str, Any], settings: Settings) -> bool:
    """Whether the release in that folder is whole and has this manifest."""
    try:
        release = open_release(old, settings)
    except ReleaseError:
        return False
    # The engine writes other bytes each time, and pictures depend on fonts: they have checksums of their own.
    own = {name: release.manifest.get(name) for name in (STORE, FIGURES)}
    expected = json.loads(_json({**manifest, **own}))
    fault = (
        file_fault(release.path / STORE, release.manifest) or answers_fault(release) or figures_fault(release)
    )
    whole = not damaged(release) and not fault
    return whole and STORE in release.manifest and release.manifest == expected


def _json(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
