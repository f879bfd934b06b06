"""The verb that makes seed folders: add."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trialgraph.base.errors import Findings, InputError, UsageError
from trialgraph.cli.terminal import print_message
from trialgraph.cli.verbs.common import Invocation, kind_options, setting_options

if TYPE_CHECKING:
    from trialgraph.extract.proposal import ColumnProposal, Proposal

__all__ = ["add"]

# What a person answers beside the names of fields.
_IGNORE = "ignore"


@setting_options("add")
@click.command()
@click.argument(
    "files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE]..."
)
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Add every file of this folder.",
)
@click.option(
    "--seeds",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("seeds"),
    show_default=True,
    help="The folder that holds the seed folders.",
)
@click.option("--title", default="", help="Title of the source. [default: the title that the file prints]")
@click.option("--doi", default="", help="Its DOI. [default: the one that the file prints]")
@click.option("--licence", default="", metavar="SPDX-ID", help="The licence that it is published under.")
@click.option("--yes", is_flag=True, help="Accept every proposal, including uncertain ones.")
@kind_options
@click.pass_obj
def add(
    obj: Invocation,
    files: tuple[Path, ...],
    folder: Path | None,
    seeds: Path,
    title: str,
    doi: str,
    licence: str,
    yes: bool,
    kind: str | None,
    table: str | None,
) -> None:
    """Write a seed folder for each file: a copy, and a source.toml with what it seems to be.

    On a terminal it asks what a column is where that is not sure; elsewhere it leaves a line that begins with "?",
    which a build refuses. A file of a registry is copied as it is.

    \b
    Example: trialgraph add extraction-sheet.xlsx
    Example: trialgraph add ctg-studies.json
    Example: trialgraph add --folder tables/
    """
    from trialgraph.extract.registries.source import registry_file_of

    if folder is not None:
        files += tuple(sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".")))
    if not files:
        raise UsageError("no file is given", hint="name one, or a folder with --folder")
    failed = 0
    for file in files:
        try:
            if not (kind or table) and registry_file_of(file, obj.settings):
                _add_records(obj, file, seeds, title, licence)
                continue
            proposal = _proposal(obj, file, kind, table)
            proposal = replace(
                proposal,
                title=title or proposal.title,
                doi=doi or proposal.doi,
                spdx=licence or proposal.spdx,
            )
            _add(obj, proposal, file, seeds, yes)
        except InputError as error:
            if len(files) == 1:
                raise
            failed += 1
            print_message(f"error: {error}")
    if failed:
        raise Findings(f"{failed} of {len(files)} files were not added")


def _add_records(obj: Invocation, file: Path, seeds: Path, title: str, licence: str) -> None:
    """Add a file of a registry: what its fields are is known."""
    from trialgraph.extract.registries.seed_folder import add_registry_file

    made = add_registry_file(file, seeds, obj.settings, title=title, licence=licence)
    print(made.folder)
    print_message(f"records of a registry: {made.records:,}", quiet=obj.quiet)
    missing = (
        f"complete {' and '.join(made.missing)} in {made.folder}/source.toml, then: " if made.missing else ""
    )
    print_message(f"now {missing}trialgraph build", quiet=obj.quiet)


def _proposal(obj: Invocation, file: Path, kind: str | None, table: str | None) -> Proposal:
    from trialgraph.extract.proposal import propose
    from trialgraph.extract.seed_folder import slug_of
    from trialgraph.extract.sources import read_source

    slug_of(file)
    return propose(read_source(file, obj.settings, kind=kind or "", table=table), obj.settings)


def _add(obj: Invocation, proposal: Proposal, file: Path, seeds: Path, yes: bool) -> None:
    from trialgraph.extract.seed_folder import write_folder

    unsure = [column for column in proposal.columns if not column.sure]
    if yes:
        proposal = proposal.decided({column.key: column.fields for column in unsure})
    elif unsure and sys.stdin.isatty() and sys.stderr.isatty():
        proposal = proposal.decided(dict(_asked(unsure)))
    made = write_folder(proposal, file, seeds)
    print(made)
    _tell(obj, proposal, made)


def _tell(obj: Invocation, proposal: Proposal, made: Path) -> None:
    of = f", table {proposal.number} of the file" if proposal.number is not None else ""
    rows = f"{len(proposal.table.rows)} rows, {len(proposal.columns)} columns"
    print_message(f"{proposal.source.kind}{of}: {rows}", quiet=obj.quiet)
    for remark in proposal.table.remarks:
        print_message(f"note: {remark}", quiet=obj.quiet)
    if unsure := [column.header or column.key for column in proposal.columns if not column.sure]:
        print_message(f"not sure: {', '.join(unsure)}; decide in the lines with ?", quiet=obj.quiet)
    missing = [name for name, value in (("title", proposal.title), ("licence", proposal.spdx)) if not value]
    complete = f"complete {' and '.join(missing)} in {made}/source.toml, then: " if missing else ""
    print_message(f"now {complete}trialgraph build", quiet=obj.quiet)


def _asked(unsure: list[ColumnProposal]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a person says that each column is."""
    from trialgraph.extract.columns import columns

    fields = [column.field for column in columns()]
    print_message(f"fields: {', '.join(fields)}; or {_IGNORE} (kept as text, not read)")
    for column in unsure:
        proposed = ", ".join(column.fields)
        print_message(f"{column.header or column.key}: for example {column.example!r}")
        print_message(f"  proposed is {proposed} ({column.confidence:.2f}: {column.why})")
        answer = click.prompt(
            "  field", default=proposed, err=True, value_proc=lambda text: _fields(text, fields)
        )
        yield column.key, _fields(answer, fields) if isinstance(answer, str) else answer


def _fields(text: str, known: list[str]) -> tuple[str, ...]:
    """The fields of an answer.

    :raises click.UsageError: one is none
    """
    names = tuple(name.strip() for name in text.split(","))
    if names == (_IGNORE,):
        return ()
    for name in names:
        if name not in known:
            raise click.UsageError(f"{name!r} is no field")
    return names
