"""Input that can be read once only is held: its reader finds all of it."""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

import pytest

from trialgraph.base.errors import InputError
from trialgraph.extract.files.held_input import copied_pipe, held_standard_input, is_pipe


def test_standard_input_is_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff12345")))
    assert held_standard_input(3) == b"\xff123"  # one more than it may be
    assert held_standard_input(100) == b"\xff123"
    assert sys.stdin.buffer.read() == b"\xff123"


@pytest.mark.parametrize(("most", "fits"), [(10, True), (9, False)])
def test_a_pipe_is_copied_up_to_the_limit(tmp_path: Path, most: int, fits: bool) -> None:
    pipe, folder = tmp_path / "pipe", tmp_path / "copies"
    os.mkfifo(pipe)
    folder.mkdir()
    assert is_pipe(str(pipe))
    assert not is_pipe(str(folder))
    assert not is_pipe("\0")

    def write() -> None:
        with pipe.open("wb", buffering=0) as file:
            file.write(b"0123456789")

    writer = threading.Thread(target=write)
    writer.start()
    if fits:
        assert Path(copied_pipe(str(pipe), folder, most)).read_bytes() == b"0123456789"
    else:
        with pytest.raises(InputError, match="more than 9 bytes"):
            copied_pipe(str(pipe), folder, most)
    writer.join()
