"""Heading to field: what a column is about, whatever its heading says."""

from __future__ import annotations

import re
from functools import cache

from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import columns
from trialgraph.terminology.lexicon import fold

__all__ = ["field_of"]


def field_of(heading: str) -> str | None:
    """The field that a heading names, or None where nobody knows the heading.

    Units and explanations in parentheses do not count: "Follow-up (months)" is a follow-up. Where two columns know a
    heading, the earlier one has it.
    """
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", fold(heading))
    bare = re.sub(r"[\s\-]+", " ", bare).strip(" .,:;*†‡#")
    return next((field for field, pattern in _patterns(columns()) if pattern.fullmatch(bare)), None)


@cache
def _patterns(of: tuple[ColumnType, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((column.field, re.compile(column.headings)) for column in of)
