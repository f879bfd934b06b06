"""The release that the verbs are run on."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialgraph.release.open import Release

pytest.register_assert_rewrite("tests.cli.command")


@pytest.fixture(scope="session")
def built(release: Release) -> Path:
    return release.path
