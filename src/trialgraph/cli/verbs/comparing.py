"""The verb that compares reports of one trial: compare."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from trialgraph.base.errors import UsageError
from trialgraph.cli.terminal import print_message, show_table
from trialgraph.cli.verbs.common import Invocation, out, output_option, setting_options, sources_argument
from trialgraph.cli.verbs.reading import read_sources

if TYPE_CHECKING:
    from trialgraph.extract.comparisons.side_by_side import SideBySide
    from trialgraph.extract.record_comparisons.record_comparisons import RecordComparisons
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
@click.option(
    "--list",
    "shown",
    type=click.Choice(["comparisons", "changes", "contradictions", "inspect-sr"]),
    default="comparisons",
    show_default=True,
    help="What to list: comparisons of fields; changes from version to version of a record; what records say against "
    "themselves; per trial the facts for "
    "the checks 2.1 to 2.3 of INSPECT-SR, without a judgement.",
)
@output_option
@click.pass_obj
def compare(
    obj: Invocation,
    sources: tuple[str, ...],
    only: tuple[str, ...],
    form: str,
    shown: str,
    output: Path | None,
) -> None:
    """Compare what several sources state of the same trials, field by field.

    A source is a table or a file of a registry. Of registry files only the records of trials that another source or
    another record names are read. Differences are data: they do not change the exit code; a record that cannot be read
    does (1). The lines of jsonl have the rows and records of both reports, too.

    \b
    Example: trialgraph compare --only differs
    Example: trialgraph compare seeds/my-review ctg-studies.json.zip -f csv > compared.csv
    Example: trialgraph compare seeds/my-review versions.jsonl --list inspect-sr -f csv > sheet.csv
    """
    from trialgraph.cli.verbs.registry_files import joined_reports
    from trialgraph.extract.comparisons.pairs import facts_of
    from trialgraph.extract.comparisons.side_by_side import side_by_side
    from trialgraph.extract.record_comparisons.record_comparisons import record_comparisons

    if only and shown != "comparisons":
        raise UsageError("only comparisons have a verdict", where="--only", hint="leave it out, or --list")
    found = joined_reports(sources, lambda paths: read_sources(paths, obj), obj.settings)
    tables = [one.source for one in found.read]
    beside = side_by_side((r for one in found.read for r in one.reports), tables)
    records = record_comparisons(found.reports(), facts_of(tables))
    comparisons = [one for one in _in_order(beside, records) if not only or one.verdict in only]
    columns, lines = _listed(shown, comparisons, records)
    places: Sequence[Mapping[str, int | str | None]] = [{}] * len(lines)
    if shown == "comparisons":
        places = [_places(one) for one in comparisons]
    with out(output) as stream:
        _write(stream, form, columns, lines, places)
    for where, what in (*beside.remarks, *records.remarks):
        print_message(f"{where}: {what}")
    if shown == "comparisons":
        proposed = sum(one.status == "proposed" for one in beside.proposals)
        alone = len(found.order) < 2 and not records.comparisons
        print_message(_summary(len(found.order), len(lines), proposed, alone=alone), quiet=obj.quiet)
    found.told.finish()


def _write(
    stream: IO[str],
    form: str,
    columns: Sequence[str],
    lines: Sequence[list[str]],
    places: Sequence[Mapping[str, int | str | None]],
) -> None:
    """Write the lines in a format.

    :param places: what each line of jsonl has beside its columns
    """
    if form == "csv":
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(lines)
    elif form == "jsonl":
        for line, place in zip(lines, places, strict=True):
            named = {name: value or None for name, value in zip(columns, line, strict=True)}
            print(json.dumps(named | dict(place), ensure_ascii=False))
    else:
        show_table(list(columns), lines)


def _in_order(beside: SideBySide, records: RecordComparisons) -> Iterator[Comparison]:
    """The comparisons of tables and those of records, trial by trial."""
    trials: dict[str, list[Comparison]] = {}
    of_number = {number: trial.key for trial in records.trials for number in trial.numbers}
    for one in (*beside.comparisons, *records.comparisons):
        first = one.trials[0]
        trials.setdefault(of_number.get(first, first), []).append(one)
    for several in trials.values():
        yield from several


def _listed(
    shown: str, comparisons: Sequence[Comparison], records: RecordComparisons
) -> tuple[Sequence[str], list[list[str]]]:
    """The columns and lines of what is shown."""
    if shown == "comparisons":
        return COMPARE_COLUMNS, [list(_line(one)) for one in comparisons]
    from trialgraph.extract.history.changes import CHANGE_COLUMNS, change_lines
    from trialgraph.extract.history.contradictions import CONTRADICTION_COLUMNS, contradiction_lines
    from trialgraph.extract.history.inspect_sr import SHEET_COLUMNS, sheet_lines

    if shown == "changes":
        return CHANGE_COLUMNS, [list(line) for trial in records.trials for line in change_lines(trial)]
    if shown == "contradictions":
        return CONTRADICTION_COLUMNS, [
            list(line) for trial in records.trials for line in contradiction_lines(trial)
        ]
    return SHEET_COLUMNS, [list(line) for trial in records.trials for line in sheet_lines(trial)]


def _line(one: Comparison) -> Sequence[str]:
    return (
        "|".join(one.trials), one.field, one.verdict, one.severity or "",
        one.left.report.source, one.left.value, one.left.as_of,
        one.right.report.source, one.right.value, one.right.as_of, one.note,
    )  # fmt: skip


def _places(one: Comparison) -> dict[str, int | str | None]:
    """Which row or record each side is, and where its value stands."""
    made: dict[str, int | str | None] = {}
    for name, side in (("left", one.left), ("right", one.right)):
        place = side.report.locator
        made[f"{name}_row"] = place if isinstance(place, int) else None
        if isinstance(place, str):
            made[f"{name}_record"] = place
    return made


def _summary(sources: int, lines: int, proposed: int, *, alone: bool) -> str:
    if alone:
        return "one source is read: a comparison needs a second one"
    told = f"{lines} comparisons of {sources} sources"
    return (
        f"{told}; {proposed} more pairs of reports may be of one trial, for a reviewer" if proposed else told
    )
