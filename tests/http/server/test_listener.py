"""The socket of the server: addresses of both kinds, and paths."""

from __future__ import annotations

import socket
import stat
from pathlib import Path

import pytest

from trialgraph.base.errors import InputError
from trialgraph.http.server.listener import bind


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:"), ("::1", "http://[::1]:"), ("[::1]", "http://[::1]:")],
)
def test_an_address_with_or_without_brackets(host: str, url: str) -> None:
    with bind(host, 0) as listener:
        assert listener.url.startswith(url)
        assert listener.socket.getsockname()[0] in host


def test_a_unix_socket_is_for_its_owner_and_group_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "http.sock"
    with bind(f"unix:{path}", 0) as listener:
        assert listener.url == f"unix:{path}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        with pytest.raises(InputError, match=r"unix:.*: cannot listen here: Address already in use"):
            bind(f"unix:{path}", 0)
    assert not path.exists()


def test_a_socket_that_a_killed_server_left_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "http.sock"
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    with bind(f"unix:{path}", 0):
        assert path.is_socket()


@pytest.mark.parametrize("name", ["", "no/such/folder", "x" * 200, "a\0b", "file"])
def test_a_path_that_cannot_be_had_is_one_clear_error_and_no_file_is_touched(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("kept")
    path = f"{tmp_path}/{name}" if name else ""
    with pytest.raises(InputError, match=r"unix:.*cannot listen here"):
        bind(f"unix:{path}", 0)
    assert (tmp_path / "file").read_text() == "kept"
