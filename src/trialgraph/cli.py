"""The command line: thin words around the functions of the same names.

Exit codes: 0 fine; 1 findings (an unread row, a violation); 2 could not run (usage, missing or bad input);
3 limit or timeout; 130 on Ctrl-C. Conflicts are data, not findings.
"""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING, Any

import click

from trialgraph import __version__
from trialgraph.errors import Findings, TrialgraphError, UsageError
from trialgraph.screen import progress, show_explained, show_table, talk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trialgraph.checks import Finding
    from trialgraph.pipeline import Read
    from trialgraph.saved_queries import SavedQuery

__all__ = ["cli", "main"]

# Findings are listed up to here; the manifest has them all.
SHOWN = 20
ANSWERS = ("table", "json", "xml", "csv", "tsv", "turtle", "ntriples", "rdfxml", "jsonld", "trig", "nquads")
EXPORTS = ("turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml")

sources_argument = click.argument("sources", nargs=-1, metavar="[SOURCE]...")
output_option = click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to FILE instead of stdout."
)
release_option = click.option(
    "--release",
    type=click.Path(path_type=Path),
    help="A release folder, or a folder of releases. [default: ./releases]",
)


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    from trialgraph.release import open_release

    try:
        release = open_release()
        said = f"ontology {release.manifest['ontology_version']}, release {release.hash}"
    except TrialgraphError:
        said = "no release built here"
    click.echo(f"trialgraph {__version__}, {said}")
    context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on stderr but errors.")
@click.option("-v", "--verbose", count=True, help="Say more; -vv shows the trace of an error.")
@click.option(
    "--version",
    is_flag=True,
    callback=_version,
    expose_value=False,
    is_eager=True,
    help="Show the versions of package, ontology and release.",
)
@click.pass_context
def cli(context: click.Context, quiet: bool, verbose: int) -> None:
    """Clinical trials read out of review tables into a traceable RDF graph.

    A SOURCE is a seed folder, a file, or - for stdin; by default all of ./seeds (or the packaged seeds).

    \b
    Exit codes: 0 fine, 1 findings (an unread row, a violation of a check),
    2 could not run, 3 limit or timeout, 130 interrupted.
    """
    context.obj = {"quiet": quiet, "verbose": verbose}


@cli.command()
@sources_argument
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True
)
@output_option
@click.pass_obj
def rows(obj: dict[str, Any], sources: tuple[str, ...], form: str, output: Path | None) -> None:
    """Cut the rows of tables into cells.

    \b
    Example: trialgraph rows seeds/wjsc-107202-table1 -f jsonl
    """
    read = _read(sources, obj)
    with _out(output):
        if form == "jsonl":
            for one in read:
                for row in one.table.rows:
                    print(json.dumps(_row_json(row), ensure_ascii=False))
        else:
            for one in read:
                headers = ["row", "line", *(c.header for c in one.table.columns), "confidence"]
                show_table(
                    headers,
                    [
                        [
                            str(r.number),
                            str(r.line),
                            *("" if c.text is None else c.text for c in r.cells),
                            f"{r.confidence:.2f}",
                        ]
                        for r in one.table.rows
                    ],
                )
    _finish(f for one in read for f in one.findings)


def _row_json(row: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "source": row.source,
        "row": row.number,
        "line": row.line,
        "cells": [
            {"header": c.header, "field": c.field, "text": c.text, "start": c.start, "end": c.end}
            for c in row.cells
        ],
        "confidence": row.confidence,
    }
    if row.runner_up:
        made["runner_up"] = [c.text for c in row.runner_up]
    return made


@cli.command()
@sources_argument
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "csv", "jsonl"]), default="table", show_default=True
)
@output_option
@click.pass_obj
def trials(obj: dict[str, Any], sources: tuple[str, ...], form: str, output: Path | None) -> None:
    """Read one report per row, in plain columns.

    \b
    Example: trialgraph trials -f csv > trials.csv
    """
    from trialgraph.trials_table import COLUMNS, csv_text, flat

    read = _read(sources, obj)
    reports = [r for one in read for r in one.reports]
    with _out(output) as stream:
        if form == "csv":
            stream.write(csv_text(reports))
        elif form == "jsonl":
            for report in reports:
                print(json.dumps(flat(report), ensure_ascii=False))
        else:
            show_table(COLUMNS, [[_plain(v) for v in flat(r).values()] for r in reports])
    _finish(f for one in read for f in one.findings)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(map(str, value))
    return "" if value is None else str(value)


@cli.command()
@sources_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of releases. [default: ./releases]",
)
@click.pass_obj
def build(obj: dict[str, Any], sources: tuple[str, ...], output: Path | None) -> None:
    """Build a release of the graph and make it the current one.

    The last line on stdout has the counts, the release's hash and the seconds.

    \b
    Example: trialgraph build
    """
    from trialgraph.pipeline import build as build_release

    start = monotonic()
    with progress(obj["quiet"]) as said:
        release, findings = build_release(sources, releases=output, said=said)
    counts = release.manifest["counts"]
    said_counts = " ".join(
        f"{name}={counts[name]}" for name in ("trials", "reports", "triples", "conflicts", "violations")
    )
    print(f"{said_counts} hash={release.hash} seconds={monotonic() - start:.1f}")
    _finish(findings)


