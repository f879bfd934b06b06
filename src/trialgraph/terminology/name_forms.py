"""The forms of a printed name: turned round, without what only abbreviates or qualifies it, in parts, denied.

Pure text, no terms: which form is a name is for :mod:`trialgraph.terminology.grounding` to look up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

__all__ = [
    "Parts",
    "Stripped",
    "abbreviation",
    "equivalents",
    "is_short",
    "narrower_words",
    "negated",
    "parts",
    "stripped",
    "without_denied",
]

_SPACE: Final = re.compile(r"\s+")
_MARKS: Final = "®™©*†‡"
# What says that somebody does not have what follows.
_DENIED: Final = re.compile(
    r"(?:not\b|no\b|non[- ]|without\b|never\b|absence of\b|absent\b|free (?:of|from)\b|excluding\b|exclusion of\b|except\b"
    r"|other than\b|healthy\b|normal (?:volunteers?|subjects?|controls?|individuals?|persons?|people)\b|rule(?:d)? out\b"
    r"|negative for\b|lack of\b|unaffected\b)",
    re.IGNORECASE,
)
_DENIED_BEHIND: Final = re.compile(
    r"[,;(\s]+(?P<denied>(?:but )?(?:not\b|without\b|excluding\b|except(?: for)?\b|other than\b|no\b(?! \d)|in the absence of\b"
    r"|free of\b|negative for\b)\s*.+)$",
    re.IGNORECASE,
)
_BRACKET: Final = re.compile(r"\s*[(\[]\s*(?P<inner>[^()\[\]]+?)\s*[)\]]")
_DASH: Final = re.compile(r"\s+[-–—:]\s+|\s*:\s+|\s*=\s*")
_POSSESSIVE: Final = re.compile(r"(?<=\w)(?:'s|s'|')(?=\s|$)")
_QUOTES: Final = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"'})
_CAPITALS: Final = re.compile(r"[A-Z][A-Za-z]*[A-Z0-9][A-Za-z0-9/-]*s?|[A-Z]{2,}s?")


def is_short(text: str) -> bool:
    """Whether words look like an abbreviation: one word of few letters, mostly capitals."""
    return (
        len(text) <= 8
        and _CAPITALS.fullmatch(text) is not None
        and sum(c.isupper() for c in text) * 2 >= len(text)
    )


def tidy(text: str) -> str:
    """One kind of quotes and blanks, no marks of a brand, nothing but the name at the ends."""
    for mark in _MARKS:
        text = text.replace(mark, "")
    return _SPACE.sub(" ", text.translate(_QUOTES)).strip(' .,;:"')


def negated(text: str) -> bool:
    """Whether the whole of a name says what somebody does not have, or that somebody is well."""
    return _DENIED.match(text) is not None


def without_denied(text: str) -> tuple[str, str]:
    """A name without the part that denies something behind it, and that part (or nothing)."""
    found = _DENIED_BEHIND.search(text)
    return (text[: found.start()], found["denied"].strip(" )")) if found and found.start() else (text, "")


def abbreviation(short: str, long: str) -> bool:
    """Whether letters abbreviate words: each letter begins a word or stands further on in one, in order."""
    letters = [c.lower() for c in short if c.isalnum()]
    words = re.findall(r"[^\W_]+", long.lower())
    if not letters or not words or letters[0] != words[0][0] or len(short) * 2 > len(long):
        return False
    initials = [word[0] for word in words]
    if letters == initials or letters == [w[0] for w in words if w not in _LITTLE]:
        return True
    rest = iter("".join(words))
    return all(letter in rest for letter in letters) and len(words) <= len(letters)


_LITTLE: Final = frozenset({"of", "the", "and", "in", "with", "to", "for", "a", "an", "by", "on"})


def equivalents(text: str, legend: Mapping[str, str]) -> Iterator[str]:
    """The name as printed, and other ways to write the same name, best first."""
    seen: set[str] = set()
    for form in _forms(text, legend):
        for one in (form, _POSSESSIVE.sub("", form)):
            words = tidy(one)
            if len(words) > 1 and words not in seen:
                seen.add(words)
                yield words


def _forms(text: str, legend: Mapping[str, str]) -> Iterator[str]:
    text = tidy(text)
    if text in legend:
        yield legend[text]
        return
    yield text
    bare = _spelled_out(text)
    if bare != text:
        yield bare
    if turned := turned_back(bare):
        yield turned


def _spelled_out(text: str) -> str:
    """The long of two names of one thing: "Multiple Sclerosis (MS)", "MS (multiple sclerosis)", "IBD - Irritable Bowel Disease"."""
    for found in _BRACKET.finditer(text):
        before, inner = text[: found.start()].strip(), found["inner"]
        rest = text[found.end() :].strip()
        if (is_short(inner) or len(inner) <= 5) and abbreviation(inner, _last_words(before, inner)):
            text = f"{before} {rest}".strip()
            break
        if is_short(before) and abbreviation(before, inner) and not rest:
            return inner
    pair = _DASH.split(text)
    if len(pair) == 2:
        for short, long in (pair, pair[::-1]):
            if is_short(short) and abbreviation(short, long):
                return long
    return text


def _last_words(before: str, short: str) -> str:
    """The words before a bracket that its letters may abbreviate: from the first with their first letter."""
    words = before.split(" ")
    for start in range(len(words)):
        if words[start][:1].lower() == short[0].lower() and abbreviation(short, " ".join(words[start:])):
            return " ".join(words[start:])
    return before


def turned_back(text: str) -> str:
    """A name that an index has turned round at its commas, turned back; nothing where there is no comma."""
    pieces = [piece.strip() for piece in text.split(",")]
    if not 1 < len(pieces) <= 4 or not all(pieces):
        return ""
    return " ".join(pieces[::-1])


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a name.

    :param all_or_none: a part that names nothing may narrow another: only all together can be read
    """

    names: tuple[str, ...]
    all_or_none: bool


