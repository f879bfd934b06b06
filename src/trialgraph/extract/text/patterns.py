"""Patterns that more than one column needs: numbers, "not stated", registry numbers, as regular expressions.

Each pattern is linear: no nested repetition over the same characters.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["COUNT", "NOT_APPLICABLE", "NOT_STATED", "NUMBER", "REGISTRATION", "REGISTRIES", "says_nothing"]

NUMBER: Final = r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?"
COUNT: Final = r"\d{1,3}(?:,\d{3})+|\d{1,6}"
# A printed dash, or words to that effect. "Not applicable" is not one of them.
NOT_STATED: Final = re.compile(
    r"(?:[-–—]{1,3}|\?|NR|NS|ND|N/R|N/D|N\.R\.?|n\.r\.?"
    r"|[Nn]ot (?:stated|reported|specified|specify|available|mentioned|given|known|provided|declared|disclosed"
    r"|described"
    r"|determined|indicated)"
    r"|[Uu]nknown|[Uu]nclear|[Uu]nspecified|[Uu]ndefined|[Uu]ndisclosed)"
)
NOT_APPLICABLE: Final = re.compile(r"(?:N/A|NA|N\.A\.?|n\.a\.?|n/a|na|[Nn]ot applicable)")


def says_nothing(text: str) -> bool:
    """Whether a cell's text is a dash, "not reported", "not applicable" or the like, and no more."""
    bare = text.strip()
    return bool(NOT_STATED.fullmatch(bare) or NOT_APPLICABLE.fullmatch(bare))


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