@cli.command()
@release_option
@click.pass_obj
def check(obj: dict[str, Any], release: Path | None) -> None:
    """Check a release: its files, and what its build found.

    \b
    Example: trialgraph check
    """
    from trialgraph.checks import Finding
    from trialgraph.release import damaged, open_release

    opened = open_release(release)
    found = [Finding(**f) for f in opened.manifest["findings"]]
    found += [
        Finding("violation", str(opened.path / name), "the file does not fit its checksum")
        for name in damaged(opened)
    ]
    talk(f"release {opened.hash}: {len(found)} findings", quiet=obj["quiet"])
    _finish(found)


@cli.command()
@click.argument("what", required=False, metavar="[SLUG|FILE|-]")
@click.option("-e", "--execute", metavar="TEXT", help="A query as text.")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A saved query's parameter; CURIEs are fine.",
)
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(ANSWERS),
    help="[default: table; turtle for CONSTRUCT and DESCRIBE]",
)
@click.option("--list", "listing", is_flag=True, help="List the saved queries.")
@click.option("--show", is_flag=True, help="Show the query with its parameters bound instead of running it.")
@click.option("--timeout", type=float, metavar="SECONDS", help="A shorter limit than the setting's.")
@output_option
@release_option
def query(
    what: str | None, execute: str | None, parameters: tuple[str, ...], form: str | None, listing: bool, show: bool,
    timeout: float | None, output: Path | None, release: Path | None,
) -> None:  # fmt: skip
    """Ask the graph: a saved query by its slug, a file, stdin, or text.

    \b
    Examples: trialgraph query --list
              trialgraph query trials-by-disease -p disease=MONDO:0002562
              trialgraph query -e 'ASK { ?trial a <https://w3id.org/trialgraph/ontology/Trial> }'
    """
    from trialgraph.saved_queries import load_queries

    if listing:
        found = load_queries().values()
        show_table(("slug", "question", "parameters"), [(q.slug, q.title, _takes(q)) for q in found])
        return
    text = _query_text(what, execute, parameters)
    if show:
        with _out(output) as stream:
            stream.write(text if text.endswith("\n") else text + "\n")
        return
    _answer(text, form, timeout, output, release)


def _takes(saved: SavedQuery) -> str:
    return ", ".join(f"{p.name}={p.default}" if p.default else p.name for p in saved.parameters)


def _query_text(what: str | None, execute: str | None, parameters: Sequence[str]) -> str:
    from trialgraph.saved_queries import find_query, load_queries

    if (what is None) == (execute is None):
        raise UsageError(
            "give one query", mend="a slug, a file, - for stdin, or -e TEXT; --list names the slugs"
        )
    given = {}
    for pair in parameters:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"-p {pair!r} has no =", mend="write -p NAME=VALUE")
        given[name] = value
    if (
        what is not None
        and what != "-"
        and not what.endswith((".rq", ".sparql"))
        and not os.path.exists(what)
    ):
        return find_query(what, load_queries()).bind(given)
    if given:
        raise UsageError("only saved queries take parameters", mend="leave out -p, or name a slug")
    if execute is not None:
        return execute
    try:
        return sys.stdin.read() if what == "-" else Path(str(what)).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}",
            where=str(what),
            mend="check the file",
        ) from error


def _answer(
    text: str, form: str | None, timeout: float | None, output: Path | None, release: Path | None
) -> None:
    from trialgraph.release import open_release
    from trialgraph.results import find_format, read_table
    from trialgraph.vocab import compact
    from trialgraph.workers import Pool

    with Pool(open_release(release), size=1) as pool:
        checked = pool.check(text)
        graph = checked.kind in ("CONSTRUCT", "DESCRIBE")
        if form is None:
            form = "turtle" if graph else "table"
        if form == "table":
            if graph:
                raise UsageError(f"a {checked.kind} makes a graph, not a table", mend="use -f turtle")
            with pool.run(checked, format="json", seconds=timeout) as answer:
                table = read_table(answer)
            with _out(output):
                if isinstance(table, bool):
                    print("yes" if table else "no")
                else:
                    show_table(table.columns, [[_term(t, compact) for t in row] for row in table.rows])
            return
        with (
            pool.run(checked, format=find_format(checked.kind, form).name, seconds=timeout) as answer,
            _out(output) as stream,
        ):
            for part in answer:
                stream.flush()
                stream.buffer.write(part)  # type: ignore[attr-defined]  # stdout and files opened here have one


