"""Protection against XML entity expansion (XXE, billion laughs): refuse a file before any parser expands entities.

Entities can only be declared before the first element, so only that part is checked, however large the file.
"""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import BinaryIO, Final
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from trialgraph.base.errors import InputError

__all__ = ["refuse_entities", "refuse_entities_in"]

HEAD: Final = 200
ENCODING: Final = re.compile(rb"<\?xml[^>]*\bencoding\s*=\s*[\"']([^\"']*)[\"']")
#: Bytes before the first element; no legitimate file has more.
PROLOG_BYTES: Final = 1_000_000


class _FirstElement(Exception):
    """The first element has begun."""


class _Prolog(ContentHandler):
    def startElement(self, name: str, attrs: object) -> None:  # noqa: ARG002, N802 - as sax calls it
        raise _FirstElement


def refuse_entities(path: Path) -> None:
    """Return if the XML file declares no entity; its content is not looked at.

    :raises InputError: it does, it is in another encoding than UTF-8, or it is no XML
    """
    where = str(path)
    try:
        with path.open("rb") as file:
            _check(file, where)
    except OSError as error:
        raise InputError(
            f"cannot be read as XML: {error.strerror}", where=where, hint="check the path"
        ) from error


def refuse_entities_in(data: bytes, where: str) -> None:
    """As :func:`refuse_entities`, of bytes; naming an external document type is allowed, as nothing loads it."""
    _check(io.BytesIO(data), where, external=True)


def _check(file: BinaryIO, where: str, *, external: bool = False) -> None:
    parser = make_parser()
    parser.forbid_entities = True
    parser.forbid_external = not external
    parser.setContentHandler(_Prolog())
    try:
        head = file.read(HEAD)
        named = ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
        if (named and named[1].lower() not in (b"utf-8", b"us-ascii")) or b"\0" in head:
            raise InputError("XML in another encoding than UTF-8", where=where, hint="convert it")
        parser.feed(head)
        for _ in range(PROLOG_BYTES // 10_000):
            parser.feed(file.read(10_000))
    except _FirstElement:
        return
    except DefusedXmlException as error:
        raise InputError(
            "XML that declares entities is not read", where=where, hint="write them out"
        ) from error
    except (SAXParseException, ValueError) as error:
        raise InputError(f"cannot be read as XML: {error}", where=where, hint="use another file") from error
    raise InputError(
        "cannot be read as XML: no element in its beginning", where=where, hint="use another file"
    )
