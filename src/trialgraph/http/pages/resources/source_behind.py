"""What a node was read from: the rows of tables and the texts of records, with the exact characters marked."""

from __future__ import annotations

from typing import NamedTuple

from trialgraph.http.pages.resources.marked_source import MarkedRow
from trialgraph.http.pages.resources.record_texts import RecordText, record_texts
from trialgraph.http.pages.resources.source_text import marked_rows, readings_behind

__all__ = ["SourceBehind", "source_behind"]


class SourceBehind(NamedTuple):
    """What a node rests on."""

    rows: tuple[MarkedRow, ...] = ()
    texts: tuple[RecordText, ...] = ()


def source_behind(subject: str, most: int) -> SourceBehind:
    """The rows and the texts of records that a node rests on, each with the readings that it rests on.

    :param most: the most readings
    :raises TrialgraphError: as :func:`~trialgraph.http.lookup.select_rows`
    """
    readings = readings_behind(subject, most)
    if not readings:
        return SourceBehind()
    rows = marked_rows(sorted(readings), readings)
    of_rows = {row.iri for row in rows}
    others = {where: held for where, held in readings.items() if where not in of_rows}
    return SourceBehind(rows, record_texts(others) if others else ())
