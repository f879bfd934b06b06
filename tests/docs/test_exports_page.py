"""docs/exports.md: its commands run as printed, its programs read what they write, its list is that of the program."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.docs.blocks import blocks
from tests.paths import ROOT
from tests.shared import once
from trialgraph.cli import main
from trialgraph.release.exports.uses import USES
from trialgraph.release.open import Release

PAGE = "docs/exports.md"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")


def commands() -> list[str]:
    """Those of the table and of the blocks, each once."""
    found = re.findall(r"^\|[^|]*\| `(trialgraph [^`]*)` \|", TEXT, re.MULTILINE)
    found += [line for block in blocks(PAGE) if block.language == "sh" for line in block.text.splitlines()]
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def folder(all_seeds: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all commands were run."""

    def run(made: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(made)
            patch.setenv("TRIALGRAPH_RELEASES", str(all_seeds.path.parent))
            for command in commands():
                program, *words = shlex.split(command)
                assert program == "trialgraph"
                with pytest.raises(SystemExit) as ended:
                    main(words)
                assert ended.value.code == 0, command

    return once(tmp_path_factory, "exports-page", run)


def test_the_page_lists_what_the_program_lists() -> None:
    rows = re.findall(r"^\| ([^|]*) \| `(trialgraph [^`]*)` \|", TEXT, re.MULTILINE)
    assert rows == [(use.tool, use.command) for use in USES]


def test_each_command_writes_its_file(folder: Path) -> None:
    for command in commands():
        file = folder / shlex.split(command)[-1]
        assert file.stat().st_size > 1_000, command
    assert {path.name for path in folder.iterdir()} == {shlex.split(line)[-1] for line in commands()}


@pytest.mark.parametrize("number", range(3))
def test_each_program_of_the_page_reads_it(
    number: int,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    programs = [block.text for block in blocks(PAGE) if block.language == "python"]
    assert len(programs) == 3
    for file in folder.iterdir():
        (tmp_path / file.name).symlink_to(file)
    monkeypatch.chdir(tmp_path)
    exec(compile(programs[number], PAGE, "exec"), {})  # noqa: S102 - the page's own words
    counts = re.search(r"there are (\d+) nodes .*? and (\d+) edges", TEXT, re.DOTALL)
    assert counts is not None
    expected = ("rheumatoid arthritis", "EDSS", f"{counts[1]} {counts[2]}")[number]
    assert expected in capsys.readouterr().out
