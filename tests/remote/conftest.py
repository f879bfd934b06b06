"""Real stores, each started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stores import RunningStore, oxigraph, virtuoso


@pytest.fixture(scope="module")
def empty_oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStore]:
    store = oxigraph(tmp_path_factory.mktemp("oxigraph"))
    yield store
    store.stop()


@pytest.fixture(scope="session")
def empty_virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStore]:
    store = virtuoso(tmp_path_factory.mktemp("virtuoso"))
    yield store
    store.stop()
