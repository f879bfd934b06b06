"""The verb that makes releases, or the parts of a graph: build."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import click

from trialgraph.base.errors import InputError, UsageError
from trialgraph.cli.terminal import print_message, progress
from trialgraph.cli.verbs.common import (
    Invocation,
    finish,
    only_option,
    setting_options,
    show_lines,
    sources_argument,
)

if TYPE_CHECKING:
    from trialgraph.base.settings import Settings
    from trialgraph.build.shards import Wanted
    from trialgraph.graph.check_result import CheckResult

__all__ = ["broken_queries", "build"]


@setting_options("build")
@click.command()
@sources_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of releases. [default: ./releases]",
)
@click.option(
    "--if-changed",
    is_flag=True,
    help="Keep the current release where nothing that shapes it has changed since it was built.",
)
@click.option(
    "--layers",
    metavar="A,B,…",
    help="Of records of registries, besides the core of their fields: words, sites, results (whole). [default: none]",
)
@only_option
@click.option(
    "--parts",
    type=click.Path(file_okay=False, path_type=Path),
    help="Make no release: write the graph as sorted parts of N-Quads into this new folder.",
)
@click.option(
    "--spark", is_flag=True, help="Read and state on Apache Spark (trialgraph[spark], spark-submit)."
)
@click.pass_obj
def build(
    obj: Invocation,
    sources: tuple[str, ...],
    output: Path | None,
    if_changed: bool,
    layers: str | None,
    only: tuple[str, ...],
    parts: Path | None,
    spark: bool,
) -> None:
    """Build a release of the graph and make it the current one.

    The last line on stdout has the counts, the release's hash and the seconds. A graph that breaks a rule of
    ontology/shapes is not released: each violation is a line on stderr, and the current release stays.

    With --if-changed, the sources and the files beside them, the ontology, the queries, the program and the settings
    are compared by their contents with those of the current release; where all are the same, and none is new or gone,
    it is kept, and its line and its findings are printed again.

    A source may be a file of a registry: records of ClinicalTrials.gov or an export of the WHO's ICTRP, packed or
    not. A record is a report of its trial, beside those of tables. What cannot be read of it is a finding.

    With --parts, the last line has the number of parts, the quads of all of them together, each once, and the hash that
    a release of the same sources has. With --spark, sources and output are on a file system that all machines share.

    \b
    Example: trialgraph build
    Example: trialgraph build seeds/* ctg-studies.json.zip --only seeds/my-review --layers words
    """
    from trialgraph.base.errors import Refused

    if parts and (output or if_changed):
        raise UsageError("--parts makes no release", hint="leave out -o and --if-changed")
    start = monotonic()
    try:
        with progress(obj.quiet) as step:
            counted, findings = _built(
                obj.settings, step, sources, output, if_changed, _wanted(layers, only, obj), parts, spark
            )
    except Refused as error:
        show_lines([f"violation: {line}" for line in error.lines], obj.settings.listed_findings)
        print_message(f"trialgraph: {error.line()}")
        raise
    print(f"{counted} seconds={monotonic() - start:.1f}")
    finish([*findings, *broken_queries(obj.settings)], obj.settings)


def _wanted(layers: str | None, only: Sequence[str], obj: Invocation) -> Wanted | None:
    """What of registry files is built; None: every record, the core of its fields.

    :raises UsageError: there is no such layer, or what --only says is none of what it may
    """
    from trialgraph.build.shards import Wanted
    from trialgraph.extract.registries.mapping import LAYERS
    from trialgraph.extract.registries.selection import selection
    from trialgraph.pipeline import read_all

    named = tuple(part.strip() for part in layers.split(",")) if layers else ()
    if unknown := [name for name in named if name not in LAYERS]:
        raise UsageError(
            f"there is no layer {unknown[0][:40]!r}", where="--layers", hint=f"use {', '.join(LAYERS)}"
        )
    if not (named or only):
        return None
    found = selection(only, lambda path: read_all([path], settings=obj.settings)[0].reports, obj.settings)
    return Wanted(tuple(layer for layer in LAYERS if layer in named and layer != "core"), found)


def _built(
    settings: Settings,
    step: Callable[[str], None],
    sources: tuple[str, ...],
    output: Path | None,
    if_changed: bool,
    wanted: Wanted | None,
    parts: Path | None,
    spark: bool,
) -> tuple[str, Sequence[CheckResult]]:
    """What the last line says of the release or of the parts, and what was found."""
    from trialgraph.build.spark import SparkEngine
    from trialgraph.pipeline import build, build_parts

    with SparkEngine() if spark else nullcontext() as engine:
        if parts:
            made, findings = build_parts(
                sources, parts, progress=step, settings=settings, wanted=wanted, engine=engine
            )
            return f"parts={len(made.parts)} quads={made.quads} hash={made.release}", findings
        release, findings = build(
            sources, releases=output, progress=step, settings=settings, if_changed=if_changed, wanted=wanted,
            engine=engine,
        )  # fmt: skip
    counts = release.manifest["counts"]
    named = ("trials", "reports", "triples", "conflicts", "unread", "violations")
    return " ".join(f"{name}={counts[name]}" for name in named) + f" hash={release.hash}", findings


def broken_queries(settings: Settings) -> list[CheckResult]:
    """The saved queries that cannot be answered. They are in no release, and stop none."""
    from trialgraph.graph.check_result import CheckResult
    from trialgraph.query.sound_queries import sound_queries

    try:
        broken = sound_queries(settings).broken.values()
    except InputError:
        return []  # a checkout without saved queries builds all the same
    return [CheckResult("warning", "", f"{e.what}; {e.hint}", file=f"queries/{e.where}") for e in broken]
