"""The generated pages are those of the code, and the words of the docs are words of the command line."""

from __future__ import annotations

import importlib.util
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from tests.paths import ROOT
from trialgraph.cli import cli
from trialgraph.release.open import Release

HOME = ROOT
PAGES = [
    HOME / "README.md",
    HOME / "CONTRIBUTING.md",
    HOME / "SECURITY.md",
    *sorted((HOME / "docs").rglob("*.md")),
]


def test_generated_pages_are_current() -> None:
    command = [sys.executable, str(HOME / "docs" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(HOME)))
def test_verbs_and_options_of_the_docs_exist(page: Path) -> None:
    blocks = "\n".join(
        re.findall(r"^```\w*\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    )
    for line in re.findall(r"^(?:\$ )?trialgraph ([^\n]*)", blocks, re.MULTILINE):
        verb = line.split()[0]
        if verb.startswith("-"):
            continue
        assert verb in cli.commands, line
        known = {o for p in cli.commands[verb].params for o in (*p.opts, *p.secondary_opts)}
        used = re.findall(r"(?<=\s)(--?[a-z][a-z-]*)", line.split("#")[0].split("'")[0])
        assert set(used) <= known | {"--help"}, line


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(HOME)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("verb", sorted(cli.commands))
def test_every_verb_has_help_with_an_example(verb: str) -> None:
    assert f"trialgraph {verb}" in (cli.commands[verb].help or "")


def _shown(after: str) -> str:
    """The code block of the README behind some words."""
    text = (HOME / "README.md").read_text(encoding="utf-8")
    return text.split(after, 1)[1].split("```text\n", 1)[1].split("\n```", 1)[0]


def _says(release: Release, *words: str) -> str:
    command = [sys.executable, "-m", "trialgraph", *words, "--release", str(release.path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_readme_shows_real_answers(release: Release, all_seeds: Release) -> None:
    text = (HOME / "README.md").read_text(encoding="utf-8")
    query = text.split("trialgraph query -e '", 1)[1].split("'\n```", 1)[0]
    assert _says(all_seeds, "query", "-e", query).rstrip() == _shown("ORDER BY ?trial'\n```\n")
    assert _shown("shows, among others:") in _says(release, "explain", "NCT04170426")


def test_the_tour_shows_a_real_line_and_asks_real_questions(release: Release) -> None:
    text = (HOME / "docs" / "tour.md").read_text(encoding="utf-8")
    source = (HOME / "seeds" / "wjsc-107202-table1" / "source.txt").read_text(encoding="utf-8")
    assert text.split("run together:\n\n```text\n", 1)[1].split("\n```", 1)[0] in source.split("\n")
    for line in re.findall(r"^trialgraph (query [a-z].*)$", text, re.MULTILINE):
        assert _says(release, *line.split())


PATH = re.compile(
    r"(?<![\w/])(?<!cat > )"  # a file that a reader writes
    r"((?:src/trialgraph|tests|docs|ontology|queries|tools|benchmarks|decisions|deploy|editor)/[\w./-]*\w)"
)


@pytest.mark.parametrize(
    "page",
    [*HOME.glob("*.md"), *(HOME / "docs").rglob("*.md"), *(HOME / "decisions").glob("*.md")],
    ids=lambda page: page.name,
)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not [name for name in PATH.findall(text) if not list(HOME.glob(f"{name}*"))]
    assert not re.search(r"^(?:<<<<<<<|>>>>>>>) ", text, re.MULTILINE)


def _program(name: str) -> Any:
    """A program of docs/examples."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "examples" / f"{name}.py")
    assert spec
    assert spec.loader
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    return program


def test_the_example_files_are_what_their_programs_write(monkeypatch: pytest.MonkeyPatch) -> None:
    examples = ROOT / "docs" / "examples"
    monkeypatch.syspath_prepend(str(examples))
    book = openpyxl.load_workbook(examples / "extraction-sheet.xlsx", rich_text=True)
    sheets = [
        [[str(c.value) for c in row] for row in sheet.iter_rows()]
        for sheet in (book["Trials"], _program("make_sheet").made()["Trials"])
    ]
    assert sheets[0] == sheets[1]
    program = _program("make_tables")
    made, kept = (
        [row.cells for row in docx.Document(file).tables[0].rows]
        for file in (io.BytesIO(program.document()), str(examples / "word-table.docx"))
    )
    assert [[cell.text for cell in row] for row in made] == [[cell.text for cell in row] for row in kept]
    assert (examples / "saved-page.html").read_text(encoding="utf-8") == program.page()
