"""`trialgraph build`: what it prints, and what stays when it is stopped or fails."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.command import (
    COMMAND,
    ENVIRONMENT,
    FIRST_ROW,
    LINES,
    SEED,
    SHORT,
    SLUG,
    altered,
    bad,
    good,
    on_terminal,
    one_line,
    run,
)
from tests.paths import ROOT


def test_build_ends_with_its_counts_and_its_hash(tmp_path: Path) -> None:
    last = good("build", SEED, "-o", tmp_path / "releases").splitlines()[-1]
    said = dict(pair.split("=") for pair in last.split(" "))
    assert list(said) == [
        "trials",
        "reports",
        "triples",
        "conflicts",
        "unread",
        "violations",
        "hash",
        "seconds",
    ]
    assert (said["trials"], said["reports"], said["conflicts"], said["violations"]) == ("21", "21", "6", "0")
    assert (tmp_path / "releases" / "current").resolve().name == said["hash"]
    assert not [p for p in (tmp_path / "releases").iterdir() if p.name.startswith(".building")]


def test_parts_are_no_release(tmp_path: Path) -> None:
    """The last line has their number, and the hash of the release that they would be."""
    for words in (("-o", tmp_path / "releases"), ("--if-changed",)):
        line = bad("build", SEED, "--parts", tmp_path / "parts", *words)
        assert "--parts makes no release; leave out -o and --if-changed" in line
    last = good("build", SEED, "--parts", tmp_path / "parts").splitlines()[-1]
    said = dict(pair.split("=") for pair in last.split(" "))
    assert list(said) == ["parts", "quads", "hash", "seconds"]
    listed = json.loads((tmp_path / "parts" / "parts.json").read_text())
    assert (said["parts"], said["hash"]) == ("2", listed["release"])
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]


BAD_ROWS = [
    ("x" * 10_000_000, "the line has 10000000 characters, more than the 8000"),
    ("This is no row of that table at all, whoever wrote it.", "no way of cutting it fits the columns"),
]


def with_line(line: str, after: int = 2) -> str:
    """The table with one more line behind its second row."""
    at = FIRST_ROW + after
    return "\n".join([*LINES[:at], line, *LINES[at:]])


@pytest.mark.parametrize(("line", "why"), BAD_ROWS, ids=["ten megabytes", "no segmentation"])
def test_a_bad_row_is_reported_with_its_number_and_the_others_are_read(
    line: str, why: str, tmp_path: Path
) -> None:
    path = altered(tmp_path, with_line(line))
    done = run("rows", path, "-f", "jsonl")
    assert done.returncode == 1
    rows = [json.loads(text) for text in done.stdout.splitlines()]
    assert [r["row"] for r in rows] == [1, 2, *range(4, 23)]
    (said,) = done.stderr.decode().splitlines()
    assert said.startswith(f"warning: {path}:{FIRST_ROW + 3}:1: row 3 is not read: {why}")


def test_bad_rows_are_told_and_do_not_stop_a_build(tmp_path: Path) -> None:
    lines = ("x" * 10_000, BAD_ROWS[1][0])
    path = altered(tmp_path, SHORT + "\n".join(lines))
    done = run("build", path, "-o", tmp_path / "releases")
    assert done.returncode == 1
    assert done.stdout.decode().splitlines()[-1].startswith("trials=3 reports=3 ")
    for number, why in enumerate(("the line has 10000 characters, more than the 8000", BAD_ROWS[1][1]), 4):
        assert f"row {number} is not read: {why}" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_a_wrong_checksum(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SEED, tmp_path / SLUG))
    with (folder / "source.txt").open("a") as stream:
        stream.write(" ")
    line = bad("build", folder, cwd=tmp_path)
    assert "source.toml says" in line
    assert "restore the file as received" in line


def test_a_disk_that_fills_up_leaves_no_half_file(tmp_path: Path, built: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    # tests/release/test_write.py has a build on such a disk
    done = subprocess.run(
        [*COMMAND, "export", "--release", str(built), "-o", str(tmp_path / "x.ttl")], capture_output=True, cwd=ROOT,
        env=ENVIRONMENT, timeout=120, check=False, preexec_fn=small,
    )  # fmt: skip
    assert done.returncode == 2
    assert os.strerror(errno.EFBIG) in one_line(done.stderr)
    assert list(tmp_path.rglob("*")) == []


def test_ctrl_c_while_a_source_is_read(tmp_path: Path) -> None:
    source = tmp_path / "pipe.txt"
    os.mkfifo(source)
    with subprocess.Popen(
        [*COMMAND, "build", str(source), "-o", str(tmp_path / "releases")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        writer = source.open("wb")  # returns once the build reads from it
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        writer.close()
    assert (process.returncode, out, err) == (130, b"", b"")


def test_ctrl_c_while_a_release_is_written_leaves_the_old_one(tmp_path: Path, built: Path) -> None:
    releases = tmp_path / "releases"
    releases.mkdir()
    shutil.copytree(built, releases / built.name)
    (releases / "current").symlink_to(built.name)
    path = altered(tmp_path, SHORT)
    with subprocess.Popen(
        [*COMMAND, "build", str(path), "-o", str(releases)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=ROOT, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        while process.poll() is None and not list(releases.glob(".building-*")):
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, b"", b"")
    assert sorted(p.name for p in releases.iterdir()) == sorted(["current", built.name])
    assert good("check", "-h")
    assert os.readlink(releases / "current") == built.name


def test_progress_is_shown_on_a_terminal(tmp_path: Path) -> None:
    """Elsewhere stderr is empty: see the first test of this module."""
    assert "writing" in on_terminal("build", altered(tmp_path, SHORT), "-o", tmp_path / "releases")
