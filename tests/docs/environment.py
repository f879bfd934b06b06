"""The environment of `make serve` in a copy of the checkout: of what is installed here, only what its lock has."""

from __future__ import annotations

import re
import shutil
import sys
import sysconfig
import venv
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

from tests.paths import ROOT

__all__ = ["make_checkout"]

COPIED: Final = ("src", "queries")  # a document adds a query
LINKED: Final = ("deploy", "docs", "ontology", "seeds", "README.md", "pyproject.toml")
COMMAND: Final = "import sys\nfrom trialgraph.cli import main\nsys.exit(main())\n"


def make_checkout(folder: Path, releases: Path) -> None:
    """A checkout after `make serve`: ``.venv`` and ``releases``.

    :param folder: an empty folder
    :param releases: a folder of releases; it is copied, as documents build
    """
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(releases, folder / "releases", symlinks=True)
    home = folder / ".venv"
    venv.create(home, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    for installed in _locked():
        for entry in _top(installed):
            there = site / entry.name
            if not there.exists():
                there.symlink_to(entry)
    (site / "checkout.pth").write_text(f"{folder / 'src'}\n", encoding="utf-8")
    command = home / "bin" / "trialgraph"
    command.write_text(f"#!{home / 'bin' / 'python'}\n{COMMAND}", encoding="utf-8")
    command.chmod(0o755)


def _locked() -> list[Distribution]:
    """What is installed here of what the lock names."""
    lock = (ROOT / "requirements-user.lock").read_text(encoding="utf-8")
    names = set(re.findall(r"^([a-z0-9._-]+)==", lock, re.MULTILINE))
    found = [d for d in distributions() if re.sub(r"[-_.]+", "-", d.name).lower() in names]
    assert found
    return found


def _top(installed: Distribution) -> set[Path]:
    """The files and folders that a package has in the folder of packages."""
    purelib = Path(sysconfig.get_path("purelib"))
    platlib = Path(sysconfig.get_path("platlib"))
    names = {file.parts[0] for file in installed.files or () if file.parts[0] not in ("..", "__pycache__")}
    return {home / name for home in (purelib, platlib) for name in names if (home / name).exists()}


if __name__ == "__main__":
    make_checkout(Path(sys.argv[1]), Path(sys.argv[2]))