def _term(term: Any, compact: Any) -> str:
    from pyoxigraph import NamedNode

    if term is None:
        return ""
    return str(compact(term.value)) if isinstance(term, NamedNode) else str(getattr(term, "value", term))


@cli.command()
@click.option("-f", "--format", "form", type=click.Choice(EXPORTS), default="turtle", show_default=True)
@click.option("--graph", metavar="NAME", help="One named graph: a source's slug, provenance, quality, meta …")
@output_option
@release_option
def export(form: str, graph: str | None, output: Path | None, release: Path | None) -> None:
    """Export the graph: the merge of all graphs, or with trig and nquads the named graphs.

    Verbatim cells keep the licence of their source; the graph "meta" says which graph has which.

    \b
    Example: trialgraph export -f trig -o trialgraph.trig
    """
    from trialgraph.export import export as exported
    from trialgraph.release import open_release

    parts = exported(open_release(release), form, graph)
    with _out(output) as stream:
        stream.flush()
        for part in parts:
            stream.buffer.write(part)  # type: ignore[attr-defined]  # as above


@cli.command()
@click.argument("iri")
@click.option(
    "-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@release_option
def explain(iri: str, form: str, release: Path | None) -> None:
    """Show where a value came from: the characters, the rule, the mapping.

    IRI is an IRI of the graph, a CURIE, a path like report/wjsc-107202-table1/9, or a registry id.

    \b
    Example: trialgraph explain NCT04170426
    """
    from dataclasses import asdict

    from trialgraph.explain import explain as explained
    from trialgraph.release import open_release
    from trialgraph.store import open_store

    found = explained(open_store(open_release(release)), iri)
    if form == "json":
        print(json.dumps(asdict(found), ensure_ascii=False, indent=1))
    else:
        show_explained(found)


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free port."
)
@release_option
@click.option("--build", "build_first", is_flag=True, help="Build the graph from the seeds first.")
@click.pass_context
def serve(context: click.Context, host: str, port: int, release: Path | None, build_first: bool) -> None:
    """Serve a release: pages, saved queries, the SPARQL endpoint.

    Prints the address on stdout once it answers; Ctrl-C ends it.

    \b
    Example: trialgraph serve --port 8080
    """
    from trialgraph.endpoint.serve import serve as serve_release
    from trialgraph.release import open_release

    if build_first:
        context.invoke(build, sources=(), output=release)
    serve_release(open_release(release), host, port)


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--seeds",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("seeds"),
    show_default=True,
    help="Where seed folders are.",
)
@click.pass_obj
def add(obj: dict[str, Any], file: Path, seeds: Path) -> None:
    """Write a seed folder for a new source: a copy, its kind, a source.toml to complete by hand.

    \b
    Example: trialgraph add my-review-table2.txt
    """
    from trialgraph.seed_folder import add_source

    folder = add_source(file, seeds)
    print(folder)
    talk(f"now complete {folder}/source.toml, then: trialgraph build", quiet=obj["quiet"])


def _read(sources: Sequence[str], obj: dict[str, Any]) -> tuple[Read, ...]:
    from trialgraph.pipeline import read_all

    with progress(obj["quiet"]) as said:
        return read_all(sources, said)


def _finish(findings: Iterable[Finding]) -> None:
    """List the findings on stderr; those that are more than information end the command with 1."""
    found = [f for f in findings if f.severity != "info"]
    if not found:
        return
    for finding in found[:SHOWN]:
        talk(f"{finding.focus}: {finding.message}")
    if len(found) > SHOWN:
        talk(f"and {len(found) - SHOWN} more, all in the release's manifest.json")
    raise Findings(f"{len(found)} findings")


@contextmanager
def _out(output: Path | None) -> Iterator[IO[str]]:
    """Stdout, or a file that is whole or not there: written aside and renamed."""
    if output is None or str(output) == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    aside = output.with_name(f".{output.name}.{os.getpid()}")
    before = sys.stdout
    try:
        with aside.open("w", encoding="utf-8", newline="\n") as stream:
            sys.stdout = stream
            yield stream
        aside.replace(output)
    except OSError as error:
        raise UsageError(
            f"cannot be written ({error.strerror})", where=str(output), mend="choose another file"
        ) from error
    finally:
        sys.stdout = before
        aside.unlink(missing_ok=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        # Cells hold × and γ whatever the locale says.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    sys.exit(_run(list(sys.argv[1:] if arguments is None else arguments)))


def _run(arguments: list[str]) -> int:
    try:
        returned = cli.main(arguments, prog_name="trialgraph", standalone_mode=False)
        sys.stdout.flush()
        return returned if isinstance(returned, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # The reader of our output has gone; whatever Python still holds for it goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except TrialgraphError as error:
        if "-vv" in arguments:
            traceback.print_exc()
        if not isinstance(error, Findings):
            talk(f"trialgraph: {error.line()}")
        return error.exit_code


if __name__ == "__main__":
    main()
