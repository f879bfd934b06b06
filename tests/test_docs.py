"""The generated pages are those of the code, and the words of the docs are words of the command line."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from trialgraph.cli import cli

HOME = Path(__file__).parents[1]
PAGES = [HOME / "README.md", HOME / "CONTRIBUTING.md", *sorted((HOME / "docs").rglob("*.md"))]


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
        used = re.findall(r"(?<=\s)(--?[a-z]+)", line.split("#")[0].split("'")[0])
        assert set(used) <= known | {"--help"}, line


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(HOME)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("verb", sorted(cli.commands))
def test_every_verb_has_help_with_an_example(verb: str) -> None:
    assert f"trialgraph {verb}" in (cli.commands[verb].help or "")
