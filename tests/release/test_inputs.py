"""The digest of what shapes a release: any content, any name, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.paths import ROOT
from trialgraph.base.settings import DEFAULTS
from trialgraph.release import inputs
from trialgraph.release.inputs import current_release, digest_of_inputs
from trialgraph.release.open import Release

ENGINES = {"pyoxigraph": "1"}


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what a build reads, with a curation."""
    for name in ("seeds", "ontology", "queries"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "seeds" / "wjsc-107202-table1" / "curation.tsv").write_text("row\n")
    monkeypatch.setattr(inputs, "resource", lambda name: tmp_path / name)
    return tmp_path


def digest(folders: Path, **settings: int | str) -> str:
    sources = sorted((folders / "seeds").iterdir())
    return digest_of_inputs(sources, ENGINES, replace(DEFAULTS, **settings))  # type: ignore[arg-type]


CHANGES: dict[str, Callable[[Path], object]] = {
    "a curation is gone": lambda f: (f / "seeds/wjsc-107202-table1/curation.tsv").unlink(),
    "a curation is edited": lambda f: (f / "seeds/wjsc-107202-table1/curation.tsv").write_text("row\n\n"),
    "a licence is gone": lambda f: (f / "seeds/wjsc-107202-table1/LICENCE.md").unlink(),
    "a source is gone": lambda f: shutil.rmtree(f / "seeds" / "wjsc-107202-table1"),
    "a source is new": lambda f: shutil.copytree(f / "seeds/wjsc-107202-table1", f / "seeds/another"),
    "a query is gone": lambda f: (f / "queries/quality/02-conflicts.rq").unlink(),
    "a query has another name": lambda f: (f / "queries/quality/02-conflicts.rq").rename(
        f / "queries/quality/09-x.rq"
    ),
    "an ontology file is gone": lambda f: (f / "ontology/scopes.ttl").unlink(),
    "a shape is gone": lambda f: (f / "ontology/shapes/rows.rq").unlink(),
    "all queries are gone": lambda f: shutil.rmtree(f / "queries"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_shows(folders: Path, change: str) -> None:
    before = digest(folders)
    CHANGES[change](folders)
    assert digest(folders) != before


def test_a_file_that_is_only_touched_is_the_same(folders: Path) -> None:
    before = digest(folders)
    os.utime(folders / "ontology" / "trialgraph.ttl", (1, 1))
    (folders / "queries" / "__pycache__").mkdir()
    (folders / "queries" / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert digest(folders) == before != ""


def test_settings_of_the_build_count_and_those_of_the_server_do_not(folders: Path) -> None:
    before = digest(folders)
    assert digest(folders, base_iri="https://example.org/x/") != before
    assert digest(folders, line_chars=10) != before
    assert digest(folders, access_log="none") == before
    assert digest(folders, releases="elsewhere") == before
    sources = sorted((folders / "seeds").iterdir())
    assert digest_of_inputs(sources, {"pyoxigraph": "2"}, DEFAULTS) != before


def test_what_cannot_be_known_has_no_digest() -> None:
    assert digest_of_inputs(["-"], ENGINES, DEFAULTS) == ""


def test_a_release_is_current_where_it_is_whole_and_of_these_inputs(release: Release, tmp_path: Path) -> None:
    known = str(release.manifest["inputs_digest"])
    assert len(known) == 64
    found = current_release(known, release.path.parent, DEFAULTS)
    assert found is not None
    assert found.hash == release.hash
    assert current_release("0" * 64, release.path.parent, DEFAULTS) is None
    assert current_release("", release.path.parent, DEFAULTS) is None
    assert current_release(known, tmp_path, DEFAULTS) is None
    copy = Path(shutil.copytree(release.path, tmp_path / release.hash))
    for name in ("trials.csv", "answers/find-trials.json"):
        assert current_release(known, copy, DEFAULTS) is not None
        (copy / name).rename(tmp_path / "aside")
        assert current_release(known, copy, DEFAULTS) is None
        (tmp_path / "aside").rename(copy / name)
