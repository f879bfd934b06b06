"""CPU time and memory of a process and all below it, on real processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.bench.processes import cpu_seconds, end_tree, is_running, pss_megabytes, tree
from tests.small_graph import wait_until

BURN = "import time\nwhile time.process_time() < {seconds}: pass\n"
ENDS = BURN.format(seconds=0.3)
LIVES = BURN.format(seconds=0.2) + "print('ready', flush=True); input()"
#: Burns 0.1 s itself, 0.3 s in a child that it waits for, and 0.2 s in one that goes on to live.
PARENT = f"""
import subprocess, sys
subprocess.run([sys.executable, "-S", "-c", {ENDS!r}])
living = subprocess.Popen([sys.executable, "-S", "-c", {LIVES!r}], stdin=subprocess.PIPE)
{BURN.format(seconds=0.1)}
sys.stdin.read()
"""
#: Starts a child that does not heed SIGTERM.
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""


@contextmanager
def running(code: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-S", "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            end_tree(process.pid)


def test_cpu_time_is_that_of_children_too_ended_or_not() -> None:
    with running(PARENT) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        wait_until(lambda: cpu_seconds(process.pid) >= 0.57)  # 0.6 but for what the clock ticks cut off
        assert len(tree(process.pid)) == 2
        assert cpu_seconds(process.pid) < 5


def test_memory_is_that_of_all() -> None:
    code = "x = bytearray(50_000_000); x[::4096] = b'1' * len(x[::4096]); print('ready', flush=True); input()"
    with running(code) as process:
        assert process.stdout
        process.stdout.readline()
        assert 45 < pss_megabytes(process.pid) < 200


def test_all_processes_of_a_tree_are_ended() -> None:
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {STUBBORN!r}])"
    with running(code) as process:
        assert process.stdout
        process.stdout.readline()
        members = tree(process.pid)
        assert len(members) == 2
        end_tree(process.pid, seconds=0.2)
        process.wait()
        wait_until(lambda: not any(map(is_running, members)))


def test_a_process_that_is_gone_costs_nothing() -> None:
    with running("pass") as process:
        process.wait()
    assert cpu_seconds(process.pid) == 0
    assert pss_megabytes(process.pid) == 0
