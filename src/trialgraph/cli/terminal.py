"""Terminal output: tables, highlighted characters, progress. Data go to stdout, messages to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from trialgraph.base.escaping import visible

if TYPE_CHECKING:
    from rich.console import Console

    from trialgraph.views.explain import Explained
    from trialgraph.views.record_fields import FieldProvenance
    from trialgraph.views.trial_links import LinkProvenance

__all__ = ["print_message", "progress", "show_explained", "show_table"]

# The longest text in a cell on a terminal; a pipe gets all of it.
_SHORT: Final = 60


def print_message(message: str, *, quiet: bool = False) -> None:
    """A line on stderr."""
    if not quiet:
        print(message, file=sys.stderr, flush=True)


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A spinner with the present step, on a terminal only; nothing else anywhere else."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # it takes longer to import than many a command takes

    console = Console(stderr=True)
    if not console.is_terminal:  # TERM=dumb
        yield lambda _: None
        return
    with console.status("starting") as status:
        yield status.update


def show_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on stdout: drawn on a terminal, without lines and unabridged elsewhere."""
    if not sys.stdout.isatty():
        _plain(columns, [list(row) for row in rows])
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, markup=False)
    table = Table(*columns, header_style="bold", show_lines=False)
    for row in rows:
        table.add_row(*(Text(_shortened(visible(cell, keep="\n"))) for cell in row))
    console.print(table)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def _plain(columns: Sequence[str], rows: list[list[str]]) -> None:
    flat = [[visible(" ".join(cell.split())) for cell in row] for row in [list(columns), *rows]]
    widths = [max(len(row[k]) for row in flat) for k in range(len(columns))]
    for row in flat:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def show_explained(found: Explained) -> None:
    """Where a value came from, its characters marked; between ⟦ and ⟧ where there are no colours."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False, soft_wrap=True)
    colours = console.is_terminal and not console.no_color
    console.print(f"{found.label}  <{found.iri}>" if found.label else f"<{found.iri}>")
    for reading in found.readings:
        concept = f"  <{reading.concept}>" if reading.concept else ""
        console.print()
        console.print(f"{reading.reads} = {reading.value or 'not stated'}{concept}")
        for words in filter(None, (reading.label, reading.use)):
            console.print(f"  {visible(words)}")
        line = Text("  ")
        verbatim = visible(reading.verbatim)
        line.append(visible(reading.before[-_SHORT:]))
        line.append(verbatim if colours else f"⟦{verbatim}⟧", style="reverse bold" if colours else "")
        line.append(visible(reading.after[:_SHORT]))
        console.print(line)
        cell = f" of cell {visible(reading.address)}" if reading.address else ""
        place = f"row {reading.row}, line {reading.line}, column {reading.field!r}"
        if reading.record:
            place = f"record {visible(reading.record)}"
        console.print(
            f"  {reading.source}, {place}, characters {reading.offsets[0]} to {reading.offsets[1]}{cell}"
        )
        console.print(f"  rule {reading.rule}: {reading.says}")
        if reading.mapping:
            console.print(f"  mapping: {reading.mapping}")
    _show_fields(console, found.fields)
    _show_links(console, found.links)


def _show_links(console: Console, links: Sequence[LinkProvenance]) -> None:
    """Which numbers records say are of the trial, where they say so, and what a reviewer decided on it."""
    for one in links:
        console.print()
        console.print(f"{one.kind} {visible(one.number)} ({one.registry}): {one.status}")
        place = f"{visible(one.file)}  {visible(one.place)}"
        console.print(f"  {one.registry_of_record} record {visible(one.record)}  {place}")
        if one.who:
            console.print(f"  {one.status} by {visible(one.who)}, {one.when}: {visible(one.why)}")


def _show_fields(console: Console, fields: Sequence[FieldProvenance]) -> None:
    """What records state in fields of their own: the value, the place in the record, what reads it."""
    record = ""
    for one in fields:
        of = f"{one.registry} record {one.record}" + (f" as of {one.as_of}" if one.as_of else "")
        if of != record:
            record = of
            console.print()
            console.print(f"{of}  {visible(one.file)}  SHA-256 {one.sha256}")
        value = visible(" ".join(one.value.split()))
        console.print(f"  {one.property} = {value if len(value) <= _SHORT else value[: _SHORT - 1] + '…'}")
        console.print(f"    {visible(one.place)}  read as {one.reader}; {one.meaning}")
