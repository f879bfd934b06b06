"""What the cells of trial tables are made of: numbers, doses, ids, phases, as regular expressions.

Each pattern is linear: no nested repetition over the same characters. Columns use them to recognise a
cell, fields to read it.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "ARMS",
    "DOSE",
    "DURATION",
    "NOT_STATED",
    "PATIENTS",
    "PHASE",
    "REFERENCE",
    "REGISTRATION",
    "REGISTRIES",
    "says_nothing",
]

NUMBER: Final = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
COUNT: Final = r"\d{1,3}(?:,\d{3})+|\d{1,6}"
# A printed dash, or words to that effect. "Not applicable" is not one of them.
NOT_STATED: Final = re.compile(
    r"(?:[-–—]|NR|NS|N/R|n\.r\.|[Nn]ot (?:stated|reported|specified|available|mentioned|given|known)|[Uu]nknown)"
)
NOT_APPLICABLE: Final = re.compile(r"(?:N/A|NA|n/a|[Nn]ot applicable)")


def says_nothing(text: str) -> bool:
    """Whether a cell's text is a dash, "not reported", "not applicable" or the like, and no more."""
    bare = text.strip()
    return bool(NOT_STATED.fullmatch(bare) or NOT_APPLICABLE.fullmatch(bare))


_STEP = r"(?:IV|III[abc]?|II[abc]?|I[abc]?|0|[1-4][abc]?)"
PHASE: Final = re.compile(
    rf"(?P<early>[Ee]arly )?[Pp]hases? ?(?P<first>{_STEP})(?: ?(?:/|-|–|\||and|to) ?(?:[Pp]hase ?)?(?P<last>{_STEP}))?"
)

# "244 (211/78)", "63 (32 MSC group, 31 control)", "n = 12", "30"
PATIENTS: Final = re.compile(
    rf"(?:[nN] ?= ?)?(?P<total>{COUNT})(?: patients| participants| subjects)?(?: ?\((?P<arms>[^()]*)\))?"
)
ARMS: Final = re.compile(r"(?P<treatment>\d{1,6}) ?/ ?(?P<control>\d{1,6})")

# A power of ten whose superscript may be lost: 10^6, 10⁶, 106; not 1.06 nor 1060.
POWER: Final = (
    r"[×xX*·] ?10(?:\^ ?\{?(?P<caret>\d{1,2})\}?|(?P<raised>[⁰¹²³⁴-⁹]{1,2})|"
    r"[eE](?P<exp>\d{1,2})|(?P<lost>1[0-2](?!\d)|[3-9]))"
)
# Bounded, as are lists, so that a long run of digits takes no square of its length to search.
_MANTISSA: Final = r"\d{1,9}(?:\.\d{1,6})?"
DOSE: Final = re.compile(
    rf"(?P<range>\(? ?(?P<low>{_MANTISSA}) ?[-–~] ?(?P<high>{_MANTISSA}) ?\)? ?{POWER})"
    rf"|(?P<list>(?:{_MANTISSA}(?:, ?| or | and |, or |, and | to | & )){{0,11}}{_MANTISSA}) ?"
    rf"(?:{POWER.replace('(?P<', '(?P<l')}|(?P<word>million|billion))"
)
DURATION: Final = re.compile(
    rf"(?P<low>{NUMBER})(?: ?[-–] ?(?P<high>{NUMBER}))?"
    r"(?:[ -]?(?P<unit>months?|mo|weeks?|wks?|years?|yrs?|days?|d|w|m|y))?"
)
REFERENCE: Final = re.compile(r"\[(?P<numbers>\d+(?:(?:, ?|[-–])\d+)*)\]")

# Shapes of the registries' own numbers (Bioregistry records of each registry).
REGISTRIES: Final = {
    "ClinicalTrials.gov": r"NCT\d{8}",
    "ChiCTR": r"ChiCTR(?:(?:-[A-Z]{2,5}){1,2}-\d{8}|-?\d{10})",
    "ISRCTN": r"ISRCTN\d{8}",
    "EU Clinical Trials Register": r"(?:EUCTR|EudraCT[: ]*)?(?:19|20)\d{2}-\d{6}-\d{2}(?:-[A-Z]{2})?",
    "ANZCTR": r"ACTRN\d{14}",
    "IRCT": r"IRCT\d{8,14}(?:N\d{1,3})?",
    "CTRI": r"CTRI/\d{4}/\d{2,3}/\d{6}",
    "DRKS": r"DRKS\d{8}",
    "UMIN-CTR": r"(?:JPRN-)?UMIN\d{9}",
    "jRCT": r"(?:JPRN-)?jRCTs?\d{9,10}",
    "CRiS": r"KCT\d{7}",
    "TCTR": r"TCTR\d{11}",
    "PACTR": r"PACTR\d{15,16}",
    "ReBEC": r"RBR-[0-9a-z]{6,8}",
    "NTR": r"NTR\d{3,5}",
}
REGISTRATION: Final = re.compile("|".join(f"(?:{shape})" for shape in REGISTRIES.values()))
