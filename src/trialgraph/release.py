"""A release: one immutable, checksummed build of the graph in a folder named by its content (DESIGN §7)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from trialgraph.errors import ReleaseError
from trialgraph.limits import text_setting

__all__ = ["MANIFEST", "Release", "open_release"]

MANIFEST: Final = "manifest.json"


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


def open_release(path: str | Path | None = None) -> Release:
    """Open a release.

    :param path: the folder of a release or of releases (then its ``current``); None: the setting ``releases``
    :raises ReleaseError: there is none, or its manifest is damaged
    """
    home = Path(path if path is not None else text_setting("releases"))
    folder = home if (home / MANIFEST).is_file() else home / "current"
    try:
        # Resolved once: the release stays the same when `current` is swapped while it is in use.
        folder = folder.resolve(strict=True)
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Release(folder, manifest["hash"], manifest)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReleaseError(
            "no release here", where=str(home), mend="make one with: trialgraph build"
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"the release cannot be opened: {error}",
            where=str(folder),
            mend="make it again with: trialgraph build",
        ) from error
