"""Two real releases: what was added with a source, the patch between them, and the values of trials that changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from trialgraph.base.errors import ReleaseError
from trialgraph.release.diff.changed_facts import changed_facts, counted, patch, reasons_of
from trialgraph.release.diff.changed_values import changed_values
from trialgraph.release.open import Release


def test_the_patch_makes_the_new_release_of_the_old_one(release: Release, all_seeds: Release) -> None:
    for old, new in ((release, all_seeds), (all_seeds, release)):
        kept = set(old.file("dataset.nq").read_bytes().splitlines(keepends=True))
        head, *changes, last = list(patch(old, new))
        assert (head, last) == (f"H prev <urn:sha256:{old.hash}> .\n".encode(), b"TC .\n")
        for line in changes:
            if line.startswith(b"D "):
                kept.remove(line[2:])
            elif line.startswith(b"A "):
                kept.add(line[2:])
        assert b"".join(sorted(kept)) == new.file("dataset.nq").read_bytes()


def test_each_added_and_removed_fact_is_counted_by_graph_property_and_reason(
    release: Release, all_seeds: Release
) -> None:
    facts = list(changed_facts(release, all_seeds))
    graphs = {
        name: number for name, number in all_seeds.manifest["counts"]["graphs"].items() if name != "meta"
    }
    before = {name: number for name, number in release.manifest["counts"]["graphs"].items() if name != "meta"}
    grown = Counter[str]()
    for one in counted(release, all_seeds):
        grown[one.graph.rsplit("/", 1)[-1].rstrip(">")] += one.added - one.removed
    assert {name: number for name, number in grown.items() if number} == {
        name: number - before.get(name, 0) for name, number in graphs.items() if number != before.get(name, 0)
    }
    of_new = {fact.reason for fact in facts if "worksheet-allogeneic-msc" in fact.subject}
    assert of_new == {"source added"}
    assert sum(one.added + one.removed for one in counted(release, all_seeds)) == len(facts)


def test_values_of_trials_change_with_a_source(
    release: Release, two_sources: Release, all_seeds: Release
) -> None:
    made = list(changed_values(release, all_seeds, reasons_of(release, all_seeds)))
    assert {(one.field, one.reason) for one in made} == {("report", "source added")}
    assert len(made) == all_seeds.manifest["counts"]["reports"] - 21
    back = list(changed_values(all_seeds, release, reasons_of(all_seeds, release)))
    assert {(one.field, one.after, one.reason) for one in back} == {("report", "", "source removed")}
    assert list(changed_values(release, release, reasons_of(release, release))) == []
    # The second source is the seed with two cells changed: as the same source it would be one changed trial.
    assert {one.source for one in changed_values(release, two_sources, reasons_of(release, two_sources))} == {
        "other"
    }


def test_a_release_that_is_not_in_order_is_refused_in_one_line(
    release: Release, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "dataset.nq").write_bytes(b"<b> <b> <b> <b> .\n<a> <a> <a> <a> .\n")
    broken = replace(release, path=folder)
    with pytest.raises(ReleaseError, match="not in order"):
        list(changed_facts(broken, release))
    with pytest.raises(ReleaseError, match="not in order"):
        list(patch(release, broken))
