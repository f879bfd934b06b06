"""`trialgraph check`: figures and findings of a release."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.command import (
    run,
)


def test_check_passes_a_sound_release_and_names_a_damaged_file(built: Path, tmp_path: Path) -> None:
    done = run("check", "--release", built)
    assert done.returncode == 0
    figures = done.stdout.decode().splitlines()
    assert figures[0].endswith("100 % exist, 100 % are current, 100 % are called as recorded")
    for field in ("disease", "cell_source", "tissue", "route", "phase"):
        (line,) = (line for line in figures if line.startswith(f"{field}: "))
        assert ", 100 % linked to a term, " in line
    assert [line for line in figures if "is linked to nothing" in line] == [
        "outcome: 'NRS' is linked to nothing (× 1); "
        "perhaps numeric rating scale or Scripps Neurological Rating Scale? (a suggestion)"
    ]
    assert done.stderr.decode() == f"release {built.name}: 0 findings\n"
    copy = Path(shutil.copytree(built, tmp_path / built.name, symlinks=True))
    with (copy / "trials.csv").open("a") as stream:
        stream.write("one more line\n")
    done = run("check", "--release", copy)
    assert done.returncode == 1
    assert "trials.csv: the file does not fit its checksum" in done.stderr.decode()
