"""The verb that compares reports of one trial: compare."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from trialgraph.cli.terminal import print_message, show_table
from trialgraph.cli.verbs.common import Invocation, out, output_option, setting_options, sources_argument
from trialgraph.cli.verbs.reading import read_sources

if TYPE_CHECKING:
    from trialgraph.model.comparison import Comparison

__all__ = ["COMPARE_COLUMNS", "compare"]

#: The columns that others rely on, in their order.
COMPARE_COLUMNS: Final = (
    "trial", "field", "verdict", "severity", "left_source", "left_value", "left_as_of", "right_source", "right_value",
    "right_as_of", "note",
)  # fmt: skip
_VERDICTS: Final = ("agrees", "differs", "only left", "only right", "not comparable")


@setting_options("compare")
@click.command()
@sources_argument
@click.option(
    "--only", type=click.Choice(_VERDICTS), multiple=True, help="List only these verdicts. [may be repeated]"
)
@click.option(
    "-f", "--format", "form", type=click.Choice(["table", "csv", "jsonl"]), default="table", show_default=True
)
@output_option
@click.pass_obj
def compare(
    obj: Invocation, sources: tuple[str, ...], only: tuple[str, ...], form: str, output: Path | None
) -> None:
    """Compare what several sources state of the same trials, field by field.

    Differences are data: they do not change the exit code. The lines of jsonl have the rows of both reports, too.

    \b
    Example: trialgraph compare --only differs
    Example: trialgraph compare my-review.txt other-review.txt -f csv > compared.csv
    """
    from trialgraph.extract.comparisons.side_by_side import side_by_side

    read = read_sources(sources, obj)
    beside = side_by_side((r for one in read for r in one.reports), [one.source for one in read])
    found = [one for one in beside.comparisons if not only or one.verdict in only]
    lines = [_line(one) for one in found]
    with out(output) as stream:
        if form == "csv":
            writer = csv.DictWriter(stream, COMPARE_COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(lines)
        elif form == "jsonl":
            for one in found:
                print(json.dumps(_record(one), ensure_ascii=False))
        else:
            show_table(list(COMPARE_COLUMNS), [list(line.values()) for line in lines])
    for where, what in beside.remarks:
        print_message(f"{where}: {what}")
    proposed = sum(one.status == "proposed" for one in beside.proposals)
    print_message(_summary(len(read), len(lines), proposed), quiet=obj.quiet)


def _line(one: Comparison) -> dict[str, str]:
    values = (
        "|".join(one.trials), one.field, one.verdict, one.severity or "",
        one.left.report.source, one.left.value, one.left.as_of,
        one.right.report.source, one.right.value, one.right.as_of, one.note,
    )  # fmt: skip
    return dict(zip(COMPARE_COLUMNS, values, strict=True))


def _record(one: Comparison) -> dict[str, str | int | None]:
    rows = {"left_row": one.left.report.row.number, "right_row": one.right.report.row.number}
    return {**{name: value or None for name, value in _line(one).items()}, **rows}


def _summary(sources: int, lines: int, proposed: int) -> str:
    if sources < 2:
        return "one source is read: a comparison needs a second one"
    told = f"{lines} comparisons of {sources} sources"
    return (
        f"{told}; {proposed} more pairs of reports may be of one trial, for a reviewer" if proposed else told
    )
