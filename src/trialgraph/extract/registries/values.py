"""The readers of fields: a JSON value to the value of a fact, or why it is none."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from trialgraph.model.record import FactValue, PartialDate

__all__ = ["Read", "Reader", "Unlisted", "Unreadable", "code", "mesh_id", "read_date", "reader_of", "words"]

#: More participants than people: an error of typing.
MOST_COUNTED: Final = 1_000_000_000
_YEARS: Final = range(1900, 2101)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DURATION: Final = re.compile(
    r"\d{1,6}(?:\.\d{1,3})? (?:Year|Month|Week|Day|Hour|Minute)s?", re.ASCII | re.IGNORECASE
)
_NCT: Final = re.compile(r"NCT(?!0{8})\d{8}", re.ASCII | re.IGNORECASE)
_PMID: Final = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_MESH: Final = re.compile(r"([DC])(\d{6,9})", re.ASCII)
# Until October 2024 the registry filled ids up to nine digits; from these numbers on MeSH's own have nine.
_NINE_DIGITS: Final[Mapping[str, int]] = {"D": 66_300, "C": 588_000}
#: Words of former exports, and what the registry calls the same now.
_FORMER: Final[Mapping[str, str]] = {
    "N_A": "NA", "NOT_APPLICABLE": "NA", "NONE_OPEN_LABEL": "NONE", "UNKNOWN_STATUS": "UNKNOWN",
    "ANTICIPATED": "ESTIMATED", "ESTIMATE": "ESTIMATED", "BOTH": "ALL", "U_S_FED": "FED",
}  # fmt: skip
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Unreadable:
    """No fact is made of a value.

    :param reason: its kind, by which problems are counted
    """

    reason: str
    what: str


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A word that its enumeration lacks: it is kept, and counted."""

    value: str


Read = FactValue | Unreadable | Unlisted | None
Reader = Callable[[Any], Read]


def _shown(raw: object) -> str:
    text = raw if isinstance(raw, str) else repr(raw)
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def _wrong_type(raw: object, wanted: str) -> Unreadable:
    return Unreadable("value of another type", f"{_shown(raw)} is no {wanted}")


def _text(raw: Any) -> Read:
    if isinstance(raw, str):
        return raw if raw and not raw.isspace() else None
    return _wrong_type(raw, "text")


def _boolean(raw: Any) -> Read:
    return raw if isinstance(raw, bool) else _wrong_type(raw, "true or false")


def _count(raw: Any) -> Read:
    if isinstance(raw, bool) or not isinstance(raw, int):
        if isinstance(raw, float) and raw.is_integer():
            return _count(int(raw))
        return _wrong_type(raw, "whole number")
    if not 0 <= raw <= MOST_COUNTED:
        return Unreadable("impossible count", f"{_shown(str(raw))} is no count")
    return raw


def _number(raw: Any) -> Read:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return _wrong_type(raw, "number")
    value = Decimal(str(raw))
    return value if value.is_finite() else Unreadable("impossible number", f"{_shown(raw)} is no number")


def _length(raw: Any) -> Read:
    return len(raw) if isinstance(raw, list) else _wrong_type(raw, "list")


def read_date(raw: Any) -> Read:
    """A date of the calendar, or a part of one; no day or month is invented."""
    if not isinstance(raw, str):
        return _wrong_type(raw, "date")
    m = _DATE.fullmatch(raw.strip())
    if m is None:
        return Unreadable("impossible date", f"{_shown(raw)} is no date") if raw.strip() else None
    year, month, day = int(m[1]), int(m[2] or 1), int(m[3] or 1)
    if year not in _YEARS or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return Unreadable("impossible date", f"{_shown(raw)} is no date of the calendar")
    return PartialDate(m[0])


def _duration(raw: Any) -> Read:
    if not isinstance(raw, str):
        return _wrong_type(raw, "age or duration")
    if not raw.strip():
        return None
    if _DURATION.fullmatch(raw.strip()):
        return raw
    return Unreadable("malformed age", f"{_shown(raw)} is no number with a unit of time")


def _registration(raw: Any) -> Read:
    if isinstance(raw, str) and _NCT.fullmatch(raw.strip()):
        return raw.strip().upper()
    return Unreadable("malformed registration number", f"{_shown(raw)} is no number of ClinicalTrials.gov")


def _pmid(raw: Any) -> Read:
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    if isinstance(text, str) and _PMID.fullmatch(text.strip()):
        return text.strip()
    return Unreadable("malformed PubMed id", f"{_shown(raw)} is no PubMed id")


def _mesh(raw: Any) -> Read:
    m = _MESH.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if m is None:
        return Unreadable("malformed MeSH id", f"{_shown(raw)} is no id of MeSH")
    return mesh_id(m[0])


def mesh_id(text: str) -> str:
    """An id of MeSH as MeSH writes it: ``D000001168`` as ``D001168``."""
    kind, number = text[:1], int(text[1:])
    return f"{kind}{number:06d}" if number < _NINE_DIGITS[kind] else text


def words(value: str, enumeration: str = "") -> str:
    """A value of an enumeration in words: lower case, with spaces."""
    if value == "NA":
        return "not applicable"
    if enumeration == "Phase":
        value = value.replace("PHASE", "")
    return value.replace("_", " ").lower()


def code(words: str) -> str:
    """Words as the registry's enumerations have them: ``Active, not recruiting`` as ``ACTIVE_NOT_RECRUITING``."""
    made = re.sub(r"[^A-Z0-9]+", "_", words.upper()).strip("_").removesuffix("_ASSIGNMENT")
    made = re.sub(r"PHASE_(\d)", r"PHASE\1", made)
    return _FORMER.get(made, made)


def _former(name: str, values: frozenset[str]) -> Reader:
    """Words of an enumeration as the registry wrote them until 2023."""
    read = _words(name, values)
    return lambda raw: read(code(raw)) if isinstance(raw, str) and code(raw) in values else read(raw)


def _words(name: str, values: frozenset[str]) -> Reader:
    known = {value: words(value, name) for value in values}

    def read(raw: Any) -> Read:
        if not isinstance(raw, str):
            return _wrong_type(raw, "text")
        return known.get(raw) or (
            Unlisted(" ".join(raw.replace("_", " ").lower().split())) if raw.strip() else None
        )

    return read


_READERS: Final[Mapping[str, Reader]] = {
    "boolean": _boolean,
    "count": _count,
    "date": read_date,
    "duration": _duration,
    "length": _length,
    "mesh": _mesh,
    "number": _number,
    "pmid": _pmid,
    "registration": _registration,
    "text": _text,
}


def reader_of(name: str, enums: Mapping[str, frozenset[str]]) -> Reader:
    """The reader of that name in a mapping file: ``text``, ``date``, …, ``words:Status``."""
    kind, _, enumeration = name.partition(":")
    if kind in ("words", "former"):
        return (_former if kind == "former" else _words)(enumeration, enums[enumeration])
    return _READERS[kind]
