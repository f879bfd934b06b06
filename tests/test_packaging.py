"""What is shipped: the wheel serves in an empty folder, the locks are whole, the commands say what they do."""

from __future__ import annotations

import csv
import email
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tomllib
import urllib.request
import venv
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.shared import once

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VERSION = PROJECT["project"]["version"]
LOCKS = [
    *("requirements.lock", "requirements-user.lock", "requirements-dev.lock", "requirements-build.lock"),
    "requirements-spark.lock",
]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what it is made of."""
    (made,) = (once(tmp_path_factory, "wheel", build_wheel) / "dist").glob("*.whl")
    return made


def build_wheel(folder: Path) -> None:
    """Put the wheel into ``dist/``."""
    tree = folder / "tree"
    for name in ("src", "seeds", "ontology", "queries", "decisions"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, tree)
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", tree],
        check=True,
        capture_output=True,
    )


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that holds the wheel, and the parts of ours but not our own package."""
    return once(tmp_path_factory, "venv", lambda home: install(wheel, home)) / "bin" / "trialgraph"


def install(wheel: Path, home: Path) -> None:
    """Make an environment with the wheel in it."""
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    site = sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)})
    # A path added by a .pth file does not run the .pth files in it: the editable install stays out.
    (Path(site) / "parts.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "-q",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, and nothing of ours in the environment."""
    for name in [n for n in os.environ if n.startswith(("TRIALGRAPH_", "PYTHONPATH"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def metadata(wheel: Path) -> email.message.Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(archive.read(name))


@pytest.mark.parametrize("folder", ["seeds", "ontology", "queries"])
def test_the_data_travels_in_the_wheel(wheel: Path, folder: str) -> None:
    here = {
        str(p.relative_to(ROOT))
        for p in (ROOT / folder).rglob("*")
        if p.is_file() and not p.name.startswith(".")
    }
    there = {n.removeprefix("trialgraph/data/") for n in names(wheel)}
    assert here
    assert here <= there


def test_what_the_code_needs_beside_it_travels_too(wheel: Path) -> None:
    package = ROOT / "src" / "trialgraph"
    beside = {
        f"trialgraph/{p.relative_to(package)}"
        for p in package.rglob("*")
        if p.is_file() and p.suffix not in {".py", ".pyc"}
    }
    assert "trialgraph/py.typed" in beside
    assert beside <= set(names(wheel))


def test_nothing_else_travels(wheel: Path) -> None:
    assert {n.split("/")[0] for n in names(wheel)} == {
        "trialgraph",
        f"trialgraph-{VERSION}.dist-info",
    }


def test_the_licences_are_in_the_metadata(wheel: Path) -> None:
    said = metadata(wheel)
    assert said["License-Expression"] == "Apache-2.0 AND CC-BY-NC-4.0 AND CC-BY-4.0"
    files = set(said.get_all("License-File", []))
    seeds = {f"seeds/{p.name}/LICENCE.md" for p in (ROOT / "seeds").iterdir() if p.is_dir()}
    assert files == {"LICENSE", "NOTICE", "ontology/LICENCE.md", *seeds}


def test_every_source_says_its_licence_beside_it() -> None:
    for folder in (p for p in (ROOT / "seeds").iterdir() if p.is_dir()):
        settings = tomllib.loads((folder / "source.toml").read_text(encoding="utf-8"))
        words = (folder / "LICENCE.md").read_text(encoding="utf-8")
        assert settings["sha256"] in words
        # A publication has a DOI; facts of a registry have the registry's address.
        assert settings.get("doi") or "https://clinicaltrials.gov/" in words
        assert settings.get("doi", "") in words
        assert settings["licence_iri"] in words


@pytest.mark.usefixtures("empty")
def test_the_installed_command_knows_its_version(installed: Path) -> None:
    done = subprocess.run([installed, "--version"], capture_output=True, text=True, check=True)
    assert VERSION in done.stdout


@pytest.mark.usefixtures("empty")
def test_the_installed_command_reads_the_packaged_seed(installed: Path) -> None:
    done = subprocess.run(
        [installed, "-q", "rows", "-f", "jsonl"], capture_output=True, text=True, check=True
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    shapes = Counter((row["source"], len(row["cells"])) for row in rows)
    assert shapes.pop(("wjsc-107202-table1", 11)) == 21
    # Those of the other seeds, from an XLSX and a CSV file, travel with the package, too.
    assert shapes == {("worksheet-allogeneic-msc", 17): 10, ("worksheet-msc-multiple-sclerosis", 14): 12}


@pytest.mark.usefixtures("empty")
def test_the_extras_are_added_to_an_installed_wheel_as_the_tour_says(installed: Path) -> None:
    """Without an index that has the package: what is installed is enough to know what its extras need."""
    # PySpark is in no environment of the suite (decisions/0053).
    extras = ",".join(PROJECT["project"]["optional-dependencies"].keys() - {"spark"})
    asked = set(re.findall(r"pip install '(trialgraph\[[\w,]+\])'", (ROOT / "docs" / "tour.md").read_text()))
    assert asked
    pip = [sys.executable, "-m", "pip", "--python", str(installed.parent / "python"), "install"]
    for words in (*asked, f"trialgraph[{extras}]"):
        done = subprocess.run(
            [*pip, "--no-index", "--dry-run", "--disable-pip-version-check", words],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "satisfied: pandas" in done.stdout
        assert "does not provide the extra" not in done.stdout + done.stderr


@pytest.fixture
def serving(installed: Path, empty: Path) -> Iterator[str]:  # noqa: ARG001 - fixtures take fixtures so
    server = subprocess.Popen([installed, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    with server:
        yield server.stdout.readline().strip()
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)


def test_the_installed_command_builds_and_serves_in_an_empty_folder(serving: str) -> None:
    """`trialgraph serve` alone: it builds the sources of the package first, and its address is all it prints."""
    query = "sparql?format=csv&query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%3Fs%20%3Fp%20%3Fo%7D"
    with urllib.request.urlopen(serving + query, timeout=30) as answer:
        rows = list(csv.reader(answer.read().decode().splitlines()))
    assert rows[0] == ["n"]
    assert int(rows[1][0]) > 1000
    with urllib.request.urlopen(serving + "queries/", timeout=30) as page:
        assert b"</h1>" in page.read()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_no_machine(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|--(?:extra-)?index|--find-links|--trusted|\bfile:|(?:^|\s)/|@ ", text)


@pytest.mark.parametrize("name", LOCKS)
def test_every_part_of_a_lock_is_pinned_with_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    parts = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert parts
    for part in parts:
        assert re.match(r"[a-z0-9][a-z0-9._-]*==\S+( ; [^-]+)?(\s+--hash=sha256:[0-9a-f]{64})+\s*$", part), (
            part[:80]
        )


def pins(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for part, version in re.findall(
        r"^([a-z0-9._-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
    ):
        found.setdefault(part, set()).add(version)
    return found


def asked_for(lines: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", line)[0].lower() for line in lines}


def test_the_locks_hold_what_the_project_asks_for() -> None:
    groups = PROJECT["dependency-groups"]
    assert asked_for(PROJECT["project"]["dependencies"]) <= set(pins("requirements.lock"))
    assert asked_for(groups["build"]) <= set(pins("requirements-build.lock"))
    included = [
        part for line in groups["dev"] if isinstance(line, dict) for part in groups[line["include-group"]]
    ]
    own = [line for line in groups["dev"] if isinstance(line, str)]
    everything = asked_for([*PROJECT["project"]["dependencies"], *own, *included, *groups["build"]])
    assert everything <= set(pins("requirements-dev.lock"))


def test_what_make_serve_installs_has_what_runs_and_what_the_documents_use() -> None:
    used = asked_for(
        [part for name in ("mcp", "pandas") for part in PROJECT["project"]["optional-dependencies"][name]]
    )
    assert used <= set(pins("requirements-user.lock"))
    assert pins("requirements.lock").items() <= pins("requirements-user.lock").items()


def test_the_lock_of_spark_has_it_beside_what_runs() -> None:
    extra = asked_for(PROJECT["project"]["optional-dependencies"]["spark"])
    assert pins("requirements-spark.lock").keys() - pins("requirements.lock").keys() == extra | {"py4j"}


@pytest.mark.parametrize("name", sorted({*LOCKS} - {"requirements-dev.lock"}))
def test_the_locks_agree(name: str) -> None:
    everything = pins("requirements-dev.lock")
    if name == "requirements-spark.lock":
        everything |= {part: pins(name)[part] for part in ("pyspark", "py4j")}
    assert {part: everything.get(part) for part in pins(name)} == pins(name)


def make(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    program = shutil.which("make")
    if program is None:
        assert not os.environ.get("CI"), "make is missing"
        pytest.skip("make is not installed")
    environment = {k: v for k, v in os.environ.items() if k not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    return subprocess.run(
        [program, *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_make_alone_lists_the_targets() -> None:
    done = make()
    assert done.returncode == 0
    listed = {line.split()[1] for line in done.stdout.splitlines()}
    assert {"serve", "test", "lint", "types", "build", "lock", "wheel", "clean", "quick"} <= listed
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony
    assert listed == set(phony[1].split())


@pytest.mark.parametrize("version", [(3, 9, 1), (3, 14, 0)])
def test_a_python_without_support_is_told_so_in_one_line(
    version: tuple[int, int, int], tmp_path: Path
) -> None:
    for name in ("Makefile", "pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, tmp_path)
    other = tmp_path / "python-other"
    other.write_text(
        f'#!/bin/sh\nexec {sys.executable} -c "import sys; sys.version_info = {version}; exec(sys.argv[1])" "$2"\n',
        encoding="utf-8",
    )
    other.chmod(0o755)
    done = make("build", f"PYTHON={other}", cwd=tmp_path)
    assert done.returncode != 0
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert said == [
        f"trialgraph needs Python 3.11, 3.12 or 3.13, this is {version[0]}.{version[1]}; "
        "name another: make PYTHON=python3.12"
    ]
    assert not (tmp_path / ".venv").exists()


def test_the_classifiers_list_each_python_that_is_supported() -> None:
    prefix = "Programming Language :: Python :: 3."
    listed = [int(c.removeprefix(prefix)) for c in PROJECT["project"]["classifiers"] if c.startswith(prefix)]
    assert PROJECT["project"]["requires-python"] == f">=3.{min(listed)},<3.{max(listed) + 1}"
    assert listed == list(range(min(listed), max(listed) + 1))
    versions = " ".join(f"3.{minor}" for minor in listed)
    assert f"for version in {versions}; do" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
