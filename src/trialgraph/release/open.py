"""Opening a release folder, and checking its files against their checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialgraph.base.errors import ReleaseError
from trialgraph.base.settings import Settings
from trialgraph.release.manifest import MANIFEST, read_manifest

__all__ = ["Release", "damaged", "open_release", "sha256_of"]


@dataclass(frozen=True, slots=True)
class Release:
    """An opened release.

    :param path: its folder
    :param hash: SHA-256 of its ``dataset.nq``, in hexadecimal
    :param manifest: the parsed ``manifest.json``: counts, findings, checksums of the files
    """

    path: Path
    hash: str
    manifest: Mapping[str, Any]

    def file(self, name: str) -> Path:
        """A file of the release.

        :raises ReleaseError: the manifest does not list it
        """
        if name not in self.manifest["files"]:
            raise ReleaseError(f"there is no file {name}", where=str(self.path))
        return self.path / name


def open_release(path: str | Path | None = None, settings: Settings | None = None) -> Release:
    """Open a release.

    :param path: the folder of a release or of releases (then its ``current``); None: the setting ``releases``
    :param settings: None: those of the environment
    :raises ReleaseError: there is none, or its manifest is damaged
    """
    settings = settings or Settings.load()
    home = Path(path if path is not None else settings.releases)
    folder = home if (home / MANIFEST).is_file() else home / "current"
    try:
        # Resolved once: the release stays the same when `current` is swapped while it is in use.
        folder = folder.resolve(strict=True)
        manifest = read_manifest(folder, settings.manifest_bytes)
        return Release(folder, manifest["hash"], manifest)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReleaseError(
            "no release here", where=str(home), hint="make one with: trialgraph build"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"the release cannot be opened: {error}",
            where=str(folder),
            hint="make it again with: trialgraph build",
        ) from error


def damaged(release: Release) -> tuple[str, ...]:
    """Names of the files that are missing or do not fit their checksum."""
    return tuple(
        name for name, digest in release.manifest["files"].items() if sha256_of(release.path / name) != digest
    )


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal; empty where there is no such file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
