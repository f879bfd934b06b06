"""Many sources are read in processes, with the same result, in their order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.paths import FIRST
from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings
from trialgraph.build import reading
from trialgraph.build.reading import read_in_processes, read_one


def quiet(_: str) -> None:
    """Tell nothing."""


def test_many_sources_are_read_in_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = (FIRST / "source.txt").read_text(encoding="utf-8")
    paths = [tmp_path / f"{name}.txt" for name in ("b", "a", "c")]
    for path in paths:
        path.write_text("\n".join(text.splitlines()[:20]), encoding="utf-8")
    monkeypatch.setattr(reading, "_FEW", 3)
    told: list[str] = []
    read = read_in_processes(paths, Settings(jobs=2), told.append)
    assert read == tuple(read_one(path, Settings(), quiet) for path in paths)
    begun, *rates = [words.partition(", ")[0] for words in told]
    assert begun == "reading"
    assert rates == [f"reading: {n} of 3 sources" for n in (1, 2, 3)]
    paths[1].write_text("nothing", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.txt"):
        read_in_processes(paths, Settings(jobs=2), quiet)


def test_few_sources_one_process_and_standard_input_are_read_here() -> None:
    many = ["seeds/a"] * 16
    assert read_in_processes(many[:15], Settings(jobs=2), quiet) is None
    assert read_in_processes(many, Settings(jobs=1), quiet) is None
    assert read_in_processes([*many, "-"], Settings(jobs=2), quiet) is None
