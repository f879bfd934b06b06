"""Two sorted files merged: what only one has, in memory that does not grow, and a patch that makes one of the other."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.release.diff.merged import merged, patch_lines

LINES = st.sets(
    st.text("abc \\\n\u00e9", min_size=1, max_size=4).map(lambda t: t.replace("\n", "n").encode() + b"\n")
)


def applied(old: list[bytes], patch: Iterator[bytes]) -> list[bytes]:
    """As a reader of RDF Patch does it."""
    kept = set(old)
    for line in patch:
        sign, quad = line[:2], line[2:]
        if sign == b"D ":
            kept.remove(quad)
        elif sign == b"A ":
            assert quad not in kept
            kept.add(quad)
    return sorted(kept)


@given(LINES, LINES)
def test_the_merge_says_which_has_what_and_the_patch_makes_the_new_of_the_old(
    old: set[bytes], new: set[bytes]
) -> None:
    found = list(merged(sorted(old), sorted(new)))
    assert [line for _, line in found] == sorted(old | new)
    assert {sign: {line for of, line in found if of == sign} for sign in "+-="} == {
        "+": new - old, "-": old - new, "=": old & new,
    }  # fmt: skip
    assert applied(sorted(old), patch_lines(sorted(old), sorted(new), ("a", "b"))) == sorted(new)


@pytest.mark.parametrize(("old", "new", "which"), [([b"b", b"a"], [], "old"), ([], [b"a", b"a"], "new")])
def test_a_file_that_is_not_in_order_is_refused(old: list[bytes], new: list[bytes], which: str) -> None:
    with pytest.raises(ValueError, match=f"the {which} file is not in order"):
        list(merged(old, new))


def test_memory_does_not_grow_with_the_files() -> None:
    def peak(number: int) -> int:
        tracemalloc.start()
        old = (b"%09d\n" % n for n in range(0, number, 2))
        new = (b"%09d\n" % n for n in range(0, number, 3))
        assert sum(1 for _ in patch_lines(old, new, ("a", "b"))) > number // 3
        made = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return made

    peak(10)
    assert peak(60_000) < 2 * peak(600) + 10_000
