"""Disease: the exact term of the printed name + qualifiers + site; never one guessed id for the compound."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from trialgraph.extract.columns.disease.indexed import QUALIFIER, denied, indexed, narrowed
from trialgraph.model.reading import Reading, read, rule
from trialgraph.model.report import Condition
from trialgraph.model.table import Cell
from trialgraph.terminology.lexicon import Concept, Mention, lexicon
from trialgraph.terminology.names.modifiers import is_safe
from trialgraph.terminology.names.name_forms import abbreviation, is_short

__all__ = ["BROADER", "INVERTED", "QUALIFIED", "WHOLE", "read_condition"]

WHOLE: Final = rule(
    "disease.named",
    "The whole cell is a name of the disease.",
    example="SPMS", gives="secondary progressive multiple sclerosis", counter_example="Refractory RA",
)  # fmt: skip
AMBIGUOUS: Final = rule(
    "disease.ambiguous-abbreviation",
    "An abbreviation of several diseases is kept as printed, without a link.",
    example="DM", gives="", counter_example="SLE",
)  # fmt: skip
QUALIFIED: Final = rule(
    "disease.qualified",
    "A disease with words before or behind it is the disease and its qualifiers, apart.",
    example="RA with knee involvement", gives="rheumatoid arthritis", counter_example="RA",
)  # fmt: skip
BROADER: Final = rule(
    "disease.broader",
    "Where words are left that are neither a qualifier nor a site, but known to make no other disease of it (course, "
    "stage, age, place, finding), the disease is a broader one that they narrow.",
    example="Thoracic spinal stenosis", gives="spinal stenosis", counter_example="Severe SLE",
)  # fmt: skip
UNSAFE: Final = rule(
    "disease.other-words",
    "Where words are left that may make another disease of a known one, it is kept as printed, without a link.",
    example="Vascular Parkinson disease", gives="", counter_example="Severe SLE",
)  # fmt: skip
UNMAPPED: Final = rule(
    "disease.unmapped",
    "A disease that no concept covers is kept as printed, without a link.",
    example="Morbus nondum descriptus", gives="", counter_example="RA",
)  # fmt: skip

SEVERAL: Final = rule(
    "disease.several",
    "Several diseases side by side that cannot be told apart for certain are kept as printed; none of them is chosen.",
    example="Refractory RA and SLE", gives="", counter_example="SPMS",
)  # fmt: skip

INVERTED: Final = rule(
    "disease.inverted",
    "A name that is turned round at a comma, as indexes print it, is turned back.",
    example="Multiple sclerosis, relapsing-remitting", gives="relapsing-remitting multiple sclerosis",
    counter_example="SLE, refractory",
)  # fmt: skip
SETTING: Final = rule(
    "disease.setting",
    "A disease that is named only as the setting, the cause or a part of something else is not the condition.",
    example="Neutropenia in patients with aplastic anemia", gives="", counter_example="Patients with RA",
)  # fmt: skip

# What makes another thing of the disease that it stands before: "post-stroke", "pseudo-", "risk of".
_OTHER: Final = re.compile(
    r"(?:\b(?:post|pseudo|pre|anti|non|heat)[- ]?"
    r"|\b(?:without|no|suspected(?! (?:or|and))"
    r"|(?:risks?|prevention|prophylaxis|absence|history|fear|carriers?|contacts?|effects?|sequelae?|complications?"
    r"|manifestations?|symptoms?) (?:of|for)"
    r"|(?:susceptibility|predisposition|exposure|immunity|vaccination|vaccine|protection|screening)"
    r" (?:to|for|against))\s+)$",
    re.IGNORECASE,
)
# What makes another thing of the disease that stands before it: "COVID-19 anxiety", "Crohn's fistula".
_HEADS: Final = re.compile(
    r"(?:pain|fatigue|depression|anxiety|psychosis|dementia|(?:dis)?stress|insomnia|fistula[es]?|ulcers?|wounds?|lesions?"
    r"|rash|itch|pruritus|cough|storm|foot|tremor|spasticity|dyskinesia|contractures?|deficits?|impairments?"
    r"|dysfunctions?|complications?|sequelae?|symptoms?|manifestations?|survivors?|caregivers?|contacts?|carriers?"
    r"|risks?|susceptibility|predisposition|prevention|prophylaxis|immunity|screening|exposure|pandemic"
    r"|rehabilitation|recovery|mortality|phenocopy|vaccin\w+|immuni[sz]ation"
    r"|\w+(?:itis|osis|pathy|algia|plegia|paresis|uria|penia|phagia|phasia|rrh[eo]*a|[aeo]emia|oma|o?edema|pn[eo]*a)s?)",
    re.IGNORECASE,
)
_EVENTS: Final = frozenset(
    {"failure", "injury", "damage", "loss", "infection", "infections", "bleeding", "death"}
)
_TAIL: Final = re.compile(
    r"(?:['’]s)?((?:\s+(?!(?:with|in|of|due|and|or|for|after|during|associated|related|secondary)\b)[A-Za-z'’-]+)+)",
    re.IGNORECASE,
)
# "X-obesity syndrome", "GVHD-free": a compound name; one letter before a hyphen is a kind ("B-ALL").
_GLUED_BEFORE: Final = re.compile(r"[^\W\d_]{2,}-$")
_GLUED_BEHIND: Final = re.compile(r"-(?!(?:related|associated|induced|like|onset)\b)[^\W\d_]{2,}")
_LINK: Final = (
    r"\b(?:in|due to|secondary to|associated with|caused by|induced by|related to|resulting from|after|following"
    r"|during|complicat(?:ed by|ing)"
    r"|(?:effect|sequela|complication|manifestation|symptom|syndrome)e?s? of)\b"
    r"(?:\s+(?:the|a|severe|chronic|acute|patients?|children|adults|subjects|people|who|have|had|having"
    r"|with|treated for))*\s*"
)
_SETTING: Final = re.compile(r"(?P<thing>\w[\w' -]*?),?\s+" + _LINK + "$", re.IGNORECASE)
# "Cystic fibrosis-related diabetes" is no cystic fibrosis.
_MADE: Final = re.compile(r"[- ]*(?:related|associated|induced|like)\b(?!\s+(?:with|to|by)\b)", re.IGNORECASE)
_OTHERS: Final = re.compile(
    r"\W*(?:spectrum\b|(?:and|or|&)\s+(?:other|related)\b|(?:susceptibility|resistance|protection)\b)",
    re.IGNORECASE,
)
_PREPOSED: Final = re.compile(_LINK + "$", re.IGNORECASE)
# "Use of cells in RA": what is done, not what somebody has.
_DONE: Final = re.compile(
    r"\b(?:use|treatment|therapy|therapeutics?|management|cells?|trial|study|efficacy|safety)\b",
    re.IGNORECASE,
)
# "with mild anxiety": the word behind the qualifier is what is mild.
_ANOTHER: Final = re.compile(
    r"\s+(?:(?:and|or|to)\s+\w+\s+)?(?!disease|course|form|and\b|or\b|to\b)\w+", re.IGNORECASE
)
# "Non-active", and "locally advanced", which is another stage than advanced.
_NEGATED: Final = re.compile(r"\b(?:non|not|without|no|locally)[- ]$", re.IGNORECASE)
_ONSET: Final = re.compile(r"[- ]onset\b", re.IGNORECASE)
_JOINT: Final = re.compile(r",|;|/|&|\+|\b(?:and|or)\b")
# "Obesity and overweight", "Emphysema or COPD": what is joined to a disease is no qualifier of it.
_AND: Final = r"(?:,?\s+(?:and/or|and|or)\s+|\s*[/&+]\s*)"
_JOINED_BEHIND: Final = re.compile(
    r"(?:\s*\([^()]*\))?" + _AND + r"(?P<words>[\w-]+(?: [\w-]+)*)", re.IGNORECASE
)
_JOINED_BEFORE: Final = re.compile(r"(?P<words>[\w-]+)" + _AND + r"(?:[\w-]+\s+){0,2}$", re.IGNORECASE)
_ADJECTIVE: Final = re.compile(
    r"\w+(?:al|ic|ary|ory|ous|ive|ed|ar|ant|ent|ing|ory|less|free|able|ible)|early|late|mild|severe|acute|moderate"
    r"|adult|child(?:hood)?|relapse|[IVX]+[ab]?|\d+\w?|type|stage|grade",
    re.IGNORECASE,
)
_PERSONS: Final = re.compile(
    r"\b(?:patients?|subjects?|people|persons?|individuals?|participants?|adults?|children|adolescents?|infants?"
    r"|women|men|volunteers?|those|diagnos(?:ed|is)|living|presenting)$",
    re.IGNORECASE,
)
# "Severe pneumonia in COVID-19", "advanced cancer with RA": a qualifier of something else.
_ELSEWHERE: Final = re.compile(
    r"(?<!cases)(?<!case)(?<!forms)(?<!form) of\b|\b(?:with|in|who|that|which|due|after|from|to|during)\b",
    re.IGNORECASE,
)
# "Respiratory failure of COVID-19 patients"
_OF: Final = re.compile(r"(?P<thing>[\w-]+)\s+(?:of|from|by)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE)
_WITH: Final = re.compile(r"(?P<thing>\w[\w' -]*?),?\s+with\s+(?:\w+[ -]){0,4}$", re.IGNORECASE)
# Words beside a disease that do not narrow it.
_EMPTY: Final = re.compile(
    r"patients?|subjects?|people|persons?|adults?|humans?|participants?|with|of|in|the|a|an|to|and|or|by|for|on|from"
    r"|diseases?|disorders?|syndromes?|conditions?|diagnos(?:ed|is)|category|unspecified|nos"
    r"|use|treatment|therap(?:y|ies|eutics?)|management|stem|cells?|trial|study|efficacy|safety|non|not|s",
    re.IGNORECASE,
)
# Characters before a disease that can make another thing of it.
_NEAR: Final = 200
# Diseases of one cell that are looked at for what is joined to them.
_MOST: Final = 12
_Span = tuple[int, int, Mention]


def read_condition(cell: Cell) -> tuple[Condition | None, tuple[Reading, ...]]:
    """The condition of a cell, and the readings of its qualifiers."""
    text = cell.text or ""
    printed = (cell.original or cell).text or ""
    if not text.strip():
        return None, ()
    words = lexicon()
    if words.candidates("disease", text):
        return Condition(None, (), None, printed, read(cell, "disease", (0, len(text)), None, AMBIGUOUS)), ()
    if mention := words.lookup("disease", text):
        reading = read(cell, "disease", (0, len(text)), None, WHOLE, mention)
        return Condition(mention.concept, (), None, printed, reading), ()
    if mention := _turned_back(text):
        return Condition(
            mention.concept, (), None, printed, read(cell, "disease", (0, len(text)), None, INVERTED, mention)
        ), ()
    # A name of a disease of its own comes before a known disease in it: "progressive relapsing multiple sclerosis".
    if whole := indexed(cell) or denied(cell):
        return whole
    found = list(words.find("disease", text))
    named = [f for f in found if not (_MADE.match(text, f[1]) or _abbreviates_another(text, f, found))]
    if found and (not named or _is_setting(text[: named[0][0]])):
        return Condition(None, (), None, printed, read(cell, "disease", (0, len(text)), None, SETTING)), ()
    if _several(text, named):
        return Condition(None, (), None, printed, read(cell, "disease", (0, len(text)), None, SEVERAL)), ()
    disease = _main(text, named)
    if disease is None and (other := narrowed(cell)):
        return other
    if disease is None:
        return Condition(None, (), None, printed, read(cell, "disease", (0, len(text)), None, UNMAPPED)), ()
    return _one(cell, text, disease, named)


def _one(
    cell: Cell, text: str, disease: _Span, named: list[_Span]
) -> tuple[Condition | None, tuple[Reading, ...]]:
    """The condition whose disease is that one of the named ones, with the qualifiers beside it."""
    start, end, mention = disease
    printed = (cell.original or cell).text or ""
    # The disease's own words do not qualify it: "primary progressive" inside a disease's name.
    masked = _masked(text, [(start, end)])
    words = list(lexicon().find("qualifier", masked))
    beside = [f for f in words if _qualifies(masked, end, f)]
    same = [(i, j) for i, j, m in named if m.concept == mention.concept]
    meant = [m for _, _, m in named if m.concept == mention.concept]
    left = _left(_masked(text, [*same, *((i, j) for i, j, _ in words)]), text[start:end])
    if _is_part(text, disease, named) or (left and all(_is_short(m) for m in meant)):
        return Condition(None, (), None, printed, read(cell, "disease", (0, len(text)), None, SETTING)), ()
    qualifiers = tuple(read(cell, "qualifier", (i, j), None, QUALIFIER, m) for i, j, m in beside)
    concepts = tuple(m.concept for _, _, m in beside)
    if lexicon().candidates("disease", text[start:end]):
        reading = read(cell, "disease", (start, end), None, AMBIGUOUS)
        return Condition(None, concepts, _site(masked), printed, reading), qualifiers
    if left and not _is_narrowed(text, disease, named, words):
        reading = read(cell, "disease", (0, len(text)), None, UNSAFE)
        return Condition(None, concepts, None, printed, reading), qualifiers
    reading = read(cell, "disease", (start, end), None, BROADER if left else QUALIFIED, mention)
    return Condition(mention.concept, concepts, _site(masked), printed, reading), qualifiers


# What joins a disease to another known one, which is then its cause or its setting.
_JOINS: Final = re.compile(
    r"\b(?:associated|related|due|secondary|with|in|of|to|after|patients?|who|have|has)\b", re.IGNORECASE
)


def _is_narrowed(text: str, disease: _Span, named: list[_Span], qualifiers: list[_Span]) -> bool:
    """Whether all that stands beside a disease is known to make no other disease of it.

    Words of ``modifiers.toml``, treatments, its own initials or what they abbreviate, what comes with it, and another
    known disease with what joins it.
    """
    start, end, _ = disease
    name = text[start:end]
    others = list(lexicon().find("disease", text))
    given = [(i, j) for kind in ("cell_type", "route") for i, j, _ in lexicon().find(kind, text)]
    spans = [(i, j) for i, j, _ in (*named, *others, *qualifiers)]
    joined = len({mention.concept for _, _, mention in others}) > 1
    # "IV" is a route, and a number in "class IV".
    for known in (spans, [*spans, *given]):
        rest = _masked(text, known)
        rest = rest[:end] + re.split(r"\b[Ww]ith\b", rest[end:], maxsplit=1)[0]
        rest = _JOINS.sub(" ", rest) if joined else rest
        words = [word for one in rest.split() if (word := one.strip("().,;-"))]
        if is_short(name) and abbreviation(name, " ".join(words)):
            return _is_of(words, disease[2])
        if is_safe(" ".join(w for w in words if not _EMPTY.fullmatch(w) and not abbreviation(w, name))):
            return True
    return False


def _masked(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + "\n" * (end - start) + text[end:]
    return text


def _qualifies(masked: str, end: int, found: _Span) -> bool:
    """Whether a qualifier beside a disease that ends there is about it: not denied, nor about what comes with it."""
    if _NEGATED.search(masked, max(0, found[0] - _NEAR), found[0]) or _ONSET.match(masked, found[1]):
        return False
    if found[1] < end and _ELSEWHERE.search(masked[found[1] : min(end, found[1] + _NEAR)].partition("\n")[0]):
        return False
    return not ("with " in masked[end : found[0]] and _ANOTHER.match(masked, found[1]))


def _left(masked: str, name: str) -> bool:
    """Whether words are left beside the disease and its qualifiers that may narrow it: not its own initials."""
    initials = "".join(word[0] for word in re.findall(r"\w+", name)).upper()
    rest = re.sub(rf"(?:\(\s*|- ){re.escape(initials)}s?\b", " ", masked)
    rest = re.sub(r"\b(?:with|of|in) (?:the )?\w+(?: \w+)? involvement", " ", rest)
    return any(not _EMPTY.fullmatch(word) for word in re.findall(r"[^\W_]+", rest))


def _is_short(mention: Mention) -> bool:
    """Whether a name is too short to be sure of in a longer one: "lupus" alone is SLE, "chilblain lupus" is not.

    So are two letters ("AD hypocalcemia"), and an adjective whose noun is left out ("coeliac artery compression").
    """
    label, name = mention.concept.label.casefold(), mention.mapping.subject
    if name.isupper() and len(name) == 2:
        return True
    lacks_first = name.casefold() in label and not label.startswith(name.casefold())
    one_word = re.fullmatch(r"[^\W\d][^\W\dA-Z]+(?:'s)?", name) is not None
    return lacks_first or (one_word and label.endswith((" disease", " syndrome")))


def _is_part(text: str, disease: _Span, named: list[_Span]) -> bool:
    """Whether a disease's name is only a part of another one's: joined to it, or its first words."""
    start, end, _ = disease
    others = [(i, j) for i, j, _ in named] + [(i, j) for i, j, _ in lexicon().find("qualifier", text)]
    if _GLUED_BEFORE.search(text[:start][-_NEAR:]) and not any(j in (start - 1, start) for _, j in others):
        return True
    if _GLUED_BEHIND.match(text, end) and not any(i in (end, end + 1) for i, _ in others):
        return True
    tail = _TAIL.match(text, end)
    return tail is not None and _HEADS.fullmatch(tail[1].split()[-1]) is not None


def _abbreviates_another(text: str, span: _Span, found: list[_Span]) -> bool:
    """Whether an abbreviation in parentheses is that of the words before it, which name no disease that we know."""
    start, end, mention = span
    before = text[:start].rstrip()
    if not (text[start:end].isupper() and before.endswith("(") and text[end:].lstrip().startswith(")")):
        return False
    if any(f[1] == len(before[:-1].rstrip()) for f in found):
        return False
    words = re.findall(r"\w+", before)[-(end - start) :]
    if "".join(word[0] for word in words).upper() != text[start:end]:
        return False
    return not _is_of(words, mention)


def _is_of(words: list[str], mention: Mention) -> bool:
    """Whether words begin like those of a disease's label: "pulmonory" and "pulmonary", not "irritable"."""
    known = {word[:3] for word in re.findall(r"\w+", mention.concept.label.casefold())}
    return all(word[:3].casefold() in known for word in words)


