"""All shards of a build to sorted runs, in processes, and what their checks find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from trialgraph.base.settings import Settings
from trialgraph.build.processes import Processes, TaskEngine
from trialgraph.build.record_findings import unknown_findings
from trialgraph.build.reference import ReferencePart
from trialgraph.build.report_tables import Rows
from trialgraph.build.shard_quads import StatedShard, state
from trialgraph.build.shards import Shard
from trialgraph.build.shared_nodes import shared_node_findings
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.external_terms import external_terms
from trialgraph.graph.mapping_checks import mapping_findings
from trialgraph.rdf.iris import use_base
from trialgraph.rdf.lines import sorted_lines
from trialgraph.release.progress import Progress, Step
from trialgraph.release.sorted.runs import write_run
from trialgraph.terminology.lexicon import lexicon

__all__ = ["run_shards"]

_SUFFIX: Final = ".run"
_REFERENCE: Final = f"reference{_SUFFIX}"
#: The reference part as each process has it.
_known: dict[Path, ReferencePart] = {}


def run_shards(
    shards: Sequence[Shard],
    reference: frozenset[Quad],
    folder: Path,
    settings: Settings,
    progress: Progress,
    engine: TaskEngine | None = None,
) -> tuple[list[Path], tuple[CheckResult, ...], list[Rows]]:
    """The sorted runs of a build, the reference part among them, all findings of its checks, the lines of its records.

    :param reference: from :func:`trialgraph.build.reference.reference_quads`
    :param folder: where the runs go; a cluster sees it under the same path
    :param engine: what states the shards; None: processes of this machine, as the setting ``jobs`` says
    :raises TrialgraphError: a shard failed; the error names its sources
    :raises OSError: the disk is full …
    """
    run = folder / _REFERENCE
    write_run(sorted_lines(reference), run)
    _known[run] = ReferencePart(reference)
    try:
        work = partial(_state, run, settings)
        prepare = partial(_prepare, run, settings.base_iri)
        made: dict[int, StatedShard] = {}
        step = Step(progress, "checking", "reports", sum(len(shard.reports) for shard in shards))
        for stated in (engine or Processes(settings.jobs)).results(work, shards, prepare):
            made[stated.number] = stated
            if len(shards) > 1:
                step.add(len(shards[stated.number].reports))
    finally:
        del _known[run]
    for left in folder.glob(f".*{_SUFFIX}.*"):  # of processes that were killed while they wrote
        left.unlink(missing_ok=True)
    stated_in_order = [made[number] for number in sorted(made)]
    runs = [run, *(one.run for one in stated_in_order)]
    added = [quad for one in stated_in_order for quad in parse(one.indexed, format=RdfFormat.N_QUADS)]
    checked = {finding for one in stated_in_order for finding in one.checked}
    checked |= set(shared_node_findings(stated_in_order, reference))
    findings = (
        *sorted(checked),
        *sorted({finding for one in stated_in_order for finding in one.terms}),
        *mapping_findings(lexicon(), external_terms([*reference, *added])),
        *unknown_findings(sum((one.unknown for one in stated_in_order), Counter[str]())),
    )
    return runs, findings, [line for one in stated_in_order for line in one.rows]


def _prepare(run: Path, base: str) -> None:
    if run not in _known:  # another process than the first one
        use_base(base)
        _known[run] = ReferencePart(frozenset(parse(path=str(run), format=RdfFormat.N_QUADS)))


def _state(run: Path, settings: Settings, shard: Shard) -> StatedShard:
    return state(shard, _known[run], run.parent, settings)
