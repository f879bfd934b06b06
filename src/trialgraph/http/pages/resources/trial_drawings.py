"""Arms, doses and neighbours of a trial -> where the lines and words of a drawing stand. No markup here.

Drawings are SVG in the page without script and without style attributes, as our pages' policy wants it; colours
come from classes. Lengths are in the drawing's own units.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

__all__ = [
    "ArmBar",
    "Arms",
    "Box",
    "DoseMark",
    "Doses",
    "Neighbours",
    "Tick",
    "draw_arms",
    "draw_doses",
    "draw_neighbours",
    "power",
]

WIDTH: Final = 480
LEFT: Final = 130
RIGHT: Final = 60
STEP: Final = 28
SUPERSCRIPTS: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LABEL_CHARS: Final = 34


@dataclass(frozen=True, slots=True)
class ArmBar:
    """A bar as long as the arm is large."""

    label: str
    number: int
    control: bool
    y: int
    width: float


@dataclass(frozen=True, slots=True)
class Arms:
    """The arms of a report.

    :param words: the same for those who do not see it
    """

    bars: tuple[ArmBar, ...]
    height: int
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class DoseMark:
    """A dose level; a range reaches from ``x`` to ``end``."""

    label: str
    x: float
    end: float
    y: int


@dataclass(frozen=True, slots=True)
class Doses:
    """Dose levels of one basis on an axis of powers of ten, over those of the other reports."""

    unit: str
    ticks: tuple[Tick, ...]
    others: tuple[float, ...]
    marks: tuple[DoseMark, ...]
    height: int
    words: str


@dataclass(frozen=True, slots=True)
class Box:
    """A word in the drawing of neighbours.

    :param more: how many other trials share it, and where they are listed
    """

    label: str
    link: str
    href: str
    more: int
    more_href: str
    y: int
    curve: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A trial, what it is linked to, and how many others are linked to the same."""

    label: str
    boxes: tuple[Box, ...]
    y: int
    height: int


def power(amount: Decimal) -> str:
    """A number of cells as people write it: ``1.5 × 10⁸``, and small ones as they are."""
    if amount < 10_000:
        return f"{amount.normalize():f}"
    exponent = amount.adjusted()
    lead = (amount / Decimal(10) ** exponent).normalize()
    ten = f"10{str(exponent).translate(SUPERSCRIPTS)}"
    return ten if lead == 1 else f"{lead:f} × {ten}"


def draw_arms(arms: Sequence[tuple[str, int, bool]]) -> Arms | None:
    """The arms of a report.

    :param arms: label, number of patients, whether it is a control arm
    """
    if not arms:
        return None
    most = max(number for _, number, _ in arms) or 1
    room = WIDTH - LEFT - RIGHT
    bars = tuple(
        ArmBar(shortened(label, 18), number, control, n * STEP, round(room * number / most, 1))
        for n, (label, number, control) in enumerate(arms)
    )
    return Arms(bars, len(bars) * STEP, "; ".join(f"{label}: {number} patients" for label, number, _ in arms))


def draw_doses(
    levels: Sequence[tuple[str, Decimal, Decimal]], others: Sequence[Decimal], unit: str
) -> Doses | None:
    """Dose levels of one basis.

    :param levels: label, low and high, in cells; those that are not above zero have no place on the axis
    :param others: doses of all reports of the same basis
    """
    drawn = [(label, low, high) for label, low, high in levels if low > 0 and high > 0]
    if not drawn:
        return None
    all_of_them = [n for _, low, high in drawn for n in (low, high)] + [n for n in others if n > 0]
    first = math.floor(math.log10(min(all_of_them)))
    last = max(math.ceil(math.log10(max(all_of_them))), first + 1)

    def place(amount: Decimal) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(amount) - first) / (last - first), 1)

    ticks = tuple(Tick(place(Decimal(10) ** e), power(Decimal(10) ** e)) for e in range(first, last + 1))
    marks = tuple(
        DoseMark(label, place(low), place(high), n * STEP) for n, (label, low, high) in enumerate(drawn)
    )
    words = f"{', '.join(label for label, _, _ in drawn)} on an axis from {ticks[0].label} to {ticks[-1].label} {unit}"
    seen = tuple(sorted({place(n) for n in others if n > 0}))
    return Doses(unit, ticks, seen, marks, len(marks) * STEP, words)


def draw_neighbours(label: str, linked: Sequence[tuple[str, str, str, int, str]]) -> Neighbours | None:
    """A trial and what it is linked to.

    :param linked: name of the link, label of the value, its address, how many other trials share it, their list
    """
    if not linked:
        return None
    middle = (len(linked) * STEP) // 2
    boxes = []
    for n, (link, text, href, more, more_href) in enumerate(linked):
        y = n * STEP + STEP // 2
        curve = f"M 130 {middle} C 190 {middle}, 170 {y}, 230 {y}"
        boxes.append(Box(shortened(text, LABEL_CHARS), link, href, more, more_href, y, curve))
    return Neighbours(shortened(label, 16), tuple(boxes), middle, len(linked) * STEP)


def shortened(text: str, most: int) -> str:
    """The text, cut with an ellipsis where a drawing has no room for it."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
