"""Code samples hold what they are given, whatever it is, and run as pasted."""

from __future__ import annotations

import ast
import html
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.small_graph import HOSTILE, Server
from trialgraph.views.code_samples import code_samples, python_string

TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.text(
    alphabet="\"'\\{}\n\r\tn", max_size=12
)


@given(TEXTS)
def test_a_query_is_the_same_text_in_python(query: str) -> None:
    assert ast.literal_eval(python_string(query)) == query


@given(TEXTS)
def test_a_hostile_address_is_one_argument_of_a_shell_and_one_string_elsewhere(host: str) -> None:
    for graph in (False, True):
        for sample in code_samples(
            f"http://{host}/sparql", f"http://{host}/q", "?a=b", "ASK {}", graph=graph
        ):
            assert sample.text.isascii()
            if sample.language == "bash":
                words = shlex.split(sample.text, posix=True)
                assert len(words) == 3
                assert unquote(words[2]).startswith("http://")
                assert not set(words[2]) & set("\"'`\\ ;|<>\n")
            elif sample.language == "python":
                ast.parse(sample.text)


def question(server: Server, path: str, **values: str) -> dict[str, str]:
    """The samples that the page of a question shows, by their names."""
    text = server.ask(path, headers={"Accept": "text/html"}, **values).text
    found = re.findall(
        r"<summary>([^<]*)</summary>\s*<pre data-copy><code[^>]*>(.*?)</code>", text, re.DOTALL
    )
    assert found
    return {name: html.unescape(code) for name, code in found}


def run(command: list[str]) -> str:
    made = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=os.environ)
    assert made.returncode == 0, made.stderr[-2000:]
    return made.stdout


def missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not installed, and CI has to have it")
    pytest.skip(f"{what} is not installed")


@pytest.mark.parametrize(
    ("path", "values", "holds"),
    [
        ("/queries/largest-trials", {"least": "58"}, "NCT00000059"),
        ("/queries/one-trial", {"label": HOSTILE}, ""),
    ],
    ids=["table", "graph"],
)
def test_samples_run_as_pasted(
    server: Server, tmp_path: Path, path: str, values: dict[str, str], holds: str
) -> None:
    samples = question(server, path, **values)
    for name, code in samples.items():
        if name == "curl":
            if shutil.which("curl") is None:
                missing("curl")
            out = run(["bash", "-c", code])
        elif name == "JavaScript":
            if shutil.which("node") is None:
                missing("node")
            out = run(["node", "--input-type=module", "-e", code])
        elif name == "R":
            continue  # an interpreter of 200 MB for one line; its string syntax is checked below
        else:
            (tmp_path / "sample.py").write_text(code, encoding="utf-8")
            out = run([sys.executable, str(tmp_path / "sample.py")])
        assert holds in out, name


def test_r_gets_a_string_without_anything_to_escape(server: Server) -> None:
    samples = question(server, "/queries/largest-trials", least="58", trial="")
    address = samples["R"].split('"')[1]
    assert samples["R"] == f'table <- read.csv("{address}")\nprint(table)'
    assert "\\" not in address
    assert address.endswith("/queries/largest-trials.csv?least=58&trial=&cells=exact")
