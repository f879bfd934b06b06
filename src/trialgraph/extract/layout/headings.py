"""Heading to field: what a column is about, whatever its heading says."""

from __future__ import annotations

import re
from typing import Final

from trialgraph.terminology.lexicon import fold

__all__ = ["HEADINGS", "field_of"]

# Whole headings, folded, without units or the words in parentheses. First match wins.
HEADINGS: Final[dict[str, str]] = {
    "phase": r"(?:study|trial|clinical|clinical trial)? ?(?:type|phase|phases|design)(?: of (?:study|trial))?",
    "cell source": r"(?:(?:msc|mscs|stem|stem cell|cell|cells|tissue|donor|graft)s?[ /]?(?:cell)? ?(?:source|"
    r"sources|origin|type|types|product|products)s?"
    r"|source|sources?(?: and type)? of (?:the )?(?:msc|mscs|cells|stem cells)|type of (?:msc|"
    r"mscs|cells|stem cells)|mscs?|stem cells?|cell therapy|cells)",
    "disease": r"(?:disease|diseases|condition|conditions|indication|indications|disorder|disorders|"
    r"diagnosis|disease type|target disease|pathology|medical condition)",
    "patients": r"(?:(?:no\.?|number|numbers?) of )?(?:patients|participants|subjects|cases|"
    r"enrolled patients|patients enrolled)|n|sample size|enrol?lment|study population|"
    r"patient number|population size",
    "administration": r"(?:(?:cell )?(?:dose|doses|dosage|dosing)|(?:route|mode|method)(?: of (?:administration|"
    r"delivery))?|administration(?: route)?|delivery(?: route)?|delivery method|route|regimen|"
    r"protocol|treatment|treatment protocol|intervention|interventions)"
    r"(?: ?(?:and|/|,|&) ?(?:cell )?(?:dose|dosage|route|administration|delivery|frequency|"
    r"administration route|route of administration))?",
    "follow-up": r"(?:duration of )?follow[ -]?up(?: (?:period|time|duration|length))?|observation period|duration",
    "mechanism": r"(?:proposed |possible |main )?mechanisms?(?: of actions?)?|moa|mode of action",
    "outcomes": r"(?:primary |secondary |main |key |clinical )?(?:outcome|outcomes|"
    r"end ?points?)(?: ?(?:measures?|parameters?|assessed|assessments?))?|measures|"
    r"assessments?|efficacy measures?",
    "conclusion": r"(?:main |key |clinical )?(?:conclusions?|results?|findings?|effects?|key findings|"
    r"outcome summary|remarks?|results? and conclusions?|comments?)",
    "registration": r"(?:(?:clinical )?(?:trial|trials|study|registry|registration|nct|clinicaltrials\.gov|"
    r"clinicaltrials\.gov nct)? ?(?:registration|registry|register)? ?(?:numbers?|no\.?|ids?|"
    r"identifiers?|codes?)|registration|registry|nct)",
    "reference": r"(?:refs?\.?|references?|citations?|authors?|first author|study|source of data|literature|"
    r"author,? year|author/year)",
}
_PATTERNS: Final = {name: re.compile(pattern) for name, pattern in HEADINGS.items()}


def field_of(heading: str) -> str | None:
    """The field that a heading names, or None where nobody knows the heading.

    Units and explanations in parentheses do not count: "Follow-up (months)" is a follow-up.
    """
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", fold(heading))
    bare = re.sub(r"[\s\-]+", " ", bare).strip(" .,:;*†‡#")
    for name, pattern in _PATTERNS.items():
        if pattern.fullmatch(bare):
            return name
    return None
