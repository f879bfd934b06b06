"""Reading and validation of ``manifest.json``, on which pages and exports rely."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

__all__ = ["ALL_COLUMNS", "MANIFEST", "read_manifest"]

MANIFEST: Final = "manifest.json"
#: The table of reports with every column of ``trialgraph trials --columns all``.
ALL_COLUMNS: Final = "trials-all.csv"
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
#: A plain name: no folder, no hidden file.
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def read_manifest(folder: Path, most: int) -> dict[str, Any]:
    """The manifest of a release folder.

    :param most: bytes that it may have
    :raises ValueError: it is none, with the reason
    :raises OSError: it cannot be read
    """
    with (folder / MANIFEST).open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"the manifest has more than {most} bytes")
    try:
        manifest = json.loads(data)
    except RecursionError:
        raise ValueError("the manifest is nested too deep") from None
    if not isinstance(manifest, dict):
        raise ValueError("the manifest is no object")
    for what, fits in (
        ("hash", isinstance(manifest.get("hash"), str) and bool(DIGEST.fullmatch(manifest["hash"]))),
        ("files", _files(manifest.get("files"))),
        ("store", _files(manifest.get("store", {}))),
        ("answers", _files(manifest.get("answers", {}))),
        ("counts", _counts(manifest.get("counts"))),
        ("built_from", _objects(manifest.get("built_from", []))),
        ("findings", _objects(manifest.get("findings", []))),
        ("version", isinstance(manifest.get("version", ""), str)),
    ):
        if not fits:
            raise ValueError(f"the manifest's {what} is not what a build writes")
    for name in manifest["files"]:
        if (folder / name).is_symlink():
            raise ValueError(f"{name} is a link")
    return manifest


def _files(value: object) -> bool:
    return isinstance(value, dict) and all(
        NAME.fullmatch(name) and isinstance(digest, str) and DIGEST.fullmatch(digest)
        for name, digest in value.items()
    )


def _counts(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    graphs = value.get("graphs", {})
    if not isinstance(graphs, dict):
        return False
    numbers = [*(n for name, n in value.items() if name != "graphs"), *graphs.values()]
    return all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in numbers)


def _objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
