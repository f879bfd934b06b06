"""Column kinds: how well a stretch of a line fits what the cells of that kind of column look like.

A score is a log-odds against "just some text". A kind with a grammar (phase, patients, ids) scores the whole
cell; prose (mechanism, outcomes, conclusion) is scored by the words in it, so that any stretch costs the same
time. Nothing here knows a particular table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from trialgraph.extract.text import patterns as grammar
from trialgraph.extract.text.evidence import Evidence, evidence
from trialgraph.terminology.lexicon import lexicon

__all__ = ["KINDS", "OTHER", "ColumnKind", "see"]

_WRONG: Final = -9.0


@dataclass(frozen=True, slots=True)
class ColumnKind:
    """A kind of column.

    :param field: its field
    :param empty: weight of an empty cell
    :param longest: no cell of that kind is longer (characters)
    :param fits: weight of a stretch as a cell of that kind, seams left inside not yet taken off
    """

    field: str | None
    empty: float
    longest: int
    fits: Callable[[Evidence, int, int], float]


def see(text: str) -> Evidence:
    """The evidence of a line, with the cues of the prose kinds."""
    return evidence(text, _CUES, _EVENTS)


def _whole(score: Callable[[str], float]) -> Callable[[Evidence, int, int], float]:
    cached = lru_cache(maxsize=65536)(score)
    return lambda seen, i, j: cached(seen.text[i:j])


def _not_stated(text: str) -> float | None:
    return 2.5 if grammar.NOT_STATED.fullmatch(text) or grammar.NOT_APPLICABLE.fullmatch(text) else None


_DESIGN: Final = re.compile(
    r"(?:[Pp]ilot|[Rr]andomi[sz]ed|RCT|[Oo]pen[- ]label|[Ss]ingle[- ](?:arm|center|centre)|"
    r"[Cc]ase (?:report|series)|[Rr]etrospective|[Pp]rospective|[Cc]ohort|[Dd]ouble[- ]blind|"
    r"[Cc]linical (?:trial|study)|[Oo]bservational|[Ii]nterventional|"
    r"[Pp]re-?clinical)(?: (?:study|trial|clinical trial|controlled trial))?(?:, .{1,40})?"
)


def _phase(text: str) -> float:
    if (dash := _not_stated(text)) is not None:
        return dash
    if m := grammar.PHASE.fullmatch(text):
        return 9.0 if _neighbours(m["first"], m["last"]) else -2.0
    return 4.0 if _DESIGN.fullmatch(text) else _WRONG


_STEPS: Final = ("0", "i", "ii", "iii", "iv")


def _neighbours(first: str, last: str | None) -> bool:
    """Whether two phases are one combined phase: I/II is, I/III is not ("Phase I/II" and "IV infusion")."""
    if last is None:
        return True
    low, high = (
        _STEPS.index(s) if s in _STEPS else int(s) for s in (t.lower().rstrip("abc") for t in (first, last))
    )
    return low < high <= low + 1


def _patients(text: str) -> float:
    if (dash := _not_stated(text)) is not None:
        return dash - 1
    m = grammar.PATIENTS.fullmatch(text)
    if not m:
        return _WRONG
    total = int(m["total"].replace(",", ""))
    if len(m["total"]) > 1 and m["total"][0] == "0":
        return _WRONG
    size = 0.5 - 0.004 * min(total, 800)
    if m["arms"] is None:
        return 1.5 + size
    numbers = [int(n) for n in re.findall(r"\d{1,6}", m["arms"])]
    if not numbers:
        return 4.0 + size
    return (12.0 if sum(numbers) == total else 3.5) + size


_TYPICAL_MONTHS: Final = frozenset(
    map(str, (*range(1, 7), 8, 9, 10, 12, 15, 18, 20, 24, 30, 36, 48, 60, 72, 84, 96, 120))
)


def _follow_up(text: str) -> float:
    if (dash := _not_stated(text)) is not None:
        return dash - 0.5
    m = grammar.DURATION.fullmatch(text)
    if m:
        if float(m["low"].replace(",", "")) > 240 or (len(text) > 1 and text[0] == "0"):
            return -4.0
        return 6.0 + (1.0 if text in _TYPICAL_MONTHS else 0.0) + (1.0 if m["unit"] else 0.0)
    if re.search(r"\d ?(?:month|week|year|day|mo\b)", text):
        opening = re.match(r"[Ff]ollow|[Aa]fter|[Aa]t |[Uu]p to|[Mm]edian|[Mm]ean|[Ee]very|\d", text)
        return (5.0 if opening else 0.0) - 0.02 * len(text)
    return _WRONG


def _registration(text: str) -> float:
    if grammar.REGISTRATION.fullmatch(text):
        return 12.0
    if (dash := _not_stated(text)) is not None:
        return dash - 1
    if grammar.REGISTRATION.match(text) and not grammar.REGISTRATION.sub("", text).strip(" ,;/and&()"):
        return 11.0
    return _WRONG


def _reference(text: str) -> float:
    if grammar.REFERENCE.fullmatch(text):
        return 9.0
    if re.fullmatch(
        r"[A-ZÀ-Ž][\w'’\- ]+ (?:et al\.?,?(?: ?\(?(?:19|20)\d\d\)?)?|"
        r"and [A-ZÀ-Ž][\w'’\-]+,? ?\(?(?:19|20)\d\d\)?)(?: ?\[\d+\])?",
        text,
    ):
        return 8.0
    return _WRONG


_SOURCE_ITEM: Final = (
    r"(?:[\w'’\- ]{0,60}?(?:MSCs?|SCs?|MSC|MNCs?|[Ss]tem cells?|[Ss]tromal cells?|[Cc]ells))"
)
_CODE: Final = r"\([A-Za-z][\w®™\- ]{1,25}\)"
_SOURCE: Final = re.compile(
    rf"{_SOURCE_ITEM}(?:(?:, ?| and |/| or |\+ ?){_SOURCE_ITEM}){{0,3}}(?: ?{_CODE}){{0,3}}"
)
_DONOR: Final = re.compile(r"[Aa]utologous|[Aa]llogene?ic|[Xx]enogeneic|[Ss]yngeneic")


def _cell_source(text: str) -> float:
    if (dash := _not_stated(text)) is not None:
        return dash - 1
    base = re.split(r" ?[,(/]| and ", text, maxsplit=1)[0]
    known = lexicon().lookup("cell_type", base) or lexicon().lookup("tissue", base)
    shaped = _SOURCE.fullmatch(text)
    donor = 1.0 if _DONOR.search(text) else 0.0
    if known and (shaped or base == text):
        return 8.0 + donor
    if shaped:
        return 5.0 + donor - 0.03 * len(text)
    if _DONOR.fullmatch(text):
        return 4.0
    return (0.0 if known else -4.0) - 0.05 * len(text)


_DISEASE_WORD: Final = re.compile(
    r"\b(?:diseases?|syndromes?|disorders?|arthritis|\w+(?:itis|osis|emia|aemia|pathy|plegia|"
    r"trophy|derma|oma)|lupus|diabetes(?: mellitus)?|psoriasis|failure|injury|fistulas?|"
    r"ulcers?|cirrhosis|stroke|infarction|infection|deficiency|sclerosis)\b",
    re.IGNORECASE,
)
_DISEASE_LEAD: Final = re.compile(
    r"(?:(?:[Ss]evere|[Aa]cute|[Cc]hronic|[Rr]efractory|[Aa]ctive|[Pp]ersistently active|"
    r"[Rr]elapsing|[Rr]ecurrent|[Mm]oderate(?: to severe)?|[Ee]arly|[Ll]ate|[Pp]rogressive|"
    r"[Rr]esistant|[Tt]reatment-resistant|[Ss]teroid-(?:resistant|refractory)|"
    r"[A-Z]{2,6}-(?:resistant|refractory|naive)|[Nn]ew-onset|[Jj]uvenile|[Pp]rimary|"
    r"[Ss]econdary|[Ee]nd-stage|[Rr]ecent-onset) )+"
)


def _disease(text: str) -> float:
    if _not_stated(text) is not None or len(text) < 2:
        return -4.0
    rest = _DISEASE_LEAD.sub("", text, count=1)
    head = re.split(r" (?:with|in|of|and|complicated) |,|;| ?\(", rest, maxsplit=1)[0]
    lead = 0.5 if rest != text else 0.0
    if lexicon().lookup("disease", rest):
        return 8.0 + lead
    if lexicon().lookup("disease", head):
        return (7.0 if len(head) < len(rest) else 6.0) + lead
    if _DISEASE_WORD.search(text):
        return 5.0 + lead - 0.04 * len(text)
    if re.fullmatch(r"[A-Z][A-Za-z0-9]{1,7}", text):
        return 1.0
    if re.fullmatch(r"[A-Za-z][\w'’\-]*(?: [\w'’\-]+){0,6}", text):
        return 0.5 - 0.06 * len(text) + lead
    return -3.0 - 0.08 * len(text)


_ADMIN_UNIT: Final = re.compile(
    r"cells?|/ ?kg|per (?:kg|kilogram|patient|joint|knee|body|infusion|dose|injection)|dose|mL", re.IGNORECASE
)
_ADMIN_ROUTE: Final = re.compile(
    r"\b(?:IV|i\.v\.|IT|IA|IM|SC)\b|intra-?\w+|infusions?|injections?|implant\w*|transplant\w*|"
    r"subcutaneous\w*|inhal\w*|topical\w*|deliver\w*|administ\w*",
    re.IGNORECASE,
)
_ADMIN_START: Final = re.compile(r"[\d(≥~]|Dose|[A-Z]|i\.v|intra|sub|mean|total|up to|single", re.IGNORECASE)
_FOREIGN_TO_ADMIN: Final = re.compile(
    r"\b(?:improv\w*|significan\w*|reduc\w*|increas\w*|decreas\w*|was|were|observed|scores?|"
    r"levels?)\b|\[\d+\]|NCT\d|\d \(\d+/\d+\)"
)


def _administration(text: str) -> float:
    if (dash := _not_stated(text)) is not None:
        return dash - 1
    score = -3.0 if not _ADMIN_START.match(text) else 0.0
    dose, route = grammar.DOSE.search(text), _ADMIN_ROUTE.search(text)
    if dose:
        score += 5.0
        if dose.start() <= 1 and (dose["low"] is None):
            # 41 × 10^6 is more likely 4|1 × 10^6: mantissas of one digit are the rule.
            first = re.match(r"\(?(\d+)", text)
            score += 0.0 if first is None or len(first[1]) == 1 else -1.5
        exponent = next((v for k, v in dose.groupdict().items() if v and k.endswith("lost")), None)
        score += 0.0 if exponent is None or exponent in "5678" else -1.5
    if route:
        score += 3.5
    if re.search(r"[Dd]ose (?:not|un)\w*|not (?:specified|stated|reported)", text):
        score += 3.0
    if _ADMIN_UNIT.search(text):
        score += 0.8
    if not dose and not route:
        score -= 5.0
    return score - 2.5 * len(_FOREIGN_TO_ADMIN.findall(text)) - 0.004 * len(text)


def _cue(*pairs: tuple[str, float]) -> tuple[tuple[re.Pattern[str], float], ...]:
    return tuple((re.compile(pattern), weight) for pattern, weight in pairs)


# General words of trial reports, not of one table. (?<![a-z]) instead of \b: a cell may begin at a seam.
_W: Final = r"(?<![a-z])"
_VERB: Final = (
    r"(?:was|were|is|are|did|does|had|has|have|showed?|shown|observed|improved|increased|"
    r"decreased|reduced|persisted|lasted|correlated|demonstrated|achieved|resulted|led|"
    r"remained|reported|maintained|declined|occurred|induced|tolerated)(?![a-z])"
)
_CUES: Final = {
    "mechanism": _cue(
        (_W + r"[Ii]mmun\w*[ -]?(?:modulat|regulat|suppress)\w*", 2.5),
        (
            _W + r"(?:[Ss]uppress|[Mm]odulat|[Ii]nhibit|[Rr]egulat|[Ii]nduc|[Pp]romot|[Ss]timulat|"
            r"[Aa]ctivat|[Pp]olari[sz]|[Dd]ifferentiat|[Pp]roliferat|[Ss]ecret|[Rr]egenerat|[Rr]epair|"
            r"[Mm]igrat|[Ee]nhanc)(?:ion|ing|ory|es)?(?![a-z])",
            1.0,
        ),
        (
            _W + r"(?:[Pp]roduction|[Aa]poptosis|[Aa]ngiogenesis|[Tt]olerance|[Pp]aracrine|[Hh]oming|"
            r"[Nn]europrotect\w+|[Rr]emyelination|[Aa]nti-inflammatory|[Aa]nti-fibrotic|[Bb]alance|"
            r"[Ee]ffect(?! size))(?![a-z])",
            0.8,
        ),
        (_W + _VERB, -1.2),
        (
            _W + r"(?:scores?|scale|index|rates?|tests?|questionnaire|adverse|safety|efficacy|tolerability|"
            r"months?|weeks?|significant\w*|patients)(?![a-z])",
            -1.2,
        ),
    ),
    "outcomes": _cue(
        (
            _W + r"(?:[Ss]cores?|[Ii]ndex|[Ii]ndices|[Ss]cales?|[Rr]ates?|[Ll]evels?|[Rr]atio|[Pp]ercentage|"
            r"[Tt]ests?|[Cc]riteria|[Vv]alues?|[Qq]uestionnaire|[Aa]ssessments?|[Ee]valuations?|"
            r"[Mm]easurements?|[Bb]iomarkers?|[Tt]iters?|[Cc]ounts?|[Vv]olume|[Dd]istance|[Tt]ime|"
            r"[Aa]ntibod\w+|[Ee]xcretion|[Ll]esions?|[Ii]maging|[Ss]urvival|[Rr]emission|[Rr]elapse|"
            r"[Ff]unction|[Qq]uality of life|[Ii]ncidence)(?![a-z])",
            0.7,
        ),
        (_W + r"(?:[Ss]afety|[Tt]olerability|[Ff]easibility|[Ee]fficacy|[Aa]dverse events?)(?![a-z])", 1.3),
        (_W + _VERB, -1.5),
        (
            _W + r"(?:[Ss]ignificant\w*|[Ee]ffective|[Ss]afe|[Ww]ell|[Tt]rend|not|no|with|but|than|[Ss]tudy|"
            r"[Oo]ngoing|published)(?![a-z])",
            -1.0,
        ),
        (
            _W
            + r"(?:(?:[Rr]eductions?|[Dd]ecreases?|[Ii]ncreases?|[Ii]mprovements?) (?:of|in)|[Rr]educed|[Ii]ncreased|"
            r"[Dd]ecreased|[Pp]rolonged)(?![a-z])",
            -1.2,
        ),
        (
            _W + r"(?:[Ss]uppression|[Mm]odulation|[Ii]nhibition|[Rr]egulation|[Pp]roliferation|"
            r"[Ii]nduction|[Ii]mmun\w*modulat\w*)(?![a-z])",
            -1.2,
        ),
    ),
    "conclusion": _cue(
        (_W + _VERB, 1.2),
        (
            _W + r"(?:[Ii]mprovements?|[Rr]eduction|[Ii]ncreases?|[Dd]ecreases?|[Ss]ignificant\w*|"
            r"[Ee]ffective\w*|[Ss]afe|[Ww]ell|[Tt]rend|[Pp]rolonged|[Bb]etter|[Nn]o|[Nn]ot|with|but|"
            r"than|vs|[Tt]herapeutic|[Pp]atients|in the|long-term|short[- ]term|without|[Ee]fficacy|"
            r"[Bb]enefits?)(?![a-z])",
            0.7,
        ),
        (
            _W + r"(?:[Ss]tudy (?:ongoing|completed|terminated|recruiting)|[Oo]ngoing|[Rr]ecruiting|"
            r"[Cc]ompleted|[Rr]esults? not|not yet|published|[Nn]ot available|"
            r"[Uu]nknown status)(?![a-z])",
            2.5,
        ),
        (r"\. [A-Z]", 0.8),
    ),
}
_EVENTS: Final = {
    "mechanism": {
        "mechanism": 1.8,
        "outcome": -0.8,
        "conclusion": -0.2,
        "dose": -4.0,
        "registration": -8.0,
        "reference": -6.0,
        "phase": -6.0,
        "route": -0.8,
        "disease": -0.3,
    },
    "outcomes": {
        "outcome": 1.3,
        "mechanism": -0.8,
        "conclusion": -0.5,
        "dose": -4.0,
        "registration": -8.0,
        "reference": -6.0,
        "phase": -6.0,
        "route": -0.6,
        "disease": -0.2,
    },
    "conclusion": {
        "conclusion": 1.0,
        "outcome": 0.6,
        "mechanism": 0.0,
        "dose": -1.5,
        "registration": -8.0,
        "reference": -6.0,
        "phase": -4.0,
    },
}


def _prose(name: str) -> Callable[[Evidence, int, int], float]:
    def fits(seen: Evidence, i: int, j: int) -> float:
        text, running = seen.text, seen.cues[name]
        first, last = text[i], text[j - 1]
        if sum(map(str.isalpha, text[i : min(j, i + 12)])) < 3:
            return _WRONG
        score = running[j] - running[i]
        if not (first.isupper() or first.isdigit()):
            score -= 1.0 if first.islower() else 4.0
        if last in ",;(-–":
            score -= 4.0
        if text.count("(", i, j) != text.count(")", i, j):
            score -= 6.0
        return score if score < 6.0 else 6.0 + 0.4 * (score - 6.0)

    return fits


def _other(seen: Evidence, i: int, j: int) -> float:
    """A column whose heading nobody knows: any text, none of the ids and counts that other columns want."""
    foreign = sum(
        e.kind in {"registration", "reference", "phase", "dose"} and i <= e.start < j for e in seen.events
    )
    return -4.0 * foreign - 0.01 * (j - i)


OTHER: Final = ColumnKind(None, -1.0, 4000, _other)
KINDS: Final[dict[str, ColumnKind]] = {
    str(k.field): k
    for k in (
        ColumnKind("phase", -2.0, 90, _whole(_phase)),
        ColumnKind("cell source", -2.5, 160, _whole(_cell_source)),
        ColumnKind("disease", -2.5, 140, _whole(_disease)),
        ColumnKind("patients", -2.5, 160, _whole(_patients)),
        ColumnKind("administration", -2.5, 400, _whole(_administration)),
        ColumnKind("follow-up", -2.0, 160, _whole(_follow_up)),
        ColumnKind("mechanism", -2.0, 4000, _prose("mechanism")),
        ColumnKind("outcomes", -2.0, 4000, _prose("outcomes")),
        ColumnKind("conclusion", -2.0, 4000, _prose("conclusion")),
        ColumnKind("registration", -1.0, 120, _whole(_registration)),
        ColumnKind("reference", -1.0, 120, _whole(_reference)),
    )
}
