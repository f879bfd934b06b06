"""All shards of a build to sorted runs, in processes, and what their checks find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from trialgraph.base.settings import Settings
from trialgraph.build.processes import Engine, Processes, rate
from trialgraph.build.reference import ReferencePart
from trialgraph.build.shard_quads import StatedShard, state
from trialgraph.build.shards import Shard
from trialgraph.build.shared_nodes import shared_node_findings
from trialgraph.graph.check_result import CheckResult
from trialgraph.graph.external_terms import external_terms
from trialgraph.graph.mapping_checks import mapping_findings
from trialgraph.rdf.iris import use_base
from trialgraph.rdf.lines import sorted_lines
from trialgraph.release.sorted.runs import write_run
from trialgraph.terminology.lexicon import lexicon

__all__ = ["run_shards"]

Progress = Callable[[str], None]

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
    engine: Engine | None = None,
) -> tuple[list[Path], tuple[CheckResult, ...]]:
    """The sorted runs of a build, the reference part among them, and all findings of its checks.

    :param reference: from :func:`trialgraph.build.reference.reference_quads`
    :param folder: where the runs go; a cluster sees it under the same path
    :param engine: what states the shards; None: processes of this machine, as the setting ``jobs`` says
    :raises TrialgraphError: a shard failed; the error names its sources
    :raises OSError: the disk is full …
    """
    run = folder / _REFERENCE
    write_run(sorted_lines(reference), run)
    progress("checking")
    _known[run] = ReferencePart(reference)
    try:
        work = partial(_state, run, settings)
        prepare = partial(_prepare, run, settings.base_iri)
        made: dict[int, StatedShard] = {}
        whole = sum(len(shard.reports) for shard in shards)
        start = monotonic()
        for stated in (engine or Processes(settings.jobs)).results(work, shards, prepare):
            made[stated.number] = stated
            if len(shards) > 1:
                done = sum(len(shards[number].reports) for number in made)
                progress(rate("checking", "reports", done, whole, monotonic() - start))
    finally:
        del _known[run]
    for left in folder.glob(f".*{_SUFFIX}.*"):  # of processes that were killed while they wrote
        left.unlink(missing_ok=True)
    stated_in_order = [made[number] for number in sorted(made)]
    runs = [run, *(one.run for one in stated_in_order)]
    added = [quad for one in stated_in_order for quad in parse(one.indexed, format=RdfFormat.N_QUADS)]
    checked = {finding for one in stated_in_order for finding in one.checked}
    checked |= set(shared_node_findings(stated_in_order, reference))
    return runs, (
        *sorted(checked),
        *sorted({finding for one in stated_in_order for finding in one.terms}),
        *mapping_findings(lexicon(), external_terms([*reference, *added])),
    )


def _prepare(run: Path, base: str) -> None:
    if run not in _known:  # another process than the first one
        use_base(base)
        _known[run] = ReferencePart(frozenset(parse(path=str(run), format=RdfFormat.N_QUADS)))


def _state(run: Path, settings: Settings, shard: Shard) -> StatedShard:
    return state(shard, _known[run], run.parent, settings)
