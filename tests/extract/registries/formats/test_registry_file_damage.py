"""Files that are damaged or unusual: what stands before the damage is read, the rest is told in a line."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from tests.extract.registries.records import number_of, read, studies, study, written
from trialgraph.base.errors import InputError
from trialgraph.base.settings import DEFAULTS
from trialgraph.extract.registries.formats.registry_file import is_registry_file
from trialgraph.extract.registries.reading import registry_source

ONE, OTHER = json.dumps(studies()[0]), json.dumps(studies()[3])
PACKED = gzip.compress(f"{ONE}\n{OTHER}\n".encode())


def zipped(*members: tuple[str, str | bytes]) -> bytearray:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return bytearray(made.getvalue())


def encrypted() -> bytes:
    made = zipped(("a.json", ONE), ("b.json", OTHER))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[bytes(made).find(mark) + offset] |= 1
    return bytes(made)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (PACKED[:-4], "damaged archive"),
        (PACKED[:-8] + b"\0" * 4 + PACKED[-4:], "damaged archive"),
        (PACKED + b"garbage", "damaged archive"),
        (encrypted(), "damaged archive"),
        (bytes(zipped(("a.json", ""), ("b.json", OTHER))), "no record of a study"),
        (bytes(zipped(("__MACOSX/._a.json", b"\0\5\26\7\0\2"), ("b.json", OTHER))), "no valid JSON"),
        (f"// a comment\n{OTHER}", "no valid JSON"),
        (f"{OTHER}\n" + ONE.replace("{", '{"n": ' + "9" * 5_000 + ", ", 1), "no valid JSON"),
    ],
)
def test_the_sound_records_of_a_damaged_file_are_read(
    tmp_path: Path, content: bytes | str, reason: str
) -> None:
    path = written(tmp_path / "damaged", content)
    assert is_registry_file(path)
    reports, problems = read(path)
    assert {report.record.identifier for report in reports} & {number_of(study) for study in studies()}
    assert [problem.reason for problem in problems if problem.refused] == [reason]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "NCT Number,Study Title,Study Status,Conditions,Sponsor\n".encode("utf-16"),
            "it is UTF-16, not UTF-8",
        ),
        ("<Trials_downloaded_from_ICTRP/>".encode("utf-16"), "it is UTF-16, not UTF-8"),
        (
            '<?xml version="1.0" encoding="klingon"?><trials><trial/></trials>',
            "the XML names an encoding that is not known",
        ),
        (
            "NCT Number,Study Title,Study Status,Conditions,Sponsor,Study Title\nNCT00000410,A,COMPLETED,K,S,B\n",
            "a column stands twice in the heading, with different values",
        ),
        (ONE.replace('"', "'"), "no valid JSON"),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path: Path, content: bytes | str, words: str) -> None:
    path = written(tmp_path / "bad", content)
    assert is_registry_file(path)
    with pytest.raises(InputError) as caught:
        registry_source(path, DEFAULTS)
    assert words in caught.value.line()


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert not is_registry_file(tmp_path / "pipe.json")


def test_a_key_that_stands_twice_among_many_is_found_at_once(tmp_path: Path) -> None:
    one = study("NCT00000410")
    one["protocolSection"] |= {f"k{n}": 1 for n in range(100_000)}
    text = json.dumps(one).replace('"k99999": 1', '"k99999": 1, "k99999": 2')
    _, problems = read(written(tmp_path / "keys.jsonl", f"{text}\n{OTHER}"))
    assert [problem.what for problem in problems if problem.refused] == ["it has the key 'k99999' twice"]
