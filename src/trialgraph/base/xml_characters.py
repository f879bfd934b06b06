"""Characters that an XML 1.0 document cannot hold, not even escaped (https://www.w3.org/TR/xml/#charsets)."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["NOT_IN_XML", "NOT_IN_XML_BYTES", "escape_carriage_returns"]

#: In text.
NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: The same in UTF-8.
NOT_IN_XML_BYTES: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def escape_carriage_returns(xml: bytes) -> bytes:
    """The document with its carriage returns as references: raw, every XML reader takes one for a line feed."""
    return xml.replace(b"\r", b"&#13;")
