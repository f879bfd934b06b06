"""All long runs, in pieces that are kept as they end: ``python -m tools.soak [--log FILE] [QUERIES ROWS]``.

Each piece is a line in the log, so that a run which is stopped says what it has seen; the same command goes on where
the log ends. ``--write`` only makes docs/soak.md from the log.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tools.soak import (
    accuracy,
    addresses,
    cells,
    defects,
    hostile,
    kills,
    lines,
    memory,
    mutations,
    outside,
    patterns,
    records,
    swaps,
    tables,
)
from tools.soak.report import Report

PAGE: Final = Path(__file__).parents[2] / "docs" / "soak.md"
QUERIES, ROWS = 5_000, 2_000


def piece(log: Path, name: str, seed: int, run: Callable[[], Report]) -> None:
    """Run a piece that the log does not have, and note it."""
    done = log.read_text().splitlines() if log.exists() else []
    if any((said := json.loads(line))["name"] == name and said["seed"] == seed for line in done):
        return
    report = run()
    said = {"name": name, "seed": seed, "at": datetime.now(UTC).isoformat("T", "seconds"), **vars(report)}
    with log.open("a") as out:
        print(json.dumps(said), file=out)
    print(f"{name} {seed}", report.text(), sep="\n", flush=True)


def written(log: Path, remark: str) -> str:
    """The page of all that the log holds.

    :param remark: a sentence on the machine
    """
    sums: dict[str, Report] = {}
    days = set()
    for line in log.read_text().splitlines():
        said = json.loads(line)
        days.add(said["at"][:10])
        report = Report(
            said["title"],
            counts=Counter(said["counts"]),
            facts=said.get("facts", {}),
            peaks=said["peaks"],
            faults=Counter(said["faults"]),
        )
        sums.setdefault(said["name"], Report(report.title)).add(report)
    parts = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "flask", "waitress"))
    made = [
        "# What long runs have seen",
        "",
        f"`make soak`, {' and '.join(sorted(days))}; Python {platform.python_version()}, {parts},",
        f"{platform.machine()}. What each run does is said in `tools/soak/`; the tests run a small part of it.",
    ]
    if remark:
        made += ["", remark]
    for report in sums.values():
        made += ["", *report.lines()]
    return "\n".join([*made, ""])


def main() -> None:
    """Run what the log does not have yet."""
    parser = argparse.ArgumentParser(prog="python -m tools.soak")
    parser.add_argument("queries", type=int, nargs="?", default=100_000)
    parser.add_argument("rows", type=int, nargs="?", default=50_000)
    parser.add_argument("--log", type=Path, default=Path("soak.jsonl"))
    parser.add_argument("--no-others", dest="others", action="store_false", help="queries and rows only")
    parser.add_argument("--write", action="store_true", help="only make the page")
    parser.add_argument("--remark", default="", help="a sentence on the machine, for the page")
    given = parser.parse_args()
    if not given.write and given.others:
        piece(given.log, "swaps", 1, lambda: swaps.main(200))
        piece(given.log, "kills", 1, lambda: kills.main(100))
        piece(given.log, "patterns", 1, patterns.main)
        piece(given.log, "addresses", 1, lambda: addresses.main(100_000))
        piece(given.log, "cells", 1, cells.main)
        piece(given.log, "mutations", 1, lambda: mutations.main(50_000))
        for seed in range(1, 11):
            piece(given.log, "records", seed, lambda seed=seed: records.main(5_000, seed))
        piece(given.log, "accuracy", 1, accuracy.main)
        piece(given.log, "defects", 1, defects.main)
        piece(given.log, "tables", 1, tables.main)
        piece(given.log, "outside", 1, outside.main)
        piece(given.log, "memory", 1, lambda: memory.main(100_000))
    if not given.write:
        for seed in range(1, given.queries // QUERIES + 1):
            piece(given.log, "hostile", seed, lambda seed=seed: hostile.main(QUERIES, seed))
        for seed in range(1, given.rows // ROWS + 1):
            piece(given.log, "lines", seed, lambda seed=seed: lines.main(ROWS, seed, measure=seed == 1))
    PAGE.write_text(written(given.log, given.remark), encoding="utf-8")
    faults = sum(len(json.loads(line)["faults"]) for line in given.log.read_text().splitlines())
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
