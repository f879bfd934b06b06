"""How many cells of known lines the segmentation finds: lines made of known cells, and the seed's rows changed.

The suite measures a part of the constructed lines, ``make soak`` all of them.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from tests.extract.segmentation.lines import HEADINGS, cells
from tests.paths import TESTS
from trialgraph.extract.segmentation.segmentation import cut

__all__ = [
    "CONSTRUCTED",
    "FIELDS",
    "LINES",
    "Known",
    "constructed",
    "exchanged",
    "gaps",
    "measure",
    "seed_rows",
    "shuffled",
]

FIELDS = list(HEADINGS)
GOLDEN = TESTS / "golden" / "wjsc-107202-table1.tsv"
Known = tuple[dict[str, str], Sequence[str]]


def seed_rows() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        body = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [dict(zip(FIELDS, row, strict=True)) for row in body]


def shuffled(r: random.Random) -> list[str]:
    return r.sample(FIELDS, len(FIELDS))


def exchanged() -> list[Known]:
    """The seed's rows, each cell in turn exchanged for that of another row."""
    r = random.Random(8)  # noqa: S311 - cells to test with, no secret
    rows = seed_rows()
    return [
        ({**row, field: r.choice([other[field] for other in rows if other is not row])}, FIELDS)
        for row in rows
        for field in FIELDS
    ]


def gaps() -> list[Known]:
    """The seed's rows, each filled cell in turn empty."""
    return [({**row, field: ""}, FIELDS) for row in seed_rows() for field in FIELDS if row[field]]


def failure(field: str, wanted: str, got: str) -> str:
    """The kind of a failure, in words that do not depend on the line."""
    if not wanted:
        return f"{field}: something read where nothing stands"
    if not got:
        return f"{field}: nothing read"
    if got in wanted:
        return f"{field}: cut short"
    return f"{field}: took in a neighbour's characters" if wanted in got else f"{field}: both ends wrong"


def measure(lines: Iterable[Known]) -> tuple[float, int, str]:
    """Share of right cells, number of lines, and what to say where that is too low."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    examples: dict[str, str] = {}
    whole = count = 0
    for known, order in lines:
        text = "".join(known[f] for f in order)
        got = [text[i:j] for i, j in pairwise(cut(text, order).bounds)]
        count += 1
        whole += got == [known[f] for f in order]
        for field, piece in zip(order, got, strict=True):
            total[field] += 1
            if piece == known[field]:
                right[field] += 1
            else:
                kind = failure(field, known[field], piece)
                kinds[kind] += 1
                examples.setdefault(kind, f"{known[field]!r} read as {piece!r}")
    accuracy = right.total() / total.total()
    said = [f"{accuracy:.4f} of {total.total()} cells, {whole} of {count} lines whole"]
    said += [f"  {field:15} {right[field] / total[field]:.4f}" for field in FIELDS]
    said += [f"  {n:4} {kind}, like {examples[kind]}" for kind, n in kinds.most_common()]
    return accuracy, count, "\n".join(said)


#: Lines of each kind in the long run.
LINES: Final = 700
#: For each kind of constructed lines its seed, the chance that a cell is missing, whether columns are shuffled, and the
#: share of cells that have to be right.
CONSTRUCTED: Final[Mapping[str, tuple[int, float, bool, float]]] = {
    "in the usual order": (20261123, 0.06, False, 0.99),
    "with shuffled columns": (20261124, 0.06, True, 0.99),
    "with many missing cells": (20261125, 0.2, False, 0.98),
}


def constructed(kind: str, count: int) -> Iterator[Known]:
    """So many lines of a kind; the same from the first on, however many there are."""
    seed, missing, mixed, _ = CONSTRUCTED[kind]
    r = random.Random(seed)  # noqa: S311 - lines to test with, no secret
    for _ in range(count):
        yield cells(r, missing), shuffled(r) if mixed else FIELDS
