"""The peers that come from package registries, in a folder of their own, by lock files with hashes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.bench.servers import Missing, Unavailable

__all__ = ["Tools", "run_tool"]

LOCKS: Final = Path(__file__).parents[1] / "peers"
#: Seconds that loading 12 million triples, or an installation, may take.
_LONGEST: Final = 1800


class Tools:
    """Programs of the peers; each environment is made when the first of its programs is asked for.

    :param cache: a folder that stays: an environment is named after its lock file
    :param note: told before something is installed
    """

    def __init__(self, cache: Path, note: Callable[[str], None]) -> None:
        self._cache, self._note = cache, note
        self._made: dict[str, Path | Unavailable] = {}

    def python_tool(self, name: str) -> Path:
        """A program of the Python packages.

        :raises Unavailable: they cannot be installed
        """
        return self._environment("python", "requirements.lock", _install_python) / "bin" / name

    def node_tool(self, name: str) -> Path:
        """A program of the packages for node.

        :raises Unavailable: they cannot be installed
        """
        home = self._environment("node", "package-lock.json", _install_node)
        return home / "node_modules" / ".bin" / name

    def node_version(self, package: str) -> str:
        """The version of a package for node."""
        home = self._environment("node", "package-lock.json", _install_node)
        described = home / "node_modules" / package / "package.json"
        return str(json.loads(described.read_text(encoding="utf-8"))["version"])

    def _environment(self, kind: str, lock: str, install: Callable[[Path], None]) -> Path:
        if kind not in self._made:
            try:
                self._made[kind] = self._there(kind, LOCKS / lock, install)
            except Unavailable as error:
                self._made[kind] = Missing(f"cannot be installed: {error}")
        made = self._made[kind]
        if isinstance(made, Unavailable):
            raise made
        return made

    def _there(self, kind: str, lock: Path, install: Callable[[Path], None]) -> Path:
        python = f"{sys.version_info[0]}.{sys.version_info[1]}" if kind == "python" else ""
        digest = hashlib.sha256(lock.read_bytes() + python.encode()).hexdigest()[:12]
        home = self._cache / f"{kind}-{digest}"
        complete = home / ".complete"
        if not complete.exists():
            self._note(f"installing the peers of {lock.name} into {home}")
            shutil.rmtree(home, ignore_errors=True)
            try:
                home.mkdir(parents=True)
                install(home)
            except OSError as error:
                raise Unavailable(str(error)) from error
            complete.touch()
        return home


def _install_python(home: Path) -> None:
    run_tool([sys.executable, "-m", "venv", str(home)], home)
    options = ["-q", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    lock = str(LOCKS / "requirements.lock")
    run_tool([str(home / "bin" / "python"), "-m", "pip", "install", *options, "-r", lock], home)


def _install_node(home: Path) -> None:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise Unavailable("node and npm are not there")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCKS / name, home)
    run_tool([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], home)


def run_tool(command: list[str], folder: Path | None = None, *, failing: bool = False) -> str:
    """What a program prints.

    :param failing: its exit code says nothing
    :raises Unavailable: it fails
    """
    environment = {n: v for n, v in os.environ.items() if not n.startswith("PYTHON")}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            timeout=_LONGEST,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{Path(command[0]).name}: {error}") from error
    told = done.stdout.decode("utf-8", "replace")
    if done.returncode and not failing:
        lines = [line.strip() for line in told.splitlines() if line.strip()]
        said = next(
            (line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "it printed nothing"
        )
        raise Unavailable(f"{Path(command[0]).name} ended with code {done.returncode}: {said[:200]}")
    return told
