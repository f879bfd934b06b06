"""Rows whose cells are known, to calibrate the confidence of rows on some and to measure it on others.

They are constructed rows in the usual order, shuffled and with gaps, rows with the typography of publishers, and the
seed's rows with a cell of another row, without a cell, and with their columns shuffled.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.extract.publishers import PUBLISHERS, constructed_table
from tests.extract.segmentation.accuracy import CONSTRUCTED, FIELDS, seed_rows, shuffled
from tests.extract.segmentation.lines import HEADINGS, cells
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.reports import read_report
from trialgraph.extract.segmentation.confidence import RowFit, row_fit
from trialgraph.extract.segmentation.row_text import weigh
from trialgraph.extract.sources import Line, Source
from trialgraph.extract.tables.run_together import read_run_together
from trialgraph.model.table import Row

__all__ = ["CALIBRATED_ON", "MEASURED_ON", "fit_of", "known_rows"]

#: Seeds of the rows that the weights are made of, and of those that they are measured on.
CALIBRATED_ON: Final = 100
MEASURED_ON: Final = 777

_Known = tuple[Mapping[str, str], Sequence[str]]


def known_rows(seed: int, count: int) -> Iterator[tuple[Row, bool]]:
    """Rows as they are read, each with whether every cell is right; those that are not read are left out.

    :param count: of each kind
    """
    for known, order in _known(seed, count):
        line = "".join(known[field] for field in order)
        text = "\n".join(["Table 1 Trials", *(HEADINGS[field] for field in order), line, ""])
        for row in read_run_together(Source("made", Path("made.txt"), text, "0" * 64), DEFAULTS).rows:
            yield row, [cell.text or "" for cell in row.cells] == [known[field] for field in order]


def fit_of(row: Row) -> RowFit:
    """What speaks for a row."""
    text = "".join(cell.text or "" for cell in row.cells)
    found = weigh([Line(1, 0, text)], [cell.field for cell in row.cells], DEFAULTS).found
    assert found
    unread = {left.cell.key for left in read_report(row).leftovers if not left.cell.doubtful}
    return row_fit(found, len(unread))


def _known(seed: int, count: int) -> Iterator[_Known]:
    for first, missing, mixed, _ in CONSTRUCTED.values():
        r = random.Random(first + seed)  # noqa: S311 - rows to test with, no secret
        for _ in range(count):
            yield cells(r, missing), shuffled(r) if mixed else FIELDS
    for publisher in PUBLISHERS:
        _, rows = constructed_table(replace(publisher, broken=0), seed, -(-count // 3))
        yield from ((row.cells, FIELDS) for row in rows)
    r = random.Random(seed)  # noqa: S311 - likewise
    rows_of_seed = seed_rows()
    for _ in range(-(-count // 21)):
        for row in rows_of_seed:
            field = r.choice(FIELDS)
            yield {**row, field: r.choice(["", r.choice(rows_of_seed)[field]])}, FIELDS
            yield row, shuffled(r)
