"""The files inside an XLSX or DOCX file, within limits: a zip bomb is refused before it is unpacked.

Sizes are counted while unpacking, since what an archive says of itself may be false. XML that declares a document type
is refused, as no Office program writes one and only there entities can be declared.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from trialgraph.base.errors import InputError
from trialgraph.base.settings import Settings

__all__ = ["checked_archive", "content_types"]

_CHUNK: Final = 1 << 20
_CONTENT_TYPES: Final = "[Content_Types].xml"
_DOCTYPES: Final = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))
_ENCRYPTED: Final = 1
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    RuntimeError,
)


def content_types(data: bytes, where: str) -> tuple[frozenset[str], str]:
    """The names of the files inside, and the text of the one that says what they are.

    :raises InputError: the archive is cut off or broken
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = frozenset(archive.namelist())
            if _CONTENT_TYPES not in names:
                return names, ""
            with archive.open(_CONTENT_TYPES) as file:
                return names, file.read(_CHUNK).decode("utf-8", errors="replace")
    except _BROKEN as error:
        raise _broken(where, error) from error


def checked_archive(data: bytes, settings: Settings, where: str) -> None:
    """Return if everything inside can be unpacked within the limits.

    :param settings: ``archive_members``, ``archive_bytes``
    :raises InputError: too many files, too much, encrypted, broken, or XML with a document type
    """
    left = settings.archive_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > settings.archive_members:
                raise InputError(
                    f"{len(members)} files are packed in it, more than {settings.archive_members}",
                    where=where,
                    hint="save it anew, or raise TRIALGRAPH_ARCHIVE_MEMBERS",
                )
            if sum(member.file_size for member in members) > left:
                raise _too_large(where, settings)
            for member in members:
                if member.flag_bits & _ENCRYPTED:
                    raise InputError(
                        f"{member.filename[:80]} in it is encrypted",
                        where=where,
                        hint="save it without a password",
                    )
                left -= _unpacked(archive, member, left, where)
                if left < 0:
                    raise _too_large(where, settings)
    except _BROKEN as error:
        raise _broken(where, error) from error


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, where: str) -> int:
    """How many bytes the file unpacks to; counting stops past the limit."""
    size, tail = 0, b""
    is_xml = member.filename.lower().endswith((".xml", ".rels", ".vml"))
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > most:
                return size
            if is_xml and any(mark in tail + chunk for mark in _DOCTYPES):
                raise InputError(
                    f"{member.filename[:80]} in it declares a document type, as no Office file does",
                    where=where,
                    hint="save it anew with the program that made it",
                )
            tail = chunk[-32:]
    return size


def _too_large(where: str, settings: Settings) -> InputError:
    return InputError(
        f"unpacked it is more than {settings.archive_bytes} bytes",
        where=where,
        hint="split it, or raise TRIALGRAPH_ARCHIVE_BYTES",
    )


def _broken(where: str, error: Exception) -> InputError:
    return InputError(
        f"a broken archive ({' '.join(str(error).split())[:120] or type(error).__name__})",
        where=where,
        hint="open it in the program that made it, and save it anew",
    )
