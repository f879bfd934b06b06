"""Files of registries changed at random, in every shape: ``python -m tools.soak.records 50000``.

Of a record (JSON, page, array, JSON lines, zip, site CSV, portal XML and CSV, also in gzip) values, texts and bytes are
changed. It is read, left out with a line, or refused with the project's own error; what is read is stated in canonical
N-Quads.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.extract.registries.mutated_files import SHAPES, faults_of, mutated_file
from tools.soak.report import Report, finish

__all__ = ["main"]


def main(count: int = 50_000, seed: int = 1) -> Report:
    """Read so many changed files."""
    report = Report("changed files of registries")
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        for n in range(count):
            shape = SHAPES[n % len(SHAPES)]
            data = mutated_file(shape, chance)
            path.write_bytes(data)
            report.counts[f"files, {shape}"] += 1
            try:
                for fault in faults_of(path, report.counts):
                    report.fault(fault, f"{shape} {data[:200]!r}")
            except Exception as error:
                frame = traceback.extract_tb(error.__traceback__)[-1]
                report.fault(
                    f"{type(error).__name__} in {frame.name}",
                    f"{shape}, file {n} of seed {seed}: {error!s:.200}",
                )
    report.facts["CPU seconds a file"] = f"{(time.process_time() - began) / count:.4f}"
    return report


if __name__ == "__main__":
    finish(main(*map(int, sys.argv[1:])))
