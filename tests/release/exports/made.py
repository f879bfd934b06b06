"""Exports of a release, unpacked."""

from __future__ import annotations

import io
import tarfile
import zipfile

from trialgraph.release.export import export
from trialgraph.release.open import Release

__all__ = ["made", "members"]


def made(release: Release, form: str, *only: str) -> bytes:
    """The bytes of an export."""
    return b"".join(export(release, form, only=only))


def members(archive: bytes) -> dict[str, bytes]:
    """The files of an archive, by name."""
    if archive.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr] # all are files