def _several(text: str, named: list[_Span]) -> bool:
    """Whether two names of different diseases are joined: not a name and its abbreviation in parentheses."""
    if len(parts := text.split(",")) > 2 and sum(not any(lexicon().find("disease", p)) for p in parts) > 1:
        return True
    if any(_OTHERS.match(text, f[1]) for f in named):  # "RA and other arthropathies": a class of diseases
        return True
    if named and (text.count(" - ") > 1 or _joined(text, named)):
        return True
    return any(a[2].concept != b[2].concept and _JOINT.search(text[a[1] : b[0]]) for a, b in pairwise(named))


def _joined(text: str, named: list[_Span]) -> bool:
    """Whether something that is neither a known disease nor a qualifier is joined to one."""
    words = lexicon()
    for start, end, _ in named[:_MOST]:
        behind, before = (
            _JOINED_BEHIND.match(text, end),
            _JOINED_BEFORE.search(text, max(0, start - _NEAR), start),
        )
        for m in (behind, before):
            if m is None or any(i < m.end("words") and m.start("words") < j for i, j, _ in named):
                continue
            unknown = (word for word in m["words"].split(" ") if not words.lookup("qualifier", word))
            if not all(_ADJECTIVE.fullmatch(word) or _EMPTY.fullmatch(word) for word in unknown):
                return True
    return False


