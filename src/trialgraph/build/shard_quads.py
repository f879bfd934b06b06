"""One shard: its reports to quads, the quads checked, and written as a sorted run."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import Path

from pyoxigraph import Quad, Store

from trialgraph.base.settings import Settings
from trialgraph.build.record_findings import record_findings
from trialgraph.build.records import records_of
from trialgraph.build.reference import ReferencePart
from trialgraph.build.report_tables import Rows, record_rows
from trialgraph.build.shard_records import shard_records
from trialgraph.build.shards import Shard
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.checks import check_statements, located
from trialgraph.graph.comparisons import comparison_quads, record_comparison_quads
from trialgraph.graph.inferred import inferred_quads
from trialgraph.graph.quads import shard_quads
from trialgraph.graph.records.changes import change_quads, later_quads
from trialgraph.graph.term_checks import term_findings_of
from trialgraph.model.nodes import Nodes
from trialgraph.model.record import RecordReport
from trialgraph.rdf import iris
from trialgraph.rdf.lines import sorted_lines
from trialgraph.rdf.statements import statements
from trialgraph.release.graphs import indexed_quads
from trialgraph.release.sorted.runs import write_run
from trialgraph.terminology.lexicon import lexicon

__all__ = ["StatedShard", "state"]


@dataclass(frozen=True, slots=True)
class StatedShard:
    """What became of a shard.

    :param run: the sorted file of its quads, without those of the reference part
    :param checked: findings of the checks of the graph
    :param terms: findings on terms of other ontologies
    :param indexed: the quads of terms that the module lacks, as N-Quads
    :param shared: what is said of nodes that other shards may describe, too: subject -> digest of its lines
    :param rows: lines of its records in the tables of reports
    :param unknown: fields and words of its records that no mapping file knows, with how often
    """

    number: int
    run: Path
    checked: tuple[CheckResult, ...]
    terms: tuple[CheckResult, ...]
    indexed: bytes
    shared: dict[bytes, bytes]
    rows: tuple[Rows, ...] = ()
    unknown: Counter[str] = field(default_factory=Counter)


def state(shard: Shard, reference: ReferencePart, folder: Path, settings: Settings) -> StatedShard:
    """State a shard, check it together with the reference part, and write its run.

    :param folder: where the run goes
    :raises InputError: the shapes of this installation cannot be read
    :raises OSError: the disk is full …
    """
    beside = shard_records(shard, tuple(records_of(shard)))
    records = beside.records
    nodes = (
        *(Nodes(report, shard.contested, shard.names[report.key]) for report in shard.reports),
        *(Nodes(one.report, shard.contested, _name(one.report)) for one in records),
    )
    later = later_quads(beside.later)
    own = shard_quads(nodes, shard.sources, shard.tables, reference.asked, later)
    own |= comparison_quads(shard.beside, nodes) | later
    own |= record_comparison_quads(beside.comparisons, nodes) | change_quads(beside.changes)
    indexed = indexed_quads(own, reference.labelled)
    own |= indexed
    own |= inferred_quads(chain(own, reference.asked))
    lines = [line for line in sorted_lines(own) if line not in reference.lines]
    checked, terms = _checked(shard, own, lines, reference, settings)
    remarks = (CheckResult("info", where, what) for where, what in beside.remarks)
    checked = (*checked, *remarks, *chain.from_iterable(map(record_findings, records)))
    run = folder / f"{shard.number:06}.run"
    write_run(lines, run)
    shared = dict(_shared(lines, shard))
    return StatedShard(
        shard.number,
        run,
        checked,
        terms,
        b"".join(sorted_lines(indexed)),
        shared,
        tuple(record_rows(one.place, one.report) for one in records),
        sum((Counter(dict(one.report.unknown)) for one in records), Counter[str]()),
    )


def _name(report: RecordReport) -> str:
    """What the trial of a record is called: by its number."""
    return report.trial_key if report.registration else report.label


def _checked(
    shard: Shard, own: set[Quad], lines: Sequence[bytes], reference: ReferencePart, settings: Settings
) -> tuple[tuple[CheckResult, ...], tuple[CheckResult, ...]]:
    """What the checks of the graph find, and those of the terms of other ontologies."""
    store = Store()
    store.bulk_extend(reference.quads)
    store.bulk_extend(own)
    stated = [*reference.stated, *statements(lines, dict(reference.terms))]
    found = set(check_statements(store, stated, shard.sources, settings))
    terms = term_findings_of(lexicon(), stated)
    checked = located(found, chain(own, reference.quads), shard.sources)
    return tuple(sorted(set(checked))), tuple(located(terms, chain(own, reference.quads), shard.sources))


def _shared(lines: Sequence[bytes], shard: Shard) -> Iterator[tuple[bytes, bytes]]:
    """Nodes that belong to no row of the shard's sources."""
    base = iris.base().encode()
    own = {source.slug.encode() for source in shard.sources}
    for subject, held in groupby(lines, key=_subject):
        parts = subject.removeprefix(b"<" + base).split(b"/")
        if not (subject.startswith(b"<" + base) and len(parts) > 2 and parts[1] in own):
            yield subject, _digest(held)


def _subject(line: bytes) -> bytes:
    return line[: line.index(b" ")]


def _digest(lines: Iterable[bytes]) -> bytes:
    return hashlib.sha256(b"".join(lines)).digest()
