"""Registry numbers: every primary registry of the WHO and the others in use, in the spellings that people write.

Shapes are those of the registries' own numbers (Bioregistry; WHO, "Primary registries in the WHO Registry Network").
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from trialgraph.base.normal_form import normal_form
from trialgraph.terminology.folding import DASHES

__all__ = ["REGISTERS", "SPELLED", "Register", "RegistryNumber", "find_numbers", "registry_number"]

#: No number is longer, with an address before it.
_LONGEST: Final = 200
_WORDS: Final = re.compile(r"\b(?:registration|trial|number|identifier|id|no|nr)\b\.?:?", re.IGNORECASE)
# Between the letters and the digits people write nothing, a blank, a colon, a hyphen or a number sign.
_GAP: Final = r"[ :#-]{0,2}"


@dataclass(frozen=True, slots=True)
class Register:
    """A registry and its numbers.

    :param spelled: regular expression of the spellings in use, case ignored; its group is what follows the letters
    :param canonical: the registry's own spelling, ``{}`` for that group
    """

    name: str
    spelled: str
    canonical: str


@dataclass(frozen=True, slots=True)
class RegistryNumber:
    """A number found in a text, in its registry's own spelling."""

    register: str
    number: str
    start: int
    end: int


#: Longer shapes before those that they begin like.
REGISTERS: Final = (
    Register("ClinicalTrials.gov", rf"NCT{_GAP}(\d{{8}})", "NCT{}"),
    # A line break of the page within the digits: "NCT00473 057".
    Register("ClinicalTrials.gov", r"NCT((?=\d{4,7}\s\d{1,4}(?!\d))(?=(?:\d\s?){8}(?!\d))\d+\s\d+)", "NCT{}"),
    Register("ITMCTR", rf"ITMCTR{_GAP}(\d{{10}})", "ITMCTR{}"),
    Register("ChiCTR", r"ChiCTR[ :-]{0,2}((?:[A-Z]{2,5}-){1,2}\d{8})", "ChiCTR-{}"),
    Register("ChiCTR", r"ChiCTR[ :-]{0,2}([A-Z]{2,5}\d{8})", "ChiCTR-{}"),
    Register("ChiCTR", rf"ChiCTR{_GAP}(\d{{10}})", "ChiCTR{}"),
    Register("ISRCTN", rf"ISRCTN{_GAP}(\d{{8}})", "ISRCTN{}"),
    Register(
        "EU Clinical Trials Information System",
        r"(?:(?:EU ?CT|CTIS)[ :-]{0,2})?(20\d{2}-5\d{5}-\d{2}-\d{2})",
        "{}",
    ),
    Register(
        "EU Clinical Trials Register",
        r"(?:(?:EUCTR|EudraCT)[ :#-]{0,2})?((?:19|20)\d{2}-\d{6}-\d{2})(?:-[A-Z]{2}(?![A-Za-z]))?",
        "{}",
    ),
    Register("ANZCTR", rf"ACTRN{_GAP}(\d{{14}})p?", "ACTRN{}"),
    Register("IRCT", rf"IRCT{_GAP}(\d{{8,14}}(?:N\d{{1,3}})?)", "IRCT{}"),
    Register("CTRI", r"CTRI[ /:-]{0,2}(\d{4}/\d{2,3}/\d{6})", "CTRI/{}"),
    Register("DRKS", rf"DRKS{_GAP}(\d{{8}})", "DRKS{}"),
    Register("UMIN-CTR", rf"(?:JPRN-)?UMIN{_GAP}(\d{{9}})", "UMIN{}"),
    Register("jRCT", rf"(?:JPRN-)?jRCT{_GAP}(s?\d{{9,10}})", "jRCT{}"),
    Register("JapicCTI", rf"(?:JPRN-)?JapicCTI{_GAP}(\d{{6}})", "JapicCTI-{}"),
    Register("CRiS", rf"KCT{_GAP}(\d{{7}})", "KCT{}"),
    Register("TCTR", rf"TCTR{_GAP}(\d{{11}})", "TCTR{}"),
    Register("PACTR", rf"PACTR{_GAP}(\d{{15,16}})", "PACTR{}"),
    Register("ReBEC", r"RBR[ :-]{0,2}((?=[0-9a-z]*\d)[0-9a-z]{6,8})", "RBR-{}"),
    Register("RPCEC", rf"RPCEC{_GAP}(\d{{8}})", "RPCEC{}"),
    Register("SLCTR", r"SLCTR[ /:-]{0,2}(\d{4}/\d{3})", "SLCTR/{}"),
    Register("LBCTR", rf"LBCTR{_GAP}(\d{{10}})", "LBCTR{}"),
    Register("REPEC", r"PER[ :-]{1,2}(\d{3}-\d{2})", "PER-{}"),
    Register("LTR", r"NL-OMON[ :-]{0,2}(\d{3,6})", "NL-OMON{}"),
    Register("NTR", rf"NTR{_GAP}(\d{{3,5}})", "NTR{}"),
    Register("NTR", rf"NL{_GAP}(\d{{4,5}})", "NL{}"),
)
#: Any of the spellings, for finding where cells begin and end.
SPELLED: Final = re.compile(
    "|".join(f"(?:{register.spelled})" for register in REGISTERS), re.IGNORECASE | re.ASCII
)
# No number is a part of a longer one.
_PATTERNS: Final = tuple(
    (register, re.compile(rf"(?<![^\W_]){register.spelled}(?![\d]|-\d)", re.IGNORECASE | re.ASCII))
    for register in REGISTERS
)


def find_numbers(text: str) -> Iterator[RegistryNumber]:
    """The registry numbers of a text, in its order; a placeholder (all zeros, 12345678) is none."""
    found: list[RegistryNumber] = []
    taken: list[tuple[int, int]] = []
    for register, pattern in _PATTERNS:
        for m in pattern.finditer(text):
            # They do not overlap: only the one before and the one behind may be in the way.
            at = bisect(taken, m.span())
            if any(m.start() < end and start < m.end() for start, end in taken[max(0, at - 1) : at + 1]):
                continue
            tail = "".join(m[1].split())
            tail = tail.lower() if register.name in ("ReBEC", "jRCT") else tail.upper()
            if register.name == "ChiCTR":  # "ChiCTR-OIC17011272"
                tail = re.sub(r"(?<=[A-Z])(?=\d)", "-", tail)
            if not _is_placeholder(tail):
                found.append(RegistryNumber(register.name, register.canonical.format(tail), *m.span()))
                taken.insert(at, m.span())
    return iter(sorted(found, key=lambda number: number.start))


def registry_number(text: str) -> str:
    """The number that a whole text is, in its registry's own spelling; empty if it is none.

    Of an address or a CURIE it is the last part. Blanks may stand wherever the number has a dash, or nothing.
    """
    plain = " ".join(_WORDS.sub(" ", normal_form(text[:_LONGEST]).text.translate(DASHES)).split())
    last = re.split(r"[/=](?=[A-Za-z0-9-]+$)|^[a-z]+:(?=[A-Za-z]+[\d-])", plain.rstrip("/"))[-1]
    for spelled in (plain, last, last.replace(" ", "-"), last.replace(" ", "/"), re.sub(r"[ -]", "", last)):
        found = list(find_numbers(spelled))
        if len(found) == 1 and (found[0].start, found[0].end) == (0, len(spelled)):
            return found[0].number
    return ""


def _is_placeholder(tail: str) -> bool:
    digits = re.sub(r"\D", "", tail)
    return len(set(digits)) <= 1 or digits in ("12345678", "01234567", "1234567890", "0123456789")
