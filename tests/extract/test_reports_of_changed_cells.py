"""Cells changed at random: nothing is lost, no part of a number is a value (``make soak`` reads 50,000 of them)."""

from __future__ import annotations

from tools.soak import mutations


def test_changed_cells_are_read_or_reported_whole() -> None:
    report = mutations.main(600, seed=20261128)
    assert not report.faults, "\n".join(report.examples)
    assert report.counts["readings"] > 500
    assert report.counts["leftovers"] > 150
