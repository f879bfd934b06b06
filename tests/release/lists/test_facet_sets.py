"""Sets of trials by the values of facets: scopes beside trees, and trees that are none."""

from __future__ import annotations

from trialgraph.release.lists.facet_sets import Listed, trial_index
from trialgraph.release.lists.facets import FACETS


def test_a_scope_counts_where_the_tree_has_more() -> None:
    trials = tuple(Listed(t, t, (), {"disease": ("b",)}) for t in "tu")
    steps = {"disease": {"b": frozenset({"a"})}}
    index = trial_index(
        trials, {}, steps, scopes={"disease": {"a": frozenset({"u"}), "b": frozenset({"t", "u"})}}
    )
    counts = {value.iri: (value.count, value.tree) for value in index.offered(FACETS[0], {})}
    assert counts == {"a": (1, 2), "b": (2, None)}
    assert [t.iri for t in index.listed(index.fit({"disease": ("a",)}))] == ["u"]


def test_a_cycle_among_broader_terms_ends() -> None:
    trials = (Listed("t", "t", (), {"disease": ("a",)}), Listed("u", "u", (), {"disease": ("b",)}))
    steps = {"disease": {"a": frozenset({"b"}), "b": frozenset({"c"}), "c": frozenset({"a"})}}
    index = trial_index(trials, {}, steps)
    values = index.offered(FACETS[0], {})
    assert {value.iri for value in values} >= {"a", "b"}
    assert {value.count for value in values} == {2}
