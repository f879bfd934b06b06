"""The command-line interface: one thin verb per operation (see verbs/).

Exit codes: 0 success; 1 findings (an unread row, a violation); 2 could not run (usage, missing or bad input);
3 limit or timeout; 130 on Ctrl-C. Conflicts are data, not findings.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence

import click

from trialgraph.base.errors import Findings, TrialgraphError
from trialgraph.cli.terminal import print_message
from trialgraph.cli.verbs.adding import add
from trialgraph.cli.verbs.agents import mcp
from trialgraph.cli.verbs.asking import query
from trialgraph.cli.verbs.building import build
from trialgraph.cli.verbs.common import Invocation
from trialgraph.cli.verbs.comparing import compare
from trialgraph.cli.verbs.differing import diff
from trialgraph.cli.verbs.fetching import fetch
from trialgraph.cli.verbs.loading import load
from trialgraph.cli.verbs.reading import rows, trials
from trialgraph.cli.verbs.releasing import check, explain, export, serve

__all__ = ["cli", "main"]


def _version(context: click.Context, _: click.Parameter, requested: bool) -> None:
    if not requested or context.resilient_parsing:
        return
    from trialgraph import __version__
    from trialgraph.release.open import open_release

    settings = Invocation().settings
    try:
        release = open_release(settings=settings)
        built = f"ontology {release.manifest['ontology_version']}, release {release.hash}"
    except TrialgraphError:
        built = "no release built here"
    click.echo(f"trialgraph {__version__}, {built}")
    context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-q", "--quiet", is_flag=True, help="Print only errors on stderr.")
@click.option("-v", "--verbose", count=True, help="Print more; -vv prints the traceback of an error.")
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
    Exit codes: 0 success, 1 findings (an unread row, a violation of a check),
    2 could not run, 3 limit or timeout, 130 interrupted.
    """
    context.obj = Invocation(quiet, verbose)


for verb in (rows, trials, compare, diff, build, check, query, export, explain, load, serve, mcp, add, fetch):
    cli.add_command(verb)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        # Cells hold × and γ whatever the locale says.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    sys.exit(_run(list(sys.argv[1:] if arguments is None else arguments)))


def _run(arguments: list[str]) -> int:  # noqa: C901 - one clause for each way in which a command ends
    try:
        if "_TRIALGRAPH_COMPLETE" in os.environ:  # a shell asks for completions
            cli.main(arguments, prog_name="trialgraph")
        # Not cli.main: it handles broken pipes (exit code 1) and Ctrl-C (an empty line) differently.
        with cli.make_context("trialgraph", list(arguments)) as context:
            cli.invoke(context)
        sys.stdout.flush()
        return 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        of = getattr(error, "ctx", None)
        help_of = of.command_path if of else "trialgraph"
        print_message(
            f"trialgraph: {' '.join(error.format_message().rstrip('.').split())}; see {help_of} --help"
        )
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # The process that reads our output has ended.
        _forget_output()
        return 0
    except OSError as error:
        # Verbs handle errors of the files they open; what is left is mostly a full disk behind stdout.
        _forget_output()
        where = error.filename if isinstance(error.filename, str) else "stdout"
        print_message(
            f"trialgraph: {where}: cannot be written ({error.strerror}); make room or choose another place"
        )
        return TrialgraphError.exit_code
    except TrialgraphError as error:
        if "-vv" in arguments:
            traceback.print_exc()
        if not isinstance(error, Findings):
            print_message(f"trialgraph: {error.line()}")
        return error.exit_code


def _forget_output() -> None:
    """Discard what Python still buffers for stdout."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
