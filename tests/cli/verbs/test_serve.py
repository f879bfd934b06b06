"""`trialgraph serve`: the address, the end, a port in use."""

from __future__ import annotations

import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import (
    COMMAND,
    ENVIRONMENT,
    bad,
)
from tests.paths import ROOT


@pytest.fixture
def serving(built: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--release", str(built)], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, cwd=ROOT, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def test_serve_prints_its_address_once_it_answers_and_ends_on_ctrl_c(serving: subprocess.Popen[str]) -> None:
    assert serving.stdout is not None
    address = serving.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    port = int(address.rstrip("/").rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"GET /health HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        assert client.recv(64).startswith(b"HTTP/1.")
    serving.send_signal(signal.SIGINT)
    out, err = serving.communicate(timeout=60)
    assert (serving.returncode, out) == (130, "")
    assert "Traceback" not in err


def test_a_port_in_use_is_one_line(built: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        line = bad("serve", "--port", str(port), "--release", built)
    assert str(port) in line
    assert "--port" in line
