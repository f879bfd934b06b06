"""Server, worker and build are killed at random moments; what is served afterwards is whole (bounded; `make soak`)."""

from __future__ import annotations

from tools.soak.kills import main


def test_what_is_killed_leaves_a_whole_release_served() -> None:
    report = main(6)
    assert not report.faults, "\n".join(report.examples)
