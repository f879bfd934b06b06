"""Tables with the typography of seven publishers: what is asserted is right, what is missing is reported."""

from __future__ import annotations

from pathlib import Path

from tests.extract.publishers import PUBLISHERS
from tests.extract.typography import measure_tables


def test_what_is_asserted_is_right_and_what_is_missing_is_reported(tmp_path: Path) -> None:
    counts, examples = measure_tables(PUBLISHERS, [1], 20, tmp_path)
    told = f"{dict(counts)}\n" + "\n".join(examples)
    stated = counts.total() - counts["not stated"]
    assert stated > 2_000
    assert counts["right"] / (counts["right"] + counts["wrong"]) >= 0.99, told
    assert counts["wrong"] / stated <= 0.005, told
    assert counts["missing, not reported"] == 0, told
    assert counts["right"] / stated >= 0.85, told
