"""What several test modules share: a small release, its workers, a server on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.small_graph import Server, write_queries, write_release
from trialgraph.pipeline import build
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release

# Many tests leave standard error alone; those that read the access log ask for it.
os.environ.setdefault("TRIALGRAPH_ACCESS_LOG", "none")


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return write_release(tmp_path_factory.mktemp("releases") / "small")


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release that `trialgraph build` makes of the seeds, built once."""
    seeds = sorted(p for p in (ROOT / "seeds").iterdir() if p.is_dir())
    return build(seeds, releases=tmp_path_factory.mktemp("built"))[0]


#: What a second source says otherwise: markup, letters that run from right to left, and a control that turns them.
OTHERWISE = (
    ("244 (211/78)", "289 (211/78)"),
    ("suppression of inflammation", '<script>alert("x")</script> שלום \u202e suppression of inflammation'),
)


@pytest.fixture(scope="session")
def two_sources(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the seed and of a second source, which is the same table but for :data:`OTHERWISE`."""
    seed = ROOT / "seeds" / "wjsc-107202-table1"
    text = (seed / "source.txt").read_text(encoding="utf-8")
    for old, new in OTHERWISE:
        assert old in text
        text = text.replace(old, new, 1)
    other = tmp_path_factory.mktemp("sources") / "other.txt"
    other.write_text(text, encoding="utf-8")
    return build([seed, other], releases=tmp_path_factory.mktemp("two"))[0]


@pytest.fixture(scope="session")
def small_queries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_queries(tmp_path_factory.mktemp("queries"))


@pytest.fixture(scope="module")
def pool(small_release: Release) -> Iterator[Pool]:
    with Pool(small_release, size=2, seconds=20) as made:
        yield made


@pytest.fixture(scope="module")
def server(small_release: Release, small_queries: Path) -> Iterator[Server]:
    with Server(small_release.path, small_queries) as made:
        yield made
