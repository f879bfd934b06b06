"""Dates as tables print them to ISO 8601, as far as they are printed; a date that may be two is none."""

from __future__ import annotations

import datetime
import re
from typing import Final

from trialgraph.rdf.literals import IsoDate

__all__ = ["AMBIGUOUS", "is_ambiguous", "iso_date"]

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
# What the cells of a date may look like, each as a whole.
_SHAPES: Final = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"{_YEAR}-(?P<number>\d{{1,2}})-(?P<day>\d{{1,2}})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?",
        rf"{_YEAR}[/.](?P<number>\d{{1,2}})[/.](?P<day>\d{{1,2}})",
        rf"{_YEAR}[-/.](?P<number>\d{{1,2}})",
        rf"(?P<number>\d{{1,2}})[-/.]{_YEAR}",
        rf"{_DAY}[ \-./]?(?:of )?{_MONTH},?[ \-./]?{_YEAR}",
        rf"{_MONTH}[ \-.]?{_DAY},? {_YEAR}",
        rf"{_MONTH},?[ \-./]?{_YEAR}",
        rf"{_YEAR}[ \-./]?{_MONTH}",
        _YEAR,
    )
)
# Day and month by numbers alone, in one order or the other.
_NUMBERS: Final = re.compile(rf"(?P<first>\d{{1,2}})(?P<mark>[/.\-])(?P<second>\d{{1,2}})(?P=mark){_YEAR}")
# What registries put behind a date, and footnote marks.
_ASIDE: Final = re.compile(
    r"\s*[(\[]?\b(?:est(?:imated|\.)?|actual|anticipated|expected|planned)[)\]]?$|\s*\((?:completed"
    r"|recruiting|not yet recruiting|ongoing|terminated|unknown|withdrawn|suspended"
    r"|active[^()]{0,20})\)$|\s*[*†‡§¶]+$",
    re.IGNORECASE,
)
#: Why such a date is not read.
AMBIGUOUS: Final = "day and month may be in either order"


def iso_date(text: str) -> IsoDate | None:
    """The date that a text is, as far as it is printed; None where it is none or may be two.

    "2020", "2020-03" and "March 2020" are a year and a month. "25/03/2020" and "03/25/2020" are one day; "03/04/2020"
    may be two.
    """
    bare = _ASIDE.sub("", text.strip())
    if m := _NUMBERS.fullmatch(bare):
        days = _days(m)
        return days.pop() if len(days) == 1 else None
    for shape in _SHAPES:
        if m := shape.fullmatch(bare):
            parts = m.groupdict()
            month = _month(parts.get("month")) or (int(parts["number"]) if parts.get("number") else None)
            return _made(m["year"], month, int(parts["day"]) if parts.get("day") else None)
    return None


def is_ambiguous(text: str) -> bool:
    """Whether a text is a date whose day and month may be in either order."""
    m = _NUMBERS.fullmatch(text.strip())
    return m is not None and len(_days(m)) > 1


def _days(m: re.Match[str]) -> set[IsoDate]:
    first, second = int(m["first"]), int(m["second"])
    return {day for day in (_made(m["year"], second, first), _made(m["year"], first, second)) if day}


def _month(word: str | None) -> int | None:
    return next((n for n, name in enumerate(_MONTHS, 1) if word and name.startswith(word.lower()[:3])), None)


def _made(year: str, month: int | None, day: int | None) -> IsoDate | None:
    try:
        made = datetime.date(int(year), month or 1, day or 1)
    except ValueError:
        return None
    if month is None:
        return IsoDate(year)
    return IsoDate(made.isoformat() if day else made.isoformat()[:7])
