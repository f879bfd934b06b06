"""`trialgraph build --parts`: the graph as sorted files, for a store that is filled part by part."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.build.engines import TwiceInReverse
from tests.paths import FIRST, ROOT
from trialgraph.base.errors import InputError, Refused, TrialgraphError, UsageError
from trialgraph.base.settings import Settings
from trialgraph.build import runs
from trialgraph.build.parts import LIST_OF_PARTS
from trialgraph.build.spark import SparkEngine
from trialgraph.graph.check_result import CheckResult
from trialgraph.pipeline import build_parts
from trialgraph.release.open import Release
from trialgraph.release.sorted.runs import merged_lines, write_run

SEEDS = sorted(path for path in (ROOT / "seeds").iterdir() if path.is_dir())


@pytest.mark.parametrize(
    ("name", "sources", "engine", "shards"),
    [("release", [FIRST], None, 3), ("all_seeds", SEEDS, TwiceInReverse(), 5)],
    ids=["processes", "an engine that does tasks twice and in reverse"],
)
def test_the_parts_make_the_release_whatever_the_engine(
    name: str,
    sources: list[Path],
    engine: TwiceInReverse | None,
    shards: int,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    release: Release = request.getfixturevalue(name)
    folder = tmp_path / "new" / "parts"
    settings = Settings(jobs=1, shard_reports=10)
    made, findings = build_parts(sources, folder, settings=settings, engine=engine)
    assert {finding.severity for finding in findings} <= {"warning", "info"}
    assert made.release == release.hash
    assert [part.file for part in made.parts] == ["reference.nq", *(f"{n:06}.nq" for n in range(shards))]
    files = [folder / part.file for part in made.parts]
    assert sorted(folder.iterdir()) == sorted([*files, folder / LIST_OF_PARTS])
    assert b"".join(merged_lines(files)) == release.file("dataset.nq").read_bytes()
    listed = json.loads((folder / LIST_OF_PARTS).read_text())
    assert listed["quads"] == made.quads == len(release.file("dataset.nq").read_bytes().splitlines())
    for file, part in zip(files, listed["parts"], strict=True):
        content = file.read_bytes()
        assert part == {
            "file": file.name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "quads": content.count(b"\n"),
        }
    assert list(folder.parent.iterdir()) == [folder]


def test_a_folder_with_something_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")
    for taken in (tmp_path, tmp_path / "mine"):
        with pytest.raises(InputError, match="this is no empty folder"):
            build_parts([FIRST], taken, settings=Settings(jobs=1))
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_graph_with_violations_gives_no_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = CheckResult("violation", "trial", "it is wrong")
    monkeypatch.setattr(runs, "shared_node_findings", lambda *_: [bad])
    with pytest.raises(Refused):
        build_parts([FIRST], tmp_path / "parts", settings=Settings(jobs=1))
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_written_twice_is_one_file_and_a_part_of_one_is_none(tmp_path: Path) -> None:
    run = tmp_path / "000000.run"
    for _ in range(2):
        write_run([b"a\n", b"b\n"], run)
    assert run.read_bytes() == b"a\nb\n"

    def stopped() -> Iterator[bytes]:
        yield b"a\n"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_run(stopped(), tmp_path / "000001.run")  # type: ignore[arg-type] # a disk that fills up
    assert list(tmp_path.iterdir()) == [run]


def test_without_pyspark_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(UsageError) as said:
        SparkEngine()
    assert isinstance(said.value, TrialgraphError)
    assert said.value.line() == "PySpark is not installed; pip install 'trialgraph[spark]'"
