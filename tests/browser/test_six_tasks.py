"""The six tasks of docs/tour.md, each in at most three clicks from the home page, by mouse and without scripts, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Page

from tests.paths import ROOT
from tests.small_graph import Server

#: By task as docs/tour.md calls it: what is clicked, in order (behind ">>" what is written into the search before), and
#: what is on the page then.
TASKS: Final[dict[str, tuple[list[str], Callable[[Page], bool]]]] = {
    "All UC-MSC trials in rheumatoid arthritis with the dose per kilogram on one screen": (
        [".matrix tr:has-text('Rheumatoid arthritis') td:nth-of-type(1) a"],
        lambda page: (
            "cells/kg" in page.locator(".evidence").inner_text()
            and "UC-MSC" in page.locator(".evidence").inner_text()
        ),
    ),
    "Which numbers of patients look wrong": (
        ["text=Check doubtful values"],
        lambda page: "392 + 15 = 407, not 54" in page.locator("main").inner_text(),
    ),
    "The table as Excel": (["text=Build an evidence table", "text=Excel"], lambda _: True),
    "How to cite": (
        ["text=Take the data elsewhere"],
        lambda page: "How to cite" in page.locator("main").inner_text(),
    ),
    "A file for Protégé or GraphDB": (
        ["text=Take the data elsewhere", "dd a[href$='trialgraph-core.ttl'], a[href$='trialgraph-core.ttl']"],
        lambda _: True,
    ),
    "Which trials used intrathecal delivery": (
        ["text=Search >> intrathecal", "main a[href*='/trials?route=']"],
        lambda page: "IT" in page.locator(".evidence").inner_text(),
    ),
}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
@pytest.mark.parametrize("task", TASKS)
def test_a_task_takes_three_clicks(seeds_site: Server, open_page: Any, task: str, scripts: bool) -> None:
    clicks, done = TASKS[task]
    assert len(clicks) <= 3
    page, watched = open_page(
        seeds_site, java_script_enabled=scripts, viewport={"width": 1280, "height": 900}
    )
    page.goto("")
    for at, click in enumerate(clicks):
        what, _, words = click.partition(" >> ")
        if words:
            page.locator("main input[name=q]").fill(words)
        link = page.locator("main button[type=submit]" if words else what).first
        if at == len(clicks) - 1 and ("Excel" in what or "core.ttl" in what):
            with page.expect_download() as download:
                link.click()
            assert download.value.suggested_filename.endswith((".xlsx", ".ttl"))
        else:
            link.click()
            page.wait_for_load_state()
    assert done(page)
    assert watched.elsewhere == []


def test_the_tour_has_the_tasks() -> None:
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    assert [task for task in TASKS if task not in text] == []
