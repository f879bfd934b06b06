"""What a long step says of itself."""

from __future__ import annotations

from trialgraph.release.progress import Step, rate


def test_a_step_says_how_fast_it_goes_and_what_is_left() -> None:
    assert (
        rate("checking", "reports", 500, 2_000, 25.0)
        == "checking: 500 of 2,000 reports, 20 a second, 75 s left"
    )
    assert rate("checking", "reports", 0, 9, 0.0) == "checking"
    assert rate("writing", "quads", 1_500_000, 1_500_000, 12.0).endswith(", 125,000 a second, 0 s left")


def test_what_is_done_adds_up() -> None:
    said: list[str] = []
    step = Step(said.append, "filling the store", "quads", 3_000)
    step.add(1_000)
    step.add(2_000)
    assert said[0] == "filling the store"
    assert said[1].startswith("filling the store: 1,000 of 3,000 quads, ")
    assert said[2].startswith("filling the store: 3,000 of 3,000 quads, ")
    assert said[2].endswith(" a second, 0 s left")
