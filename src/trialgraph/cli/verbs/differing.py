"""The verb that says what changed between two releases: diff."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from trialgraph.base.errors import UsageError
from trialgraph.cli.terminal import print_message, show_table
from trialgraph.cli.verbs.common import Invocation, out, output_option, setting_options

if TYPE_CHECKING:
    from trialgraph.release.diff.changed_facts import Counted
    from trialgraph.release.open import Release

__all__ = ["COUNT_COLUMNS", "FACT_COLUMNS", "VALUE_COLUMNS", "diff"]

#: The columns of each list, in their order.
COUNT_COLUMNS: Final = ("graph", "property", "reason", "added", "removed")
FACT_COLUMNS: Final = ("change", "reason", "subject", "property", "value", "graph")
VALUE_COLUMNS: Final = ("trial", "field", "before", "after", "reason", "source", "row")


@setting_options("diff")
@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--facts", "shown", flag_value="facts", help="List each added and each removed fact.")
@click.option("--trials", "shown", flag_value="trials", help="List changes per trial and field.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["table", "csv", "jsonl", "nquads"]),
    default="table",
    show_default=True,
    help="nquads: a patch that makes NEW of OLD, as RDF Patch: D or A before each removed or added quad.",
)
@output_option
@click.pass_obj
def diff(obj: Invocation, old: Path, new: Path, shown: str | None, form: str, output: Path | None) -> None:
    """What changed from the release OLD to the release NEW, and why.

    By default how many facts were added and removed, by graph, property and reason. A reason is what the releases show:
    another source, curation, rule, mapping, ontology release, ontology, or program. The description of a release (the
    graph "meta"), which its hash does not cover, is left out. Differences are data: they do not change the exit code.

    \b
    Example: trialgraph diff releases/0a1b… releases/current
    Example: trialgraph diff releases/0a1b… releases/current --trials -f csv
    Example: trialgraph diff releases/0a1b… releases/current -f nquads > changes.rdfp
    """
    from trialgraph.release.diff.changed_facts import patch
    from trialgraph.release.open import open_release

    releases = open_release(old, obj.settings), open_release(new, obj.settings)
    if form == "nquads":
        if shown:
            raise UsageError(f"--{shown} has no patch", where="-f nquads", hint=f"leave out --{shown}")
        with out(output) as stream:
            stream.writelines(line.decode() for line in patch(*releases))
        return
    columns, lines = _listed(shown, *releases)
    with out(output) as stream:
        if form == "csv":
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(lines)
        elif form == "jsonl":
            for line in lines:
                print(json.dumps(dict(zip(columns, line, strict=True)), ensure_ascii=False))
        else:
            show_table(columns, [[str(value) for value in line] for line in lines])
    if releases[0].hash == releases[1].hash:
        print_message("both are the same release", quiet=obj.quiet)


def _listed(
    shown: str | None, old: Release, new: Release
) -> tuple[Sequence[str], Iterable[Sequence[str | int]]]:
    from trialgraph.release.diff.changed_facts import changed_facts, counted, reasons_of
    from trialgraph.release.diff.changed_values import changed_values

    if shown == "facts":
        return FACT_COLUMNS, (
            (
                "added" if fact.added else "removed",
                fact.reason,
                fact.subject,
                fact.predicate,
                fact.value,
                fact.graph,
            )
            for fact in changed_facts(old, new)
        )
    if shown == "trials":
        found = changed_values(old, new, reasons_of(old, new))
        return VALUE_COLUMNS, (
            (one.trial, one.field, one.before, one.after, one.reason, one.source, one.row) for one in found
        )
    return COUNT_COLUMNS, _counts(counted(old, new))


def _counts(found: Iterable[Counted]) -> Iterator[Sequence[str | int]]:
    for one in found:
        yield (
            one.graph.rsplit("/", 1)[-1].rstrip(">"),
            _named(one.predicate),
            one.reason,
            one.added,
            one.removed,
        )


def _named(predicate: str) -> str:
    from trialgraph.rdf.vocabulary import compact

    iri = predicate.strip("<>")
    return compact(iri) or iri
