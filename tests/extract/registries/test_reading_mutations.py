"""Records with parts changed at random, and bytes: they are read, left out, or refused in a line."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.extract.registries.records import read, studies
from trialgraph.base.errors import InputError
from trialgraph.extract.registries.record_columns import flat_names, flat_of

VALUES: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 10**30, 1.5, 1e308, "", "x" * 3_000, "\0", "\ud800", [], {}, [[]], {"a": 1}, "<b>&amp;",
    "\u202e\u200b", "10^6 cells/kg " * 40, "1/2/3/" * 200, "(" * 200, "million " * 200, "e\u0301" * 300,
)  # fmt: skip
#: How many mutations the suite tries; the soak tries as many as it is given.
MANY: Final = 120


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a record but its root."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in below:
        yield (*path, key)
        yield from places(inner, (*path, key))


def mutated(record: Any, chance: random.Random) -> bytes:
    """The JSON of a record with some of its parts changed, and sometimes some bytes."""
    made = copy.deepcopy(record)
    for _ in range(chance.choice([1, 2, 5, 20])):
        *way, last = chance.choice(list(places(made)))
        holder = made
        for key in way:
            holder = holder[key]
        if isinstance(holder, dict) and chance.random() < 0.2:
            del holder[last]
        else:
            holder[last] = copy.deepcopy(chance.choice(VALUES))
    data = bytearray(json.dumps(made, ensure_ascii=chance.random() < 0.7).encode("utf-8", "surrogatepass"))
    for _ in range(chance.choice([0, 0, 1, 20])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


@pytest.mark.parametrize("seed", range(4))
def test_a_mutated_record_raises_nothing_unforeseen(tmp_path: Path, seed: int) -> None:
    chance, names = random.Random(seed), flat_names(["all"])  # noqa: S311 - no secret
    records = studies()
    for _ in range(MANY // 4):
        path = tmp_path / "a.json"
        path.write_bytes(mutated(chance.choice(records), chance))
        try:
            reports, problems = read(path)
        except InputError:
            continue
        for report in reports:
            assert json.dumps(flat_of(report, names), ensure_ascii=False).encode()
        assert all("\n" not in problem.line() for problem in problems)
