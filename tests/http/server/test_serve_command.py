"""`trialgraph serve --build`, as a person types it: builds, serves, follows `current`, ends with 0."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import quote

from tests.paths import ROOT
from tests.small_graph import MARK, wait_until, write_release
from tools.soak.swaps import lead
from trialgraph.release.open import open_release


def get(address: str) -> tuple[str, bytes]:
    with urllib.request.urlopen(address) as reply:
        return reply.headers["X-Trialgraph-Release"], reply.read()


def test_it_builds_serves_follows_and_ends(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "trialgraph", "serve", "--build", "--port", "0", "--watch-seconds", "0.1"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(2)]
    assert re.match(r"trials=\d+ reports=\d+ ", said[0]), process.communicate(timeout=60)[1]
    url = said[1].strip()
    home = tmp_path / "releases"
    built = open_release(home)
    release, body = get(f"{url}sparql?query=SELECT(COUNT(*)AS%3Fn)%7B%3Fs%20%3Fp%20%3Fo%7D&format=json")
    assert release == built.hash
    assert json.loads(body)["results"]["bindings"][0]["n"]["value"] == str(
        built.manifest["counts"]["triples"]
    )
    other = write_release(home / "other", "other")
    lead(home, "other")
    wait_until(lambda: get(f"{url}health/live")[0] == other.hash)
    assert b'"other"' in get(f"{url}sparql?query={quote(MARK)}&format=json")[1]
    process.send_signal(signal.SIGTERM)
    errors = process.communicate(timeout=60)[1]
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
