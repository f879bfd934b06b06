"""Parts of a file, read as a file of their own."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialgraph.release.files.stored_file import StoredFile

CONTENT = bytes(range(256)) * 4


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("parts") / "file"
    made.write_bytes(CONTENT)
    return made


@given(
    st.lists(st.integers(0, len(CONTENT)), min_size=2, max_size=8),
    st.lists(st.tuples(st.integers(0, 1_100), st.integers(-1, 300)), max_size=6),
)
def test_parts_are_read_as_if_they_were_one_file(
    path: Path, places: list[int], moves: list[tuple[int, int]]
) -> None:
    ordered = sorted(places)
    parts = tuple(zip(ordered[::2], ordered[1::2], strict=False))
    stored = StoredFile(path, "digest", parts)
    content = b"".join(CONTENT[start:end] for start, end in parts)
    assert stored.size == len(content)
    with stored.opened() as file, io.BytesIO(content) as plain:
        for place, size in moves:
            assert file.seek(place) == plain.seek(place) == file.tell()
            expected = plain.read(size)
            read = b""
            while size < 0 or len(read) < size:
                piece = file.read(size - len(read) if size >= 0 else -1)
                if not piece:
                    break
                read += piece
            assert read == expected
        assert file.seek(0, io.SEEK_END) == len(content)


def test_a_whole_file_is_the_file(path: Path) -> None:
    stored = StoredFile.whole(path, "digest")
    with stored.opened() as file:
        assert isinstance(file, io.BufferedReader)
        assert file.read() == CONTENT
    with pytest.raises(FileNotFoundError):
        StoredFile.whole(path.with_name("none"), "digest")
