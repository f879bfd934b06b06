"""A number or date of a spreadsheet as its number format shows it (ECMA-376, 18.8.31).

Colours and padding are left out. The format that Excel shows by the region of its user (built-in number 14) is shown as
an ISO date, which is the same everywhere. A format that is not known here gives None.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

__all__ = ["shown_value"]

_GENERAL: Final = ("general", "", "@")
_REGIONAL: Final = ("mm-dd-yy", "m/d/yyyy", "m/d/yy")
_ISO: Final = "yyyy-mm-dd"
_TOKEN: Final = re.compile(
    r'"(?P<text>[^"]*)"?|\\(?P<char>.)|_(?P<pad>.)|\*(?P<fill>.)|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]|'
    r"\[(?P<elapsed>h+|m+|s+)\]|\[(?P<condition>[<>=]+-?[\d.]+)\]|\[(?P<colour>[^\]]*)\]|(?P<general>general)|"
    r"(?P<half>am/pm|a/p)|(?P<date>y+|m+|d+|h+|s+)|(?P<exponent>e[+-]0+)|(?P<digits>[0#?][0#?,]*)|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_LITERALS: Final = ("text", "char", "currency", "plain")
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS: Final = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_EPOCH: Final = dt.datetime(1899, 12, 30)
_MOST_DECIMALS: Final = 30

Number = int | float
Token = tuple[str, str]


def shown_value(value: object, number_format: str) -> str | None:
    """What a cell shows; None where the format is not known here.

    :param value: a number, a date, a time or a duration
    """
    form = number_format.strip()
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        return _date(value, _tokens(_sections(_ISO if form.lower() in _REGIONAL[:1] else form)[0]))
    if not isinstance(value, int | float):
        return None
    if form.lower() in _GENERAL:
        return _general(value)
    sections = _sections(form)
    tokens, number = _section(sections, value)
    return _number(number, tokens)


def _general(value: Number) -> str:
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e11):
        return str(int(value))
    text = f"{value:.10g}"
    if "e" not in text:
        return text
    digits, _, power = text.partition("e")
    return f"{digits}E{power}"


def _sections(form: str) -> list[str]:
    """The parts between semicolons that are no text."""
    made, last = [], 0
    for found in re.finditer(r'"[^"]*"|\\.|\[[^\]]*\]|;', form):
        if found[0] == ";":
            made.append(form[last : found.start()])
            last = found.end()
    return [*made, form[last:]]


def _tokens(section: str) -> list[Token]:
    return [(str(found.lastgroup), found[found.lastgroup or 0]) for found in _TOKEN.finditer(section)]


def _section(sections: Sequence[str], value: Number) -> tuple[list[Token], Number]:
    """The section for a value, and the value without the sign that its section writes itself."""
    all_tokens = [_tokens(section) for section in sections[:3]]
    for tokens in all_tokens:
        condition = next((text for kind, text in tokens if kind == "condition"), "")
        if condition and _holds(value, condition):
            return tokens, value
    if any(kind == "condition" for kind, _ in all_tokens[0]):
        return all_tokens[-1], value
    if value < 0 and len(all_tokens) > 1:
        return all_tokens[1], abs(value)
    if value == 0 and len(all_tokens) > 2:
        return all_tokens[2], value
    return all_tokens[0], value


def _holds(value: Number, condition: str) -> bool:
    sign, limit = re.match(r"([<>=]+)(.*)", condition).groups()  # type: ignore[union-attr]  # as the token says
    bound = float(limit)
    return {
        "<": value < bound, ">": value > bound, "<=": value <= bound, ">=": value >= bound, "=": value == bound,
        "<>": value != bound,
    }.get(sign, False)  # fmt: skip


def _number(value: Number, tokens: Sequence[Token]) -> str | None:
    if any(kind in ("date", "elapsed", "half") for kind, _ in tokens):
        return None  # a number that is no date, in a format of dates
    if any(kind == "general" for kind, _ in tokens):
        return "".join(
            _general(value) if kind == "general" else _literal(kind, text) for kind, text in tokens
        )
    digits = [at for at, (kind, _) in enumerate(tokens) if kind == "digits"]
    if not digits:
        return "".join(_literal(kind, text) for kind, text in tokens)
    first, last = digits[0], digits[-1]
    if last + 1 < len(tokens) and tokens[last + 1][0] == "exponent":
        last += 1
    body = tokens[first : last + 1]
    amount = Decimal(repr(value))
    for kind, text in tokens:
        if kind == "plain" and text == "%":
            amount *= 100
    pattern = "".join(text for kind, text in body if kind in ("digits", "exponent") or text in ".")
    inner = [text for kind, text in body if kind not in ("digits", "exponent") and text != "."]
    if "/" in inner:
        shown = _fraction(amount, body)
    elif any(text.strip() for text in inner):
        return None  # digits with text between them
    elif body[-1][0] == "exponent":
        shown = _scientific(amount, pattern)
    else:
        shown = _decimal(amount, pattern)
    before = "".join(_literal(kind, text) for kind, text in tokens[:first])
    behind = "".join(_literal(kind, text) for kind, text in tokens[last + 1 :])
    sign = "-" if amount < 0 and re.search(r"[1-9]", shown) else ""
    return f"{sign}{before}{shown}{behind}"


def _literal(kind: str, text: str) -> str:
    if kind == "pad":
        return " "
    return text if kind in _LITERALS else ""


def _rounded(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-min(places, _MOST_DECIMALS)), rounding=ROUND_HALF_UP)


def _decimal(amount: Decimal, pattern: str) -> str:
    whole, _, part = pattern.partition(".")
    while whole.endswith(","):
        whole, amount = whole[:-1], amount / 1000
    if not part and pattern.endswith(","):
        part = ""
    part = part.replace(",", "")
    text = f"{abs(_rounded(amount, len(part))):f}"
    left, _, right = text.partition(".")
    least = whole.count("0")
    left = left.lstrip("0").rjust(least, "0") if least else left.lstrip("0")
    if "," in whole:
        left = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", left)
    kept = max((at + 1 for at, sign in enumerate(part) if sign == "0"), default=0)
    right = right[:kept] + right[kept:].rstrip("0")
    return f"{left}.{right}" if right or "." in pattern else left


def _scientific(amount: Decimal, pattern: str) -> str:
    mantissa, _, power = re.sub("[eE]", "E", pattern).partition("E")
    places = len(mantissa.partition(".")[2])
    digits, _, exponent = f"{abs(amount):.{min(places, _MOST_DECIMALS)}E}".partition("E")
    value = int(exponent)
    sign = "-" if value < 0 else "+" if power.startswith("+") else ""
    return f"{digits}E{sign}{str(abs(value)).rjust(len(power) - 1, '0')}"


def _fraction(amount: Decimal, body: Sequence[Token]) -> str:
    digits = [text for kind, text in body if kind == "digits"]
    most = 10 ** len(digits[-1]) - 1
    value = Fraction(abs(amount)).limit_denominator(max(most, 1))
    if len(digits) < 3:
        return f"{value.numerator}/{value.denominator}"
    whole, rest = divmod(value.numerator, value.denominator)
    part = f"{rest}/{value.denominator}" if rest else ""
    return f"{whole} {part}".strip() if whole or not part else part


def _date(value: dt.datetime | dt.date | dt.time | dt.timedelta, tokens: Sequence[Token]) -> str | None:
    if not any(kind in ("date", "elapsed") for kind, _ in tokens):
        return _plain_date(value)
    if isinstance(value, dt.timedelta):
        moment, seconds = _EPOCH + value, value.total_seconds()
    elif isinstance(value, dt.time):
        moment = dt.datetime.combine(_EPOCH.date(), value)
        seconds = value.hour * 3600 + value.minute * 60 + value.second
    else:
        moment = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
        seconds = (moment - _EPOCH).total_seconds()
    is_half = any(kind == "half" for kind, _ in tokens)
    made = []
    for at, (kind, text) in enumerate(tokens):
        if kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[text[0].lower()]
            made.append(str(int(seconds // unit)).rjust(len(text), "0"))
        elif kind == "half":
            made.append(("AM" if moment.hour < 12 else "PM")[: 2 if len(text) > 3 else 1])
        elif kind == "date":
            made.append(_part(moment, text.lower(), _is_minute(tokens, at), is_half))
        elif kind == "digits":
            made.append(f"{moment.microsecond:06d}"[: len(text)])
        else:
            made.append(_literal(kind, text))
    return "".join(made)


def _plain_date(value: dt.datetime | dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat(" ") if isinstance(value, dt.datetime) else str(value)


def _is_minute(tokens: Sequence[Token], at: int) -> bool:
    """Whether an m stands behind hours or before seconds."""
    if tokens[at][1][0].lower() != "m" or len(tokens[at][1]) > 2:
        return False
    units = ("date", "elapsed")
    before = next((text[0].lower() for kind, text in reversed(tokens[:at]) if kind in units), "")
    behind = next((text[0].lower() for kind, text in tokens[at + 1 :] if kind in units), "")
    return before == "h" or behind == "s"


def _part(moment: dt.datetime, text: str, is_minute: bool, is_half: bool) -> str:
    width = min(len(text), 2)
    if text[0] == "y":
        return f"{moment.year:04d}" if len(text) > 2 else f"{moment.year % 100:02d}"
    if text[0] == "m" and not is_minute:
        return _named(_MONTHS[moment.month - 1], moment.month, len(text))
    if text[0] == "d":
        return _named(_DAYS[moment.weekday()], moment.day, len(text))
    hour = (moment.hour % 12 or 12) if is_half else moment.hour
    number = {"h": hour, "m": moment.minute, "s": moment.second}[text[0]]
    return str(number).rjust(width, "0")


def _named(name: str, number: int, letters: int) -> str:
    if letters < 3:
        return str(number).rjust(letters, "0")
    return {3: name[:3], 5: name[:1]}.get(letters, name)
