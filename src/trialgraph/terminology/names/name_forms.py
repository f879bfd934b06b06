"""The ways to write one name: spelled out, turned round at a comma, in the other spelling, in other words.

Pure text, no terms: which form is a name is for :mod:`trialgraph.terminology.names.grounding` to look up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

__all__ = ["Variant", "abbreviation", "equivalents", "is_short", "tidy", "turned_back", "variants"]

_SPACE: Final = re.compile(r"\s+")
_MARKS: Final = "®™©*†‡"
_BRACKET: Final = re.compile(r"\s*[(\[]\s*(?P<inner>[^()\[\]]+?)\s*[)\]]")
_DASH: Final = re.compile(r"\s+[-–—:]\s+|\s*:\s+|\s*=\s*")
_POSSESSIVE: Final = re.compile(r"(?<=\w)(?:'s|s'|')(?=\s|$)")
_QUOTES: Final = str.maketrans(
    {
        "，": ",",
        "；": ";",
        "（": "(",
        "）": ")",
        "：": ":",
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
    }
)
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
        bare = _POSSESSIVE.sub("", form)
        respelled = _respelled(bare)
        for one in (
            form, bare, respelled, _INNER_PLURAL.sub("", respelled), _NUMBERED.sub(_other_numeral, respelled)
        ):  # fmt: skip
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
        yield " ".join(re.split(r"\s*[,;]\s*", bare))
    for form in (bare, turned):
        for pattern, order in _ORDERS:
            if form and (found := pattern.fullmatch(form)):
                yield found.expand(order)


# "Arthritis of the knee", "Cancer colon": the same words in the other order.
_HEAD: Final = (
    r"(?:cancer|carcinoma|tumou?r|neoplasm|arthritis|osteoarthritis|fracture|infection|ulcer|fistula|disease|injury"
    r"|pain)s?"
)
_ORDERS: Final = (
    (
        re.compile(r"(?P<head>[\w-]+(?: [\w-]+)?) of (?:the )?(?P<site>[\w'-]+(?: [\w-]+)?)", re.IGNORECASE),
        r"\g<site> \g<head>",
    ),
    (re.compile(rf"(?P<head>{_HEAD}) (?P<site>[\w-]+)", re.IGNORECASE), r"\g<site> \g<head>"),
)
# British spelling to the American one of most labels; "type1" for "type 1".
_SPELLING: Final = (
    (re.compile(r"aemi(?=[ac])", re.IGNORECASE), "emi"),
    (re.compile(r"(?<=h)aem(?=[aoi])|(?<=an)aem(?=i)", re.IGNORECASE), "em"),
    (re.compile(r"\boe(?=dema|soph|str)", re.IGNORECASE), "e"),
    (re.compile(r"oedema\b", re.IGNORECASE), "edema"),
    (re.compile(r"(?<=tum)our", re.IGNORECASE), "or"),
    (
        re.compile(
            r"(?<=p)ae(?=diatric)|(?<=orthop)ae(?=dic)|(?<=gyn)ae(?=co)|(?<=isch)ae(?=mi)", re.IGNORECASE
        ),
        "e",
    ),
    (re.compile(r"(?<=diarrh)oe(?=a)|(?<=f)oe(?=tal)", re.IGNORECASE), "e"),
    (re.compile(r"\bhcl\b", re.IGNORECASE), "hydrochloride"),
    (re.compile(r"(?<=[a-z]{3})is(?=ation)", re.IGNORECASE), "iz"),
    (re.compile(r"\b(type|stage|grade|class)(?=\d)", re.IGNORECASE), r"\1 "),
)
# "Stem cells transplantation".
_INNER_PLURAL: Final = re.compile(r"(?<=\w{3}[^\W\dsui])s(?= [^\W\d])", re.IGNORECASE)


_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI")
_NUMBERED: Final = re.compile(
    r"(?<=(?:type|tage|rade|lass) )(?P<number>[1-6]|IV|V?I{1,3}|V)(?P<letter>[A-D]?)\b", re.IGNORECASE
)


def _other_numeral(found: re.Match[str]) -> str:
    number, letter = found["number"].upper(), found["letter"].upper()
    if number.isdigit():
        return _ROMAN[int(number) - 1] + letter
    return f"{_ROMAN.index(number) + 1}{letter}" if number in _ROMAN else found[0]


def _respelled(text: str) -> str:
    for pattern, other in _SPELLING:
        text = pattern.sub(other, text)
    return text


def _spelled_out(text: str) -> str:
    """The long of two names of one thing: "Multiple Sclerosis (MS)", "MS (multiple sclerosis)", "MS - multiple …"."""
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
    pieces = [piece.strip() for piece in re.split("[,;]", text)]
    if not 1 < len(pieces) <= 4 or not all(pieces):
        return ""
    return " ".join(pieces[::-1])


# A variant is less certain than a form: it is looked up only where no term has the printed name.
_LONGEST: Final = 7
# Words that say how the words beside them belong together: their order matters.
_LINKING: Final = re.compile(
    r"\b(?:and|or|of|in|on|to|with|without|for|from|by|due|after|before|during|than|as|at|per|vs|versus|non|not|no"
    r"|sham|induced|related|associated|derived|like)\b|[()/:;,+&]",
    re.IGNORECASE,
)
# Words that may stand for each other: the adjective or Latin word of an organ, the word for the kind of thing.
_ORGANS: Final = (
    ("renal", "kidney"), ("hepatic", "liver"), ("cardiac", "heart"), ("pulmonary", "lung"),
    ("cutaneous", "skin"), ("dermatologic", "skin"), ("dermatological", "skin"), ("ocular", "eye"),
    ("cerebral", "brain"), ("gastric", "stomach"), ("oral", "mouth"), ("uterine", "uterus"),
    ("pancreatic", "pancreas"), ("prostatic", "prostate"), ("osseous", "bone"),
    ("vesical", "bladder"), ("articular", "joint"), ("limb", "extremity"), ("meniscal", "meniscus"),
    ("mandibular", "mandible"), ("vaginal", "vagina"), ("femoral", "femur"), ("tibial", "tibia"),
    ("patellar", "patella"), ("retinal", "retina"), ("spinal", "spine"), ("nasal", "nose"),
    ("corneal", "cornea"), ("esophageal", "esophagus"), ("anal", "anus"), ("rectal", "rectum"),
    ("intervertebral disc", "intervertebral disk"),
)  # fmt: skip
_KINDS: Final = (
    ("disease", "disorder"), ("diseases", "disorder"), ("disorders", "disease"), ("illness", "disease"),
    ("tumor", "neoplasm"), ("tumors", "neoplasm"), ("neoplasms", "tumor"), ("sample", "specimen"),
    ("samples", "specimen"), ("allogenic", "allogeneic"), ("cephalgia", "cephalalgia"),
    ("cephalgias", "cephalalgia"), ("disc", "disk"), ("treatment", "therapy"),
)  # fmt: skip
_EXCHANGED: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(rf"(?<![\w-]){one}(?![\w-])", re.IGNORECASE), other)
    for pairs in (_ORGANS, _KINDS)
    for pair in pairs
    for one, other in (pair, pair[::-1])
)
# "Neurological" beside "neurologic".
_ENDING: Final = re.compile(r"(?<=ologic)al\b", re.IGNORECASE)
# "Stem cells from adipose tissue".
_FROM: Final = re.compile(
    r"(?P<cells>[\w -]+cells?|[\w-]*MSCs?) (?:(?:derived|isolated|obtained|harvested) )?"
    r"from (?:the )?(?P<source>[\w' -]+)",
    re.IGNORECASE,
)
_JOINT: Final = re.compile(r"(?<=[^\W\d_]{3})[ -](?=[^\W\d_]{3})")


class Variant(NamedTuple):
    """Another way to say a name.

    :param exchanged: whether a word stands for another one: a synonym is then too little, as it has its own words
    """

    name: str
    exchanged: bool


def variants(text: str) -> Iterator[Variant]:
    """Other ways to say a name, those nearest to it first; none of a long name."""
    if len(text.split()) > _LONGEST:
        return
    seen = {text}
    others = [Variant(form, True) for form in _exchanged(text)]
    every = [
        *(Variant(form, False) for form in _same_words(text)),
        *others,
        *(
            Variant(form, one.exchanged)
            for one in (Variant(text, False), *others)
            for form in _orders(one.name)
        ),
    ]
    for one in every:
        words = tidy(one.name)
        if words not in seen:
            seen.add(words)
            yield Variant(words, one.exchanged)


def _same_words(text: str) -> Iterator[str]:
    if not text.endswith("s"):
        yield f"{text}s"
    yield _ENDING.sub("", text)
    # "Gastro intestinal", "corona virus".
    yield from (text[: at.start()] + text[at.end() :] for at in _JOINT.finditer(text))
    if found := _FROM.fullmatch(text):
        yield f"{found['source']}-derived {found['cells']}"
        yield f"{found['source']} {found['cells']}"


def _exchanged(text: str) -> Iterator[str]:
    """With one word exchanged, or an organ and a kind at once: "dermatologic disorders", "skin disease"."""
    for at, (pattern, other) in enumerate(_EXCHANGED):
        changed = pattern.sub(other, text)
        if changed == text:
            continue
        yield changed
        if at < 2 * len(_ORGANS):
            yield from (
                second
                for more, word in _EXCHANGED[2 * len(_ORGANS) :]
                if (second := more.sub(word, changed)) != changed
            )


def _orders(text: str) -> Iterator[str]:
    """In another order: the last word first ("infertility female"), the first two exchanged, the first last but one."""
    words = text.split()
    if len(words) < 2 or _LINKING.search(text):
        return
    yield " ".join((words[-1], *words[:-1]))
    if len(words) > 2:
        yield " ".join((words[1], words[0], *words[2:]))
    if len(words) > 3:
        yield " ".join((*words[1:-1], words[0], words[-1]))