def _turned_back(text: str) -> Mention | None:
    first, comma, rest = text.partition(",")
    whole = f"{rest.strip()} {first.strip()}"
    return lexicon().lookup("disease", whole) if comma and rest.strip() else None


def _is_setting(before: str) -> bool:
    """Whether the words before the first disease make it the setting, the cause or a part of something else."""
    before = before[-_NEAR:]
    if _OTHER.search(before):
        return True
    if (m := _WITH.search(before)) and not (_PERSONS.search(m["thing"]) or _DONE.search(m["thing"])):
        return True
    if (m := _OF.search(before)) and (_HEADS.fullmatch(m["thing"]) or m["thing"].casefold() in _EVENTS):
        return True
    m = _SETTING.search(before)
    return m is not None and not _DONE.search(m["thing"])


def _main(text: str, named: list[_Span]) -> _Span | None:
    """Of several names side by side the one that the phrase is about."""
    if len(named) > 1:
        between = text[named[0][1] : named[1][0]]
        # What comes with a disease is not the disease: "Crohn's disease with perianal fistula".
        if re.search(r"\bwith\b", between) or _PREPOSED.search(between):
            return named[0]
        if re.fullmatch(r"['’]?s?[\s-]*", between):  # "COVID-19 ARDS": the last noun is the head
            return named[1]
    return _longest(named)


def _longest(found: list[_Span]) -> _Span | None:
    return max(found, key=lambda f: (not _is_short(f[2]), f[1] - f[0], -f[0]), default=None)


def _site(text: str) -> Concept | None:
    """An anatomical site that is named beside the disease ("with knee involvement")."""
    m = re.search(r"\b(?:with|of|in) (?:the )?(\w+(?: \w+)?) involvement", text)
    if m is None:
        return None
    mention = lexicon().lookup("tissue", m[1]) or lexicon().lookup("tissue", f"{m[1]} joint")
    return mention.concept if mention else None
