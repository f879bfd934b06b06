"""The rules by which doses and what they are per are read."""

from __future__ import annotations

from typing import Final

from trialgraph.model.reading import rule

__all__ = [
    "BY_HEADING",
    "LIST",
    "LIST_LOST",
    "LOWER",
    "MIDDLE",
    "NOT_SPECIFIED",
    "PER_AREA",
    "PER_JOINT",
    "PER_KG",
    "PER_PATIENT",
    "RANGE",
    "RANGE_LOST",
    "SINGLE",
    "SINGLE_LOST",
    "UPPER",
    "WORDS",
    "WRITTEN",
]

SINGLE: Final = rule(
    "dose.single",
    "A number times a power of ten is a dose in cells.",
    example="1 × 10^6 cells/kg", gives="1000000", counter_example="1 dose",
)  # fmt: skip
WRITTEN: Final = rule(
    "dose.number-of-cells",
    "A number of cells written in full, with separators, or as a computer prints it, is a dose.",
    example="1,000,000 cells/kg", gives="1000000", counter_example="1 × 10^6 cells/kg",
)  # fmt: skip
RANGE: Final = rule(
    "dose.range",
    "Two numbers with a dash before one power of ten are one dose level with a low and a high.",
    example="(1-2) × 10^6 cells/kg", gives="1000000-2000000", counter_example="1 or 2 × 10^6 cells/kg",
)  # fmt: skip
MIDDLE: Final = rule(
    "dose.middle-with-range",
    "A number before a range in parentheses and one power of ten is a mean or median dose; the range is its spread.",
    example="1.2 (0.9-1.65) × 10^6/kg", gives="1200000", counter_example="(1-2) × 10^6 cells/kg",
)  # fmt: skip
LIST: Final = rule(
    "dose.list",
    "Numbers joined by commas and \"or\" before one power of ten are as many dose levels.",
    example="1, 2 or 4 × 10^6/kg", gives="1000000|2000000|4000000", counter_example="1 × 10^6 cells/kg",
)  # fmt: skip
SINGLE_LOST: Final = rule(
    "dose.single-lost-superscript",
    "A number times 10 with one or two more digits is a power of ten that lost its superscript: 106 is 10⁶.",
    example="1 × 106 cells/kg", gives="1000000", counter_example="1 × 10^6 cells/kg",
)  # fmt: skip
RANGE_LOST: Final = rule(
    "dose.range-lost-superscript",
    "A range before a power of ten that lost its superscript.",
    example="(0.75-1.5) × 106 cells/kg", gives="750000-1500000", counter_example="1 × 106 cells/kg",
)  # fmt: skip
LIST_LOST: Final = rule(
    "dose.list-lost-superscript",
    "A list before a power of ten that lost its superscript.",
    example="2.5, 5.0 or 10.0 × 107 cells/patient", gives="25000000|50000000|100000000",
    counter_example="(1-2) × 106 cells/kg",
)  # fmt: skip
WORDS: Final = rule(
    "dose.in-words",
    "A number of millions or billions is a dose in cells.",
    example="40 million autologous BM-MSCs per knee joint", gives="40000000", counter_example="40 patients",
)  # fmt: skip
UPPER: Final = rule(
    "dose.upper-bound",
    "The one dose of a cell behind \"up to\", \"at most\" or ≤ is an upper bound: a level without a lower end.",
    example="up to 2 × 10^6 cells/kg", gives="≤2000000", counter_example="1 × 10^6 up to 2 × 10^6 cells/kg",
)  # fmt: skip
LOWER: Final = rule(
    "dose.lower-bound",
    "The one dose of a cell behind \"at least\" or ≥ is a lower bound: a level without an upper end.",
    example="≥ 1 × 10^6 cells/kg", gives="≥1000000", counter_example="~ 1 × 10^6 cells/kg",
)  # fmt: skip
NOT_SPECIFIED: Final = rule(
    "dose.not-specified",
    "The source says that the dose is not specified; that is more than saying nothing.",
    example="Dose not specified IV infusion", gives="not specified", counter_example="IV infusion",
)  # fmt: skip
PER_KG: Final = rule(
    "dose-basis.per-kilogram",
    "The dose is per kilogram of body weight where kg stands behind it.",
    example="1, 2 or 4 × 106/kg", gives="kilogram", counter_example="4 × 107 UC-MSCs",
)  # fmt: skip
PER_PATIENT: Final = rule(
    "dose-basis.per-patient",
    "The dose is per patient where a patient, person or subject stands behind it.",
    example="2.5 × 107 cells/patient", gives="patient", counter_example="1 × 106 cells/kg",
)  # fmt: skip
PER_AREA: Final = rule(
    "dose-basis.per-square-metre",
    "The dose is per square metre of body surface where m² stands behind it.",
    example="2 × 10^7 CAR+ T cells/m2", gives="square metre", counter_example="2 × 10^7 cells/mL",
)  # fmt: skip
PER_JOINT: Final = rule(
    "dose-basis.per-joint",
    "The dose is per joint where a joint stands behind it.",
    example="40 million autologous BM-MSCs per knee joint", gives="joint", counter_example="1 × 106 cells/kg",
)  # fmt: skip

BY_HEADING: Final = rule(
    "dose.unit-in-heading",
    "A whole cell that is a number or a range, under a heading with a power of ten or millions, is that many cells.",
    example="2.5", gives="2500000", counter_example="2 doses",
)  # fmt: skip
