"""The generated pages on columns: those of ``trialgraph trials``, and those of a source's table."""

from __future__ import annotations

from trialgraph.extract.column_type import FlatColumn
from trialgraph.extract.columns import columns
from trialgraph.extract.registries.record_columns import RECORD_FLAT
from trialgraph.extract.trials_table import COLUMNS, flat_columns
from trialgraph.rdf.vocabulary import compact

__all__ = ["fields", "trials"]


def trials() -> str:
    """The columns of ``trialgraph trials``."""
    lines = [
        "# Columns of `trialgraph trials`",
        "",
        "One line per report. Several values are joined by `|` in CSV and are a list in JSON.",
        "",
        "| column | several | what it holds |",
        "|---|---|---|",
    ]
    lines += [_flat(column) for column in flat_columns()]
    lines += [
        "",
        "## Further columns",
        "",
        "In JSON, and in the other formats with `--columns all` or `--columns` and their names.",
        "",
        "| column | several | what it holds |",
        "|---|---|---|",
    ]
    of_records = {column.name: column for column in RECORD_FLAT}
    others = [column for column in flat_columns(["all"]) if column.name not in COLUMNS]
    lines += [_flat(column) for column in others if column.name not in of_records]
    lines += [
        "",
        "## Columns of registry records",
        "",
        "They stand behind the first group, and are empty where a table or a registry's file does not state them.",
        "",
        "| column | several | what it holds |",
        "|---|---|---|",
    ]
    lines += [_flat(column) for column in of_records.values()]
    return "\n".join(lines) + "\n"


def _flat(column: FlatColumn) -> str:
    meaning = column.meaning.replace("|", "\\|")
    return f"| `{column.name}` | {'yes' if column.several else ''} | {meaning} |"


def fields() -> str:
    """The columns of a source's table that are known."""
    lines = [
        "# Columns of a source's table",
        "",
        "A column is known by its heading, whatever the publisher calls it; `trialgraph rows` names its field. Each is",
        "one file in `src/trialgraph/extract/columns/`.",
        "",
        "| field | columns of `trialgraph trials` | states | readings |",
        "|---|---|---|---|",
    ]
    for column in columns():
        flat = ", ".join(f"`{made.name}`" for made in column.flat)
        stated = {s.property or s.on for s in column.statements}
        names = ", ".join(f"`{name}`" for name in sorted(compact(term.value) for term in stated))
        readings = ", ".join(f"`{name}`" for name in sorted(column.readings))
        lines.append(f"| {column.field} | {flat} | {names} | {readings} |")
    return "\n".join(lines) + "\n"
