"""Workers of a process that holds much memory took it for their own and were replaced after every query."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from trialgraph.release.open import Release

PROGRAM = """
import sys
from trialgraph.release.open import open_release
from trialgraph.query.pool import Pool

held = bytearray(b"x") * 700_000_000
with Pool(open_release(sys.argv[1]), size=1, seconds=20) as pool:
    before = pool.processes()
    for _ in range(3):
        assert b"".join(pool.run("ASK {}"))
    print(pool.processes() == before, len(held))
"""


def test_a_worker_counts_its_own_memory(small_release: Release) -> None:
    folder: Path = small_release.path
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[0] == "True"
