"""One browser and one server for all pages; a page that asks another host or opens a dialog fails its test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.small_graph import Server
from trialgraph.base.package_data import resource
from trialgraph.release.open import Release

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@dataclass
class Watched:
    """What a page did that no page may do, and what it asked for."""

    home: str
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def elsewhere(self) -> list[str]:
        """Requests to anyone but the server; what a page holds in itself is none."""
        return [url for url in self.requests if not url.startswith((self.home, "data:", "blob:"))]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed, and CI has to have it")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        # Without its own sandbox, which root and containers do not have; it only opens our own pages.
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="session")
def site(release: Release) -> Iterator[Server]:
    with Server(release.path, resource("queries")) as made:
        yield made


@pytest.fixture(scope="session")
def seeds_site(all_seeds: Release) -> Iterator[Server]:
    """What ``make serve`` serves: trials with several reports, sources that are tables of files."""
    with Server(all_seeds.path, resource("queries")) as made:
        yield made


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Any]:
    """``open_page(server, **context)``: a new page with :class:`Watched`; both are checked at the end."""
    opened: list[tuple[Page, Watched]] = []

    def make(server: Server, **options: Any) -> tuple[Page, Watched]:
        context = browser.new_context(base_url=server.url, **options)
        context.set_default_timeout(20_000)
        page, watched = context.new_page(), Watched(server.url)

        def dialog(shown: Any) -> None:
            watched.dialogs.append(shown.message)
            shown.dismiss()

        page.on("request", lambda sent: watched.requests.append(sent.url))
        page.on("dialog", dialog)
        page.on("pageerror", lambda error: watched.errors.append(str(error)))
        page.on(
            "console",
            lambda said: watched.errors.append(said.text) if "Content Security Policy" in said.text else None,
        )
        opened.append((page, watched))
        return page, watched

    yield make
    for page, watched in opened:
        page.context.close()
        assert watched.elsewhere == []
        assert watched.dialogs == []
        assert watched.errors == []
