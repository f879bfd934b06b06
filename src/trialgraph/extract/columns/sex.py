"""Sex of those who may take part: all, female or male. Counts and shares of those enrolled are not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from trialgraph.extract.column_type import CellShape
from trialgraph.extract.plain_column import PlainProperty, plain_column
from trialgraph.extract.text.fit import WRONG, blank_weight, whole_cell
from trialgraph.model.reading import read, rule
from trialgraph.model.report import PlainValue
from trialgraph.model.table import Cell
from trialgraph.rdf.vocabulary import TG

__all__ = ["COLUMN"]

NAMED: Final = rule(
    "sex.named",
    "A whole cell that names one sex, or both, says who may take part.",
    example="Male and female", gives="all", counter_example="12 male, 18 female",
)  # fmt: skip

_FEMALE: Final = r"(?:females?|women|girls|f|w)"
_MALE: Final = r"(?:males?|men|boys|m)"
_ONLY: Final = r"(?: only)?(?: (?:patients|participants|subjects))?"
_WORDS: Final = (
    ("all", re.compile(rf"all|any|both(?: sexes| genders)?|mixed|all (?:sexes|genders)|{_MALE} ?(?:and|or"
    rf"|[/&,+]|, ?and) ?{_FEMALE}"
                       rf"|{_FEMALE} ?(?:and|or|[/&,+]) ?{_MALE}", re.IGNORECASE)),
    ("female", re.compile(_FEMALE + _ONLY, re.IGNORECASE)),
    ("male", re.compile(_MALE + _ONLY, re.IGNORECASE)),
)  # fmt: skip


def _sex(text: str) -> str | None:
    return next((sex for sex, words in _WORDS if words.fullmatch(text.strip())), None)


def _fit(text: str) -> float:
    if (dash := blank_weight(text)) is not None:
        return dash - 1
    return 7.0 if _sex(text) else WRONG


def _read(cell: Cell) -> Iterator[tuple[str, PlainValue]]:
    text = cell.text or ""
    if sex := _sex(text):
        start = len(text) - len(text.lstrip())
        yield "sex", PlainValue(sex, read(cell, "sex", (start, start + len(text.strip())), sex, NAMED))


COLUMN: Final = plain_column(
    field="sex",
    order=150,
    headings=r"(?:eligible |eligibility |inclusion |patient |participant )?(?:sex(?:es)?"
    r"|genders?)(?: eligib(?:le|ility)(?: for study)?)?"
    r"|sex ?(?:/|and|or) ?gender",
    display="Sex of participants",
    shape=CellShape(empty=-1.5, longest=40, fits=whole_cell(_fit), most=7.0),
    read=_read,
    rules=(NAMED,),
    properties=[
        PlainProperty(
            "sex",
            "sex of those who may take part: all, female or male",
            TG.eligibleSex,
            "sex",
            pattern="^(all|female|male)$",
        )
    ],
)
