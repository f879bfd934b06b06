"""XML as the engine writes it -> XML that every reader reads as it was meant, or none at all.

The engine writes a carriage return raw, which readers take for a line feed, characters that XML 1.0 cannot hold
even escaped (https://www.w3.org/TR/xml/#charsets), and, in RDF/XML, a property without a local name as an element
without one. The first is mended; an answer with one of the others cannot be told in XML.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["Unfit", "WellFormed"]

_UNFIT: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
#: Text and attributes hold no raw "<", so this is a start tag.
_NAMELESS: Final = re.compile(rb"<[^\s<>/\"']*:[\s/>]")
#: Bytes that may begin what the next part ends: longer than any prefix that is written.
_OVERLAP: Final = 64


class Unfit(ValueError):
    """An answer that its format cannot hold; says what of it."""


class WellFormed:
    """Passes the parts of an XML document on, mended."""

    def __init__(self) -> None:
        self._tail = b""

    def __call__(self, part: bytes) -> bytes:
        """The part as it should be.

        :raises Unfit: XML cannot hold it
        """
        seen = self._tail + part
        if found := _UNFIT.search(seen):
            raise Unfit(f"the character U+{ord(found[0].decode()):04X}")
        if _NAMELESS.search(seen):
            raise Unfit("a property whose IRI does not end in a name")
        self._tail = seen[-_OVERLAP:]
        return part.replace(b"\r", b"&#13;")
