"""Dates in the forms that registers send to the WHO's portal, as precise as they are written."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["iso_date"]

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FORMS: Final = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?(?:[T ].*)?"),
    re.compile(r"(?P<year>\d{4})/(?P<month>\d{1,2})(?:/(?P<day>\d{1,2}))?"),
    re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"),
    re.compile(r"(?P<year>\d{4})"),
    re.compile(r"(?P<day>\d{1,2}) (?P<name>[A-Za-z]{3,9})\.?,? (?P<year>\d{4})"),
    re.compile(r"(?P<name>[A-Za-z]{3,9})\.? (?P<day>\d{1,2}), ?(?P<year>\d{4})"),
    re.compile(r"(?P<name>[A-Za-z]{3,9})\.?,? (?P<year>\d{4})"),
    # The portal writes the day first.
    re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})(?: .*)?"),
)


def iso_date(text: str) -> str:
    """The date as ISO 8601 has it, without a day that is not written; a text in no known form as it is."""
    words = " ".join(text.split())
    for form in _FORMS:
        m = form.fullmatch(words)
        if m is None:
            continue
        part = m.groupdict()
        month = part.get("month")
        if name := part.get("name"):
            if name[:3].lower() not in _MONTHS:
                continue
            month = str(_MONTHS.index(name[:3].lower()) + 1)
        day = part.get("day")
        if month and day and int(month) > 12 >= int(day):  # the month first, as the day shows
            month, day = day, month
        pieces = [m["year"], *(f"{int(piece):02d}" for piece in (month, day) if piece)]
        return "-".join(pieces)
    return words
