"""Several files as one: written to a temporary folder and packed, with nothing in it that depends on the time."""

from __future__ import annotations

import gzip
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

__all__ = ["in_pieces", "packed", "tar_gz", "zipped"]

_CHUNK: Final = 1 << 16
#: The first moment that a ZIP archive can name.
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o644


def packed(
    fill: Callable[[Path], Iterable[Path]], pack: Callable[[Path, Iterable[Path]], None]
) -> Iterator[bytes]:
    """The bytes of an archive.

    :param fill: writes files to a folder, and says which of all are packed, in which order
    :param pack: :func:`tar_gz` or :func:`zipped`
    """
    with TemporaryDirectory(prefix="trialgraph-") as name:
        folder = Path(name)
        files = folder / "files"
        files.mkdir()
        pack(folder / "archive", fill(files))
        yield from in_pieces(folder / "archive")


def in_pieces(path: Path) -> Iterator[bytes]:
    """The bytes of a file."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def tar_gz(archive: Path, files: Iterable[Path]) -> None:
    """Pack files side by side."""
    with (
        archive.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packing,
        tarfile.open(fileobj=packing, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in files:
            of = tarfile.TarInfo(path.name)
            of.size, of.mode = path.stat().st_size, _MODE
            with path.open("rb") as file:
                tar.addfile(of, file)


def zipped(archive: Path, files: Iterable[Path]) -> None:
    """Pack files side by side."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packing:
        for path in files:
            of = zipfile.ZipInfo(path.name, _DATE)
            of.compress_type, of.external_attr = zipfile.ZIP_DEFLATED, _MODE << 16
            of.create_system = 3  # whatever the machine is
            with (
                path.open("rb") as file,
                packing.open(of, "w", force_zip64=path.stat().st_size >= 2**31) as to,
            ):
                while chunk := file.read(_CHUNK):
                    to.write(chunk)
