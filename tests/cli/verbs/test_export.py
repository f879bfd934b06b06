"""`trialgraph export`: each format parses, and one graph is that graph."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pyoxigraph import RdfFormat, parse

from tests.cli.command import FORMATS, bad, good
from trialgraph.cli import main
from trialgraph.release.exports.uses import USES
from trialgraph.release.open import Release


@pytest.mark.parametrize("form", FORMATS)
def test_export_in_every_format_parses(form: str, built: Path, tmp_path: Path) -> None:
    good("export", "-f", form, "--release", built, "-o", tmp_path / "out")
    assert sum(1 for _ in parse(path=str(tmp_path / "out"), format=FORMATS[form])) > 10_000


def test_export_of_one_graph_is_that_graph(built: Path) -> None:
    whole = parse(good("export", "-f", "nquads", "--release", built).encode(), RdfFormat.N_QUADS)
    quality = {str(q.triple) for q in whole if str(q.graph_name).endswith("/graph/quality>")}
    one = good("export", "-f", "ntriples", "--graph", "quality", "--release", built).encode()
    assert {str(q.triple) for q in parse(one, RdfFormat.N_TRIPLES)} == quality != set()


def test_the_table_as_a_workbook_and_what_it_cites(built: Path, tmp_path: Path) -> None:
    good("export", "-f", "xlsx", "--release", built, "-o", tmp_path / "trials.xlsx")
    book = load_workbook(tmp_path / "trials.xlsx")
    assert book.sheetnames == ["Trials", "Provenance and licence"]
    assert book["Trials"].max_row == 1 + 21
    assert "TY  - JOUR" in good("export", "-f", "ris", "--release", built)
    assert "a table has no graph" in bad("export", "-f", "ris", "--core", "--release", built)


def ended(*words: object) -> int | str | None:
    """How a command ends, in this process."""
    with pytest.raises(SystemExit) as caught:
        main([*map(str, words)])
    return caught.value.code


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (OSError(errno.ENOSPC, "No space left on device"), 2)]
)
def test_what_ends_an_export_leaves_no_partial_file(
    error: BaseException, code: int, sample: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> Iterator[bytes]:
        yield b"the first bytes"
        raise error

    monkeypatch.setattr("trialgraph.release.export.export", interrupted)
    (tmp_path / "old").write_bytes(b"as it was")
    for name in ("old", "new"):
        assert ended("export", "-f", "kgx", "--release", sample.path, "-o", tmp_path / name) == code
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"old": b"as it was"}


@pytest.mark.parametrize("only", ["disease=flu", "trial=NCT00000000"])
def test_a_subset_that_nothing_fits_is_said_and_ends_with_1(
    only: str, sample: Release, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended("export", "--only", only, "--release", sample.path, "-o", tmp_path / "out") == 1
    assert f"no trial has {only}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("export", "-f", "parquet") == 2
    said = capsys.readouterr().err
    assert all(name in said for name in ("turtle", "jsonld", "kgx", "graphml", "tables", "sssom", "rocrate"))


def test_the_help_says_which_file_suits_which_tool(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("export", "--help") == 0
    said = capsys.readouterr().out
    assert all(use.tool in said and f"{use.options} -o {use.file}" in said for use in USES)
