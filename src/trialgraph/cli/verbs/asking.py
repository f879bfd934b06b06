"""The verb that queries the graph: query."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from trialgraph.base.errors import Findings, InputError, ReleaseError, UsageError
from trialgraph.base.settings import Settings
from trialgraph.cli.terminal import print_message, show_table
from trialgraph.cli.verbs.common import Invocation, out, output_option, release_option, show_lines
from trialgraph.rdf.formats import FORMATS, TURTLE

if TYPE_CHECKING:
    from trialgraph.questions.saved_queries import SavedQuery
    from trialgraph.release.open import Release

__all__ = ["query"]

ANSWERS: Final = ("table", *FORMATS)


@click.command()
@click.argument("what", required=False, metavar="[SLUG|FILE|-]")
@click.option("-e", "--execute", metavar="TEXT", help="A query as text.")
@click.option(
    "-p",
    "--parameter",
    "parameters",
    multiple=True,
    metavar="NAME=VALUE",
    help="A saved query's parameter, by any name or id of a term.",
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
@click.option(
    "--check", "checking", is_flag=True, help="Compare the answer with what the header of its file expects."
)
@click.option("--timeout", type=float, metavar="SECONDS", help="A shorter limit than the setting's.")
@output_option
@release_option
@click.pass_obj
def query(
    obj: Invocation, what: str | None, execute: str | None, parameters: tuple[str, ...], form: str | None,
    listing: bool, show: bool, checking: bool, timeout: float | None, output: Path | None, release: Path | None,
) -> None:  # fmt: skip
    """Query the graph: a saved query by its slug, a file, stdin, or text.

    With --check, the saved query, or each of them, is answered with its defaults and compared with the columns and the
    number of rows that its header expects. Each difference is a line on stderr with file and line, and ends the command
    with 1.

    \b
    Examples: trialgraph query --list
              trialgraph query trials-by-disease -p disease=MONDO:0002562
              trialgraph query --check
              trialgraph query -e 'ASK { ?trial a <https://w3id.org/trialgraph/ontology/Trial> }'
    """
    from trialgraph.query.sound_queries import sound_queries
    from trialgraph.release.open import open_release

    settings = obj.settings
    if listing:
        found = sound_queries(settings)
        show_table(("slug", "question", "parameters"), [(q.slug, q.title, _takes(q)) for q in found.values()])
        _report([error.line() for error in found.broken.values()], settings)
        return
    if checking:
        _check(what, open_release(release, settings), settings, quiet=obj.quiet)
        return
    text = _query_text(what, execute, parameters, settings, partial(_bound, release, settings, obj.quiet))
    if show:
        with out(output) as stream:
            stream.write(text if text.endswith("\n") else text + "\n")
        return
    _answer(text, form, timeout, output, open_release(release, settings), settings)


def _report(lines: Sequence[str], settings: Settings) -> None:
    """List saved queries with a fault on stderr.

    :raises Findings: there are some
    """
    if lines:
        show_lines(lines, settings.listed_findings)
        raise Findings(f"{len(lines)} findings", hint="correct the files in queries/")


def _check(slug: str | None, release: Release, settings: Settings, *, quiet: bool) -> None:
    from trialgraph.query.pool import Pool
    from trialgraph.query.sound_queries import differences, sound_queries
    from trialgraph.questions.saved_queries import find_query

    found = sound_queries(settings)
    named = [find_query(slug, found)] if slug else list(found.values())
    broken = [] if slug else [error.line() for error in found.broken.values()]
    with Pool(release, size=1, settings=settings) as pool:
        different = [error.line() for saved in named for error in differences(saved, pool)]
    print_message(f"{len(named)} saved queries answered, {len(different)} differences", quiet=quiet)
    _report([*broken, *different], settings)


def _takes(saved: SavedQuery) -> str:
    return ", ".join(f"{p.name}={p.default}" if p.default else p.name for p in saved.parameters)


def _bound(
    release: Path | None, settings: Settings, quiet: bool, saved: SavedQuery, given: dict[str, str]
) -> str:
    """A saved query with values in any spelling that the release knows; what is to be said of them goes to stderr."""
    if not given:
        return saved.bind()
    from trialgraph.release.names.parameter_values import ParameterValues
    from trialgraph.release.open import open_release
    from trialgraph.release.store import open_store

    try:
        store = open_store(open_release(release, settings))
    except (InputError, ReleaseError):  # --show needs none, and all else will say so
        return saved.bind(given)
    bound = ParameterValues.of_store(store).bind(saved, given)
    for note in bound.notes:
        print_message(note, quiet=quiet)
    return bound.text


def _query_text(
    what: str | None,
    execute: str | None,
    parameters: Sequence[str],
    settings: Settings,
    bound: Callable[[SavedQuery, dict[str, str]], str],
) -> str:
    from trialgraph.query.sound_queries import sound_queries
    from trialgraph.questions.saved_queries import find_query

    if (what is None) == (execute is None):
        raise UsageError(
            "give one query", hint="a slug, a file, - for stdin, or -e TEXT; --list names the slugs"
        )
    given = {}
    for pair in parameters:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"-p {pair!r} has no =", hint="write -p NAME=VALUE")
        given[name] = value
    if (
        what is not None
        and what != "-"
        and not what.endswith((".rq", ".sparql"))
        and not os.path.exists(what)
    ):
        return bound(find_query(what, sound_queries(settings)), given)
    if given:
        raise UsageError("only saved queries take parameters", hint="leave out -p, or name a slug")
    if execute is not None:
        return execute
    try:
        return _bounded(str(what), settings.query_file_bytes)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}",
            where=str(what),
            hint="check the file",
        ) from error


def _bounded(what: str, limit: int) -> str:
    """A query from a file or ``-``, read to just beyond a limit in bytes, as a device may be endless."""
    most = limit + 1
    if what == "-":
        return sys.stdin.buffer.read(most).decode("utf-8")
    with open(what, "rb") as file:
        return file.read(most).decode("utf-8")


def _answer(
    text: str,
    form: str | None,
    timeout: float | None,
    output: Path | None,
    release: Release,
    settings: Settings,
) -> None:
    from trialgraph.query.pool import Pool
    from trialgraph.query.results import find_format, makes_graph, read_table, too_large
    from trialgraph.rdf.vocabulary import compact

    with Pool(release, size=1, settings=settings) as pool:
        checked = pool.check(text)
        graph = makes_graph(checked.kind)
        if form is None:
            form = TURTLE.name if graph else "table"
        if form == "table":
            if graph:
                raise UsageError(f"a {checked.kind} returns a graph, not a table", hint="use -f turtle")
            most = settings.table_bytes
            with pool.run(checked, format="json", seconds=timeout, most_bytes=most) as answer:
                table = read_table(answer, None, most)
            if not isinstance(table, bool) and table.more:
                raise too_large(most, hint="use -f csv, which has no limit")
            with out(output):
                if isinstance(table, bool):
                    print("yes" if table else "no")
                else:
                    show_table(table.columns, [[_term(t, compact) for t in row] for row in table.rows])
            return
        with (
            pool.run(checked, format=find_format(checked.kind, form).name, seconds=timeout) as answer,
            out(output) as stream,
        ):
            for part in answer:
                stream.flush()
                stream.buffer.write(part)  # type: ignore[attr-defined]  # stdout and files opened here have one


def _term(term: Any, compact: Any) -> str:
    from pyoxigraph import NamedNode

    if term is None:
        return ""
    return str(compact(term.value)) if isinstance(term, NamedNode) else str(getattr(term, "value", term))
