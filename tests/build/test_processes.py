"""Parts of a build in other processes: all results, and failures that name what failed."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.build.tasks import Task, prepared, worked
from tests.paths import ROOT
from trialgraph.base.errors import InputError, TrialgraphError
from trialgraph.build.processes import done_by, jobs_of, without_collector


@pytest.fixture(autouse=True)
def _unprepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASKS_PREPARED", "")


def test_all_tasks_are_done_in_prepared_processes() -> None:
    results = list(done_by(worked, [Task("fine", n) for n in range(7)], 2, prepared))
    assert sorted(number for number, _, _ in results) == list(range(7))
    assert os.getpid() not in {pid for _, pid, _ in results}
    assert {said for _, _, said in results} == {"yes"}


@pytest.mark.parametrize(("tasks", "jobs"), [(3, 1), (1, 8)])
def test_with_one_process_or_one_task_it_is_done_here(tasks: int, jobs: int) -> None:
    results = list(done_by(worked, [Task("fine", n) for n in range(tasks)], jobs, prepared))
    assert {(pid, said) for _, pid, said in results} == {(os.getpid(), "yes")}


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_task_that_fails_names_its_source(jobs: int) -> None:
    with pytest.raises(TrialgraphError, match="fails: stating it failed: KeyError: 'phase'"):
        list(done_by(worked, [Task("fine"), Task("fails"), Task("fine", 2)], jobs, prepared))
    with pytest.raises(InputError, match=r"^seeds/a/source.txt:3: no such row"):
        list(done_by(worked, [Task("fine"), Task("refuses")], jobs, prepared))
    with pytest.raises(OSError, match="No space left"):
        list(done_by(worked, [Task("fine"), Task("full")], jobs, prepared))


def test_a_process_that_dies_is_an_error_of_one_line() -> None:
    with pytest.raises(TrialgraphError, match=r"ended before its time.*--jobs 1") as failed:
        list(done_by(worked, [Task("dies"), Task("dies", 2)], 2, prepared))
    assert "dies: " in failed.value.line()


WAITING: Final = """
from tests.build.tasks import Task, prepared, worked
from trialgraph.build.processes import done_by
if __name__ == "__main__":
    list(done_by(worked, [Task("waits"), Task("waits", 2)], 2, prepared))
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_first_one(number: signal.Signals, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(WAITING)
    path = os.pathsep.join([str(ROOT), *sys.path])
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    ) as first:
        assert first.stdout is not None
        assert [first.stdout.readline().strip().isdigit() for _ in range(2)] == [True, True]
        first.send_signal(number)
        first.wait(60)
        # The pipe is closed when all have ended that could write to it.
        assert first.stdout.read() == b""


def test_there_are_as_many_processes_as_cores() -> None:
    assert jobs_of(3) == 3
    assert jobs_of(0) == len(os.sched_getaffinity(0))


def test_cycles_are_looked_for_again_afterwards() -> None:
    with without_collector():
        assert not gc.isenabled()
    assert gc.isenabled()
