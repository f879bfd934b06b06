"""nginx with the shipped configuration, and front ends behind it, each with a folder of releases of its own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.bench.processes import cpu_seconds, end_tree
from benchmarks.bench.proxy import ROOT, configuration
from trialgraph.base.replace_file import replacing

__all__ = ["FRONT_ENDS", "Behind", "behind_nginx", "wait_for"]

FRONT_ENDS: Final = 3
SETTINGS: Final = {
    "TRIALGRAPH_TRUSTED_PROXY": "127.0.0.1",
    "TRIALGRAPH_WATCH_SECONDS": "0.2",
    "TRIALGRAPH_WORKERS": "2",
    # A busy machine is no fault of a front end: nothing may be refused for it.
    "TRIALGRAPH_QUERY_SECONDS": "50",
    "TRIALGRAPH_QUEUE": "1000",
    "TRIALGRAPH_CLIENT_QUERIES": "1000",
    "TRIALGRAPH_PAGE_SECONDS": "50",
}
LOG: Final = "log_format tried '$upstream_addr|$status|$upstream_cache_status'"


@dataclass
class FrontEnd:
    """A server on a folder of releases of its own."""

    home: Path
    process: subprocess.Popen[str]
    port: int

    def end(self) -> None:
        """End it and its workers."""
        end_tree(self.process.pid)
        self.process.communicate()

    def lead(self, name: str) -> None:
        """Let ``current`` lead to another release, as a build does."""
        with replacing(self.home / "current") as link:
            link.symlink_to(name)


@dataclass
class Behind:
    """nginx and what is behind it."""

    port: int
    front_ends: list[FrontEnd]
    process: subprocess.Popen[bytes]
    log: Path

    def cpu(self) -> dict[str, float]:
        """Processor seconds of nginx and of the front ends, all of which must run, so far."""
        front_ends = sum(cpu_seconds(one.process.pid) for one in self.front_ends)
        return {"nginx": cpu_seconds(self.process.pid), "front ends": front_ends}


def started(home: Path, draw_ahead: bool) -> FrontEnd:
    """A front end that answers."""
    words = ["serve", "--port", "0", "--release", str(home), "--access-log", "none"]
    process = subprocess.Popen(
        [sys.executable, "-m", "trialgraph", *words],
        env=os.environ
        | {"PYTHONPATH": str(ROOT / "src"), "TRIALGRAPH_DRAW_AHEAD": "yes" if draw_ahead else "no"}
        | SETTINGS,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url, "a front end does not start"
    return FrontEnd(home, process, int(url.rstrip("/").rpartition(":")[2]))


@contextmanager
def behind_nginx(folder: Path, one: Path, two: Path, *, draw_ahead: bool = True) -> Iterator[Behind]:
    """Front ends that serve a release and have another, behind nginx with the shipped configuration.

    :param folder: an empty one, for all that they write
    :param draw_ahead: let them draw all pictures at start and after a swap, as they do by default
    """
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    assert nginx, "nginx is not installed"
    with ExitStack() as stack:
        front_ends = []
        for number in range(FRONT_ENDS):
            home = folder / f"releases-{number}"
            home.mkdir()
            for name, release in (("one", one), ("two", two)):
                (home / name).symlink_to(release.resolve())
            (home / "current").symlink_to("one")
            front_ends.append(started(home, draw_ahead))
            stack.callback(front_ends[-1].end)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        conf = folder / "nginx.conf"
        conf.write_text(_configuration(folder, port, [front_end.port for front_end in front_ends]))
        tested = subprocess.run([nginx, "-t", "-c", str(conf)], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stderr
        process = subprocess.Popen([nginx, "-c", str(conf)], stderr=subprocess.DEVNULL)
        stack.callback(process.wait)
        stack.callback(process.terminate)
        wait_for(lambda: _listens(port))
        yield Behind(port, front_ends, process, folder / "tried.log")


def _configuration(folder: Path, port: int, ports: list[int]) -> str:
    """Both shipped files, for this machine."""
    deploy = ROOT / "deploy"
    text = configuration((deploy / "nginx.conf").read_text(encoding="utf-8"), folder, port, ports[0])
    upstream = (deploy / "nginx-front-ends.conf").read_text(encoding="utf-8")
    for number, here in enumerate(ports, 8001):
        assert upstream.count(f"server 127.0.0.1:{number} ") == 1
        upstream = upstream.replace(f"server 127.0.0.1:{number} ", f"server 127.0.0.1:{here} ")
    text, blocks = re.subn(r"^upstream trialgraph \{.*?^\}", lambda _: upstream, text, flags=re.M | re.S)
    assert blocks == 1
    return text.replace("access_log off;", f"{LOG};\naccess_log {folder}/tried.log tried;")


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait_for(done: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so; AssertionError where it is not in time."""
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.02)
