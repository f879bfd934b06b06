"""Hostile terms in a real browser."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import quote, urlencode

from playwright.sync_api import Error

from tests.hostile_terms import CONSTRUCT, SELECT, TEXTS
from tests.small_graph import Server


def test_a_browser_runs_nothing_of_it(server: Server, open_page: Any) -> None:
    """Chromium counts dialogs and breaches of the policy; the fixture fails the test if there is one."""
    page, _ = open_page(server)
    hostile = quote("<script>alert(1)</script>")
    shown = [
        f"/sparql?{urlencode({'query': query})}"
        for query in (SELECT, CONSTRUCT, "SELECT " + TEXTS[9], TEXTS[10])
    ]
    shown += [f"/sparql?{urlencode({'query': SELECT, 'format': form})}" for form in ("json", "xml")]
    shown += [
        f"/sparql?{urlencode({'query': CONSTRUCT, 'format': form})}"
        for form in ("rdfxml", "jsonld", "turtle")
    ]
    shown += [
        "/trial/hostile",
        f"/trial/{hostile}",
        f"/queries/{hostile}",
        f"/{hostile}",
        f"/queries/one-trial?label={hostile}",
    ]
    for path in shown:
        with contextlib.suppress(Error):  # what the browser saves instead of showing is no page
            page.goto(path)
        for link in page.query_selector_all("a[href]"):
            address = str(link.get_attribute("href"))
            assert address.startswith(("/", "#", "http://", "https://", "?")), (path, address)
