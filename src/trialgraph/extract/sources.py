"""Folder or file to Source: the bytes as received, their kind and checksum, what ``source.toml`` says of them.

A source is a folder under ``seeds/`` with ``source.*`` and ``source.toml``, a bare file, or ``-`` for
standard input. Sources are never edited; a checksum that does not fit stops the reading.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from trialgraph.base.errors import InputError
from trialgraph.base.escaping import visible
from trialgraph.base.package_data import resource
from trialgraph.base.settings import Settings
from trialgraph.base.small_files import inside, read_settings, small_text
from trialgraph.extract.files.kind_of import KINDS, content_of
from trialgraph.extract.files.reference_list import ReferenceEntry, read_reference_list

__all__ = ["Line", "Source", "default_sources", "lines", "read_source"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a source, without its line break.

    :param number: from 1
    :param start: offset of its first character, in code points of the source's text
    """

    number: int
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A thing we read.

    :param slug: the folder's name, a bare file's stem, ``-`` for standard input
    :param path: the file itself, for messages
    :param text: the bytes decoded, nothing translated: offsets count its code points; empty where the kind is no text
    :param sha256: of the bytes
    :param kind: which reader it needs: a key of :data:`~trialgraph.extract.files.kind_of.KINDS`
    :param meta: what ``source.toml`` says (title, doi, table, licence …); empty for a bare file
    :param references: the entries of its reference list, where that is given
    :param sidecar: the text of ``source.toml``, for the lines of messages
    :param data: the bytes as received
    :param encoding: what the text was decoded from
    :param detected: whether the kind was found from the content, and nobody named it
    """

    slug: str
    path: Path
    text: str
    sha256: str
    kind: str = "run-together"
    meta: Mapping[str, Any] = field(default_factory=dict)
    data: bytes = field(default=b"", repr=False)
    encoding: str = "UTF-8"
    detected: bool = False
    sidecar: str = ""
    references: tuple[ReferenceEntry, ...] = ()


def default_sources() -> tuple[Path, ...]:
    """The seed folders: those of ``./seeds`` where that exists, else those that travel with the package.

    :raises InputError: there are none
    """
    home = Path("seeds") if Path("seeds").is_dir() else resource("seeds")
    folders = tuple(sorted(p for p in home.iterdir() if p.is_dir() and not p.name.startswith(".")))
    if not folders:
        raise InputError("no source folders", where=str(home), hint="add one with: trialgraph add FILE")
    return folders


def read_source(
    path: str | Path, settings: Settings | None = None, *, kind: str = "", table: str | None = None
) -> Source:
    """Read a seed folder, a bare file or ``-``.

    :param settings: the limits; None: those of the environment
    :param kind: what kind of file it is; empty: what ``source.toml`` says, else what the content shows
    :param table: which of the tables of the file, by its number or words of its caption, in place of ``file_table`` in
        ``source.toml``
    :raises InputError: missing, empty, too large, of a format that is not read, damaged, in no known encoding, NUL
        bytes, a checksum or a kind that does not fit
    """
    settings = settings or Settings.load()
    most = settings.source_bytes
    if str(path) == "-":
        source = _source("-", Path("-"), sys.stdin.buffer.read(most + 1), {}, most, kind)
    elif (path := Path(path)).is_dir():
        source = _from_folder(path, settings, kind)
    else:
        source = _source(path.stem, path, _bytes(path, most), {}, most, kind)
    return source if table is None else replace(source, meta={**source.meta, "file_table": table})


def lines(source: Source) -> Iterator[Line]:
    """The lines of a source; only LF and CR LF end a line."""
    at = 0
    for number, piece in enumerate(source.text.split("\n"), start=1):
        yield Line(number, at, piece.removesuffix("\r"))
        at += len(piece) + 1


def _bytes(path: Path, most: int) -> bytes:
    try:
        # Read to one byte past the limit: a pipe or a device tells no size.
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise InputError(
            f"cannot be read ({(error.strerror or 'error').lower()})", where=str(path), hint="check the path"
        ) from error


def _from_folder(folder: Path, settings: Settings, kind: str) -> Source:
    sidecar, most = folder / "source.toml", settings.source_bytes
    if not sidecar.is_file():
        raise InputError(
            "no source.toml", where=str(folder), hint="make the folder with: trialgraph add FILE"
        )
    meta = read_settings(sidecar, settings.sidecar_bytes, settings.sidecar_chars)
    files = sorted(p for p in folder.glob("source.*") if p.suffix != ".toml")
    if len(files) != 1:
        found = ", ".join(p.name for p in files) or "none"
        raise InputError(
            f"one file source.* is wanted, found: {found}", where=str(folder), hint="keep just one"
        )
    source = _source(
        folder.resolve().name, files[0], _bytes(inside(files[0], folder), most), meta, most, kind
    )
    source = replace(
        source,
        sidecar=small_text(sidecar, folder, settings.sidecar_bytes),
        references=read_reference_list(folder, settings),
    )
    wanted = str(meta.get("sha256", "")).lower()
    if source.sha256 != wanted:
        raise InputError(
            f"SHA-256 is {source.sha256}, source.toml says {wanted or 'nothing'}",
            where=str(files[0]),
            hint="restore the file as received, or record a new source under a new slug",
        )
    return source


def _source(slug: str, path: Path, data: bytes, meta: Mapping[str, Any], most: int, kind: str) -> Source:
    where = str(path)
    if visible(slug) != slug or not slug.strip():
        raise InputError("the name holds characters that no name may have", where=where, hint="rename it")
    if len(data) > most:
        raise InputError(
            f"more than {most} bytes", where=where, hint="split it, or raise TRIALGRAPH_SOURCE_BYTES"
        )
    if not data.strip():
        raise InputError("the file is empty", where=where, hint="put the table's text in it")
    named = kind or str(meta.get("kind") or "")
    if named and named not in KINDS:
        raise InputError(
            f"kind {named!r} has no reader", where=where, hint=f"use one of: {', '.join(sorted(KINDS))}"
        )
    content = content_of(data, where, named)
    return Source(
        slug,
        path,
        content.text,
        hashlib.sha256(data).hexdigest(),
        content.kind,
        meta,
        data,
        content.encoding,
        detected=not named,
    )
