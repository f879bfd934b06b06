"""Which engine a server uses, and what it finds out before it starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.stores import RunningStore, fill, oxigraph
from trialgraph.base.errors import StoreFailed, UsageError
from trialgraph.base.settings import DEFAULTS
from trialgraph.query.engines.engine import EmbeddedEngine, ExternalStore, engine_of
from trialgraph.release.open import Release
from trialgraph.remote.graph_names import store_graph
from trialgraph.remote.load import GraphSender


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RunningStore]:
    made = oxigraph(tmp_path)
    yield made
    made.stop()


def test_the_setting_chooses(small_release: Release) -> None:
    assert isinstance(engine_of(small_release, DEFAULTS), EmbeddedEngine)
    told = replace(DEFAULTS, store="http://h/q", store_user="u", store_password="secret")  # noqa: S106
    engine = engine_of(small_release, told)
    assert isinstance(engine, ExternalStore)
    assert "secret" not in " ".join(engine.arguments(1, "")) + repr(engine)
    assert b"secret" in engine.secret()
    with pytest.raises(UsageError):
        engine_of(small_release, replace(DEFAULTS, store="nonsense"))


def test_a_store_without_all_statements_is_not_served(store: RunningStore, small_release: Release) -> None:
    """As where a bulk loader stopped: its file says that all is there."""
    fill(store, small_release)
    engine = engine_of(small_release, store.serving())
    assert engine.standing().words == "external"
    client = store.endpoint().client
    client.address = client.address.at("/store")
    GraphSender(client).put(store_graph("merge").value, [b"<urn:a> <urn:b> <urn:c> .\n"])
    with pytest.raises(
        StoreFailed, match=f"holds 1 of the 184 statements of the release {small_release.hash}"
    ):
        engine.standing()
