"""What a column may be about whose heading nobody knows: for a reviewer to decide, never for a build.

A heading that is nearly the name of a field (a slip of the pen) suggests it; so do cells nearly all of which are what
just one field holds.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import cache
from typing import Final

from trialgraph.extract.column_type import ColumnType
from trialgraph.extract.columns import columns
from trialgraph.extract.layout.column_roles import Role, share_of
from trialgraph.extract.layout.headings import plain_heading
from trialgraph.extract.text.patterns import says_nothing

__all__ = ["suggested"]

# Ratio of difflib from which two headings differ by a slip: "Pateints", "Cel source".
_NEARLY: Final = 0.84
# So many different cells, and this share of them, suggest a field.
_FEWEST: Final = 2
_MOST: Final = 0.8
_LOOKED_AT: Final = 30
_BY_CELLS: Final = 0.6
# Their cells may hold any words or numbers.
_ANYTHING: Final = frozenset(
    ["title", "sponsor", "comparator", "product", "target", "reference", "patients", "age", "follow-up"]
)


def suggested(heading: str, texts: Sequence[str]) -> Role | None:
    """A field for a column that has none, with a confidence below that of any that is taken; None where nothing tells.

    :param texts: of its cells
    """
    near = difflib.get_close_matches(plain_heading(heading), list(_names(columns())), n=1, cutoff=_NEARLY)
    if near:
        return Role((_names(columns())[near[0]],), 0.75, f"the heading is nearly {near[0]!r}")
    sample = list(dict.fromkeys(text for text in texts if text.strip() and not says_nothing(text)))[
        :_LOOKED_AT
    ]
    if len(sample) < _FEWEST:
        return None
    fitting = [
        (share, column.field)
        for column in columns()
        if column.field not in _ANYTHING
        for share in [share_of(column, sample)]
        if share >= _MOST
    ]
    if len(fitting) != 1:
        return None
    share, field = fitting[0]
    return Role((field,), _BY_CELLS, f"{share:.0%} of its cells look like {field}")


@cache
def _names(of: tuple[ColumnType, ...]) -> dict[str, str]:
    """What fields are called, in the plain form of headings."""
    return {plain_heading(name): column.field for column in of for name in (column.field, column.display)}
