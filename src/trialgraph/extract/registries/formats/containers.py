"""A file of a registry to the texts in it: plain, gzipped, or a zip archive with one record or list a member.

Nothing is unpacked to disk, and the names of members stand in messages only. What an archive says of its sizes is not
believed: bytes are counted while they are unpacked.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from trialgraph.base.errors import InputError
from trialgraph.base.escaping import visible
from trialgraph.base.settings import DEFAULTS, Settings
from trialgraph.extract.files.held_input import held_standard_input

__all__ = ["BROKEN", "Packed", "Text", "beginning", "standard_input", "texts_in"]

GZIP: Final = b"\x1f\x8b"
ZIP: Final = b"PK\x03\x04"
#: What reading a damaged archive raises.
BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, MemoryError,
)  # fmt: skip
_LOOKED_AT: Final = 1 << 16
_JSON: Final = (b".json", b".jsonl")
_TEXTS: Final = (".json", ".jsonl", ".xml", ".csv")
#: The whole registry is 600,000 members.
_MOST_MEMBERS: Final = 2_000_000
# Texts of registries are a fifth to a tenth packed; what unpacks to far more is made to.
_RATIO: Final = 250
_NOT_COUNTED: Final = 1 << 22
_ENCRYPTED: Final = 1
_LONGEST_NAME: Final = 120
_STEP: Final = 256
#: So many members are looked at for one that tells what the archive holds.
_FIRST: Final = 20
# How files begin that a Mac puts beside others in an archive.
_APPLE: Final = b"\0\5\26\7"


class Packed(Exception):
    """What is packed cannot be unpacked within the limits."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a file.

    :param member: its name in an archive; empty where the file is none
    :param read: at most so many bytes -> bytes; none at the end
    :param why: why it cannot be read; empty where it can
    """

    member: str
    read: Callable[[int], bytes]
    why: str = ""


def beginning(path: str | Path, settings: Settings = DEFAULTS) -> bytes:
    """The first bytes of the first text in a file, unpacked; what cannot be looked at has none.

    :param settings: how much of standard input is held; it can still be read afterwards
    """
    try:
        if str(path) == "-":
            return _beginning(io.BytesIO(held_standard_input(settings.source_bytes)))
        if not Path(path).is_file():  # a pipe without a writer would be waited for
            return b""
        with Path(path).open("rb") as file:
            return _beginning(file)
    except BROKEN:
        return b""


def _beginning(file: IO[bytes]) -> bytes:
    head = file.read(_LOOKED_AT)
    if head[:2] == GZIP:
        return _unpacked_beginning(head)
    if head[:4] != ZIP:
        return head
    file.seek(0)
    return _first_member(file)


def _unpacked_beginning(head: bytes) -> bytes:
    unpack = zlib.decompressobj(wbits=31)
    made = b""
    with suppress(zlib.error):  # what stands before the damage tells what it is
        for start in range(0, len(head), _STEP):
            made += unpack.decompress(head[start : start + _STEP], _LOOKED_AT)
            if len(made) >= _LOOKED_AT:
                break
    return _named(made) if made[:4] == ZIP else made


def _named(head: bytes) -> bytes:
    """As the beginning of an archive says: that of its first member is JSON, or cannot be looked at."""
    length = int.from_bytes(head[26:28], "little")
    return b"{" if head[30 : 30 + length].lower().endswith(_JSON) else b""


def _first_member(file: IO[bytes]) -> bytes:
    with zipfile.ZipFile(file) as archive:
        texts = [m for m in archive.infolist() if not m.is_dir() and m.filename.lower().endswith(_TEXTS)]
        if not texts or "[Content_Types].xml" in archive.NameToInfo:
            return b""
        for one in texts[:_FIRST]:
            with suppress(*BROKEN), archive.open(one) as member:
                head = member.read(_LOOKED_AT)
                if head.strip() and head[:4] != _APPLE:
                    return head
        # None can be looked at: each of them is told.
        return b"{" if any(m.filename.lower().endswith((".json", ".jsonl")) for m in texts) else b""


def standard_input(settings: Settings) -> bytes:
    """All of standard input, which is read twice.

    :raises InputError: it is larger than a source may be
    """
    data = held_standard_input(settings.source_bytes)
    if len(data) > settings.source_bytes:
        raise InputError(
            f"more than {settings.source_bytes} bytes", where="-", hint="give the file's name instead"
        )
    return data


@contextmanager
def _opened(path: str | Path, held: bytes | None) -> Iterator[IO[bytes]]:
    if held is not None:
        yield io.BytesIO(held)
        return
    try:
        with Path(path).open("rb") as file:
            yield file
    except OSError as error:
        raise InputError(
            f"cannot be read ({(error.strerror or 'error').lower()})", where=str(path), hint="check the path"
        ) from error


def texts_in(path: str | Path, settings: Settings, held: bytes | None = None) -> Iterator[Text]:
    """The texts of a file, each to be read before the next is asked for.

    :param held: its bytes, where they are in memory
    :raises InputError: the file cannot be read
    """
    with _opened(path, held) as file:
        head = file.read(4)
        file.seek(0)
        if head[:2] == GZIP:
            yield from _gzipped(file, str(path), settings)
        elif head == ZIP:
            yield from _members(file, str(path))
        else:
            yield Text("", file.read)


def _gzipped(file: IO[bytes], where: str, settings: Settings) -> Iterator[Text]:
    with gzip.GzipFile(fileobj=file) as unpacked:
        try:
            is_zip = unpacked.peek(4)[:4] == ZIP
        except BROKEN as error:
            raise InputError(f"damaged gzip archive ({error})", where=where, hint="fetch it again") from error
        if not is_zip:
            yield Text("", _counted(unpacked, file.tell))
            return
        data = unpacked.read(settings.source_bytes + 1)
        if len(data) > settings.source_bytes:
            raise InputError(
                "a large zip archive in a gzip archive", where=where, hint="unpack the gzip archive"
            )
    yield from _members(io.BytesIO(data), where)


def _members(file: IO[bytes], where: str) -> Iterator[Text]:
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN as error:
        raise InputError(
            f"damaged zip archive ({error})", where=where, hint="fetch it again: it may be cut off"
        ) from error
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > _MOST_MEMBERS:
            raise InputError(
                f"{len(members)} files are packed in it, more than {_MOST_MEMBERS}",
                where=where,
                hint="split it",
            )
        for member in members:
            yield from _member(archive, member)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Text]:
    name = visible(member.filename[:_LONGEST_NAME])
    if member.flag_bits & _ENCRYPTED:
        yield Text(name, _nothing, "it is encrypted")
        return
    try:
        file = archive.open(member)
    except BROKEN as error:
        yield Text(name, _nothing, f"it is damaged ({error})")
        return
    with file:
        size = member.compress_size
        yield Text(name, _counted(file, lambda: size))


def _nothing(_: int) -> bytes:
    return b""


def _counted(file: IO[bytes] | gzip.GzipFile, packed: Callable[[], int]) -> Callable[[int], bytes]:
    """Reads a file as long as it is no archive in an archive and unpacks to a plausible size."""
    made = 0

    def read(most: int) -> bytes:
        nonlocal made
        try:
            data: bytes = file.read1(most)  # type: ignore[union-attr] # both kinds have it; what stands before the damage is read
        except BROKEN as error:
            raise Packed(f"it is damaged ({str(error)[:80]})") from error
        if not made and (data[:4] == ZIP or data[:2] == GZIP):
            raise Packed("it is an archive in an archive")
        made += len(data)
        if made > _NOT_COUNTED and made > _RATIO * max(1, packed()):
            raise Packed(f"it unpacks to more than {_RATIO} times its size")
        return data

    return read
