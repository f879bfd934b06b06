"""Columns that were assigned to fields by hand, in the table ``[columns]`` of ``source.toml``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from trialgraph.base.errors import InputError
from trialgraph.extract.columns import columns
from trialgraph.extract.layout.column_roles import IGNORED

__all__ = ["assigned_fields"]

_POSITION: Final = re.compile(r"#(\d{1,5})")


def assigned_fields(
    meta: Mapping[str, Any], headers: Sequence[str], *, where: str = "", sidecar: str = ""
) -> dict[int, tuple[str, ...]]:
    """The fields of those columns that were assigned, by index; ``ignore`` alone for one that is not to be read.

    :param meta: what ``source.toml`` says: ``columns`` has headings, or ``#3`` for the third column, with a field,
        several in a list, or ``ignore``
    :param headers: the headings as printed
    :param where: path of ``source.toml``, for messages
    :param sidecar: its text, for the line of a message
    :raises InputError: what is assigned is no field, or there is no such column
    """
    table = meta.get("columns") or {}
    if not isinstance(table, Mapping):
        raise InputError(
            "columns is no table",
            where=_at(where, sidecar, "columns"),
            hint='write [columns] and lines "Heading" = "field"',
        )
    made: dict[int, tuple[str, ...]] = {}
    for heading, value in table.items():
        at = _at(where, sidecar, heading)
        fields = _fields(heading, value, at)
        found = _columns(heading, headers)
        if not found:
            raise InputError(
                f"no column has the heading {heading[:60]!r}",
                where=at,
                hint=_nearest(heading, headers, "headings"),
            )
        made |= dict.fromkeys(found, fields)
    return made


def _columns(heading: str, headers: Sequence[str]) -> list[int]:
    plain = " ".join(heading.split())
    found = [n for n, header in enumerate(headers) if header in (heading, plain)]
    if found:
        return found
    m = _POSITION.fullmatch(heading)
    return [int(m[1]) - 1] if m and 0 < int(m[1]) <= len(headers) else []


def _fields(heading: str, value: object, at: str) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    known = [column.field for column in columns()]
    made = []
    for name in names:
        if isinstance(name, str) and name.strip().startswith("?"):
            raise InputError(
                f"nobody has decided what the column {heading[:60]!r} is",
                where=at,
                hint='give a field, or "ignore"',
            )
        wanted = name.replace("-", " ").replace("_", " ").strip().casefold() if isinstance(name, str) else ""
        field = next((f for f in (*known, IGNORED) if name == f or f.replace("-", " ") == wanted), None)
        if field is None or (field == IGNORED and len(names) > 1):
            raise InputError(
                f"{str(name)[:60]!r} is no field",
                where=at,
                hint=_nearest(str(name), [*known, IGNORED], "fields"),
            )
        made.append(field)
    return tuple(made)


def _nearest(name: str, known: Sequence[str], what: str) -> str:
    folded = {k.casefold(): k for k in known if k}
    near = [
        folded[k] for k in difflib.get_close_matches(name[:200].casefold(), list(folded), n=3, cutoff=0.5)
    ]
    return (
        f"the nearest {what}: {', '.join(near)}"
        if near
        else f"{what}: {', '.join(k for k in known if k)[:300]}"
    )


def _at(where: str, sidecar: str, key: str) -> str:
    """The line of a key; the file alone where it is spelled with escapes."""
    for number, line in enumerate(sidecar.splitlines(), start=1):
        written = line.split("=")[0].strip() if not line.lstrip().startswith(('"', "'")) else line.strip()
        if written in (key, f"[{key}]") or re.match(rf"[\"']{re.escape(key)}[\"']\s*=", line.strip()):
            return f"{where}:{number}"
    return where
