"""Writing a release: one immutable, checksummed build of the graph in a content-addressed folder.

``releases/<hash>/`` holds the master ``dataset.nq`` (all graphs but ``meta``; its SHA-256 is the hash), ``meta.nq``,
the exports, the core, ``trials.csv``, ``trials-all.csv``, the search index, the store and ``manifest.json``;
``releases/current`` is a link to the release that is served. A release is written aside and renamed: whenever a build
is killed, ``current`` leads to a whole release. All files but the manifest, the store and the search index have the
same bytes on any machine; those of the index depend on the version of SQLite only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Quad, RdfFormat, Store, parse

from trialgraph.base.errors import Refused, ReleaseError
from trialgraph.base.settings import Settings
from trialgraph.extract.sources import Source
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.checks import check_description
from trialgraph.rdf import iris
from trialgraph.rdf.formats import EXPORT_FORMATS, N_QUADS, TURTLE
from trialgraph.rdf.prefixes import prefix_map
from trialgraph.rdf.serialise import Ordered, canonical, every_format, not_xml, serialised
from trialgraph.release.core import core_quads
from trialgraph.release.manifest import MANIFEST
from trialgraph.release.manifest_content import counted, counted_with, manifest_of
from trialgraph.release.open import Release, damaged, open_release
from trialgraph.release.publish import building, published, write
from trialgraph.release.search.search_file import SEARCH_FILE, search_file
from trialgraph.release.store_check import STORE, checksums, file_fault

__all__ = ["ALL_COLUMNS", "Describe", "write_release"]

#: The table of reports with every column of ``trialgraph trials --columns all``.
ALL_COLUMNS: Final = "trials-all.csv"

#: What makes the graph ``meta`` from the hash, the counts of the other graphs and the files that do not hold it.
Describe = Callable[[str, Mapping[str, Any], Mapping[str, bytes]], Iterable[Quad]]


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
    """Write a release and make it the current one.

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
    home = Path(releases if releases is not None else settings.releases)
    graph = canonical(quads)
    tables = {"trials.csv": trials_csv} | ({ALL_COLUMNS: all_columns_csv} if all_columns_csv else {})
    found = [*findings, *(_not_xml(quad) for quad in not_xml(graph))]
    try:
        with building(home) as folder:
            manifest = _filled(folder, graph, describe, read, tables, found, inputs_digest)
            write(folder / MANIFEST, _json(manifest))
            final = published(home, folder, manifest["hash"], same=lambda old: _same(old, manifest, settings))
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or error
        raise ReleaseError(
            f"the release cannot be written: {why}",
            where=str(home),
            hint="make room or build elsewhere with -o",
        ) from error
    return open_release(final, settings)


def _filled(
    folder: Path,
    graph: set[Quad],
    describe: Describe,
    read: Sequence[Source],
    tables: Mapping[str, str],
    findings: Sequence[CheckResult],
    inputs_digest: str,
) -> dict[str, Any]:
    """Write the files and the store; what the manifest is to state of them."""
    ordered = Ordered(graph)
    master = ordered.nquads
    digest = hashlib.sha256(master).hexdigest()
    files = {
        "dataset.nq": master,
        **{name: text.encode("utf-8") for name, text in tables.items()},
        "trialgraph-core.ttl": serialised(core_quads(graph, iris.base(), digest), TURTLE),
        "prefixes.json": (json.dumps(prefix_map(), indent=1) + "\n").encode("utf-8"),
    }
    counts = counted(graph, len(ordered.triples), findings)
    meta = set(describe(digest, counts, files))
    if lacking := [f.line() for f in check_description(meta) if f.severity == "violation"]:
        raise Refused(lacking)
    whole = graph | meta
    ordered = Ordered(meta, ordered)
    files["meta.nq"] = serialised(meta, N_QUADS)
    files[SEARCH_FILE] = search_file(graph)
    files |= {
        f"trialgraph.{EXPORT_FORMATS[name].suffix}": made for name, made in every_format(ordered).items()
    }
    for name, content in files.items():
        write(folder / name, content)
    _fill_store(folder / STORE, files)
    counts = counted_with(counts, len(ordered.triples), meta)
    manifest = manifest_of(digest, whole, counts, files, read, findings, inputs_digest)
    return manifest | {STORE: checksums(folder / STORE)}


def _fill_store(folder: Path, files: Mapping[str, bytes]) -> None:
    store = Store(str(folder))
    # Parsed first: the engine's own loader would give the blank nodes of each file other names.
    store.bulk_extend(parse(files["trialgraph.nq"], format=RdfFormat.N_QUADS))
    store.bulk_extend(parse(files["trialgraph.nt"], format=RdfFormat.N_TRIPLES))
    store.optimize()
    store.flush()


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
    # The engine writes other bytes each time, so each store has checksums of its own.
    expected = json.loads(_json({**manifest, STORE: release.manifest.get(STORE)}))
    whole = not damaged(release) and not file_fault(release.path / STORE, release.manifest)
    return whole and STORE in release.manifest and release.manifest == expected


def _json(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
