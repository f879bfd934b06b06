"""Hostile files: each is read, or refused in one line. Never a traceback, never a byte from outside of the folder."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.paths import FIRST
from trialgraph.base.errors import InputError, ReleaseError, TrialgraphError
from trialgraph.base.safe_xml import refuse_entities
from trialgraph.base.settings import DEFAULTS
from trialgraph.base.small_files import read_settings
from trialgraph.cli import main
from trialgraph.extract.sources import read_source
from trialgraph.pipeline import read_all
from trialgraph.questions.saved_queries import load_queries
from trialgraph.release.open import Release, open_release
from trialgraph.terminology.module import from_rdf

SEED = (FIRST / "source.txt").read_bytes()
TABLE = b"\n".join(SEED.split(b"\n")[:18])
HEAD = "row\tkind\tdecision\twho\twhen\twhy\n"
RDF = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>{}</rdf:RDF>"


def run(*words: str) -> tuple[int, int]:
    """The command's exit code; an exception that is not the project's comes through."""
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    code = ended.value.code
    assert isinstance(code, int)
    return code, 0


def folder(home: Path, toml: str = "", data: bytes = TABLE, **files: bytes) -> Path:
    made = home / "a-table"
    made.mkdir()
    (made / "source.txt").write_bytes(data)
    digest = f'sha256 = "{hashlib.sha256(data).hexdigest()}"\n'
    (made / "source.toml").write_text(digest + toml, encoding="utf-8")
    for name, content in files.items():
        (made / name.replace("_", ".")).write_bytes(content)
    return made


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    code, _ = run(*words)
    said = capsys.readouterr().err
    assert code == 2
    assert said.startswith("trialgraph: ")
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert said[:-1].isprintable()
    return said


@pytest.mark.parametrize(
    ("toml", "why"),
    [
        ("a = " + "[" * 50_000, "nested too deep"),
        ("a = " + "{a=" * 50_000, "nested too deep"),
        ("table = " + "9" * 6_000, "not valid TOML"),
        ("table = -1", "table"),
        ("table = 1.5", "table"),
        ("title = 5", "title"),
        ('title = "a\\u001b[31m"', "title"),
        ('title = "\\u202egnp.exe"', "title"),
        (f'title = "{"x" * 20_000}"', "title"),
        ('doi = ["10.1/x"]', "doi"),
        ('doi = "not a doi"', "doi"),
        ('doi = "10.1000/<script>alert(1)</script> x"', "doi"),
        ('licence_iri = "javascript:alert(1)"', "licence_iri"),
        ('licence_iri = "http://a/> <b> <c"', "licence_iri"),
        ('licence = "<>"', "licence"),
        ("licence = {a = 1}", "licence"),
        ("issued = inf", "issued"),
        ('issued = "2025-13-01"', "issued"),
        ("issued = 2020-01-01T00:00:00Z", "issued"),
        ('retrieved = "yesterday"', "retrieved"),
        ('kind = ["x"]', "kind"),
        ('kind = "../../etc/passwd"', "kind"),
        ("x" * 1_100_000, "more than 1000000 bytes"),
    ],
)
def test_source_toml_says_only_what_its_keys_can_mean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], toml: str, why: str
) -> None:
    assert why in refused(capsys, "rows", str(folder(tmp_path, toml)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200))
@example("sha256 = [1]")
@example(b"\xef\xbb\xbftitle = 'x'")
@example("a.b.c = 1\na = 2")
def test_no_source_toml_breaks_the_reader(tmp_path: Path, text: str | bytes) -> None:
    path = tmp_path / "source.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    with contextlib.suppress(InputError):
        assert isinstance(read_settings(path, DEFAULTS.sidecar_bytes, DEFAULTS.sidecar_chars), dict)


@pytest.mark.parametrize("name", ["source.txt", "source.toml", "curation.tsv"])
def test_links_out_of_a_folder_and_pipes_in_it_are_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    made = folder(tmp_path)
    outside = tmp_path / "outside"
    outside.write_bytes((made / name).read_bytes() if (made / name).exists() else HEAD.encode())
    (made / name).unlink(missing_ok=True)
    (made / name).symlink_to(outside)
    assert "a link leads out of the folder" in refused(capsys, "trials", str(made))
    (made / name).unlink()
    (made / name).symlink_to("/dev/zero")
    assert "link" in refused(capsys, "trials", str(made))
    (made / name).unlink()
    os.mkfifo(made / name)
    refused(capsys, "trials", str(made))  # a pipe would be waited for


@pytest.mark.parametrize("name", ["x\udcff", "a\x1b[31m", "a\nb", "\u202etxt.x"])
def test_a_name_that_no_terminal_should_show_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / f"{name}.txt").write_bytes(TABLE)
    assert "the name holds characters" in refused(capsys, "rows", str(tmp_path / f"{name}.txt"))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "9" * 6_000 + "\tkind\tkeep\ta\tb\tc\n",
        HEAD + "1\t" + "x" * 200_000 + "\tkeep\ta\tb\tc\n",
        HEAD + "²\tkind\tkeep\ta\tb\tc\n",
        HEAD + "1\tkind\x00\tkeep\ta\tb\tc\n",
        HEAD + "1\rkind\tkeep\ta\tb\tc\n",
        HEAD + "1\tkind\tuse =1+1\ta\tb\tc\td\te\n",
        HEAD + "0\tarms-do-not-add-up\tuse 999999999999999999999\ta\tb\tc\n",
        "kind\n1\n",
        "\x00",
        "x" * 1_100_000,
    ],
)
def test_a_hostile_curation_file_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    refused(capsys, "trials", str(folder(tmp_path, curation_tsv=text.encode())))


def test_a_curation_file_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    text = "\ufeff" + HEAD.replace("\n", "\r\n")
    assert read_all([folder(tmp_path, curation_tsv=text.encode())])[0].reports


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: b"\xef\xbb\xbf" + data, 0),
        (lambda data: data.replace(b"NCT", b"\x1b[31mNCT"), 1),  # the rest of the control sequence is text
        (lambda data: data.replace(b"NCT", "\u202eNCT".encode()), 0),
        (lambda data: data.replace(b"\n", b"\r\n"), 0),
        (lambda data: data + b"x" * 10_000_000, 1),
        (lambda data: data + "\u0301".encode() * 100_000, 1),
        (lambda data: data.replace(b"NCT", b"N\x00T"), 2),
        (lambda data: data.replace(b"NCT", b"\xed\xa0\x80NCT"), 2),
        (lambda data: data.replace(b"NCT", b"\xff\xfe"), 2),
        (lambda data: b"\x1f\x8b\x08\x00" + data, 2),
        (lambda data: b"PK\x03\x04" + bytes(range(256)) + data, 2),
    ],
)
def test_a_hostile_table_is_read_or_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Any, code: int
) -> None:
    """A zip or gzip file is no text: nothing is unpacked, so no bomb goes off."""
    path = tmp_path / "table.txt"
    path.write_bytes(change(SEED))
    assert run("trials", "-f", "csv", str(path))[0] == code
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    if code < 2:
        (read,) = read_all([path])
        for row in read.table.rows:
            for cell in row.cells:
                assert read.source.text[cell.start : cell.end] == (cell.text or "")


def test_a_terminal_obeys_nothing_that_a_table_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.txt"
    path.write_bytes(SEED.replace(b"Phase", b"\x1b]0;owned\x07Phase"))
    run("rows", str(path))
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert "\\x1b]0;owned\\x07" in said.out


ENTITIES = {
    "bomb": '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 10 if n == 0 else f"&a{n - 1};" * 10}">' for n in range(10))
    + "]>"
    + RDF.format("&a9;"),
    "quadratic": '<!DOCTYPE r [<!ENTITY a "' + "a" * 50_000 + '">]>' + RDF.format("&a;" * 10_000),
    "external": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + RDF.format("&x;"),
    "parameter": '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>' + RDF.format(""),
    "utf-16": RDF.format(""),
    "utf-7": '<?xml version="1.0" encoding="UTF-7"?>' + RDF.format(""),
    "ebcdic": '<?xml version="1.0" encoding="cp037"?>' + RDF.format(""),
    "no element": "<!-- " + "x" * 1_500_000,
    "no xml": "PK\x03\x04",
}


@pytest.mark.parametrize("name", ENTITIES)
def test_xml_with_entities_is_refused_before_it_is_expanded(tmp_path: Path, name: str) -> None:
    path = tmp_path / "ontology.owl"
    path.write_text(ENTITIES[name], encoding="utf-16" if name == "utf-16" else "utf-8")
    before = resource.getrusage(resource.RUSAGE_SELF)
    with pytest.raises(InputError) as refusal:
        from_rdf(path)
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert "\n" not in refusal.value.line()
    assert after.ru_maxrss - before.ru_maxrss < 50_000, "kilobytes"
    assert after.ru_utime - before.ru_utime < 2


def test_xml_without_entities_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ontology.owl"
    path.write_text("<?xml version='1.0' encoding='utf-8'?><!DOCTYPE r><!-- <!ENTITY --> " + RDF.format(""))
    refuse_entities(path)
    assert from_rdf(path) == {}


HEADERS = {
    "alias bomb": "title: &a [x, x]\n#+ description: &b [*a, *a, *a, *a]",
    "deep": "title: " + "[" * 20_000,
    "object": "title: !!python/object/apply:os.system [id]",
    "no text": "title: [x]",
    "no list": "title: x\n#+ parameters: 5",
    "no map": "title: x\n#+ parameters: [5]",
    "values": "title: x\n#+ parameters: [{name: a, values: 5}]",
    "values query": "title: x\n#+ parameters: [{name: a, values_query: [1]}]",
    "expected": "title: x\n#+ expected: 5",
    "rows": "title: x\n#+ expected: {rows: many}",
    "keywords": "title: x\n#+ keywords: 5",
    "number": "title: x\n#+ expected: {rows: " + "9" * 6_000 + "}",
    "name": "title: x\n#+ parameters: [{name: cells}]",
    "key": "title: x\n#+ ? [a, b]\n#+ : c",
    "long": "title: " + "x" * 300_000,
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_hostile_header_of_a_query_is_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "topic").mkdir()
    (tmp_path / "topic" / "01-a.rq").write_text(f"#+ {HEADERS[name]}\nASK {{}}\n")
    with pytest.raises(InputError) as refusal:
        load_queries(tmp_path)
    assert "\n" not in refusal.value.line()


KEYS = st.sampled_from(["title", "parameters", "expected", "keywords", "provenance", "description"])
INNER = st.sampled_from(["name", "type", "values", "rows", "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(INNER, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(KEYS, VALUES))
def test_no_header_breaks_the_reader(tmp_path: Path, head: dict[str, Any]) -> None:
    (tmp_path / "topic").mkdir(exist_ok=True)
    path = tmp_path / "topic" / "01-a.rq"
    said = json.dumps({"title": "x"} | head)  # JSON is YAML
    path.write_text(f"#+ {said}\nASK {{}}\n")
    with contextlib.suppress(TrialgraphError):
        load_queries(tmp_path)


def tampered(manifest: dict[str, Any]) -> dict[str, str]:
    good = "0" * 64
    return {
        "no object": "[]",
        "deep": "[" * 100_000,
        "number": '{"hash": ' + "9" * 6_000 + "}",
        "hash": json.dumps(manifest | {"hash": "../../x"}),
        "hash type": json.dumps(manifest | {"hash": [good]}),
        "files": json.dumps(manifest | {"files": {"../../../../etc/passwd": good}}),
        "hidden file": json.dumps(manifest | {"files": {".bashrc": good}}),
        "absolute file": json.dumps(manifest | {"files": {"/etc/passwd": good}}),
        "checksum": json.dumps(manifest | {"files": {"trials.csv": "<script>"}}),
        "counts": json.dumps(manifest | {"counts": {"trials": "<script>alert(1)</script>"}}),
        "graphs": json.dumps(manifest | {"counts": {"graphs": {"a": "many"}}}),
        "built from": json.dumps(manifest | {"built_from": "x"}),
        "findings": json.dumps(manifest | {"findings": [1]}),
        "no text": "\udcff",
    }


@pytest.mark.parametrize("name", tampered({}))
def test_a_manifest_that_no_build_wrote_is_not_opened(
    tmp_path: Path, small_release: Release, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    said = tampered(dict(small_release.manifest))[name]
    (tmp_path / "manifest.json").write_bytes(said.encode("utf-8", "surrogateescape"))
    with pytest.raises(ReleaseError) as refusal:
        open_release(tmp_path)
    assert "\n" not in refusal.value.line()
    if name in ("deep", "files"):
        refused(capsys, "query", "-e", "ASK {}", "--release", str(tmp_path))


def test_a_file_of_a_release_is_no_link(tmp_path: Path, small_release: Release) -> None:
    for path in small_release.path.iterdir():
        (tmp_path / path.name).symlink_to(path) if path.name == "trials.csv" else None
    (tmp_path / "manifest.json").write_text(json.dumps(dict(small_release.manifest)))
    with pytest.raises(ReleaseError, match=r"trials\.csv is a link"):
        open_release(tmp_path)


@pytest.mark.parametrize(
    "words",
    [("query", "/dev/zero"), ("query", "/dev/urandom"), ("rows", "/dev/zero", "--source-bytes", "1000000")],
)
def test_a_file_without_end_is_read_to_a_bound(words: tuple[str, ...]) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30)); "
    done = subprocess.run(
        [sys.executable, "-c", limit + f"from trialgraph.cli import main; main({list(words)!r})"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_source_of_the_seed_is_still_read(tmp_path: Path) -> None:
    assert read_source(folder(tmp_path)).slug == "a-table"
