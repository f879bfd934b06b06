"""The release of two sources, and an application that serves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Store

from tests.record_pages import build_record_pages
from tests.shared import once
from trialgraph.base.settings import Settings
from trialgraph.http.server.app import create_app
from trialgraph.http.site import LIVE
from trialgraph.query.engines.engine import engine_of
from trialgraph.query.pool import Pool
from trialgraph.release.open import Release, open_release
from trialgraph.release.store import open_store


@pytest.fixture(scope="session")
def two_app(two_sources: Release, settings_for: Callable[[Release], Settings]) -> Iterator[Flask]:
    told = settings_for(two_sources)
    with Pool(two_sources, size=2, settings=told, engine=engine_of(two_sources, told)) as pool:
        yield create_app(two_sources, pool)


@pytest.fixture
def change_settings(two_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Gives the application other limits for one test."""
    here = two_app.extensions[LIVE].site

    def change(**values: Any) -> None:
        monkeypatch.setattr(here, "settings", replace(here.settings, **values))

    return change


@pytest.fixture(scope="session")
def two_client(two_app: Flask) -> FlaskClient:
    return two_app.test_client()


@pytest.fixture(scope="session")
def two_store(two_sources: Release) -> Store:
    return open_store(two_sources)


@pytest.fixture(scope="session")
def record_client(
    tmp_path_factory: pytest.TempPathFactory, settings_for: Callable[[Release], Settings]
) -> Iterator[FlaskClient]:
    """Serves a release of a table and of records of registries (:mod:`tests.record_pages`)."""
    release = open_release(once(tmp_path_factory, "registry-pages", build_record_pages) / "releases")
    told = settings_for(release)
    with Pool(release, size=1, settings=told, engine=engine_of(release, told)) as pool:
        yield create_app(release, pool).test_client()
