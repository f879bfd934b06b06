"""It reads rather than remembers: lines built from known cells are cut back into these cells.

The lines are other than the seed's: other diseases, measures, numbers, orders and gaps (``tests/rows/lines.py``).
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tests.extract.layout.lines import HEADINGS, cells
from tests.paths import TESTS
from trialgraph.extract.layout.segmentation import cut

FIELDS = list(HEADINGS)
GOLDEN = TESTS / "golden" / "wjsc-107202-table1.tsv"
LINES = 700

Known = tuple[dict[str, str], Sequence[str]]


def seed_rows() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        body = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [dict(zip(FIELDS, row, strict=True)) for row in body]


def shuffled(r: random.Random) -> list[str]:
    return r.sample(FIELDS, len(FIELDS))


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


def held(lines: Iterable[Known], least: float, most_lines: int) -> None:
    accuracy, count, said = measure(lines)
    print(said)
    assert count >= most_lines
    assert accuracy >= least, said


def test_constructed_lines_in_the_usual_order() -> None:
    r = random.Random(20261123)  # noqa: S311 - lines to test with, no secret
    held(((cells(r), FIELDS) for _ in range(LINES)), 0.99, 700)


def test_constructed_lines_with_shuffled_columns() -> None:
    r = random.Random(20261124)  # noqa: S311 - likewise
    held(((cells(r), shuffled(r)) for _ in range(LINES)), 0.99, 700)


def test_constructed_lines_with_many_missing_cells() -> None:
    r = random.Random(20261125)  # noqa: S311 - likewise
    held(((cells(r, missing=0.2), FIELDS) for _ in range(LINES // 2)), 0.98, 350)


def test_the_seeds_rows_with_shuffled_columns() -> None:
    r = random.Random(7)  # noqa: S311 - likewise
    orders = [shuffled(r) for _ in range(20)]
    held(((row, order) for order in orders for row in seed_rows()), 0.99, 420)


def test_the_seeds_rows_with_a_cell_of_another_row() -> None:
    r = random.Random(8)  # noqa: S311 - likewise
    rows = seed_rows()
    exchanged = [
        {**row, field: r.choice([other[field] for other in rows if other is not row])}
        for row in rows
        for field in FIELDS
    ]
    held(((row, FIELDS) for row in exchanged), 0.99, 231)


def test_the_seeds_rows_with_a_missing_cell() -> None:
    gaps = [{**row, field: ""} for row in seed_rows() for field in FIELDS if row[field]]
    held(((row, FIELDS) for row in gaps), 0.95, 200)


def test_the_seeds_rows_with_other_numbers() -> None:
    r = random.Random(9)  # noqa: S311 - likewise
    changed = []
    for row in seed_rows():
        a, b = r.randint(1, 150), r.randint(0, 150)
        numbers = {
            "patients": f"{a + b} ({a}/{b})",
            "follow-up": str(r.choice([1, 2, 3, 6, 9, 12, 18, 24, 36, 48, 60])),
            "registration": f"NCT{r.randint(0, 99_999_999):08d}",
            "reference": f"[{r.randint(1, 300)}]",
        }
        changed.append({**row, **numbers})
    held(((row, FIELDS) for row in changed), 0.98, 21)