# Where a name has parts of which each may be one thing.
_LIST: Final = re.compile(r"\s*[;|]\s*|\s+\+\s*|(?<=[a-z0-9)])\+(?=[A-Z])")
_AND: Final = re.compile(
    r"\s+(?:and/or|and|or|&|plus|with|combined with|in combination with|followed by|versus|vs\.?)\s+",
    re.IGNORECASE,
)
_COMMA: Final = re.compile(r"\s*,\s*(?:(?:and|or)\s+)?|\s*/\s*")
# One thing seen from another: not two things side by side.
_RELATED: Final = re.compile(
    r"\b(?:associated|related|complicated|compared|due|secondary|caused|induced|following|after|before|during|history|risk"
    r"|prevention|prophylaxis|patients|subjects|children|adults|people|individuals|women|men|treated|undergoing|candidates"
    r"|in|of|for|from|on|by|to|using|versus|without)\b",
    re.IGNORECASE,
)


def parts(text: str, field: str) -> Iterator[Parts]:
    """The ways to take a name apart: at the joints of a list, else at "and" and "with", else at commas too."""
    if len(found := _split(_LIST, text)) > 1:
        yield Parts(found, False)
    if len(found := _split(_AND, text)) > 1:
        related = field == "disease" and _RELATED.search(text) is not None
        commas = any("," in piece for piece in found)
        yield Parts(found, related or commas)
        if commas and not related:  # "A, B and C"
            yield Parts(tuple(one for piece in found for one in _split(_COMMA, piece)), True)
    if len(found := _split(_COMMA, text)) > 1:
        yield Parts(found, True)


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(piece for piece in (tidy(one) for one in pattern.split(text)) if piece)


@dataclass(frozen=True, slots=True)
class Stripped:
    """A name without the modifiers around it.

    :param modifiers: those that say more of the thing: the name alone is then broader
    :param empty: those that do not: the form of a drug, its dose
    """

    name: str
    modifiers: tuple[str, ...]
    empty: tuple[str, ...]


