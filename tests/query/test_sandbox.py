"""What a confined process can no longer do."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import os, resource, socket, subprocess, sys
from trialgraph.query.sandbox import confine, limit_cpu
how = confine(1_000_000_000)
def attempt(name, do):
    try:
        do()
        print(name, "done")
    except (OSError, MemoryError) as error:
        print(name, type(error).__name__)
def connect(family=socket.AF_INET):
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2)
print(how)
attempt("connect", connect)
attempt("unix", lambda: socket.socket(socket.AF_UNIX))
attempt("program", lambda: os.posix_spawn("/bin/true", ["true"], {}))
attempt("write", lambda: open(sys.argv[2], "w").write("x" * 100_000))
attempt("memory", lambda: bytearray(2_000_000_000))
attempt("compute", lambda: sum(range(1000)))
sys.stdout.flush()
limit_cpu(-1)
while True: pass
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can take the network away here")
def test_a_confined_process_has_no_network_no_programs_no_files_and_bounded_memory(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        target = tmp_path / "written"
        port = str(listener.getsockname()[1])
        ran = subprocess.run(
            [sys.executable, "-c", CODE, port, str(target)], capture_output=True, text=True, check=False
        )
        with pytest.raises(TimeoutError):
            listener.accept()
    how, *said = ran.stdout.splitlines()
    if how == "seccomp":
        assert said[:3] == ["connect PermissionError", "unix PermissionError", "program PermissionError"]
    else:
        assert how == "unshare", "this kernel offers neither way; the workers say so in /health"
        assert said[0] == "connect OSError"
    assert said[3:] == ["write OSError", "memory MemoryError", "compute done"]
    assert target.stat().st_size == 0
    assert ran.returncode == -24, "ended by SIGXCPU"


THREADS = """
import threading
from trialgraph.query.sandbox import confine
confine(4_000_000_000)
together = threading.Barrier(12)
def work():
    together.wait()
    for _ in range(2_000):
        bytearray(60_000)
threads = [threading.Thread(target=work) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmPeak")))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the heaps are those of glibc")
def test_threads_share_few_heaps_so_that_a_limit_is_not_reached_by_chance() -> None:
    """A heap for each of 12 threads would reserve 768 MB; on a busy machine workers failed to start within 1 GB."""
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 500_000
