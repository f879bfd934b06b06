"""A registry's file becomes a seed folder, whose build reads it as the bare file is read."""

from __future__ import annotations

import gzip
import json
import shutil
import tomllib
from pathlib import Path

import pytest

from tests.extract.registries.records import study, written
from tests.paths import FIRST
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS
from trialgraph.cli.verbs.registry_files import wanted_reports
from trialgraph.extract.registries.seed_folder import add_registry_file
from trialgraph.extract.registries.source import registry_file_of, registry_input
from trialgraph.pipeline import read_all


def test_a_file_is_copied_and_described(tmp_path: Path) -> None:
    data = gzip.compress(json.dumps([study("NCT00000410"), study("NCT02300909")]).encode())
    file = written(tmp_path / "My Studies.json.gz", data)
    made = add_registry_file(file, tmp_path / "seeds", DEFAULTS)
    assert (made.folder.name, made.records, made.missing) == ("my-studies", 2, [])
    assert (made.folder / "source.json.gz").read_bytes() == data
    about = tomllib.loads((made.folder / "source.toml").read_text())
    assert (about["kind"], about["licence"]) == ("registry", "CC-PDM-1.0")
    found = registry_file_of(made.folder)
    assert found is not None
    one = registry_input(made.folder, found, DEFAULTS)
    assert (one.source.slug, one.source.kind, one.file.readable) == ("my-studies", "registry", 2)
    assert one.source.sha256 == about["sha256"]


def test_a_folder_is_not_written_twice_nor_a_changed_file_read(tmp_path: Path) -> None:
    file = written(tmp_path / "one.json", study("NCT00000410"))
    made = add_registry_file(file, tmp_path / "seeds", DEFAULTS)
    with pytest.raises(InputError, match="there already"):
        add_registry_file(file, tmp_path / "seeds", DEFAULTS)
    copied = made.folder / "source.json"
    copied.write_text(copied.read_text() + "\n")
    with pytest.raises(InputError, match="SHA-256"):
        registry_input(made.folder, copied, DEFAULTS)


def test_a_table_is_no_registry_file(tmp_path: Path) -> None:
    assert registry_file_of(written(tmp_path / "table.csv", "a,b\n1,2\n")) is None
    assert registry_file_of(tmp_path) is None


def test_a_file_that_is_called_a_table_is_one(tmp_path: Path) -> None:
    made = add_registry_file(
        written(tmp_path / "one.json", study("NCT00000410")), tmp_path / "seeds", DEFAULTS
    )
    sidecar = made.folder / "source.toml"
    sidecar.write_text(sidecar.read_text().replace('"registry"', '"csv"'))
    assert registry_file_of(made.folder) is None


def test_seed_folders_of_registries_are_read_by_trials_and_left_out_by_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FIRST, tmp_path / "seeds" / FIRST.name)
    add_registry_file(written(tmp_path / "one.json", study("NCT00000410")), tmp_path / "seeds", DEFAULTS)
    monkeypatch.chdir(tmp_path)
    assert [read.source.slug for read in read_all(settings=DEFAULTS)] == [FIRST.name]
    found = wanted_reports([], lambda paths: read_all(paths, settings=DEFAULTS), [], DEFAULTS, tables=False)
    assert [report.key for report in found.reports()][:1] == ["one/NCT00000410"]
    assert sum(report.source == FIRST.name for report in found.reports()) == 21
