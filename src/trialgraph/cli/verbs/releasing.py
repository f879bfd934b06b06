"""The verbs that check, export, explain and serve releases."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from trialgraph.base.errors import UsageError
from trialgraph.base.escaping import visible
from trialgraph.cli.terminal import print_message, show_explained
from trialgraph.cli.verbs.building import broken_queries, build
from trialgraph.cli.verbs.common import (
    Invocation,
    finish,
    out,
    output_option,
    release_option,
    setting_options,
)
from trialgraph.rdf.formats import EXPORT_FORMATS, FILE_FORMATS, TURTLE
from trialgraph.release.exports.uses import USES

if TYPE_CHECKING:
    from trialgraph.release.open import Release

#: Of the table of reports and what it cites (:data:`trialgraph.views.evidence.gather.FILES`).
TABLE_FORMATS: Final = ("xlsx", "ris")

__all__ = ["check", "explain", "export", "serve"]


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
    found = (*check_release(opened, obj.settings), *broken_queries(obj.settings))
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
