"""Sources: the bytes as received, or one clear line that says what is wrong and where."""

from __future__ import annotations

import hashlib
import io
import itertools
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paths import FIRST
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.extract.sources import Source, default_sources, lines, read_source

SEED = FIRST


def folder(home: Path, data: bytes = b"Disease\nPatients\n", **settings: str) -> Path:
    made = home / "a-table"
    made.mkdir()
    (made / "source.txt").write_bytes(data)
    settings = {"sha256": hashlib.sha256(data).hexdigest(), **settings}
    toml = "".join(f'{key} = "{value}"\n' for key, value in settings.items())
    (made / "source.toml").write_text(toml, encoding="utf-8")
    return made


def refusal(path: Path | str, settings: Settings = DEFAULTS) -> str:
    with pytest.raises(InputError) as caught:
        read_source(path, settings)
    message = caught.value.line()
    assert "\n" not in message
    assert caught.value.exit_code == 2
    return message


def test_the_seed_is_read_byte_for_byte() -> None:
    source = read_source(SEED)
    assert source.slug == "wjsc-107202-table1"
    assert source.text.encode() == (SEED / "source.txt").read_bytes()
    assert source.sha256 == source.meta["sha256"]
    assert source.meta["doi"] == "10.4252/wjsc.v17.i7.107202"


def test_a_folder_gives_its_name_and_settings(tmp_path: Path) -> None:
    source = read_source(folder(tmp_path, title="A table"))
    assert (source.slug, source.kind, source.meta["title"]) == ("a-table", "run-together", "A table")


def test_a_folder_is_named_even_where_it_is_said_as_a_dot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder(tmp_path))
    assert read_source(".").slug == "a-table"


def test_a_bare_file_is_called_by_its_stem(tmp_path: Path) -> None:
    path = tmp_path / "table-2.txt"
    path.write_bytes(b"Disease\nPatients\n")
    source = read_source(path)
    assert (source.slug, dict(source.meta)) == ("table-2", {})


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Disease\nγ\r\n".encode())))
    source = read_source("-")
    assert (source.slug, source.text) == ("-", "Disease\nγ\r\n")


def test_standard_input_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"123456789")))
    assert "more than 8 bytes" in refusal("-", Settings(source_bytes=8))


def test_a_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.txt") == (
        f"{tmp_path}/none.txt: cannot be read (no such file or directory); check the path"
    )


@pytest.mark.parametrize("data", [b"", b"\n", b" \r\n\t\n"])
def test_an_empty_file(tmp_path: Path, data: bytes) -> None:
    assert "the file is empty" in refusal(folder(tmp_path, data))


def test_another_encoding_is_shown_by_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "latin.txt"
    path.write_bytes("Disease\nSjö".encode("latin-1"))
    assert refusal(path) == f"{path}:2:3: byte 0xf6 is not UTF-8; save the file as UTF-8"


def test_a_cut_off_character_is_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "cut.txt"
    path.write_bytes("Disease\nγ".encode()[:-1])
    assert f"{path}:2:1: byte 0xce is not UTF-8" in refusal(path)


@pytest.mark.parametrize(
    ("data", "place"), [(b"\0", "1:1"), (b"ab\ncd\0e", "2:3"), ("Disease".encode("utf-16-le"), "1:2")]
)
def test_a_nul_byte_is_shown_by_line_and_column(tmp_path: Path, data: bytes, place: str) -> None:
    path = tmp_path / "nul.txt"
    path.write_bytes(data)
    assert refusal(path).startswith(f"{path}:{place}: a NUL byte")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"123456789")
    assert "more than 8 bytes" in refusal(path, Settings(source_bytes=8))
    assert read_source(path, Settings(source_bytes=9)).text == "123456789"


def test_a_checksum_that_does_not_fit(tmp_path: Path) -> None:
    wrong = "0" * 64
    message = refusal(folder(tmp_path, sha256=wrong))
    assert f"source.toml says {wrong}" in message
    assert hashlib.sha256(b"Disease\nPatients\n").hexdigest() in message


def test_a_checksum_in_capitals_fits(tmp_path: Path) -> None:
    data = b"Disease\nPatients\n"
    assert (
        read_source(folder(tmp_path, sha256=hashlib.sha256(data).hexdigest().upper())).text == data.decode()
    )


def test_no_checksum(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "source.toml").write_text('title = "A table"\n', encoding="utf-8")
    assert "source.toml says nothing" in refusal(made)


def test_no_settings(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "source.toml").unlink()
    assert refusal(made) == f"{made}: no source.toml; make the folder with: trialgraph add FILE"


@pytest.mark.parametrize("settings", [b"title = ", b"\xff", b"a = 1\na = 2\n"])
def test_settings_that_are_no_toml(tmp_path: Path, settings: bytes) -> None:
    made = folder(tmp_path)
    (made / "source.toml").write_bytes(settings)
    assert re.search(r"source\.toml: (?:not valid TOML|cannot be read as UTF-8 text)", refusal(made))


def test_two_files_in_one_folder(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "source.html").write_bytes(b"<p>")
    assert "one file source.* is wanted, found: source.html, source.txt" in refusal(made)


def test_no_file_in_a_folder(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "source.txt").unlink()
    assert "found: none" in refusal(made)


def test_a_kind_that_nobody_reads(tmp_path: Path) -> None:
    assert "kind 'pdf' has no reader; use one of: " in refusal(folder(tmp_path, kind="pdf"))


def test_seeds_beside_the_caller_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "seeds" / "b").mkdir(parents=True)
    (tmp_path / "seeds" / "a").mkdir()
    (tmp_path / "seeds" / ".hidden").mkdir()
    monkeypatch.chdir(tmp_path)
    assert [p.name for p in default_sources()] == ["a", "b"]


def test_without_seeds_beside_the_caller_the_packaged_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert SEED.name in {p.name for p in default_sources()}


def test_an_empty_seeds_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "seeds").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no source folders"):
        default_sources()


def test_lines_keep_their_places() -> None:
    text = "\ufeffone\r\n\ntwo\x0b\u2028still\rtwo\n"
    found = list(lines(Source("t", Path("t"), text, "")))
    assert [(line.number, line.text) for line in found] == [
        (1, "\ufeffone"),
        (2, ""),
        (3, "two\x0b\u2028still\rtwo"),
        (4, ""),
    ]
    assert all(text[line.start :].startswith(line.text) for line in found)


@given(st.text())
def test_lines_and_their_breaks_are_the_text(text: str) -> None:
    found = list(lines(Source("t", Path("t"), text, "")))
    for line, following in itertools.pairwise(found):
        assert text[line.start : following.start] in (line.text + "\n", line.text + "\r\n")
    assert text[found[-1].start :] in (found[-1].text, found[-1].text + "\r")


def test_a_text_beside_a_source_that_is_too_long(tmp_path: Path) -> None:
    path = folder(tmp_path, title="x" * 80)
    assert read_source(path, Settings(sidecar_chars=80)).meta["title"] == "x" * 80
    assert "title has more than 79 characters" in refusal(path, Settings(sidecar_chars=79))
