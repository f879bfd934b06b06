"""The verbs that build, check and serve releases: build, check, export, explain, serve."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext, redirect_stdout
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

import click

from trialgraph.base.errors import InputError, UsageError
from trialgraph.base.escaping import visible
from trialgraph.cli.terminal import print_message, progress, show_explained
from trialgraph.cli.verbs.common import (
    Invocation,
    finish,
    only_option,
    out,
    output_option,
    release_option,
    setting_options,
    show_lines,
    sources_argument,
)
from trialgraph.rdf.formats import EXPORT_FORMATS, FILE_FORMATS, TURTLE
from trialgraph.release.exports.uses import USES

if TYPE_CHECKING:
    from trialgraph.base.settings import Settings
    from trialgraph.build.shards import Wanted
    from trialgraph.graph.check_result import CheckResult
    from trialgraph.release.open import Release

#: Of the table of reports and what it cites (:data:`trialgraph.views.evidence.gather.FILES`).
TABLE_FORMATS: Final = ("xlsx", "ris")

__all__ = ["build", "check", "explain", "export", "serve"]


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
    finish([*findings, *_broken_queries(obj.settings)], obj.settings)


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
    found = selection(only, lambda path: read_all([path], settings=obj.settings)[0].reports)
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


def _broken_queries(settings: Settings) -> list[CheckResult]:
    """The saved queries that cannot be answered. They are in no release, and stop none."""
    from trialgraph.graph.check_result import CheckResult
    from trialgraph.query.sound_queries import sound_queries

    try:
        broken = sound_queries(settings).broken.values()
    except InputError:
        return []  # a checkout without saved queries builds all the same
    return [CheckResult("warning", "", f"{e.what}; {e.hint}", file=f"queries/{e.where}") for e in broken]


@setting_options("check")
@click.command()
@release_option
@click.option(
    "--conflicts",
    is_flag=True,
    help="Run no checks: print the open conflicts as lines for curation.tsv, and exit with 0.",
)
@click.option("--source", metavar="SLUG", help="With --conflicts: those of one source.")
@click.pass_obj
def check(obj: Invocation, release: Path | None, conflicts: bool, source: str | None) -> None:
    """Check a release: its files, its graph against all shapes and gates, and the terms of other ontologies.

    Violations and warnings are listed, those of the build too, and end the command with 1.

    On stdout: how many external ids of the concept files exist, are current and have the recorded label; how many
    mentions in the sources are linked, and which are not, with the most similar known names.

    With --conflicts, on stdout: a line for each open conflict, to be pasted into curation.tsv beside its source.
    Its cells are row, kind, decision, who, when, why and evidence, separated by tabs. The decision lists the choices,
    of which one is to be kept; who, when, why and, for an entered value, evidence are empty. On stderr: the file, its
    first line, and what each conflict is.

    \b
    Example: trialgraph check
    Example: trialgraph check --conflicts
    """
    from trialgraph.graph.term_checks import mentions, report, term_figures
    from trialgraph.release.audit import check_release
    from trialgraph.release.graphs import stated_quads
    from trialgraph.release.open import open_release
    from trialgraph.terminology.lexicon import lexicon

    if source and not conflicts:
        raise UsageError("--source goes with --conflicts", hint="add --conflicts")
    opened = open_release(release, obj.settings)
    if conflicts:
        _print_conflicts(opened, source, quiet=obj.quiet)
        return
    found = (*check_release(opened, obj.settings), *_broken_queries(obj.settings))
    stated = stated_quads(opened)
    if not obj.quiet:
        for line in report(term_figures(lexicon(), stated), mentions(lexicon(), stated)):
            print(line)
    notes = sum(finding.severity == "info" for finding in found)
    also = f", {notes} for information" if notes else ""
    print_message(f"release {opened.hash}: {len(found) - notes} findings{also}", quiet=obj.quiet)
    finish(found, obj.settings)


def _print_conflicts(opened: Release, source: str | None, *, quiet: bool) -> None:
    """The open conflicts of a release as lines for ``curation.tsv``, with what they are on stderr."""
    from trialgraph.extract.curation import CURATION_COLUMNS, EVIDENCE
    from trialgraph.release.store import open_store
    from trialgraph.views.curation_lines import open_conflicts

    found = [line for line in open_conflicts(open_store(opened)) if source in (None, line.source)]
    if source and source not in {built["slug"] for built in opened.manifest.get("built_from", ())}:
        raise UsageError(
            f"the release has no source {source[:60]!r}", hint="use the name of its folder in seeds"
        )
    before = ""
    for line in found:
        if line.source != before:
            first = " ".join((*CURATION_COLUMNS, EVIDENCE))
            print_message(f"seeds/{line.source}/curation.tsv, first line, with tabs: {first}", quiet=quiet)
            before = line.source
        print_message(visible(f"row {line.row}: {line.message}"), quiet=quiet)
        print(line.text, flush=True)
    if not found:
        print_message("no conflict is open", quiet=quiet)


def _with_uses(function: Callable[..., None]) -> Callable[..., None]:
    """Add to the help which file suits which tool."""
    lines = "\n".join(f"    {use.tool + ':':26}{use.options} -o {use.file}" for use in USES)
    function.__doc__ = f"{function.__doc__}\n    \b\n    Which file suits which tool:\n{lines}\n"
    return function


@click.command()
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice([*EXPORT_FORMATS, *FILE_FORMATS, *TABLE_FORMATS]),
    default=TURTLE.name,
    show_default=True,
)
@click.option("--graph", metavar="NAME", help="One named graph: a source's slug, provenance, quality, meta …")
@click.option("--core", is_flag=True, help="Facts, labels and hierarchies in the core of the ontology only.")
@click.option(
    "--only",
    metavar="disease=…|trial=…",
    multiple=True,
    help="Only these trials, and all that they mention: a disease and what is narrower, or a trial. [may be repeated]",
)
@click.option("--bridge", is_flag=True, help="Type trials by the classes of schema.org, CTO and OBI, too.")
@output_option
@release_option
@click.pass_obj
@_with_uses
def export(
    obj: Invocation,
    form: str,
    graph: str | None,
    core: bool,
    only: tuple[str, ...],
    bridge: bool,
    output: Path | None,
    release: Path | None,
) -> None:
    """Export the graph, or a file for other tools: RDF, tables, KGX, GraphML, RO-Crate.

    In RDF, the merge of all graphs, or with trig and nquads the named graphs.
    Verbatim cells keep the licence of their source; the graph "meta" says which graph has which. With --core, the facts
    in the dozen classes and two dozen properties of docs/core.md, with labels and hierarchies, as one ontology that
    needs nothing beside it and holds no verbatim cell.

    With --only, some trials and all that they mention, in any format but sssom, rocrate, xlsx and ris. A disease is a
    term or its label; trials with a narrower one count. Nothing found is exit code 1.

    With xlsx, the table of reports as an Excel workbook, all columns; with ris, the papers and registry records that
    the reports cite.

    \b
    Example: trialgraph export -f trig -o trialgraph.trig
    Example: trialgraph export -f turtle --core -o core.ttl
    Example: trialgraph export -f xlsx -o trials.xlsx
    Example: trialgraph export -f kgx --only "disease=multiple sclerosis" -o ms.tar.gz
    """
    from trialgraph.release.export import export as exported
    from trialgraph.release.open import open_release

    opened = open_release(release, obj.settings)
    if form in TABLE_FORMATS:
        from trialgraph.views.evidence.gather import export_table

        if graph or core or bridge or only:
            raise UsageError("a table has no graph, no core, no bridge and no subset", hint="leave them out")
        parts: Iterable[bytes] = [
            export_table(opened, form, obj.settings, obj.settings.public_url, obj.settings.dataset_doi)
        ]
    else:
        parts = exported(opened, form, graph, core=core, bridge=bridge, only=only)
    with out(output) as stream:
        stream.flush()
        for part in parts:
            stream.buffer.write(part)  # type: ignore[attr-defined]  # stdout and opened files have one


@click.command()
@click.argument("iri")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@release_option
@click.pass_obj
def explain(obj: Invocation, iri: str, form: str, release: Path | None) -> None:
    """Show where a value came from: the characters, the rule, the mapping.

    IRI is an IRI of the graph, a CURIE, a path like report/wjsc-107202-table1/9, or a registry id.

    \b
    Example: trialgraph explain NCT04170426
    """
    from dataclasses import asdict

    from trialgraph.release.open import open_release
    from trialgraph.release.store import open_store
    from trialgraph.views.explain import explain as explained

    found = explained(open_store(open_release(release, obj.settings)), iri)
    if form == "json":
        print(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        show_explained(found)


@setting_options("serve")
@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, or unix:PATH.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free port."
)
@release_option
@click.option(
    "--build",
    "build_first",
    is_flag=True,
    help="Build the graph from the seeds first, where anything has changed since it was built.",
)
@click.pass_context
def serve(context: click.Context, host: str, port: int, release: Path | None, build_first: bool) -> None:
    """Serve a release: pages, saved queries, the SPARQL endpoint.

    Prints the URL on stdout once it answers; Ctrl-C ends it. A release that is built meanwhile is served
    from then on, without a restart (hot reload); SIGHUP reloads it. Where there is no release yet and --release names
    none, one is built first: from ./seeds, or from the sources that are part of the package.

    \b
    Example: trialgraph serve --port 8080
    """
    from trialgraph.http.server.serve import serve as serve_release
    from trialgraph.release.open import open_release

    settings = context.obj.settings
    if context.obj.quiet and settings.access_log == "-":
        settings = replace(settings, access_log="none")
    nothing = release is None and _holds_no_release(Path(settings.releases))
    if nothing:
        print_message("no release here: building one first", quiet=context.obj.quiet)
    if build_first or nothing:
        with redirect_stdout(
            sys.stdout if build_first else sys.stderr
        ):  # nobody asked for the line of a build
            _build_first(context, release)
    opened = open_release(release, settings)
    serve_release(opened, host, port, home=release or Path(settings.releases), settings=settings)


def _holds_no_release(home: Path) -> bool:
    """Whether a folder is neither a release nor a folder with a current one, be it a damaged one."""
    from trialgraph.release.manifest import MANIFEST

    return not os.path.lexists(home / "current") and not (home / MANIFEST).exists()


def _build_first(context: click.Context, release: Path | None) -> None:
    """Build; rows that need manual review are listed, and the release is served all the same.

    :raises Refused: the graph has violations
    """
    from trialgraph.base.errors import Findings, Refused

    try:
        context.invoke(build, sources=(), output=release, if_changed=True)
    except Refused:
        raise
    except Findings as found:
        print_message(f"trialgraph: {found.line()}")
