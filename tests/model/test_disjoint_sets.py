"""Disjoint sets: what is joined, over however many steps, is of one set; nothing else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trialgraph.model.disjoint_sets import DisjointSets

NAMES = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(NAMES, NAMES)))
def test_two_names_are_of_one_set_where_statements_lead_from_one_to_the_other(
    statements: list[tuple[str, str]],
) -> None:
    sets = DisjointSets()
    for one, other in statements:
        sets.join(one, other)
    for name in "abcdefgh":
        reached = {name}
        for _ in statements:
            reached |= {end for pair in statements if reached & set(pair) for end in pair}
        assert {other for other in "abcdefgh" if sets.root(other) == sets.root(name)} == reached


def test_a_name_that_nothing_joins_stands_for_itself() -> None:
    assert DisjointSets().root("a") == "a"
