"""Trials and their source text in a browser: from a question to the characters, and with hostile text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it has no types

from tests.small_graph import Server
from trialgraph.base.package_data import resource
from trialgraph.release.open import Release

TRIAL = "trial/NCT01741857"


@pytest.fixture(scope="module")
def two_sites(two_sources: Release) -> Iterator[Server]:
    with Server(two_sources.path, resource("queries")) as made:
        yield made


def fits(page: Any) -> bool:
    """Whether the page is no wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_from_the_list_to_the_ink_and_back_without_script(two_sites: Server, open_page: Any) -> None:
    page, _ = open_page(two_sites, java_script_enabled=False)
    page.goto("trials")
    page.locator("summary", has_text="Disease").first.click()
    page.get_by_label("systemic lupus erythematosus", exact=False).first.check()
    page.locator("details[open]").get_by_role("button", name="Apply").click()
    page.wait_for_url("**/trials?disease=MONDO*")
    page.get_by_role("link", name="NCT01741857").first.click()
    page.get_by_title("patients in total, read from “244”").first.click()
    page.wait_for_url("**/reading/**/n_total/1")
    assert page.locator(".line mark").inner_text() == "244"
    page.get_by_role("link", name="Row 2", exact=True).first.click()
    page.wait_for_url("**/source/**#row-2")
    page.locator("#row-2 mark", has_text="SLE").first.click()
    page.wait_for_url("**/reading/**/disease/1")


def test_hostile_words_and_data_blocks_do_nothing(two_sites: Server, open_page: Any) -> None:
    page, watched = open_page(two_sites)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in (TRIAL, "source/other", "reading/other/2/finding/3"):
        page.goto(path)
    refused = page.goto("trials?disease=<script>alert(1)</script>")
    assert refused.status == 400
    assert "<script>alert(1)</script>" in page.get_by_role("alert").inner_text()
    (status,) = said
    assert status.startswith("Failed to load resource: the server responded with a status of 400")
    said.clear()
    page.goto(TRIAL)
    data = page.locator('script[type="application/ld+json"]').text_content()
    assert '"MedicalTrial"' in data
    assert said == []
    assert watched.dialogs == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit_a_narrow_screen(two_sites: Server, open_page: Any, scheme: str) -> None:
    page, _ = open_page(two_sites, viewport={"width": 360, "height": 700}, color_scheme=scheme)
    paths = (
        *("trials?tissue=UBERON:0002371", "trials?disease=nothing", TRIAL, "source/other"),
        *("reading/other/2/disease/1", "term/MONDO:0007915", "rule/", "trial/NCT01741875"),
    )
    for path in paths:
        page.goto(path)
        assert fits(page), path
        found = Axe().run(page).response["violations"]
        assert [(path, v["id"], v["nodes"][0]["html"]) for v in found] == []