# Words of a disease that make no other disease of it: severity, course, activity, stage, treatment so far, age, side.
_NARROWS: Final[Mapping[str, str]] = {
    "disease": r"mild|moderate|severe|critical(?:ly ill)?|very severe|(?:mild|moderate)(?:ly)?[- ]to[- ](?:moderate|severe)(?:ly)?"
    r"|moderately|severely|active|inactive|ongoing|stable|unstable|progressive|advanced|early|late|"
    r"(?:early|late|end)[- ]stage|stages? (?:[IVX]+|\d)[a-d]?(?:[-/, ]+(?:[IVX]+|\d)[a-d]?)*|grades? (?:[IVX]+|\d)(?:[-/ ]+(?:[IVX]+|\d))*"
    r"|refractory|relapsed|relapsing|recurrent|resistant|persistent|intractable|chronic|acute|subacute|episodic|uncontrolled|poorly controlled|untreated|treated"
    r"|unresponsive|(?:treatment|therapy|drug|medication|steroid|corticosteroid|biologic|dmard)[- ](?:na[iï]ve|resistant|refractory"
    r"|experienced|dependent)|newly[- ]diagnosed|new[- ]onset|recent[- ]onset|(?:early|late|adult|childhood)[- ]onset|de novo"
    r"|symptomatic|asymptomatic|moderate(?:-|/)severe|high[- ]risk|low[- ]risk|adults?|adult patients|elderly|p(?:a)?ediatric|children|adolescents?"
    r"|in (?:adults?|children|adolescents?|adolescence|old age|the elderly|pregnancy|infants?|women|men)|childhood|left|right|bilateral|unilateral"
    r"|hospitali[sz]ed|unspecified site|flare|exacerbation of",
    "intervention": r"single|multiple|repeated|standard|autologous|allogene?ic|human|adult|adjuvant|neoadjuvant|maintenance"
    r"|expanded|ex[- ]vivo expanded|cultured?|culture[- ]expanded|recombinant|pegylated|liposomal|generic|early|late|delayed|combined|conventional|high[- ]dose|low[- ]dose"
    r"|dose[- ]escalation|intensive|supervised|home[- ]based|weekly|daily|short[- ]term|long[- ]term",
}
# Words that say nothing of the thing itself.
_EMPTY: Final[Mapping[str, str]] = {
    "disease": r"patients?(?: with)?|(?:adults?|children|subjects?|people|persons?|participants?|individuals?)(?: with)|with|diagnosis(?: of)?|diagnosed(?: with)?"
    r"|confirmed|the|an?|nos|not otherwise specified|unspecified|treatment of|therapy of|management of",
    "intervention": r"the|an?|drug:|biological:|procedure:|device:|other:|behavioral:|treatment with|therapy with|administration of|administration|use of|"
    r"injections? of|infusions? of|transplantation of|infusions?|injections?|injectables?|tablets?|capsules?|pills?|solutions?|suspensions?"
    r"|oral (?:tablets?|capsules?|solution|suspension)|cream|gel|ointment|spray|patch|drops|eye drops|iv|i\.v\.|im|sc|s\.c\.|po|intravenous(?:ly)?|subcutaneous(?:ly)?"
    r"|intramuscular(?:ly)?|intrathecal(?:ly)?|intra[- ]?articular(?:ly)?|intranasal|inhaled|nasal|treatment|therapy|treatments|therapies|group|arm|dose|doses|products?|study drug"
    r"|in addition to|for injection|for infusion|extended[- ]release|sustained[- ]release|prefilled syringe|pen|"
    r"\d[\d.,]*\s*(?:-|to)?\s*[\d.,]*\s*(?:[µμ]g|mcg|mg|g|kg|ml|l|iu|u|units?|%|million|cells|mg/kg|mg/m2|mcg/kg|mg/day|mg/ml|µg/kg|weeks?|days?|hours?|months?|min(?:utes)?)"
    r"(?:/(?:kg|m2|m²|day|d|week|ml|dose|h|hr))*(?:\s*(?:bid|qd|tid|daily|once daily|twice daily|weekly|per day|once))?",
}


def _around(words: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(rf"^(?:{words})(?:\s+|\s*,\s*|-(?=[a-z]))", re.IGNORECASE),
        re.compile(rf"(?:\s+|\s*,\s*|\s*[(]\s*)(?:{words})\s*[)]?$", re.IGNORECASE),
    )


_PATTERNS: Final = {
    field: (_around(_NARROWS[field]), _around(_EMPTY[field])) for field in ("disease", "intervention")
}


def stripped(text: str, field: str) -> Iterator[Stripped]:
    """The name with ever fewer of the words around it that do not change the thing, longest first."""
    modifiers: list[str] = []
    empty: list[str] = []
    name = text
    while True:
        for kind, patterns in enumerate(_PATTERNS[field]):
            found = next((m for m in (p.search(name) for p in patterns) if m), None)
            if found and found.end() - found.start() < len(name):
                (empty if kind else modifiers).append(found[0].strip(" ,()"))
                name = tidy(name[found.end() :] if found.start() == 0 else name[: found.start()])
                yield Stripped(name, tuple(modifiers), tuple(empty))
                break
        else:
            return


# Words that make no narrower thing of a disease's name.
_NO_MORE: Final = re.compile(
    r"diseases?|disorders?|syndromes?|conditions?|nos|unspecified|not|otherwise|specified|of|the|and|in|or|to|type|by|with|due"
    r"|induced|associated|related|injury|therapy|therapies|treatments?|procedures?|human|drug|agents?|primary|idiopathic|cell|cells",
    re.IGNORECASE,
)


def narrower_words(name: str, *labels: str) -> tuple[str, ...]:
    """The words that an unscoped name has beyond a label that it holds whole: it is then a narrower thing's name."""
    has = re.findall(r"[^\W_]+", re.sub(r"\([^()]*\)", "", name.lower().replace("'s", "")))
    for label in labels:
        words = {_stem(word) for word in re.findall(r"[^\W_]+", label.lower().replace("'s", ""))}
        words = {word for word in words if not _NO_MORE.fullmatch(word)} or words
        more = [word for word in has if _stem(word) not in words and not _NO_MORE.fullmatch(word)]
        if more and words <= {_stem(word) for word in has}:
            return tuple(more)
    return ()


def _stem(word: str) -> str:
    return word.rstrip("s")
