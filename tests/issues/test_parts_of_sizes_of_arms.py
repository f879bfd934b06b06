"""A number of some of the patients, or a factor, is no size of an arm.

"10 of 30 patients" was 30, "2 x 10 subjects" 2.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.extract.registries.measure import read_values
from tests.extract.registries.records import report_of


@pytest.mark.parametrize(
    "arm",
    [
        "10 of 30 patients receive MSC",
        "ten of the 30 patients receive MSC",
        "2 x 10 subjects receive MSC",
        "2 × 10 subjects receive MSC",
        "approximately 40 patients will be treated with MSC",
        "About twenty patients will be treated with MSC",
    ],
)
def test_it_is_not_read(tmp_path: Path, arm: str) -> None:
    assert read_values(report_of(tmp_path, arm=arm))["sizes"] == []


@pytest.mark.parametrize(
    "arm", ["The 10 patients of this group receive MSC", "A group of 10 patients receives MSC"]
)
def test_a_size_is_read(tmp_path: Path, arm: str) -> None:
    assert read_values(report_of(tmp_path, arm=arm))["sizes"] == ["10"]
