"""Exports by the tools of others that do not fit beside ours: ``python -m tools.soak.outside``.

``kgx`` and the RO-Crate validator need older versions of what the suite has, and a network (the package index, the
context of RO-Crate): they get an environment of their own, in a temporary folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from tests.paths import ROOT
from tools.soak.report import Report, finish
from trialgraph.pipeline import build
from trialgraph.release.export import export

__all__ = ["main"]

TOOLS: Final = ("kgx>=2.7", "roc-validator>=0.13")
CRATE: Final = """
import sys
from rocrate_validator import models, services
settings = services.ValidationSettings(
    rocrate_uri=sys.argv[1], profile_identifier="ro-crate-1.2", requirement_severity=models.Severity.REQUIRED
)
for issue in services.validate(settings).get_issues():
    print(issue.check.identifier, issue.message)
"""


def main() -> Report:
    """Build a release of the seeds, and hand its files to the tools."""
    report = Report("Exports read by kgx and the RO-Crate validator")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = _environment(folder / "tools")
        release, _ = build(sorted((ROOT / "seeds").iterdir()), releases=folder / "releases")
        for form, file in (("kgx", "kgx.tar.gz"), ("rocrate", "crate.zip")):
            (folder / file).write_bytes(b"".join(export(release, form)))
        _kgx(folder, python, report)
        _crate(folder, python, report)
    return report


def _environment(folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "uv", "venv", "-q", str(folder)], check=True)
    python = folder / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", str(python), *TOOLS], check=True
    )
    return python


def _alone() -> dict[str, str]:
    """The environment without what leads Python to our parts."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _kgx(folder: Path, python: Path, report: Report) -> None:
    """``kgx`` reads both kinds of files, and counts what is in them."""
    subprocess.run(["tar", "xzf", "kgx.tar.gz"], cwd=folder, check=True)  # noqa: S607 - the system's own
    for form, suffix in (("tsv", "tsv"), ("jsonl", "jsonl")):
        files = [f"trialgraph_{part}.{suffix}" for part in ("nodes", "edges")]
        written = sum(len((folder / file).read_text(encoding="utf-8").splitlines()) for file in files)
        written -= 2 if form == "tsv" else 0
        command = [
            str(python.parent / "kgx"),
            "transform",
            "-i",
            form,
            "-f",
            "jsonl",
            "-o",
            f"from-{form}",
            *files,
        ]
        done = subprocess.run(command, cwd=folder, env=_alone(), capture_output=True, text=True, check=False)
        made = [folder / f"from-{form}_{part}.jsonl" for part in ("nodes", "edges")]
        read = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in made if path.exists())
        report.counts[f"records of KGX, {form}"] += read
        if done.returncode or read != written:
            report.fault("kgx does not read its files", f"{form}: {read} of {written}: {done.stderr[-300:]}")


def _crate(folder: Path, python: Path, report: Report) -> None:
    with zipfile.ZipFile(folder / "crate.zip") as crate:
        crate.extractall(folder / "crate")
        files = len(json.loads(crate.read("ro-crate-metadata.json"))["@graph"])
    command = [str(python), "-c", CRATE, str(folder / "crate")]
    done = subprocess.run(command, env=_alone(), capture_output=True, text=True, check=False)
    report.counts["entities of the RO-Crate"] += files
    if done.returncode or done.stdout.strip():
        report.fault("the RO-Crate is not valid", (done.stdout or done.stderr)[-500:])


if __name__ == "__main__":
    finish(main())
