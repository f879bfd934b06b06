"""The page of reviews side by side in a browser: with two sources, wide and narrow, and with one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # it has no types

from tests.small_graph import Server
from trialgraph.base.package_data import resource
from trialgraph.release.open import Release

SIZES = ({"width": 1280, "height": 800}, {"width": 390, "height": 844})


@pytest.fixture(scope="module")
def two_sites(two_sources: Release) -> Iterator[Server]:
    with Server(two_sources.path, resource("queries")) as made:
        yield made


@pytest.mark.parametrize("size", SIZES, ids=("wide", "narrow"))
def test_two_reviews_side_by_side(two_sites: Server, open_page: Any, size: dict[str, int]) -> None:
    page, watched = open_page(two_sites, viewport=size)
    page.goto("")
    page.get_by_role("link", name="Checks", exact=True).click()
    page.get_by_role("link", name="Reviews side by side").click()
    assert page.locator("h1").inner_text() == "Reviews side by side"
    assert page.locator("#overlap ~ .frame").first.locator("td").all_inner_texts() == [
        "2", "42", "26", "61.5", "very high",
    ]  # fmt: skip
    differences = page.get_by_role("region", name="Differences").locator("tbody tr")
    assert differences.count() == 1
    assert {"289", "244", "major"} <= set(differences.locator("td").all_inner_texts())
    assert page.get_by_role("region", name="Trials that may be the same").locator("tbody tr").count() == 5
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert Axe().run(page).response["violations"] == []
    assert watched.elsewhere == []
    differences.locator("a").first.click()
    page.wait_for_url("**/comparison/other/2/wjsc-107202-table1/2/n_total")
    assert page.get_by_text("n_total in other row 2 and wjsc-107202-table1 row 2").count()


def test_one_review_says_that_a_second_is_needed(site: Server, open_page: Any) -> None:
    page, watched = open_page(site, viewport=SIZES[1])
    page.goto("reviews")
    assert "there is nothing to compare yet" in page.locator("main").inner_text()
    assert page.locator("table").count() == 0
    assert watched.elsewhere == []
