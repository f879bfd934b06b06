"""Numbers of rows and records to trials: reports of linked numbers are in one shard, and compared the same anywhere."""

from __future__ import annotations

import json
from pathlib import Path

from tests.extract.registries.records import studies, study
from tests.paths import FIRST
from trialgraph.base.settings import Settings
from trialgraph.build.joined import JoinedNumbers, NumbersSeen
from trialgraph.build.records import put_aside, records_of
from trialgraph.build.shard_records import shard_records
from trialgraph.build.shards import Shard, Wanted, shards_of
from trialgraph.extract.comparisons.side_by_side import SideBySide
from trialgraph.extract.registries.source import registry_input
from trialgraph.pipeline import read_all

#: Two trials of the first source, and a record of a third number that says it is of the second one.
OWN, LINKED, LINKING = "NCT01741857", "ChiCTR-INR-17012462", "NCT02300909"


def registry_file(folder: Path) -> Path:
    """Real records, of which one has the number of a row, and another one names the number of another row."""
    own, linking = study("NCT00000410"), study(LINKING)
    own["protocolSection"]["identificationModule"]["nctId"] = OWN
    named = {"id": LINKED, "type": "REGISTRY", "domain": "ChiCTR"}
    linking["protocolSection"]["identificationModule"]["secondaryIdInfos"] = [named]
    others = [one for one in studies() if one["protocolSection"]["identificationModule"]["nctId"] != LINKING]
    path = folder / "studies.jsonl"
    path.write_text("\n".join(map(json.dumps, [*others[:6], own, linking])), encoding="utf-8")
    return path


def shards(folder: Path, size: int) -> tuple[tuple[Shard, ...], JoinedNumbers]:
    settings = Settings(shard_reports=size)
    (read,) = read_all([FIRST])
    seen, file = NumbersSeen(), registry_file(folder)
    inputs = [registry_input(file, file, settings, see=seen.see)]
    seen.see_rows(read.reports)
    joined = seen.joined()
    made = shards_of(read.reports, [read.source], [read.table], SideBySide(), size, joined)
    return put_aside(inputs, made, folder, Wanted(), settings, {}, joined).shards, joined


def told(made: tuple[Shard, ...]) -> set[tuple[str, ...]]:
    """What is compared in any of the shards, and how it comes out."""
    found = (one for shard in made for one in shard_records(shard, tuple(records_of(shard))).comparisons)
    return {
        (
            one.left.report.key,
            one.right.report.key,
            one.field,
            one.verdict,
            one.left.value,
            one.right.value,
            one.note,
        )
        for one in found
    }


def test_reports_of_linked_numbers_are_in_one_shard(tmp_path: Path) -> None:
    made, joined = shards(tmp_path, 1)
    # The record has a former number, too.
    assert joined.roots == dict.fromkeys((LINKED, LINKING, "NCT02380456"), LINKED)
    assert joined.apart == frozenset()
    (shard,) = [one for one in made if any(report.trial_key == LINKED for report in one.reports)]
    assert [one.report.record.identifier for one in records_of(shard)] == [LINKING]
    (other,) = [one for one in made if any(report.trial_key == OWN for report in one.reports)]
    assert [one.report.record.identifier for one in records_of(other)] == [OWN]


def test_the_comparisons_are_the_same_whatever_the_size_of_a_shard(tmp_path: Path) -> None:
    sizes = {size: tmp_path / str(size) for size in (1, 5, 500)}
    for folder in sizes.values():
        folder.mkdir()
    found = [told(shards(folder, size)[0]) for size, folder in sizes.items()]
    assert found[0] == found[1] == found[2]
    assert {(left, right) for left, right, *_ in found[0]} == {
        (f"{FIRST.name}/2", f"studies/{OWN}"), (f"{FIRST.name}/8", f"studies/{LINKING}"),
    }  # fmt: skip


def test_without_links_nothing_is_joined() -> None:
    assert NumbersSeen().joined() == JoinedNumbers()
    assert JoinedNumbers().root(OWN) == OWN
