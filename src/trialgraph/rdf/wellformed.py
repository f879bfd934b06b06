"""Corrections of the engine's serialisations (XML, CSV), so that every parser reads back the same terms.

XML: the engine writes a carriage return raw, which parsers read as a line feed, characters that XML 1.0 cannot
represent even escaped, and, in RDF/XML, a property without a local name as an element without a name. The first is
corrected; an answer with one of the others is not representable in XML.
CSV: the engine writes a triple term without quotes, whatever its content.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from trialgraph.base.xml_characters import NOT_IN_XML_BYTES, escape_carriage_returns

__all__ = ["NotRepresentable", "WellFormed", "csv_rows"]
#: Text and attributes hold no raw "<", so this is a start tag.
_NAMELESS: Final = re.compile(rb"<[^\s<>/\"']*:[\s/>]")
#: Bytes that may begin what the next part ends: longer than any prefix that is written.
_OVERLAP: Final = 64


class NotRepresentable(ValueError):
    """An answer that its format cannot represent; the message says why."""


class WellFormed:
    """A filter over the parts of an XML document that corrects them."""

    def __init__(self) -> None:
        self._tail = b""

    def __call__(self, part: bytes) -> bytes:
        """The part as it should be.

        :raises NotRepresentable: XML cannot represent it
        """
        seen = self._tail + part
        if found := NOT_IN_XML_BYTES.search(seen):
            raise NotRepresentable(f"the character U+{ord(found[0].decode()):04X}")
        if _NAMELESS.search(seen):
            raise NotRepresentable("a property whose IRI does not end in a name")
        self._tail = seen[-_OVERLAP:]
        return escape_carriage_returns(part)


def csv_rows(solutions: QuerySolutions) -> Iterator[bytes]:
    """A table in the CSV of the SPARQL 1.1 results format, row by row; a triple term as its terms with blanks."""
    names = [variable.value for variable in solutions.variables]
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    writer.writerow(names)
    for solution in solutions:
        yield held.getvalue().encode()
        held.seek(0)
        held.truncate()
        writer.writerow([_text(solution[name]) for name in names])
    yield held.getvalue().encode()


def _text(term: NamedNode | BlankNode | Literal | Triple | None) -> str:
    if isinstance(term, Triple):
        return " ".join(_text(part) for part in (term.subject, term.predicate, term.object))
    return str(term) if isinstance(term, BlankNode) else term.value if term else ""
