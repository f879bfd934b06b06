"""Files of registries with parts changed at random: they are read, left out, or refused in a line."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

import pytest

from tests.extract.registries.mutated_files import SHAPES, faults_of, mutated_file

#: How many files of each shape the suite tries; ``tools.soak.records`` tries as many as it is given.
MANY: Final = 15


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mutated_file_raises_nothing_unforeseen(tmp_path: Path, shape: str) -> None:
    chance = random.Random(shape)  # noqa: S311 - no secret
    path = tmp_path / "a"
    for _ in range(MANY):
        path.write_bytes(mutated_file(shape, chance))
        assert list(faults_of(path)) == []
