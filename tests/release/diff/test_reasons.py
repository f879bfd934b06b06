"""Why a quad changed, by what the releases themselves show: real lines of a release, changed in one way each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from trialgraph.rdf import iris
from trialgraph.release.diff.merged import merged
from trialgraph.release.diff.reasons import REASONS, Reasons
from trialgraph.release.open import Release

READING = f"<{iris.base()}reading/wjsc-107202-table1/2/n_total/1> ".encode()
TOTAL = f"<{iris.base()}report/wjsc-107202-table1/2> <{iris.base()}ontology/enrolledTotal> ".encode()
TRIAL = f"<{iris.base()}trial/NCT01741857> ".encode()


def lines_of(release: Release) -> list[bytes]:
    """The lines of the first two rows' reports, readings and trials, and of the trial's shortcuts."""
    parts = [f"wjsc-107202-table1/{row}{end}".encode() for row in (2, 9) for end in "/>"]
    with release.file("dataset.nq").open("rb") as file:
        return [line for line in file if line.startswith(TRIAL) or any(part in line for part in parts)]


def reasons(
    old: list[bytes], new: list[bytes], before: dict[str, Any], after: dict[str, Any]
) -> dict[bytes, str]:
    """The reason of each changed line."""
    made = Reasons(before, after)
    for sign, line in merged(sorted(old), sorted(new)):
        made.note(sign, line)
    return {line: why for sign, line in merged(sorted(old), sorted(new)) if (why := made.of(sign, line))}


def test_lines_that_did_not_change_have_no_reason(release: Release) -> None:
    lines = lines_of(release)
    assert len(lines) > 200
    manifest = dict(release.manifest)
    assert reasons(lines, lines, manifest, manifest) == {}


Edit = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda line: line.replace(b"/rule/", b"/rule/new-") if line.startswith(READING) else line, "rule"),
        (
            lambda line: (
                line.replace(b"/mapping/", b"/mapping/new-") if b"/2/disease/1> " in line[:99] else line
            ),
            "mapping",
        ),
    ],
)
def test_another_rule_or_mapping_of_a_row_is_the_reason_of_its_changes(
    release: Release, edit: Edit, reason: str
) -> None:
    old = lines_of(release)
    new = [line.replace(b'"244"', b'"245"') if line.startswith(TOTAL) else edit(line) for line in old]
    assert new != old
    manifest = dict(release.manifest)
    found = reasons(old, new, manifest, manifest)
    changed = [why for line, why in found.items() if line.startswith(TOTAL)]
    assert changed == [reason, reason]
    # Another row has none of it.
    other = [
        line.replace(b'"54"', b'"55"') if b"report/wjsc-107202-table1/9> " in line else line for line in old
    ]
    assert set(reasons(old, other, manifest, manifest).values()) == {"not known"}


def test_a_decision_of_a_reviewer_is_the_reason_and_so_it_is_of_the_trials_shortcuts(
    release: Release,
) -> None:
    old = lines_of(release)
    decision = iris.curation("wjsc-107202-table1", 2, "n_total")
    shortcut = next(line for line in old if line.startswith(TRIAL))
    new = [
        line.replace(b'"244"', b'"245"') if line.startswith(TOTAL) else line
        for line in old
        if line != shortcut
    ]
    graph = str(iris.graph("quality")).encode()
    new.append(f'{decision} <{iris.base()}ontology/value> "245" '.encode() + graph + b" .\n")
    found = reasons(old, new, dict(release.manifest), dict(release.manifest))
    assert set(found.values()) == {"curation"}
    assert found[shortcut] == "curation"


def test_a_source_that_changed_or_came_or_went_is_the_reason_before_any_other(release: Release) -> None:
    lines, manifest = lines_of(release), dict(release.manifest)
    changed = {**manifest, "built_from": [{**manifest["built_from"][0], "sha256": "0"}]}
    without = {**manifest, "built_from": []}
    assert set(reasons(lines, [], manifest, changed).values()) == {"source changed"}
    assert set(reasons([], lines, without, manifest).values()) == {"source added"}
    assert set(reasons(lines, [], manifest, without).values()) == {"source removed"}


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("ontology/module.ttl", "ontology release"),
        ("ontology/concepts/phase.forms.sssom.tsv", "mapping"),
        ("ontology/trialgraph.ttl", "ontology"),
        ("queries/trials/01-all.rq", "not known"),
    ],
)
def test_otherwise_the_files_of_the_program_that_changed_are(
    release: Release, file: str, reason: str
) -> None:
    lines, manifest = lines_of(release), dict(release.manifest)
    after = {**manifest, "inputs": {**manifest["inputs"], file: "0"}}
    new = [line.replace(b'"244"', b'"245"') if line.startswith(TOTAL) else line for line in lines]
    assert set(reasons(lines, new, manifest, after).values()) == {reason}
    assert set(reasons(lines, new, manifest, {**manifest, "version": "9"}).values()) == {"program"}
    assert reason in REASONS
