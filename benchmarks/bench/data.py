"""Releases of any size: the first seed multiplied into sources of trials of their own, built once and kept."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.bench.servers import Unavailable

__all__ = ["ROWS", "cache_folder", "data_file", "environment", "multiply", "release_of", "sources_of"]

ROOT: Final = Path(__file__).parents[2]
SEED: Final = ROOT / "seeds" / "wjsc-107202-table1"
#: Reports of the seed: a source of a multiplied release has as many.
ROWS: Final = 21


def cache_folder(chosen: Path | None) -> Path:
    """Where what is made once is kept: releases, and the programs of the peers.

    :raises Unavailable: the default folder is someone else's
    """
    folder = chosen or Path(tempfile.gettempdir()) / f"trialgraph-bench-{os.getuid()}"
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    # Programs are run from it: in a folder for everybody's temporary files anybody might have made it.
    about = folder.stat()
    if about.st_uid != os.getuid() or (chosen is None and about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
        raise Unavailable(f"{folder} can be written by others: name another folder with --cache")
    return folder.resolve()


def environment() -> dict[str, str]:
    """That of the commands of this project, with default settings."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith("TRIALGRAPH_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # users have compiled files
    return kept | {"PYTHONPATH": str(ROOT / "src")}


def sources_of(size: int, cache: Path) -> Path:
    """The folder of sources with so many reports, written where it is not there or the seed has changed."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for name in ("source.txt", "source.toml"):
        digest.update((SEED / name).read_bytes())
    folder = cache / f"sources-{size}-{digest.hexdigest()[:12]}"
    if not folder.exists():
        unfinished = cache / f"{folder.name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        multiply(unfinished, size)
        unfinished.rename(folder)
    return folder


def release_of(size: int, cache: Path) -> Path:
    """The release with so many reports; built where it is not there, or anything that shapes it has changed.

    :raises Unavailable: it cannot be built
    """
    releases = cache / f"releases-{size}"
    before = {path.name for path in releases.glob("*")} if releases.exists() else set()
    sources = [str(path) for path in sorted(sources_of(size, cache).iterdir())]
    command = [
        sys.executable,
        "-m",
        "trialgraph",
        "-q",
        "build",
        "--if-changed",
        "-o",
        str(releases),
        *sources,
    ]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    current = releases / "current"
    if done.returncode > 1 or not current.exists():
        last = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        raise Unavailable(f"the release of {size:,} reports cannot be built: {last}")
    release = current.resolve()
    for name in before - {release.name, "current"}:  # of gigabytes each
        shutil.rmtree(releases / name, ignore_errors=True)
    return release


def data_file(release: Path, folder: Path) -> Path:
    """The default graph of a release as N-Triples: what every peer is loaded with.

    :raises Unavailable: it cannot be exported
    """
    path = folder / "data.nt"
    command = [sys.executable, "-m", "trialgraph", "-q", "export", "-f", "ntriples"]
    done = subprocess.run(
        [*command, "--release", str(release), "-o", str(path)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unavailable(f"the release cannot be exported: {done.stderr.strip()[-200:]}")
    return path


def multiply(home: Path, reports: int) -> None:
    """Write sources with at least so many reports: registry numbers, numbers of patients, references and DOI differ."""
    text = (SEED / "source.txt").read_text(encoding="utf-8")
    meta = (SEED / "source.toml").read_text(encoding="utf-8")
    for number in range(-(-reports // ROWS)):
        folder = home / f"copy-{number:04}"
        folder.mkdir(parents=True)
        data = _copied(text, number).encode("utf-8")
        (folder / "source.txt").write_bytes(data)
        told = re.sub(r'sha256 = "\w+"', f'sha256 = "{hashlib.sha256(data).hexdigest()}"', meta)
        told = re.sub(r'doi = "[^"]+"', f'doi = "10.5555/copy.{number}"', told)
        (folder / "source.toml").write_text(told, encoding="utf-8")


def _copied(text: str, number: int) -> str:
    """The text of the seed with other trials: the same for the number 0."""
    text = re.sub(r"NCT(\d{8})", lambda m: f"NCT{(int(m[1]) + 7919 * number) % 10**8:08}", text)
    text = re.sub(r"(ChiCTR-?[A-Z-]*)(\d{8})", lambda m: f"{m[1]}{(int(m[2]) + 7 * number) % 10**8:08}", text)
    text = re.sub(
        r"(\d+) \((\d+)/(\d+)\)", lambda m: f"{int(m[1]) + number} ({int(m[2]) + number}/{m[3]})", text
    )
    return re.sub(r"\[(\d+)\]$", lambda m: f"[{int(m[1]) + ROWS * number}]", text, flags=re.MULTILINE)
