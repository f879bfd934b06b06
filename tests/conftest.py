"""What several test modules share: a small release, its workers, a server on it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

from tests.graph_samples import build_sample
from tests.paths import FIRST, ROOT, TESTS
from tests.registries_release import build_registries
from tests.sampled import left_out
from tests.shared import once
from tests.small_graph import Server, wait_until, write_queries, write_release
from tests.stores import RunningStore, fill, oxigraph, virtuoso
from tests.two_sources import build_two_sources
from trialgraph.base.settings import SETTINGS, Settings
from trialgraph.pipeline import build
from trialgraph.query.engines.engine import engine_of
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release, open_release

# No test asserts clock time: a busy machine is no fault of the code.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

# Many tests leave standard error alone; those that read the access log ask for it.
os.environ.setdefault("TRIALGRAPH_ACCESS_LOG", "none")
# Nor does a server draw figures that no test asks for.
os.environ.setdefault("TRIALGRAPH_DRAW_AHEAD", "no")


# The releases are made once for all processes of a run (tests/shared.py): a test that changes one copies it first.


#: The stores of ``--store``.
STORES: Final = {"Oxigraph": oxigraph, "Virtuoso": virtuoso}
#: What `make quick` leaves out, below tests/: it starts servers, browsers, builds or a reasoner.
SLOW: Final = (
    *(
        "attack/",
        "benchmarks/test_run.py",
        "browser/",
        "cli/",
        "docs/",
        "external/",
        "http/",
        "issues/",
        "queries/",
        "query/engines/",
        "remote/",
        "w3c/",
    ),
    *("extract/segmentation/test_broken_rows.py", "extract/segmentation/test_confidence.py"),
    "extract/segmentation/test_segmentation_accuracy.py",
    *("build/test_parts.py", "build/test_processes.py", "build/test_reading.py", "build/test_runs.py"),
    *("build/test_spark.py", "graph/gates/"),
    *(
        "graph/shapes/test_compiled_agreement.py",
        "graph/test_checks.py",
        "graph/test_checks_shapes.py",
        "graph/test_checks_whole.py",
    ),
    *("ontology/test_data_fit.py", "ontology/test_defined_classes.py", "ontology/test_module.py"),
    *("ontology/test_profile.py", "ontology/test_vocabulary.py"),
    *("query/test_pool_lanes.py", "query/test_pool.py", "release/test_audit.py", "release/test_write.py"),
    *("test_make.py", "test_packaging.py", "test_pipeline.py"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option of the full run, and that of a run before an external store."""
    parser.addoption("--full", action="store_true", help="run every case (tests/sampled.py)")
    parser.addoption(
        "--store",
        choices=sorted(STORES),
        help="let the shared servers and pools ask such a store (docs/stores-differences.md)",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is slow, and leave out what only the full run has. A test that is named is run whole."""
    for item in items:
        if item.path.relative_to(TESTS).as_posix().startswith(SLOW):
            item.add_marker(pytest.mark.slow)
    if config.getoption("--full") or any("::" in argument for argument in config.args):
        return
    by_test: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        by_test[_test(item)].append(item)
    left = left_out({test: len(cases) for test, cases in by_test.items()})
    out = {id(by_test[test][number]) for test, numbers in left.items() for number in numbers}
    config.hook.pytest_deselected(items=[item for item in items if id(item) in out])
    items[:] = [item for item in items if id(item) not in out]


def _test(item: pytest.Item) -> str:
    name = getattr(item, "originalname", item.name)
    return f"{item.path.relative_to(TESTS).as_posix()}::{name}"


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    home = once(tmp_path_factory, "small", lambda folder: write_release(folder / "release"))
    return open_release(home / "release")


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release that `trialgraph build` makes of the first source: what the golden files and counts are of."""
    return open_release(once(tmp_path_factory, "built", lambda folder: build([FIRST], releases=folder)))


@pytest.fixture(scope="session")
def all_seeds(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release that `trialgraph build` makes of all seeds: what `make serve` serves."""
    seeds = sorted(p for p in (ROOT / "seeds").iterdir() if p.is_dir())
    return open_release(once(tmp_path_factory, "seeds", lambda folder: build(seeds, releases=folder)))


@pytest.fixture(scope="session")
def two_sources(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the seed and of a second source (:mod:`tests.two_sources`)."""
    return open_release(once(tmp_path_factory, "two", build_two_sources) / "releases")


@pytest.fixture(scope="session")
def registries(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the first source and of records of registries (:mod:`tests.registries_release`)."""
    return open_release(once(tmp_path_factory, "registries", build_registries) / "releases")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the sample of two rows (:mod:`tests.graph_samples`)."""
    return open_release(once(tmp_path_factory, "sample", build_sample))


@pytest.fixture(scope="session")
def small_queries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "queries", write_queries)


@pytest.fixture(scope="session")
def settings_for(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Release], Settings]]:
    """The settings with which a release is served: with ``--store``, from a store that holds it."""
    name, running = request.config.getoption("--store"), dict[str, RunningStore]()

    def found(release: Release) -> Settings:
        if name is None:
            return Settings.load()
        if release.hash not in running:
            running[release.hash] = STORES[name](tmp_path_factory.mktemp("store"))
            fill(running[release.hash], release)
        return running[release.hash].serving()

    yield found
    for store in running.values():
        store.stop()


@pytest.fixture
def pool(module_pool: Pool) -> Pool:
    """A pool with all of its workers: one that a test before had killed may be replaced only a moment later."""
    wait_until(lambda: len(module_pool.processes()) == 2)
    return module_pool


@pytest.fixture(scope="module")
def module_pool(small_release: Release, settings_for: Callable[[Release], Settings]) -> Iterator[Pool]:
    told = settings_for(small_release)
    with Pool(small_release, 2, 20, settings=told, engine=engine_of(small_release, told)) as made:
        yield made


@pytest.fixture(scope="module")
def server(
    small_release: Release, small_queries: Path, settings_for: Callable[[Release], Settings]
) -> Iterator[Server]:
    told = settings_for(small_release)
    names = ("store", "store_user", "store_password")
    variables = {SETTINGS[name].variable: getattr(told, name) for name in names}
    with Server(small_release.path, small_queries, variables) as made:
        yield made
