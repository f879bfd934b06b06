"""The verbs that read sources: rows, trials."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trialgraph.base.errors import Findings, InputError
from trialgraph.cli.terminal import progress, show_table
from trialgraph.cli.verbs.common import (
    Invocation,
    finish,
    kind_options,
    out,
    output_option,
    setting_options,
    sources_argument,
)

if TYPE_CHECKING:
    from trialgraph.model.place import GridAddress
    from trialgraph.model.report import TrialReport
    from trialgraph.model.table import Cell, Row
    from trialgraph.pipeline import Read

__all__ = ["rows", "trials"]


@setting_options("rows")
@click.command()
@sources_argument
@kind_options
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True
)
@output_option
@click.pass_obj
def rows(
    obj: Invocation,
    sources: tuple[str, ...],
    kind: str | None,
    table: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Cut the rows of tables into cells.

    \b
    Example: trialgraph rows seeds/wjsc-107202-table1 -f jsonl
    """
    read = read_sources(sources, obj, kind, table)
    with out(output):
        if form == "jsonl":
            for one in read:
                for row in one.table.rows:
                    print(json.dumps(_row_json(row), ensure_ascii=False))
        else:
            for one in read:
                headers = {c.position: c.header for c in one.table.columns}
                show_table(
                    ["row", "line", *headers.values(), "confidence"],
                    [
                        [
                            str(r.number),
                            str(r.line),
                            *(_texts(r, position) for position in headers),
                            f"{r.confidence:.2f}",
                        ]
                        for r in one.table.rows
                    ],
                )
    finish((f for one in read for f in one.findings), obj.settings)


def _cells(row: Row) -> list[list[Cell]]:
    """The cells of the source in a row: one that holds several fields is one; what stands beside a table is none."""
    made: dict[tuple[int, GridAddress | None, int], list[Cell]] = {}
    for cell in row.cells:
        if cell.column:
            made.setdefault((cell.column, cell.address, cell.start), []).append(cell)
    return list(made.values())


def _texts(row: Row, column: int) -> str:
    """The texts of a column: several where a trial has several rows."""
    return "\n".join(first.text for first, *_ in _cells(row) if first.column == column and first.text)


def _row_json(row: Row) -> dict[str, Any]:
    made: dict[str, Any] = {
        "source": row.source,
        "row": row.number,
        "line": row.line,
        "cells": [
            {
                "header": c.header,
                "field": "|".join(same.field for same in (c, *further) if same.field) or None,
                "text": c.text,
                "start": c.start,
                "end": c.end,
                "address": str(c.address) if c.address else None,
                "marks": list(c.marks),
            }
            for c, *further in _cells(row)
        ],
        "confidence": row.confidence,
    }
    if row.runner_up:
        made["runner_up"] = [c.text for c in row.runner_up]
    return made


@setting_options("trials")
@click.command()
@sources_argument
@kind_options
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "csv", "jsonl"]), default="table", show_default=True
)
@click.option(
    "--columns",
    metavar="all|A,B,…",
    help="The columns to list. [default: those that others rely on; all for jsonl]",
)
@output_option
@click.pass_obj
def trials(
    obj: Invocation,
    sources: tuple[str, ...],
    kind: str | None,
    table: str | None,
    form: str,
    columns: str | None,
    output: Path | None,
) -> None:
    """Read one report per row, in plain columns.

    \b
    Example: trialgraph trials -f csv > trials.csv
    Example: trialgraph trials --columns registration_id,status,countries
    """
    from trialgraph.extract.registries.record_columns import flat_names, flat_of
    from trialgraph.extract.trials_table import COLUMNS

    wanted = tuple(columns.split(",")) if columns else ("all",) if form == "jsonl" else COLUMNS
    names = flat_names(wanted)
    found = _Reports(sources, obj, kind, table)
    lines = (flat_of(report, names) for report in found.reports())
    with out(output) as stream:
        if form == "csv":
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(names)
            writer.writerows([_plain(value) for value in line.values()] for line in lines)
        elif form == "jsonl":
            for line in lines:
                print(json.dumps(line, ensure_ascii=False))
        else:
            show_table(names, [[_plain(value) for value in line.values()] for line in lines])
    found.finish()


class _Reports:
    """The reports of all sources, those of a registry's file one after the other."""

    def __init__(self, sources: Sequence[str], obj: Invocation, kind: str | None, table: str | None) -> None:
        from trialgraph.cli.verbs.registry_files import Told
        from trialgraph.extract.registries.reading import registry_source
        from trialgraph.extract.registries.registry_file import is_registry_file

        self.obj, self.told = obj, Told()
        of_tables = [path for path in sources if kind or table or not is_registry_file(path)]
        read = read_sources(of_tables, obj, kind, table) if of_tables or not sources else ()
        self.read = read
        self.registries = {
            path: registry_source(path, obj.settings) for path in sources if path not in of_tables
        }
        slugs = [one.source.slug for one in read] + [one.slug for one in self.registries.values()]
        if twice := next((slug for slug in slugs if slugs.count(slug) > 1), None):
            raise InputError(f"two sources are called {twice}", where=twice, hint="rename one")
        tables = dict(zip(of_tables, read, strict=False))
        self.order = [tables.get(path) or self.registries[path] for path in sources] or list(read)

    def reports(self) -> Iterator[TrialReport]:
        from trialgraph.cli.verbs.registry_files import reports_of
        from trialgraph.extract.registries.reading import RegistrySource

        for one in self.order:
            if isinstance(one, RegistrySource):
                yield from reports_of(one, self.obj.settings, self.told)
            else:
                yield from one.reports

    def finish(self) -> None:
        finish((f for one in self.read for f in one.findings), self.obj.settings)
        if self.told.findings:
            raise Findings(f"{self.told.findings} findings")


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def read_sources(
    sources: Sequence[str], obj: Invocation, kind: str | None = None, table: str | None = None
) -> tuple[Read, ...]:
    from trialgraph.pipeline import read_all

    with progress(obj.quiet) as step:
        return read_all(sources, step, obj.settings, kind=kind or "", table=table)
