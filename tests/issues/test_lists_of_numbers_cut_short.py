"""A list of numbers that is larger than what is read of one is refused: the numbers behind that were passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import bad
from trialgraph.base.errors import UsageError
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.registries.selection import selection


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.txt"
    with path.open("wb") as file:
        file.write(b"NCT01663116\n")
        file.truncate(64_000_001)
    return path


def test_no_number_of_a_list_is_passed_over(large: Path) -> None:
    with pytest.raises(UsageError, match="more than 64000000 bytes"):
        selection([str(large)], lambda _: (), DEFAULTS)


def test_fetch_refuses_it_at_once(large: Path) -> None:
    assert "--ids: more than 64000000 bytes" in bad("fetch", "--ids", large)
