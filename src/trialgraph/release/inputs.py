"""The digest of everything that shapes a release, so that a build can be left out where nothing has changed.

Contents and names count, times do not: a file that is deleted, renamed or restored changes the digest, a file that is
only touched does not.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from trialgraph.base.errors import InputError, ReleaseError
from trialgraph.base.package_data import resource
from trialgraph.base.settings import SETTINGS, Settings
from trialgraph.release.answers.write import ANSWERS
from trialgraph.release.figures.prepared import FOLDER as FIGURES
from trialgraph.release.open import Release, open_release, sha256_of

__all__ = ["current_release", "digest_of_inputs"]

#: Folders of the package that no build uses: they serve and display what is built (decisions/0002-layout.md).
_DOWNSTREAM: Final = frozenset({"query", "views", "http", "cli"})
#: Settings on which no byte of a release depends.
_NO_DIFFERENCE: Final = frozenset({"releases", "jobs", "shard_reports"})
_PROGRAM: Final = frozenset({".py", ".rq"})


def digest_of_inputs(sources: Iterable[str | Path], engines: Mapping[str, str], settings: Settings) -> str:
    """SHA-256 of the sources and what lies beside them, ontology, queries, program, engines and settings.

    Empty where it cannot be known: standard input, or a file that cannot be read.

    :param sources: folders and files, as a build reads them
    :param engines: name -> version
    """
    whole = hashlib.sha256()
    try:
        for name, content in _entries(sources, engines, settings):
            whole.update(f"{name}\0{content}\n".encode("utf-8", "surrogateescape"))
    except (OSError, InputError):
        return ""
    return whole.hexdigest()


def current_release(digest: str, releases: str | Path | None, settings: Settings) -> Release | None:
    """The current release, where it is whole and was built from these inputs.

    :param digest: from :func:`digest_of_inputs`
    :param releases: the folder of releases; None: the setting
    """
    try:
        release = open_release(releases, settings)
    except ReleaseError:
        return None
    made = [f"{folder}/{name}" for folder in (ANSWERS, FIGURES) for name in release.manifest.get(folder, {})]
    names = [*release.manifest["files"], *made]
    there = all((release.path / name).is_file() for name in names)
    whole = there and (release.path / "store").is_dir()
    return release if whole and digest and release.manifest.get("inputs_digest") == digest else None


def _entries(
    sources: Iterable[str | Path], engines: Mapping[str, str], settings: Settings
) -> Iterator[tuple[str, str]]:
    for source in sources:
        if str(source) == "-":
            raise InputError("standard input has no digest before it is read")
        path = Path(source)
        yield from _files(f"source/{path.resolve().name}", path)
    for name in ("ontology", "queries"):
        try:
            yield from _files(name, resource(name))
        except InputError:
            continue  # a checkout without saved queries builds all the same
    package = Path(__file__).resolve().parents[1]
    program = [path for path in _regular(package) if path.suffix in _PROGRAM]
    for path in program:
        inner = path.relative_to(package)
        if inner.parts[0] not in _DOWNSTREAM:
            yield f"program/{inner.as_posix()}", sha256_of(path)
    yield "python", platform.python_version()
    yield from sorted(engines.items())
    for name, spec in sorted(SETTINGS.items()):
        if name not in _NO_DIFFERENCE and "serve" not in spec.verbs:
            yield f"setting/{name}", str(getattr(settings, name))


def _files(name: str, path: Path) -> Iterator[tuple[str, str]]:
    """Every file of a folder, or the one file, with its checksum."""
    if not path.is_dir():
        yield name, sha256_of(path)
        return
    for inner in _regular(path):
        yield f"{name}/{inner.relative_to(path).as_posix()}", sha256_of(inner)


def _regular(folder: Path) -> Sequence[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
