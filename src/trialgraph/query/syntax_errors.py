"""A query that does not parse -> where it goes wrong, and at what.

The engine's parser tells the furthest place that some branch of its grammar looked at, often well past the
mistake, and what that branch would have taken. But it can be asked whether a beginning of the query could
still become a query: end it with a character that fits nowhere, and see whether that character is what the
parser stumbles over. A search by halves then finds the first token that cannot stand where it stands.
"""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Store

from trialgraph.query.tokenizer import tokens
from trialgraph.rdf.iris import base

__all__ = ["fault"]

#: Longer than any keyword: the parser looks that far ahead for one.
GAP: Final = " " * 40
MISFIT: Final = "\x01"


def fault(query: str) -> tuple[int, str]:
    """Offset of the mistake and what it is, for a query that :func:`trialgraph.query.guard.check` lets pass."""
    engine = Store()
    found = list(tokens(query))
    low, high = 0, len(found)
    while low < high:
        middle = (low + high) // 2
        cut = query[: found[middle].at + len(found[middle].text)] + GAP
        if _stumbles(engine, cut + MISFIT)[0] >= len(cut):
            low = middle + 1
        else:
            high = middle
    at, message = _stumbles(engine, query)
    # A rule beyond the grammar ("… is unbound") is told in a sentence among the expected words.
    message = message.partition("expected ")[2].removeprefix("one of ")
    sentence = next((item for item in message.split(", ") if re.search("[a-z]{2,} [a-z]{2,}", item)), "")
    if sentence:
        what = "a malformed IRI" if sentence.startswith("IRI") else sentence
        return (found[low].at if low < len(found) else max(at, 0)), " ".join(what.split())
    if low == len(found):
        return len(query.rstrip()), "unexpected end of the query"
    token = found[low].text
    excerpt = token if re.fullmatch(r"[\w?$:.,;(){}\[\]*/+|^!=@-]{1,40}", token) else found[low].kind
    return found[low].at, f"unexpected {excerpt}"


def _stumbles(engine: Store, text: str) -> tuple[int, str]:
    """Offset at which the engine's parser gives up, and its words; the end where it does not."""
    try:
        engine.query(text, base_iri=base())
    except SyntaxError as error:
        message = str(error)
        place = re.match(r"error at (\d+):(\d+)", message)
        if not place:
            return -1, message
        before = text.split("\n")[: int(place[1]) - 1]
        return sum(len(line) + 1 for line in before) + int(place[2]) - 1, message
    return len(text), ""
