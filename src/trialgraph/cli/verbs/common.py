"""Shared parts of the verbs: arguments, output to stdout or a file, exit code 1 for findings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from trialgraph.base.errors import Findings, UsageError
from trialgraph.base.replace_file import replacing
from trialgraph.base.settings import SETTINGS, Setting, Settings
from trialgraph.cli.terminal import print_message
from trialgraph.extract.files.held_input import copied_pipe, is_pipe

if TYPE_CHECKING:
    from trialgraph.graph.check_result import CheckResult

_Command = TypeVar("_Command", bound=Callable[..., Any])

__all__ = [
    "Invocation",
    "finish",
    "kind_options",
    "only_option",
    "out",
    "output_option",
    "release_option",
    "setting_options",
    "show_lines",
    "sources_argument",
]


def _without_pipes(context: click.Context, _: click.Parameter, sources: tuple[str, ...]) -> tuple[str, ...]:
    """The sources; what comes through named pipes, which can be read once only, is a file of its own."""
    if not any(map(is_pipe, sources)):
        return sources
    folder = Path(context.with_resource(TemporaryDirectory(prefix="trialgraph-")))
    most = context.obj.settings.source_bytes
    return tuple(copied_pipe(path, folder, most) if is_pipe(path) else path for path in sources)


sources_argument = click.argument("sources", nargs=-1, metavar="[SOURCE]...", callback=_without_pipes)
output_option = click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to FILE instead of stdout."
)
release_option = click.option(
    "--release",
    type=click.Path(path_type=Path),
    help="A release folder, or a folder of releases. [default: ./releases]",
)


@dataclass
class Invocation:
    """What the options of the program say, for the verb that runs.

    :param quiet: say nothing on stderr but errors
    :param verbose: how often ``-v`` was given
    :param flags: settings by name, as the flags of the verb give them
    """

    quiet: bool = False
    verbose: int = 0
    flags: dict[str, str] = field(default_factory=dict)

    @cached_property
    def settings(self) -> Settings:
        """The settings of this run, from flags, environment and defaults; IRIs have their base from now on.

        :raises InputError: a variable holds what is no value of its setting
        :raises UsageError: a flag does
        """
        from trialgraph.rdf.iris import use_base

        found = Settings.load(flags=self.flags)
        use_base(found.base_iri)
        return found


def setting_options(verb: str) -> Callable[[click.Command], click.Command]:
    """Add the settings that a command takes as flags to its options."""

    def add(command: click.Command) -> click.Command:
        taken = [spec for spec in SETTINGS.values() if verb in spec.verbs]
        command.params += [_setting_option(spec, spec.flag) for spec in taken]
        command.params += [_setting_option(spec, spec.former_flag) for spec in taken if spec.formerly]
        return command

    return add


def _setting_option(spec: Setting, flag: str) -> click.Option:
    def take(context: click.Context, _: click.Parameter, raw: str | tuple[str, ...] | None) -> None:
        if raw and not context.resilient_parsing:
            if flag != spec.flag:
                print_message(f"{flag} is now called {spec.flag}; the old name still works")
            context.obj.flags[spec.name] = raw if isinstance(raw, str) else " ".join(raw)

    described = f"{spec.help[0].upper()}{spec.help[1:]}. "
    default = "none" if spec.default == "" else spec.default
    described += "[may be repeated]" if spec.many else f"[default: {default}]"
    metavar = "|".join(spec.choices) or spec.unit.upper()
    return click.Option(
        [flag],
        metavar=metavar,
        help=described,
        expose_value=False,
        callback=take,
        multiple=spec.many,
        hidden=flag != spec.flag,
    )


def kind_options(command: _Command) -> _Command:
    """Options that override what is detected of a file: its kind, and the table in it."""
    from trialgraph.extract.files.kind_of import KINDS

    which = "Which table of a file: its number, or words of its caption or name."
    what = "What kind of file it is. [default: found from its content]"
    command = click.option("--table", metavar="N|WORDS", help=which)(command)
    return click.option("--kind", type=click.Choice(list(KINDS)), help=what)(command)


def only_option(command: _Command) -> _Command:
    """The option that says which records of a registry's file are wanted."""
    return click.option(
        "--only",
        multiple=True,
        metavar="WHICH",
        help="Of a registry's file only these trials: numbers, a file of numbers, a review's folder, MESH:D001168, "
        "MONDO:0008383 (narrower ones too), 'cell therapy'. [may be repeated: all have to be met]",
    )(command)


def finish(findings: Iterable[CheckResult], settings: Settings) -> None:
    """List the findings on stderr; those that are more than information end the command with 1.

    Of the information, what is said of a file is told: hidden rows, formulas, a quotation mark that is never closed.
    """
    from trialgraph.graph.check_result import causes_first

    findings = list(findings)
    remarks = [f"note: {f.line()}" for f in findings if f.severity == "info" and "://" not in f.focus]
    show_lines(remarks, settings.listed_findings)
    found = causes_first(f for f in findings if f.severity != "info")
    if not found:
        return
    show_lines([f"{finding.severity}: {finding.line()}" for finding in found], settings.listed_findings)
    raise Findings(f"{len(found)} findings")


def show_lines(lines: Sequence[str], most: int) -> None:
    """The first lines on stderr, and how many more there are."""
    for line in lines[:most]:
        print_message(line)
    if len(lines) > most:
        print_message(f"and {len(lines) - most} more")


@contextmanager
def out(output: Path | None) -> Iterator[IO[str]]:
    """Stdout, or a file, which is complete or absent."""
    if output is None or str(output) == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    before = sys.stdout
    try:
        with replacing(output) as aside, aside.open("w", encoding="utf-8", newline="\n") as stream:
            sys.stdout = stream
            yield stream
    except OSError as error:
        raise UsageError(
            f"cannot be written ({error.strerror})", where=str(output), hint="choose another file"
        ) from error
    finally:
        sys.stdout = before
