"""Labels are looked up in one query, however low its size is limited."""

from __future__ import annotations

from tests.small_graph import TRIALS
from trialgraph.base.settings import Settings
from trialgraph.query.pool import Pool
from trialgraph.rdf import iris
from trialgraph.release.open import Release
from trialgraph.views.labels import find_labels


def test_a_list_that_is_too_long_for_a_query_is_cut(small_release: Release) -> None:
    terms = [iris.trial(f"NCT{n:08}") for n in range(TRIALS)]
    for most, least_found, most_found in ((64_000, TRIALS, TRIALS), (1_000, 5, TRIALS - 1), (100, 0, 0)):
        with Pool(small_release, size=1, settings=Settings(query_bytes=most)) as pool:
            found = find_labels(pool, terms, 20)
        assert least_found <= len(found) <= most_found
        assert all(label.startswith("trial ") for label in found.values())
