"""The pages over HTTP, and in Chromium: first visits, repeated visits, memory; weight, first row, axe's findings.

Over HTTP a server is started on the release; each kind of page is visited once, then again and again. CPU is that of
all processes of the server, from /proc; memory is their proportional set size, after all pages.

In Chromium every page is opened in a fresh context of a real browser on a real `trialgraph serve`, wide and light, and
again narrow and dark. Weight is what travels, compressed, over all requests of the page. Time is from the start of the
navigation until the element that the page is opened for is there; the median of the runs.

Usage: python benchmarks/pages.py RELEASE [--runs 5] [--visits 20] [--http] [--pictures docs/pictures]
(--http: without Chromium)
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
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
#: What is visited over HTTP, by kind. TRIAL is the first trial with a registry id, SOURCE the first source.
VISITED: Final = {
    "home": "",
    "list": "trials",
    "list, facets": "trials?tissue=UBERON:0002371&route=intravenous",
    "list, sorted": "trials?sort=-n_total&page=3",
    "list, facets, sorted": "trials?route=intravenous&sort=dose&page=2",
    "trial": "trial/TRIAL",
    "search": "search?q=lupus",
    "search, several words": "search?q=lupus+bone+marrow",
    "saved query": "queries/trials-by-disease",
    "saved query, every trial": "queries/doses-side-by-side",
    "figure": "figures/evidence-map",
    "figure, a mark a trial": "figures/doses",
    "term": "term/MONDO:0007915",
    "source": "source/SOURCE",
    "checks": "checks",
    "reviews": "reviews",
    "dataset": "dataset",
    "trials.csv": "trials.csv",
    "trials.json": "trials.json",
    "trials.ris": "trials.ris",
    "trials.xlsx": "trials.xlsx",
}
#: A file of all trials is asked for this many times.
FILES: Final = 3
#: Of these there is a picture narrow and dark, too.
NARROW: Final = ("home", "trials", "trial")
WIDE: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 900}}
DARK: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def tree(process: int) -> Iterator[int]:
    """A process and all below it."""
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from tree(int(child))


def used(process: int) -> tuple[float, float]:
    """CPU seconds and MB of a process and all below it."""
    seconds, size = 0.0, 0
    for one in set(tree(process)):
        try:
            times = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:15]
            seconds += sum(map(int, times)) / os.sysconf("SC_CLK_TCK")
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            size += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, StopIteration):
            continue  # it has ended
    return seconds, size / 1024


def visit(address: str) -> tuple[float, int, int]:
    """Seconds, status and bytes of a visit."""
    asked = urllib.request.Request(address, headers={"Accept": "text/html, */*;q=0.1"})
    start = time.monotonic()
    try:
        with urllib.request.urlopen(asked) as answer:
            size, status = len(answer.read()), answer.status
    except urllib.error.HTTPError as error:
        size, status = len(error.read()), error.code
    return time.monotonic() - start, status, size


def visits(release: Path, count: int) -> None:
    """The table of visits over HTTP, in Markdown."""
    start = time.monotonic()
    with serving(release) as server:
        assert server.stdout is not None
        home = server.stdout.readline().strip()
        ready = time.monotonic() - start
        folder = release if (release / "trials.csv").exists() else release / "current"
        with (folder / "trials.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        trial = next(row["registration_id"] for row in rows if row["registration_id"])
        print(f"{len(rows):,} reports; ready after {ready:.2f} s, {used(server.pid)[0]:.2f} s of CPU\n")
        print("| page | status | first, ms | p50, ms | p95, ms | CPU, ms | bytes |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        for name, path in VISITED.items():
            address = home + path.replace("TRIAL", trial).replace("SOURCE", rows[0]["source"])
            first, status, size = visit(address)
            before = used(server.pid)[0]
            again = sorted(visit(address)[0] for _ in range(FILES if name.startswith("trials.") else count))
            cpu = (used(server.pid)[0] - before) / len(again)
            p95 = again[min(len(again) - 1, round(0.95 * len(again)))]
            numbers = " | ".join(f"{1000 * t:,.0f}" for t in (first, statistics.median(again), p95, cpu))
            print(f"| {name} | {status} | {numbers} | {size:,} |", flush=True)
        print(f"\nAll processes: {used(server.pid)[1]:,.0f} MB\n")
        server.terminate()


def serving(release: Path) -> subprocess.Popen[str]:
    """A server on the release."""
    command = [sys.executable, "-m", "trialgraph", "serve", "--port", "0", "--release", str(release)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


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
    parser.add_argument("--visits", type=int, default=20)
    parser.add_argument("--http", action="store_true")
    parser.add_argument("--pictures", type=Path)
    asked = parser.parse_args()
    visits(asked.release, asked.visits)
    if asked.http:
        return
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("chromium is not installed")
    with (
        serving(asked.release) as server,
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
