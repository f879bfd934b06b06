"""RO-Crate: ro-crate-py reads it. The validator needs a network and older parts: it runs in ``make soak``."""

from __future__ import annotations

import hashlib
import json
import warnings
from pathlib import Path

import pytest

from tests.release.exports.made import made, members
from trialgraph.base.errors import UsageError
from trialgraph.release.export import export
from trialgraph.release.exports.ro_crate import METADATA
from trialgraph.release.open import Release


@pytest.fixture(scope="module")
def folder(sample: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crate")
    for name, content in members(made(sample, "rocrate")).items():
        (folder / name).write_bytes(content)
    return folder


def test_ro_crate_py_finds_every_file_with_its_checksum(folder: Path, sample: Release) -> None:
    with warnings.catch_warnings():  # of its own dependencies
        warnings.simplefilter("ignore")
        from rocrate.rocrate import ROCrate

        crate = ROCrate(str(folder))
    files = {entity.id: entity for entity in crate.data_entities}
    assert files.keys() == {*sample.manifest["files"], "manifest.json"}
    for name, entity in files.items():
        content = (folder / name).read_bytes()
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()
        assert entity["contentSize"] == str(len(content))


def test_whatever_is_referred_to_is_described(folder: Path) -> None:
    graph = json.loads((folder / METADATA).read_text(encoding="utf-8"))["@graph"]
    described = {entity["@id"] for entity in graph}
    assert len(described) == len(graph)

    def referred(value: object) -> set[str]:
        if isinstance(value, list):
            return {one for item in value for one in referred(item)}
        return {value["@id"]} if isinstance(value, dict) else set()

    links = {
        one
        for entity in graph
        for key, value in entity.items()
        if key != "conformsTo"
        for one in referred(value)
    }
    assert links <= described
    root = next(entity for entity in graph if entity["@id"] == "./")
    assert all(root[key] for key in ("name", "description", "license", "isBasedOn", "creator", "identifier"))
    assert all(entity.get("name") for entity in graph if entity["@id"] != METADATA)


def test_a_crate_is_a_whole_release(sample: Release) -> None:
    with pytest.raises(UsageError, match="whole release"):
        export(sample, "rocrate", only=["trial=NCT01663116"])
