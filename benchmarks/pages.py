"""The pages in Chromium: their weight, the time to the first row, axe's findings; with --pictures, their pictures.

Every page is opened in a fresh context of a real browser on a real `trialgraph serve`, wide and light, and again narrow
and dark. Weight is what travels, compressed, over all requests of the page. Time is from the start of the navigation
until the element that the page is opened for is there; the median of the runs.

Usage: python benchmarks/pages.py RELEASE [--runs 5] [--pictures docs/pictures]
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from trialgraph import __version__

# name -> path, the element that it is opened for
PAGES: Final = {
    "home": ("", "table td a"),
    "search": ("search?q=IFN-gamma", "tbody td"),
    "trials": ("trials", "tbody td"),
    "trial": ("trial/NCT04170426", "tbody td"),
    "source-text": ("reading/wjsc-107202-table1/2/n_total/1", "mark"),
    "source-table": ("source/worksheet-msc-multiple-sclerosis", "tbody td"),
    "checks": ("checks", "tbody td"),
    "reviews": ("reviews", "tbody td"),
    "question": ("queries/doses-side-by-side", "tbody td"),
    "figure": ("figures/evidence-map", "figcaption"),
    "ontology": ("ontology/", "h2"),
    "dataset": ("dataset", "table"),
    "editor": ("sparql", ".CodeMirror, #query"),
}
#: Of these there is a picture narrow and dark, too.
NARROW: Final = ("home", "trials", "trial")
WIDE: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 900}}
DARK: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def look(browser: Browser, address: str, wanted: str, **options: Any) -> tuple[int, float, int]:
    """Bytes that travelled, seconds until the wanted element is there, and axe's violations of WCAG 2.2 AA."""
    context = browser.new_context(**options)
    page = context.new_page()
    weights: list[int] = []
    page.on("requestfinished", lambda sent: weights.append(sent.sizes()["responseBodySize"]))
    start = time.monotonic()
    page.goto(address, wait_until="commit")
    page.locator(wanted).first.wait_for()
    seconds = time.monotonic() - start
    page.wait_for_load_state("networkidle")
    found = (
        Axe().run(page, context={"exclude": [["#editor"]]}, options={"runOnly": RULES}).response["violations"]
    )
    context.close()
    return sum(weights), seconds, len(found)


def picture(browser: Browser, address: str, path: Path, **options: Any) -> None:
    """A picture of what one sees without scrolling."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path)
    context.close()


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("release", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pictures", type=Path)
    asked = parser.parse_args()
    command = [sys.executable, "-m", "trialgraph", "serve", "--port", "0", "--release", str(asked.release)]
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("chromium is not installed")
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server,
        sync_playwright() as playwright,
    ):
        assert server.stdout is not None
        home = server.stdout.readline().strip()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            report(browser, home, asked.runs)
            if asked.pictures:
                asked.pictures.mkdir(parents=True, exist_ok=True)
                for name, (path, _) in PAGES.items():
                    picture(browser, home + path, asked.pictures / f"{name}.png", **WIDE)
                for name in NARROW:
                    path = asked.pictures / f"{name}-narrow-dark.png"
                    picture(browser, home + PAGES[name][0], path, **DARK)
        finally:
            browser.close()
            server.terminate()


def report(browser: Browser, home: str, runs: int) -> None:
    """The table, in Markdown."""
    parts = ", ".join(f"{name} {version(name)}" for name in ("flask", "waitress", "playwright"))
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Chromium {browser.version}, trialgraph {__version__},"
    )
    print(f"{parts}; {runs} runs each\n")
    print("| page | bytes | first element, median | slowest | axe, light | axe, dark and narrow |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, (path, wanted) in PAGES.items():
        made = [look(browser, home + path, wanted, **WIDE) for _ in range(runs)]
        dark = look(browser, home + path, wanted, **DARK)
        seconds = [run[1] for run in made]
        print(
            f"| {name} | {made[0][0]:,} | {statistics.median(seconds):.2f} s | {max(seconds):.2f} s "
            f"| {made[0][2]} | {dark[2]} |"
        )


if __name__ == "__main__":
    main()
