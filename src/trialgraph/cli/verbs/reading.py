"""The verbs that read sources: rows, trials."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trialgraph.cli.terminal import progress, show_table
from trialgraph.cli.verbs.common import (
    Invocation,
    finish,
    kind_options,
    only_option,
    out,
    output_option,
    setting_options,
    sources_argument,
)

if TYPE_CHECKING:
    from trialgraph.model.place import GridAddress
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
@only_option
@output_option
@click.pass_obj
def trials(
    obj: Invocation,
    sources: tuple[str, ...],
    kind: str | None,
    table: str | None,
    form: str,
    columns: str | None,
    only: tuple[str, ...],
    output: Path | None,
) -> None:
    """Read one report per row of a table or record of a registry, in plain columns.

    \b
    Example: trialgraph trials -f csv > trials.csv
    Example: trialgraph trials --columns registration_id,status,countries
    Example: trialgraph trials ctg-studies.json.zip --only seeds/my-review -f jsonl
    """
    from trialgraph.cli.verbs.registry_files import wanted_reports
    from trialgraph.extract.registries.record_columns import flat_names, flat_of
    from trialgraph.extract.trials_table import COLUMNS

    wanted = tuple(columns.split(",")) if columns else ("all",) if form == "jsonl" else COLUMNS
    names = flat_names(wanted)
    found = wanted_reports(
        sources,
        lambda paths: read_sources(paths, obj, kind, table),
        only,
        obj.settings,
        tables=bool(kind or table),
    )
    lines = _begun(flat_of(report, names) for report in found.reports())
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
    finish((finding for one in found.read for finding in one.findings), obj.settings)
    found.told.finish()


def _begun(lines: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lines, of which the first is known to be there: where nothing is left nothing is written."""
    first = list(islice(lines, 1))
    return chain(first, lines)


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
