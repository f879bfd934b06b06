"""Every command of the documents runs as printed, in bash and in zsh, in the environment that `make serve` makes.

A run of the suite runs each document in one of the two, and shows that both hand each program the same words; with
`--full` both run them all. The one thing that is replaced is the port of the server.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from tests.docs.blocks import LANGUAGES, Block, blocks
from tests.docs.environment import make_checkout
from tests.paths import ROOT
from tests.shared import once
from tests.small_graph import Server
from trialgraph.release.open import Release

#: The documents whose blocks are run. The queries of federation.md are run by tests/ontology/test_federation.py.
PAGES: Final = (
    *("README.md", "docs/tour.md", "docs/how-to.md", "docs/reviews.md", "docs/core.md"),
    "docs/scale-out.md",
    "docs/registry-disagreements.md",
)
SHELLS: Final = {"bash": ("bash", "--norc", "--noprofile", "-i"), "zsh": ("zsh", "-f", "-i")}
#: What has fragments of queries, which are no query alone.
FRAGMENTS: Final = frozenset({"docs/core.md"})
ACTIVATE: Final = ". .venv/bin/activate"
#: A program that writes its words and what they name on a line.
RECORDER: Final = '#!/bin/sh\n{ printf "%s" "$(basename "$0")"; printf " <%s>" "$@"; echo; } >> "$RECORD"\n'


@pytest.fixture(scope="module")
def checkout(all_seeds: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "checkout", lambda folder: make_checkout(folder, all_seeds.path.parent))


@pytest.fixture(scope="module")
def served(all_seeds: Release) -> Iterator[str]:
    """Where a server is that shows the release, as ``host:port``."""
    with Server(all_seeds.path, ROOT / "queries") as server:
        yield urlsplit(server.url).netloc


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        assert not os.environ.get("CI"), f"{name} is missing"
        pytest.skip(f"{name} is not installed")
    return found


def script(page: str, folder: Path, address: str) -> str:
    """The blocks of a document as one script. Each section begins in the folder of the checkout, as a reader would."""
    found = [block for block in blocks(page) if block.run]
    lines = ["set -e"]
    if not any(ACTIVATE in block.text for block in found):
        lines.append(ACTIVATE)
    for number, block in enumerate(found):
        if number and block.section != found[number - 1].section:
            lines.append(f"cd {shlex.quote(str(folder))}")
        lines += [f"echo '{page}:{block.line}' >&2", _command(block, folder / f".block-{number}")]
    return "\n".join(lines).replace("127.0.0.1:8000", address) + "\n"


def _command(block: Block, file: Path) -> str:
    """What runs a block; other languages than the shell's are in a file, of which the port is replaced, too."""
    if block.language == "sh":
        return block.text.rstrip("\n")
    if block.language == "python":
        python = sys.executable if block.extra else "python"
        return f"{python} - <<'BLOCK OF PYTHON'\n{block.text}BLOCK OF PYTHON"
    if block.language == "sparql" and block.page not in FRAGMENTS:
        file.write_text(block.text, encoding="utf-8")
        return f"curl -sSf --data-urlencode query@{shlex.quote(str(file))} http://127.0.0.1:8000/sparql"
    return ""


def run(shell: str, text: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a shell does that a person has typed it into (``-i``): with its history and its globs."""
    path = folder / f".script-{shell}"
    path.write_text(text, encoding="utf-8")
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("TRIALGRAPH_", "PYTHON", "VIRTUAL_ENV"))
    }
    return subprocess.run(
        [program(SHELLS[shell][0]), *SHELLS[shell][1:], str(path)],
        cwd=folder,
        env=clean | {"HOME": str(folder), "HISTFILE": "/dev/null", "no_proxy": "127.0.0.1"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_runs_as_printed(
    shell: str, page: str, checkout: Path, served: str, tmp_path: Path
) -> None:
    program("curl")
    shutil.copytree(checkout, tmp_path / "here", symlinks=True)
    _move(tmp_path / "here", checkout)
    done = run(shell, script(page, tmp_path / "here", served), tmp_path / "here")
    assert done.returncode == 0, done.stderr[-2000:]
    if page == "docs/how-to.md":
        assert "NCT00395200      multiple sclerosis  10       2000000    cells/kg   open label" in done.stdout
        assert "trials=9 reports=9 " in done.stdout
        assert "characters 4 to 17 of cell 'Trials'!H4" in done.stdout


def _move(here: Path, before: Path) -> None:
    """Let the environment of a copied checkout be that of the copy."""
    for name in ("activate", "trialgraph"):
        path = here / ".venv" / "bin" / name
        path.write_text(path.read_text(encoding="utf-8").replace(str(before), str(here)), encoding="utf-8")
    (pth,) = here.glob(".venv/lib/python*/site-packages/checkout.pth")
    pth.write_text(f"{here / 'src'}\n", encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_bash_and_zsh_hand_programs_the_same_words(page: str, tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "activate").touch()
    for name in ("deploy", "docs", "queries", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.png", "reference"))
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("trialgraph", "curl", "python", "pip", "make", Path(sys.executable).name):
        (programs / name).write_text(RECORDER, encoding="utf-8")
        (programs / name).chmod(0o755)
    text = script(page, tmp_path, "127.0.0.1:8000").replace(sys.executable, "python")
    said = {}
    for shell in SHELLS:
        record = tmp_path / f"record-{shell}"
        shutil.rmtree(tmp_path / "my-review", ignore_errors=True)
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        done = run(shell, text, tmp_path, PATH=path, RECORD=str(record))
        assert done.returncode == 0, done.stderr[-2000:]
        said[shell] = record.read_text(encoding="utf-8")
    assert said["zsh"] == said["bash"]
    commands = re.findall(
        r"^(?:trialgraph|curl) ", "\n".join(b.text for b in blocks(page) if b.run), re.MULTILINE
    )
    assert len(re.findall(r"^(?:trialgraph|curl)\b", said["bash"], re.MULTILINE)) >= len(commands) > 0


ALL: Final = sorted(
    str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
)


@pytest.mark.parametrize("page", ALL)
def test_every_block_says_what_language_it_is_in(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    found = list(blocks(page))
    assert len(re.findall(r"^\s*```", text, re.MULTILINE)) == 2 * len(found), (
        "a fence is not closed, or indented"
    )
    for block in found:
        assert block.language in LANGUAGES, f"{page}:{block.line}"
        if block.language == "text":
            assert not re.match(r"(?:trialgraph|curl|make|pip|python) ", block.text), f"{page}:{block.line}"
    assert not re.search(r"\n\n    \S", text), "an indented block escapes this test"


@pytest.mark.parametrize("page", ALL)
def test_no_command_has_a_comment_behind_it(page: str) -> None:
    """Zsh passes the words of a comment on to the program, where they are typed or pasted."""
    for block in blocks(page):
        if block.language == "sh" and "<<" not in block.text:
            assert not [word for word in shlex.split(block.text) if word.startswith("#")], (
                f"{page}:{block.line}"
            )
