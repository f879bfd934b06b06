"""How the time of reading and of building grows with the rows of a CSV file.

    python benchmarks/table_rows.py 500 1000 2000

Each size is a whole process of its own: CPU seconds, wall seconds, and the most memory. The rows are constructed:
registry numbers that differ, and a few diseases, cells, doses and statuses in turn.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path
from typing import Final

HEADINGS: Final = (
    "Registration number", "Phase", "Disease", "Cell source", "Patients", "Administration", "Follow-up (months)",
    "Country", "Status",
)  # fmt: skip
VALUES: Final = (
    ("1", "1/2", "2"),
    ("Multiple sclerosis", "Lupus nephritis", "Rheumatoid arthritis", "Crohn's disease"),
    ("UC-MSCs", "Autologous BM-MSCs", "Allogeneic AD-MSCs"),
    ("12", "40 (20/20)", "33 (21/12)"),
    ("IV, 1 × 10⁶ cells/kg", "IV, 2 × 10⁷ cells", "IT, 1–2 × 10⁶ cells/kg"),
    ("6", "12", "24"),
    ("Spain", "China", "Jordan"),
    ("Completed", "Recruiting"),
)  # fmt: skip


def table(path: Path, rows: int) -> None:
    """Write a table of so many trials."""
    turns = [cycle(values) for values in VALUES]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADINGS)
        out.writerows([f"NCT{10_000_000 + n}", *map(next, turns)] for n in range(rows))


def measured(*arguments: str) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and the most memory in MB of one run of the command."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "trialgraph", "-q", *arguments], stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise SystemExit(f"trialgraph {arguments[0]} failed")
    return used.ru_utime + used.ru_stime, time.perf_counter() - began, used.ru_maxrss / 1000


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    print("| rows | command | CPU s | wall s | MB | CPU ms per row |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = Path(folder) / f"rows{rows}.csv"
            table(path, rows)
            for command in (
                ["trials", str(path), "-f", "csv"],
                ["build", str(path), "-o", f"{folder}/{rows}"],
            ):
                cpu, wall, memory = measured(*command)
                print(
                    f"| {rows:,} | `{command[0]}` | {cpu:.1f} | {wall:.1f} | {memory:.0f} | {1000 * cpu / rows:.1f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [500, 1_000, 2_000])
