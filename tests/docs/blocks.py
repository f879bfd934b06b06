"""The fenced blocks of the documents, each with the note about it that a reader does not see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.paths import ROOT

__all__ = ["LANGUAGES", "Block", "blocks"]

#: Those that are run, and those that show something.
LANGUAGES: Final = frozenset({"sh", "python", "sparql", "text", "toml", "tsv"})
_BLOCK: Final = re.compile(
    r"(?:^<!-- (?P<note>[^\n]*) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_NOTE: Final = re.compile(r"(?:(not run)|needs (trialgraph\[\w+\])): (\S.{20,})")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block.

    :param section: the heading that it stands under
    :param run: it is run by the tests; else the note says why not
    :param extra: it needs more than the environment of ``make serve``, which the page says
    """

    page: str
    line: int
    section: str
    language: str
    text: str
    run: bool = True
    extra: str = ""


def blocks(page: str) -> Iterator[Block]:
    """The blocks of a document, in their order.

    :param page: its path in the repository
    """
    text = (ROOT / page).read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        before = text[: found.start("language")]
        headings = re.findall(r"^## (.*)$", before, re.MULTILINE)
        note = _NOTE.fullmatch(found["note"] or "")
        assert note or not found["note"], f"{page}: {found['note']!r} does not say what or why"
        yield Block(
            page,
            before.count("\n") + 1,
            headings[-1] if headings else "",
            found["language"],
            found["text"],
            run=not (note and note[1]),
            extra=(note and note[2]) or "",
        )
