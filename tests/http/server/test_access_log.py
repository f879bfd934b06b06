"""The access log follows log rotation, and neither a full disk nor a reader that is stuck stops anyone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_graph import wait_until
from trialgraph.base.settings import DEFAULTS
from trialgraph.http.server.access_log import AccessLog

LINES = DEFAULTS.access_log_lines


@pytest.fixture
def unread(tmp_path: Path) -> Iterator[Path]:
    """A named pipe that is open for reading and never read."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    yield pipe
    os.close(reader)


def test_a_log_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    log = AccessLog(str(tmp_path / "log"), LINES)
    log.write("one")
    wait_until(lambda: (tmp_path / "log").read_text() == "one\n")
    (tmp_path / "log").rename(tmp_path / "log.1")
    log.write("two")
    wait_until(lambda: (tmp_path / "log").exists() and (tmp_path / "log").read_text() == "two\n")
    log.close()
    assert (tmp_path / "log.1").read_text() == "one\n"


def test_lines_that_cannot_be_written_are_counted() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    log = AccessLog("/dev/full", LINES)
    log.write("one")
    log.close()
    assert log.dropped == 1


def test_a_folder_that_goes_and_comes_back_ends_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    log = AccessLog(str(folder / "log"), LINES)
    shutil.rmtree(folder)
    log.write("lost")
    wait_until(lambda: log.dropped == 1)
    folder.mkdir()
    log.write("written")
    wait_until(lambda: (folder / "log").exists() and (folder / "log").read_text() == "written\n")
    log.close()
    assert log.dropped == 1


def test_lines_stay_in_order_and_are_written_before_the_end(tmp_path: Path) -> None:
    log = AccessLog(str(tmp_path / "log"), LINES)
    for number in range(2_000):
        log.write(f"%s {number}")
    log.close()
    assert (tmp_path / "log").read_text() == "".join(f"%s {number}\n" for number in range(2_000))
    assert log.dropped == 0
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o640 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_full_pipe_delays_nobody_and_its_lines_are_counted(unread: Path) -> None:
    log = AccessLog(str(unread), 100)
    slowest = 0.0
    for _ in range(2_000):
        before = time.monotonic()
        log.write("x" * 200)
        slowest = max(slowest, time.monotonic() - before)
    assert slowest < 0.5
    assert log.dropped > 1_000
    before = time.monotonic()
    log.close()
    assert time.monotonic() - before < 2


def test_a_process_with_a_full_pipe_ends(unread: Path) -> None:
    """At exit the standard library flushes each handler; a stuck one must not keep the process."""
    program = (
        "import sys; from trialgraph.http.server.access_log import AccessLog\n"
        "log = AccessLog(sys.argv[1], 10_000)\n"
        "for _ in range(2_000): log.write('x' * 200)\n"
        "log.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(unread)], capture_output=True, text=True, check=False, timeout=30
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_is_written_to_none(capfd: pytest.CaptureFixture[str]) -> None:
    log = AccessLog("none", LINES)
    log.write("one")
    log.close()
    assert capfd.readouterr() == ("", "")
    assert log.dropped == 0


def test_standard_error_stays_open(capfd: pytest.CaptureFixture[str]) -> None:
    log = AccessLog("-", LINES)
    log.write("one")
    log.close()
    print("after", file=sys.stderr)
    assert capfd.readouterr().err == "one\nafter\n"
