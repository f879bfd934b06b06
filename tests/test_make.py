"""`make serve` builds where anything has changed, also where a file is gone, and nowhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT
from trialgraph.release.open import Release


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout with an environment that runs this one's Python on it."""
    if shutil.which("make") is None:
        assert not os.environ.get("CI"), "make is missing"
        pytest.skip("make is not installed")
    for name in ("seeds", "ontology", "queries", "src"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    for name in ("Makefile", "pyproject.toml", "requirements-user.lock", "requirements-build.lock"):
        shutil.copy(ROOT / name, tmp_path)
    program = tmp_path / ".venv" / "bin" / "trialgraph"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH=src exec "{sys.executable}" -m trialgraph "$@"\n')
    program.chmod(0o755)
    (tmp_path / ".venv" / ".run").touch()
    return tmp_path


def make(checkout: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("make")
    assert program
    others = ("TRIALGRAPH_", "MAKE", "MFLAGS")
    environment = {name: text for name, text in os.environ.items() if not name.startswith(others)}
    return subprocess.run(
        [program, *words], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )


def made(checkout: Path) -> tuple[str, str]:
    """Hash of the release after `make`, and when its folder was written."""
    done = make(checkout, "release-if-changed")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("trials=21 "), done.stdout
    current = (checkout / "releases" / "current").resolve()
    return current.name, str((current / "manifest.json").stat().st_mtime_ns)


def test_a_deleted_file_is_built_without_and_nothing_else_is_built_again(
    checkout: Path, release: Release
) -> None:
    """tests/release/test_inputs.py has the other changes that are seen."""
    shutil.copytree(release.path.parent, checkout / "releases", symlinks=True)
    before = made(checkout)
    assert before[0] == release.hash
    assert made(checkout) == before
    (checkout / "queries" / "quality" / "02-conflicts.rq").unlink()
    after = made(checkout)
    assert after != before
    assert made(checkout) == after


def test_serve_depends_on_it(checkout: Path) -> None:
    assert "trialgraph build --if-changed" in make(checkout, "-n", "serve").stdout
