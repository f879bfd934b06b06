"""The build pipeline, from sources to a release, on one page: the table of contents of the package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, Store

from trialgraph.base.errors import InputError, Refused
from trialgraph.base.settings import Settings
from trialgraph.extract.ambiguity import resolved
from trialgraph.extract.comparisons.side_by_side import SideBySide, side_by_side
from trialgraph.extract.conflicts import find_conflicts
from trialgraph.extract.curation import read_curation
from trialgraph.extract.decisions import settle
from trialgraph.extract.reports import read_report
from trialgraph.extract.sources import Source, default_sources, read_source
from trialgraph.extract.tables import read_rows, recognised
from trialgraph.extract.text.legend import read_legend
from trialgraph.extract.trials_table import csv_text
from trialgraph.graph.check_result import CheckResult, causes_first
from trialgraph.graph.checks import check_quads, located
from trialgraph.graph.comparisons import comparison_quads
from trialgraph.graph.description import describer
from trialgraph.graph.external_terms import external_terms
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.mapping_checks import mapping_findings
from trialgraph.graph.quads import quads
from trialgraph.graph.reading_checks import check_reading
from trialgraph.graph.term_checks import term_findings
from trialgraph.model.report import Report
from trialgraph.model.table import Table
from trialgraph.rdf.iris import use_base
from trialgraph.rdf.merged_store import merged_store
from trialgraph.release.graphs import indexed_quads, ontology_quads
from trialgraph.release.inputs import current_release, digest_of_inputs
from trialgraph.release.manifest_content import engines
from trialgraph.release.open import Release
from trialgraph.release.write import write_release
from trialgraph.terminology.lexicon import lexicon

__all__ = ["Read", "build", "read_all"]

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Read:
    """A source, its table, and the reports that were read from it."""

    source: Source
    table: Table
    reports: tuple[Report, ...]

    @property
    def findings(self) -> tuple[CheckResult, ...]:
        """What needs manual review (:mod:`trialgraph.graph.reading_checks`)."""
        return tuple(check_reading(self.source, self.table, self.reports))


def read_all(
    paths: Sequence[str | Path] = (),
    progress: Progress = lambda _: None,
    settings: Settings | None = None,
    *,
    kind: str = "",
    table: str | None = None,
) -> tuple[Read, ...]:
    """Read sources; by default all seeds.

    :param settings: the limits; None: those of the environment
    :param kind: what kind of file each is; empty: as its ``source.toml`` says, or as its content shows
    :param table: which table of a file, by its number or words of its caption; None: as ``source.toml`` says, or the
        one that looks like a table of trials
    :raises InputError: a source cannot be read at all, or two have the same slug
    """
    settings = settings or Settings.load()
    made: dict[str, Read] = {}
    for path in paths or default_sources():
        source = recognised(read_source(path, settings, kind=kind, table=table), settings)
        progress(f"reading {source.slug}")
        if source.slug in made:
            raise InputError(f"two sources are called {source.slug}", where=str(path), hint="rename one")
        found = read_rows(source, settings)
        legend = read_legend(source.text, found.non_cell_text)
        reports = find_conflicts([resolved(read_report(row), legend) for row in found.rows])
        reports = settle(reports, read_curation(source, settings), str(source.path.parent / "curation.tsv"))
        made[source.slug] = Read(source, found, reports)
    return tuple(made.values())


def build(
    paths: Sequence[str | Path] = (),
    *,
    releases: Path | None = None,
    progress: Progress = lambda _: None,
    settings: Settings | None = None,
    if_changed: bool = False,
) -> tuple[Release, tuple[CheckResult, ...]]:
    """Build a release and make it the current one; also returns what needs manual review.

    :param releases: the folder of releases; None: the setting
    :param if_changed: return the current release where nothing that shapes it has changed since it was built
    :param settings: the limits, and the base of the IRIs; None: those of the environment
    :raises InputError: a source cannot be read, or this process has minted IRIs under another base
    :raises Refused: the graph has violations; nothing is written
    :raises ReleaseError: the release cannot be written
    """
    settings = settings or Settings.load()
    use_base(settings.base_iri)
    # Taken before anything is read: what changes during the build is built the next time.
    digest = digest_of_inputs(paths or default_sources(), engines(), settings)
    if if_changed and (current := current_release(digest, releases, settings)):
        return current, tuple(CheckResult(**finding) for finding in current.manifest["findings"])
    read = read_all(paths, progress, settings)
    reports = [r for one in read for r in one.reports]
    progress(f"stating {len(reports)} reports")
    sources = [one.source for one in read]
    beside = side_by_side(reports, sources)
    tables = [one.table for one in read]
    stated = quads(reports, sources, lexicon(), tables) | comparison_quads(beside) | ontology_quads()
    stated |= indexed_quads(stated)
    stated |= inferred_quads(stated)
    progress("checking")
    store = merged_store(stated)
    findings = _checked(read, beside, stated, store, settings)
    progress("writing")
    release = write_release(
        stated,
        describe=describer(stated, sources, settings, store),
        releases=releases,
        settings=settings,
        read=sources,
        trials_csv=csv_text(reports),
        all_columns_csv=csv_text(reports, ["all"]),
        findings=findings,
        inputs_digest=digest,
    )
    return release, findings


def _checked(
    read: Sequence[Read], beside: SideBySide, stated: frozenset[Quad], store: Store, settings: Settings
) -> tuple[CheckResult, ...]:
    """All findings.

    :raises Refused: some are violations
    """
    sources = [one.source for one in read]
    findings = (
        *(f for one in read for f in one.findings),
        *(CheckResult("info", focus, message) for focus, message in beside.remarks),
        *check_quads(stated, sources, store=store, settings=settings),
        *located(term_findings(lexicon(), stated), stated, sources),
        *mapping_findings(lexicon(), external_terms(stated)),
    )
    if violations := [f.line() for f in causes_first(findings) if f.severity == "violation"]:
        raise Refused(violations)
    return findings
